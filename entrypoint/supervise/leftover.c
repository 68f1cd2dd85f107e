/*
 * leftover.c - who else is in the container
 *
 * At the end of a stop there may be processes of no service: orphans that left
 * their group, and what people started beside us. They are found in /proc, one
 * by one, because kill(-1) would also hit the logger, which leaves last.
 */
#include <signal.h>
#include <unistd.h>

#include "supervise/process.h"
#include "supervise/supervisor.h"

struct leftover {
	pid_t spare, other;
	int signal, count;
};

static void
signal_one(void *context, pid_t pid)
{
	struct leftover *leftover = context;

	if (pid == getpid() || pid == leftover->spare || pid == leftover->other)
		return;
	/* Signal 0 asks whether it is still there. */
	if (kill(pid, leftover->signal) == 0)
		leftover->count++;
}

/*
 * Sends SIGNAL to every process of the container but us, SPARE and OTHER (0: none);
 * signal 0 only counts. Returns how many there were, or -1 when they cannot be seen.
 */
int
leftover_signal(pid_t spare, pid_t other, int signal)
{
	struct leftover leftover = {.spare = spare, .other = other, .signal = signal};

	return process_each(signal_one, &leftover) == 0 ? leftover.count : -1;
}
