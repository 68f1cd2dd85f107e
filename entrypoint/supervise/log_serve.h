#ifndef SUPERVISE_LOG_SERVE_H
#define SUPERVISE_LOG_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/service.h"
#include "supervise/log_fact.h"

/*
 * The logger's own process: reads what the services say and writes it, line by
 * line, to standard output. PID 1 holds all descriptors, and the memory for what
 * was read and not yet written (log_kept.h), so that this process can die and be
 * started anew without any service noticing, and without losing a line.
 */
enum log_source_kind {
	LOG_SYSLOG, /* a datagram socket with SO_PASSCRED */
	LOG_LINES, /* a pipe from a service's stdout and stderr */
	LOG_OWN, /* the pipe of say.h, and the output of a planning child */
};

#define LOG_SOURCES (SERVICE_MAX + SERVICE_SYSLOG_SOCKETS + 1 + 2)

struct log_source {
	int fd; /* non-blocking */
	enum log_source_kind kind;
	unsigned slot; /* LOG_LINES: whose pid it is, in struct log_share */
	char name[SERVICE_NAME_BYTES]; /* LOG_LINES: the service */
};

/*
 * One page that both processes see. The logger is without privileges and may be
 * subverted: PID 1 only ever reads the counters and times, as numbers to show.
 */
struct log_share {
	uint64_t lines, dropped; /* written by the logger */
	struct log_seen facts[FACT_COUNT]; /* written by the logger */
	int32_t pids[SERVICE_MAX]; /* of the services' main processes, written by PID 1 */
};

struct log_kept;

struct log_config {
	int output;
	bool output_is_socket, output_may_block;
	enum log_format format;
	enum log_level level; /* what is below is left out */
	enum log_mask mask;
	struct log_share *share;
	struct log_kept *kept; /* see log_kept.h */
	int kept_fd; /* the same memory, for splice; -1: none */
	unsigned count;
	struct log_source sources[LOG_SOURCES];
};

/* The signal that means: read what is there, write it, and end. */
#define LOG_SIGNAL_END SIGUSR1

/* What the last writing may take when the reader of stdout does not read. */
#define LOG_DRAIN_MS 300

/* Runs until LOG_SIGNAL_END, or until PARENT is gone. All signals are blocked. */
_Noreturn void log_serve(const struct log_config *config, int parent);

#endif
