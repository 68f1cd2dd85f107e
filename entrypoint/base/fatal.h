#ifndef BASE_FATAL_H
#define BASE_FATAL_H

/* Exit codes of every command (see README, "Exit codes"). */
enum exit_code {
	EXIT_DONE = 0,
	EXIT_FINDINGS = 1, /* findings that refuse a start, or unhealthy */
	EXIT_USAGE = 2,
	EXIT_SYSTEM = 3, /* I/O, permission, out of space or memory */
	EXIT_DAEMON = 10, /* + place: a required daemon failed for good */
	EXIT_OTHER_DAEMON = 19,
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_FOUND = 127,
	EXIT_BY_SIGNAL = 128, /* + signal number */
};

/* Says that memory is gone and exits EXIT_SYSTEM. Never used by PID 1. */
_Noreturn void fatal_out_of_memory(void);

/*
 * Prints "mailinit: unable to VERB OBJECT: cause of errno" on stderr and exits
 * EXIT_SYSTEM. For the short-lived processes alone; PID 1 has no fatal errors.
 */
_Noreturn void fatal_system(const char *verb, const char *object);

#endif
