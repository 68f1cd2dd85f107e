/*
 * flush.c - what a service has put off is tried at once
 *
 * Postfix defers mail for a domain that it cannot find, and tries again after five
 * minutes at the earliest. When the resolver's files change that is too long, so it is
 * asked to try once: after the reload, when the processes that know the old resolver
 * have gone. A child does it; nobody waits for it, and it is not tried again.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"
#include "supervise/clock.h"
#include "supervise/group.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

#define FLUSH_LOOK_MS 25
#define FLUSH_WAIT_MS 10000 /* then it is tried all the same */
#define FLUSH_COMMAND_S 60 /* a command that hangs is ended then */

static void
await_reloaded(const struct service_spec *spec, const struct runner *runner, uint64_t newest)
{
	int64_t until = clock_monotonic() + FLUSH_WAIT_MS;
	uint64_t made = newest;

	while (newest > 0 && clock_monotonic() < until &&
		group_count(runner->group, spec->flush_after, &made) > 0) {
		made = newest;
		(void)poll(NULL, 0, FLUSH_LOOK_MS);
	}
}

static _Noreturn void
become_command(const struct supervisor *supervisor, uint32_t service, uint64_t newest, pid_t parent)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	const struct runner *runner = &supervisor->runners[service];
	char *argv[SERVICE_LIST_MAX];

	if (spawn_helper(parent, runner->output[1]) == -1)
		_exit(EXIT_SYSTEM);
	spawn_close_from(STDERR_FILENO + 1);
	await_reloaded(spec, runner, newest);
	alarm(FLUSH_COMMAND_S); /* stays set over exec */
	service_get_list(&supervisor->table, spec->flush_argv, argv, SERVICE_LIST_MAX);
	(void)spawn_become(&supervisor->table, spec, argv, NULL);
	_exit(errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

/* When the newest of the processes was made that a reload is to replace; 0: there is none. */
uint64_t
flush_newest(const struct supervisor *supervisor, uint32_t service)
{
	const struct runner *runner = &supervisor->runners[service];
	uint64_t newest = UINT64_MAX;

	if (!runner->flush_wanted ||
		group_count(runner->group, supervisor->table.services[service].flush_after,
			&newest) == 0)
		return 0;
	return newest;
}

/* If it is wanted: once those are gone that were made up to NEWEST. */
void
flush_start(struct supervisor *supervisor, uint32_t service, uint64_t newest)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];
	pid_t parent = getpid(), pid;

	if (!runner->flush_wanted)
		return;
	runner->flush_wanted = false;
	if (runner->flush > 0)
		return; /* the one before has not even begun, or asks just now */
	pid = fork();
	if (pid == 0)
		become_command(supervisor, service, newest, parent);
	if (pid == -1) {
		say(LOG_LEVEL_WARNING, "%s: unable to have it try at once what it has put off: %s",
			spec->name, strerror(errno));
		return;
	}
	(void)setpgid(pid, pid);
	runner->flush = pid;
	say(LOG_LEVEL_INFO, "%s: what it has put off is tried once", spec->name);
}

/* The one that is under way. One that is wanted still comes, when it is up again. */
void
flush_end(struct runner *runner)
{
	if (runner->flush > 0)
		kill(-runner->flush, SIGKILL);
}

void
flush_gone(struct supervisor *supervisor, uint32_t service, int status)
{
	const struct service_spec *spec = &supervisor->table.services[service];

	supervisor->runners[service].flush = 0;
	if (supervisor->phase == PHASE_STOPPING || (WIFEXITED(status) && WEXITSTATUS(status) == 0))
		return;
	say(LOG_LEVEL_WARNING, "%s: unable to have it try at once what it has put off: %s %d",
		spec->name, WIFSIGNALED(status) ? "signal" : "code",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}
