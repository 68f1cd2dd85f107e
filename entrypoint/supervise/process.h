#ifndef SUPERVISE_PROCESS_H
#define SUPERVISE_PROCESS_H

#include <stdint.h>
#include <sys/types.h>

/*
 * What /proc shows of other processes (proc(5)). Nothing is allocated: PID 1
 * uses it. A process may end at any moment, also between two of these calls.
 */
typedef void process_visitor(void *context, pid_t pid);

/*
 * Calls VISIT for every process of our pid namespace, us included. Returns 0, or
 * -1 when they cannot be seen: no /proc, or that of another namespace, whose
 * numbers mean nothing here.
 */
int process_each(process_visitor *visit, void *context);

struct process {
	char name[16]; /* of its program, cut to 15 bytes by the kernel */
	uint64_t start; /* when it was made, in clock ticks since boot; only good to compare */
};

/* Returns 0, or -1 when there is no such process any more, or only its exit code. */
int process_read(pid_t pid, struct process *process);

/* As process_read, of the content of /proc/PID/stat: TEXT is NUL-terminated. */
int process_parse(const char *text, struct process *process);

#endif
