#ifndef SUPERVISE_SPAWN_H
#define SUPERVISE_SPAWN_H

#include <signal.h>
#include <sys/types.h>

#include "plan/service.h"

/*
 * Starts a service's process: its own session (Postfix's master dies with exit
 * code 1 when it leads a group that is no session), an empty signal mask,
 * default dispositions, our own short environment, no file descriptor of ours,
 * its user and its capabilities.
 */

/* What failed between fork and exec. It comes through a close-on-exec pipe. */
struct spawn_failure {
	int stage; /* see spawn_stage_name */
	int error; /* errno */
};

/* "setsid", "set user and capabilities", "execute", … for a message. */
const char *spawn_stage_name(int stage);

/* What the process is given beside what TABLE says of it. */
struct spawn_files {
	int output; /* becomes its stdout and stderr */
	int ready; /* becomes the descriptor of its PROBE_FD; -1: it has none */
	const char *notify; /* the path for NOTIFY_SOCKET, or NULL */
};

/*
 * Starts SPEC, a service of TABLE. Returns the pid, and in FAILURE_FD the
 * non-blocking read end of the pipe: end of file there means that the program
 * runs. Or -1 with errno, and nothing to close.
 */
pid_t spawn_service(const struct service_table *table, const struct service_spec *spec,
	const struct spawn_files *files, int *failure_fd);

/*
 * In a fresh child whose descriptors are set: goes to the service's directory,
 * takes on its user and capabilities, and executes ARGV with its environment.
 * Returns only when something fails, with the stage; errno says why.
 */
int spawn_become(const struct service_table *table, const struct service_spec *spec,
	char *const *argv, const char *notify);

/*
 * In a fresh child of PARENT that helps and is no service: a group of its own, so that
 * what it starts can be killed with it; the end of PARENT is its end; signals are
 * default. OUTPUT becomes its stdout and stderr; -1: they stay. Returns 0, or -1.
 */
int spawn_helper(pid_t parent, int output);

/* What more can be said when a process could not be made, beginning with a blank; or "". */
const char *spawn_advice(int error);

/* Closes every file descriptor from FIRST on. */
void spawn_close_from(int first);

#endif
