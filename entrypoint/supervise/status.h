#ifndef SUPERVISE_STATUS_H
#define SUPERVISE_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/service.h"
#include "supervise/log_fact.h"

/*
 * What passes over the control socket: one request packet of plain text
 * ("status", "reload", "start NAME", "stop NAME", "restart NAME"), one reply
 * packet that is one of the two structs below. Client and server are the same
 * binary; the magic numbers keep two different builds from misreading each other.
 * All formatting for people and machines is the client's, so that PID 1 has none.
 */
#define STATUS_RUN_DIRECTORY "/run/mailinit"
#define STATUS_CONTROL_NAME "control.sock"
#define STATUS_REQUEST_BYTES (16 + SERVICE_NAME_BYTES)
#define STATUS_SNAPSHOT_MAGIC 0x4d535404u
#define STATUS_REPLY_MAGIC 0x4d525002u

enum status_phase { PHASE_PREPARING, PHASE_RUNNING, PHASE_STOPPING };

enum status_reload { RELOAD_NONE, RELOAD_APPLIED, RELOAD_UNCHANGED, RELOAD_REFUSED };

/* How a process ended. */
enum status_exit { EXITED_NEVER, EXITED_CODE, EXITED_SIGNAL, EXITED_UNSTARTED };

struct status_service {
	char name[SERVICE_NAME_BYTES];
	uint8_t state; /* enum state */
	uint8_t exit_kind; /* enum status_exit */
	bool required;
	int32_t exit_value; /* code, signal number or errno */
	int32_t pid; /* 0: none */
	uint32_t restarts;
	uint32_t missing; /* bit i: it needs service i, which is not ready */
	int64_t since; /* milliseconds since 1970, UTC */
};

struct status_snapshot {
	uint32_t magic, size;
	uint32_t generation;
	uint8_t phase; /* enum status_phase */
	uint8_t reload; /* enum status_reload: of the start, then of the newest reload */
	bool cannot_bound; /* no SETPCAP: bounding sets are not cut */
	uint64_t capabilities; /* what PID 1 has kept, see base/capability.h */
	int64_t reload_at; /* milliseconds since 1970, UTC */
	int32_t reload_findings; /* errors and warnings; -1: not known */
	uint32_t findings_errors, findings_warnings, findings_notes; /* of what runs */
	uint64_t log_lines, log_dropped, orphans;
	uint32_t watched; /* files and directories whose change is a reason for a new plan */
	int32_t watch_error; /* errno: some of them are only polled; -1: nobody watches */
	struct log_seen facts[FACT_COUNT]; /* of health, seen in the log */
	uint32_t service_count;
	struct status_service services[SERVICE_MAX];
	struct service_certificate certificates[SERVICE_CERTIFICATES];
	uint32_t certificates_more; /* that found no room there */
};

struct status_reply {
	uint32_t magic;
	int32_t code; /* exit code for the client */
	char text[248]; /* one line, NUL-terminated */
};

#endif
