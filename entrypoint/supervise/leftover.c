/*
 * leftover.c - who else is in the container
 *
 * At the end of a stop there may be processes of no service: orphans that left
 * their group, and what people started beside us. They are found in /proc, one
 * by one, because kill(-1) would also hit the logger, which leaves last.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "supervise/supervisor.h"

#define LEFTOVER_ENTRIES_BYTES 2048

/* linux_dirent64 of getdents64(2): readdir would allocate. */
struct leftover_entry {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

static pid_t
as_pid(const char *name)
{
	pid_t pid = 0;

	if (*name == '\0')
		return 0;
	for (; *name != '\0'; name++) {
		if (*name < '0' || *name > '9' || pid > 100000000)
			return 0;
		pid = pid * 10 + (*name - '0');
	}
	return pid;
}

/* Whether /proc shows our own namespace: only then do its numbers mean anything. */
static bool
proc_is_ours(void)
{
	char text[16];
	ssize_t len = readlink("/proc/self", text, sizeof(text) - 1);

	if (len <= 0)
		return false;
	text[len] = '\0';
	return as_pid(text) == getpid();
}

static int
signal_entries(const char *entries, long bytes, pid_t spare, int signal)
{
	int count = 0;

	for (long at = 0; at < bytes;) {
		uint16_t size;
		const char *name = entries + at + offsetof(struct leftover_entry, name);
		pid_t pid = as_pid(name);

		memcpy(&size, entries + at + offsetof(struct leftover_entry, size), sizeof(size));
		at += size;
		if (pid <= 0 || pid == getpid() || pid == spare)
			continue;
		/* Signal 0 asks whether it is still there. */
		if (kill(pid, signal) == 0)
			count++;
	}
	return count;
}

/*
 * Sends SIGNAL to every process of the container but us and SPARE; 0 only
 * counts. Returns how many there were, or -1 when they cannot be seen.
 */
int
leftover_signal(pid_t spare, int signal)
{
	char entries[LEFTOVER_ENTRIES_BYTES];
	int count = 0, fd;
	long bytes;

	if (!proc_is_ours())
		return -1;
	fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	while ((bytes = syscall(SYS_getdents64, fd, entries, sizeof(entries))) > 0)
		count += signal_entries(entries, bytes, spare, signal);
	close(fd);
	return count;
}
