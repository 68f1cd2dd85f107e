#ifndef SUPERVISE_SUPERVISE_H
#define SUPERVISE_SUPERVISE_H

#include <stdint.h>

/*
 * The long-lived process. It starts the services of a service table, keeps them
 * up, stops them in order, carries their log lines, and answers on a socket. It
 * parses nothing, allocates nothing and never waits for anyone; all that could
 * fail or hang runs in children.
 */
enum prepare_mode {
	PREPARE_START,
	PREPARE_RELOAD,
};

struct supervise_options {
	/*
	 * Runs in a forked child: plans, checks, applies, writes one struct
	 * service_table to TABLE_FD and returns an exit code (base/fatal.h). Code 0
	 * without a valid table counts as EXIT_SYSTEM. On other codes a table is
	 * welcome for its count of findings.
	 */
	int (*prepare)(void *context, enum prepare_mode mode, int table_fd);
	/*
	 * Runs in a forked child when SERVICE, which others need and which was ready
	 * before, is ready again: to look after what waited for it. NULL: nothing does.
	 * What it prints goes to the log; it is killed after two minutes.
	 */
	void (*returned)(void *context, const char *service);
	void *context;
	uint32_t prepare_timeout_ms; /* 0: 60 s; then the child is killed */
	uint32_t review_ms; /* 0: a day; from one plan to the next, when nobody asks for one */
	const char *run_directory; /* NULL: /run/mailinit; for control.sock and notify sockets */
	const char *syslog_path; /* NULL: /dev/log */
};

/*
 * Runs until a signal or a failed service ends it, and returns the exit code of
 * the process: 0 after a requested stop, that of a refused start, 10 + place
 * when a required service failed for good, EXIT_SYSTEM when it could not even
 * begin. supervise_block_signals must have been called. When it is not PID 1 it
 * becomes the reaper of its own descendants instead (PR_SET_CHILD_SUBREAPER).
 */
int supervise_run(const struct supervise_options *options);

#endif
