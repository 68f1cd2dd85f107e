#ifndef SUPERVISE_LOGGER_H
#define SUPERVISE_LOGGER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "plan/service.h"
#include "supervise/log_serve.h"

/*
 * PID 1's side of the log: it makes every socket and pipe once and keeps both
 * ends, starts the logger on them, and starts it again when it dies. A socket
 * is never made anew while services run: a chrooted process could not connect
 * to the new one.
 */
struct logger {
	pid_t pid; /* 0: not running */
	int output; /* our own opening of stdout */
	bool output_is_socket, output_may_block;
	int own[2]; /* what PID 1 says; non-blocking on both ends */
	int planning[2]; /* what a planning child says; it may wait */
	int syslog[SERVICE_SYSLOG_SOCKETS + 1];
	char syslog_paths[SERVICE_SYSLOG_SOCKETS + 1][SERVICE_PATH_BYTES];
	unsigned syslog_count;
	struct log_share *share;
	struct log_kept *kept; /* handed from one logger to the next; PID 1 never looks at it */
	int kept_fd;
	int64_t started_at, restart_at; /* monotonic; STATE_NEVER: not to be started */
	bool renewing; /* its end is wanted, and a new one after it */
	bool ending; /* its end is wanted, and the last one */
};

/* Makes what is needed before the first service. Returns 0, or -1 after saying why. */
int logger_open(struct logger *logger);

/* Binds one more syslog socket; the same path again is nothing new. 0, or -1 with errno. */
int logger_bind(struct logger *logger, const char *path);

/* Makes a pipe for a service's output: [0] for the logger, [1] for the service. 0, or -1. */
int logger_pipe(int ends[2]);

/*
 * Starts the process. OUTPUTS[i] is the read end of service i's pipe, by the
 * places of TABLE. What fails is tried again at RESTART_AT.
 */
void logger_start(struct logger *logger, const struct service_table *table,
	const int outputs[SERVICE_MAX], int64_t now);

/* Lets it write what it has and end; it is then started anew, with new settings. */
void logger_renew(struct logger *logger);

/* Lets it write what it has and end, for good. */
void logger_end(struct logger *logger);

/* Its process was reaped: it is started again, at once unless it dies at once. */
void logger_gone(struct logger *logger, int64_t now);

#endif
