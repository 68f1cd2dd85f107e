#ifndef PLAN_SERVICE_H
#define PLAN_SERVICE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The service table: all that PID 1 ever learns of a plan. Plain data without
 * pointers, so that a short-lived child can hand it over through a pipe in one
 * piece and PID 1 need not parse anything. Strings are NUL-terminated and
 * cut to their room by service_set_text, which reports what does not fit.
 */
#define SERVICE_MAX 10
#define SERVICE_NAME_BYTES 32
#define SERVICE_ARGV_BYTES 512
#define SERVICE_PATH_BYTES 108 /* sun_path */
#define SERVICE_PROBES 5
#define SERVICE_STALE 4
#define SERVICE_DRAIN_BYTES 48
#define SERVICE_FINAL_EXITS 4
#define SERVICE_CERTIFICATES 8
#define SERVICE_CERTIFICATE_NAMES_BYTES 160
#define SERVICE_TROUBLE_BYTES 200
#define SERVICE_SYSLOG_SOCKETS 2
#define SERVICE_TEXTS_BYTES 6144
#define SERVICE_LIST_MAX 64 /* strings of one list, and the NULL behind them */
#define SERVICE_READY_FD_MIN 3 /* PROBE_FD: below lie stdin, stdout and stderr */
#define SERVICE_READY_FD_MAX 63

#define SERVICE_TABLE_MAGIC 0x4d494e54u /* "MINT" */
#define SERVICE_TABLE_VERSION 3u

/* What must answer before a service counts as ready. All of its probes must. */
enum probe_kind {
	PROBE_NONE,
	PROBE_UNIX, /* a stream socket at ADDRESS accepts */
	PROBE_MILTER, /* a milter at ADDRESS (a path, or host:port) answers a negotiation */
	PROBE_TCP, /* host:port accepts */
	PROBE_SMTP, /* host:port says 220 */
	PROBE_IMAP, /* host:port says "* OK" */
	PROBE_POP3, /* host:port says "+OK" */
	PROBE_NOTIFY, /* the service sends READY=1 to $NOTIFY_SOCKET */
	PROBE_FD, /* the service writes a line break on descriptor ADDRESS, a number */
	PROBE_EXEC, /* the command READY_ARGV ends with code 0; ADDRESS is its program, for messages */
};

/* A list of strings among the table's texts, see service_add_list; 0 is the empty list. */
typedef uint16_t service_list;

struct service_probe {
	uint8_t kind; /* enum probe_kind */
	char address[SERVICE_PATH_BYTES];
};

struct service_spec {
	char name[SERVICE_NAME_BYTES];
	char argv[SERVICE_ARGV_BYTES]; /* NUL-separated, ended by an empty string */
	uint8_t place; /* exit code 10 + place when it fails for good */
	bool required; /* its failure for good ends the container */
	bool changed; /* reload: its files differ from what runs */
	bool restart; /* reload: a reload signal is not enough */
	bool flush; /* reload: what it has put off is tried at once, see FLUSH_ARGV */
	bool no_new_privs;
	bool kill_to_stop; /* holds no state: KILL at once is its clean stop (OpenDKIM) */
	uint32_t needs; /* bit i: starts when service i is ready */
	uint32_t uid, gid; /* the user it is started as; 0 for a daemon that drops by itself */
	uint64_t capabilities; /* bit per capability: bounding, permitted and ambient set */
	int32_t stop_signal, reload_signal;
	/*
	 * Names of processes of its group, blank-separated, that have something under
	 * way once a reload has ended the idle ones: a stop of all waits for them
	 * first. Empty: it is told to end at once.
	 */
	char drain[SERVICE_DRAIN_BYTES];
	uint32_t start_timeout_ms, stop_timeout_ms;
	uint8_t final_exits
		[SERVICE_FINAL_EXITS]; /* exit codes that mean "configuration"; 0 ends the list */
	struct service_probe probes[SERVICE_PROBES];
	service_list ready_argv; /* of PROBE_EXEC */
	/*
	 * The command by which it tries at once what it has put off, run as the service
	 * itself once a reload has replaced its processes FLUSH_AFTER (blank-separated).
	 */
	service_list flush_argv;
	char flush_after[SERVICE_NAME_BYTES];
	service_list environment; /* further variables, NAME=value; may hold secrets */
	service_list directory; /* one path: its working directory; empty: "/" */
	char stale[SERVICE_STALE]
		  [SERVICE_PATH_BYTES]; /* pid files and sockets removed before a start */
};

struct service_certificate {
	char path[SERVICE_PATH_BYTES];
	char names[SERVICE_CERTIFICATE_NAMES_BYTES]; /* blank-separated */
	/* it is the last good one: what is wrong with the configured one; else empty */
	char trouble[SERVICE_TROUBLE_BYTES];
	int64_t not_after; /* seconds since 1970, UTC */
};

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };
enum log_level { LOG_LEVEL_DEBUG, LOG_LEVEL_INFO, LOG_LEVEL_WARNING, LOG_LEVEL_ERROR };
enum log_mask { LOG_MASK_NONE, LOG_MASK_ADDRESSES };

struct service_table {
	uint32_t magic, version, size; /* SIZE = sizeof(struct service_table) */
	uint32_t generation;
	uint32_t count;
	uint32_t findings_errors, findings_warnings, findings_notes;
	uint32_t stop_timeout_ms;
	uint32_t restart_delay_ms, restart_max_delay_ms;
	uint32_t give_up_count, give_up_window_ms;
	bool give_up_stay; /* restart.give_up: stay */
	bool changed_nothing; /* reload: nothing differs from what runs */
	uint8_t log_format, log_level, log_mask;
	char syslog_sockets[SERVICE_SYSLOG_SOCKETS]
			   [SERVICE_PATH_BYTES]; /* beside /dev/log: the chroot's */
	struct service_certificate certificates[SERVICE_CERTIFICATES];
	uint32_t certificates_more; /* that found no room there */
	struct service_spec services[SERVICE_MAX];
	/*
	 * Lists that few services have: strings, each with its NUL, and an empty one
	 * at the end of each list. The first two bytes are the empty list.
	 */
	uint16_t texts_used;
	char texts[SERVICE_TEXTS_BYTES];
};

void service_table_init(struct service_table *table);

/* Copies TEXT into ROOM of SIZE bytes. Returns 0, or -1 when it does not fit (nothing is copied). */
int service_set_text(char *room, unsigned size, const char *text);

/* Packs a NULL-ended argv. Returns 0, or -1 when it does not fit. */
int service_set_argv(struct service_spec *service, const char *const *argv);

/* Unpacks into ARGV (at most MAX pointers, the last one NULL); they point into SERVICE. Returns argc. */
int service_get_argv(const struct service_spec *service, char **argv, int max);

/*
 * Adds a NULL-ended list of strings to the table's texts, and its place to LIST.
 * Returns 0, or -1 when it does not fit or holds an empty string.
 */
int service_add_list(struct service_table *table, const char *const *strings, service_list *list);

/* Unpacks a list into STRINGS (at most MAX pointers, the last one NULL). Returns how many. */
int service_get_list(const struct service_table *table, service_list list, char **strings, int max);

/*
 * Whether two tables would run the same services in the same way. What the newest
 * planning said of its own work (generation, findings, what has changed) and of
 * certificates does not count.
 */
bool service_table_same(const struct service_table *a, const struct service_table *b);

/* Takes over from NEXT what is only told, not run: findings and certificates. */
void service_table_tell(struct service_table *table, const struct service_table *next);

/* The descriptor that PROBE_FD names, or -1 when the service has no such probe. */
int service_ready_fd(const struct service_spec *service);

/* Whether a table that came through a pipe is one: magic, version, size, counts, terminated strings. */
bool service_table_valid(const struct service_table *table, unsigned long size);

/* The place of a service of that name, or -1. */
int service_find(const struct service_table *table, const char *name);

#endif
