/* process.c - what /proc shows of other processes */
#include "supervise/process.h"

#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PROCESS_ENTRIES_BYTES 2048
#define PROCESS_STAT_BYTES 512
#define PROCESS_STATE_FIELD 3 /* of /proc/PID/stat, as proc(5) counts */
#define PROCESS_START_FIELD 22

/* linux_dirent64 of getdents64(2): readdir would allocate. */
struct process_entry {
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
static int
proc_is_ours(void)
{
	char text[16];
	ssize_t len = readlink("/proc/self", text, sizeof(text) - 1);

	if (len <= 0)
		return 0;
	text[len] = '\0';
	return as_pid(text) == getpid();
}

static void
visit_entries(const char *entries, long bytes, process_visitor *visit, void *context)
{
	for (long at = 0; at < bytes;) {
		const char *name = entries + at + offsetof(struct process_entry, name);
		pid_t pid = as_pid(name);
		uint16_t size;

		memcpy(&size, entries + at + offsetof(struct process_entry, size), sizeof(size));
		at += size;
		if (pid > 0)
			visit(context, pid);
	}
}

int
process_each(process_visitor *visit, void *context)
{
	char entries[PROCESS_ENTRIES_BYTES];
	long bytes;
	int fd;

	if (!proc_is_ours())
		return -1;
	fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	while ((bytes = syscall(SYS_getdents64, fd, entries, sizeof(entries))) > 0)
		visit_entries(entries, bytes, visit, context);
	close(fd);
	return bytes == 0 ? 0 : -1;
}

/* TEXT behind FIELDS blanks, or NULL when it has fewer. */
static const char *
behind(const char *text, int fields)
{
	while (fields-- > 0 && text != NULL) {
		text = strchr(text, ' ');
		if (text != NULL)
			text++;
	}
	return text;
}

int
process_parse(const char *text, struct process *process)
{
	const char *open = strchr(text, '('), *close = strrchr(text, ')'), *start;
	size_t len;
	char *end;

	/* The name may hold anything, also blanks and brackets: its end is the last one. */
	if (open == NULL || close == NULL || close < open || close[1] != ' ')
		return -1;
	len = (size_t)(close - open) - 1;
	if (len >= sizeof(process->name))
		len = sizeof(process->name) - 1;
	memcpy(process->name, open + 1, len);
	process->name[len] = '\0';
	start = behind(close + 2, PROCESS_START_FIELD - PROCESS_STATE_FIELD);
	if (start == NULL || *start < '0' || *start > '9' || close[2] == 'Z' || close[2] == 'X')
		return -1;
	process->start = strtoull(start, &end, 10);
	return *end == ' ' || *end == '\0' ? 0 : -1;
}

int
process_read(pid_t pid, struct process *process)
{
	char path[32], text[PROCESS_STAT_BYTES];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (len <= 0)
		return -1;
	text[len] = '\0';
	return process_parse(text, process);
}
