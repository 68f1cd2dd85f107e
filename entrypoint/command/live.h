#ifndef COMMAND_LIVE_H
#define COMMAND_LIVE_H

#include <stdint.h>
#include <sys/statvfs.h>

#include "base/buffer.h"
#include "base/finding.h"
#include "dns/session.h"
#include "plan/plan.h"

/*
 * `check --live`: DNS by check/live.h, and the running system: services, ports and
 * what they serve, milters, SASL, the queue and the disks. All of it ends after
 * TIMEOUT_MS; what was not reached by then is told as not checked. HERE: this is the
 * container that the plan is for. Writes nothing, sends no mail.
 */
#define LIVE_TIMEOUT_MS 20000

void live_look(struct plan *plan, int timeout_ms, bool here);

/* The rest is private to command/live*.c. */
#define LIVE_STEP_MS 5000 /* the most that one part waits for one partner */
#define LIVE_OPENSSL "/usr/bin/openssl"

struct live_system {
	struct plan *plan;
	struct dns_session *session; /* for the few names that are looked up here */
	int64_t deadline_ms; /* of the monotonic clock */
};

/* When a step that begins now has to end: LIVE_STEP_MS from now, or the deadline. */
int64_t live_step_end(const struct live_system *system);

/* Notes that WHAT is right, or was not looked at; of the latter a finding is added, too. */
void live_system_right(struct live_system *system, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void live_system_unknown(struct live_system *system, const char *what, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds a finding of rule ID, and notes WHAT as wrong, with the same words. */
void live_system_wrong(struct live_system *system, const char *id, const char *what,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

enum live_protocol { LIVE_SMTP, LIVE_IMAP, LIVE_POP3 };

struct live_port {
	const char *name; /* "submission (127.0.0.1:587)" */
	const char *address; /* numeric */
	unsigned port;
	enum live_protocol protocol;
	bool wrapped; /* TLS from the first byte */
	bool offers_tls; /* STARTTLS is expected */
	bool takes_logins;
};

/* command/live_ports.c: what should listen, by the plan; the list is in the plan's arena. */
size_t live_ports_of(struct plan *plan, struct live_port **ports);

/* Greeting and STARTTLS of one. Returns whether TLS can be tried. */
bool live_port_greets(struct live_system *system, const struct live_port *port);

/* command/live_tls.c: the certificate that clients see there. */
void live_tls(struct live_system *system, const struct live_port *port);

/*
 * What openssl, run as ARGV, says of a connection, certificates and all; FAREWELL ends it.
 * Returns false when it did not run, or no time was left, which is then told of WHAT.
 */
bool live_tls_show(struct live_system *system, const char *what, const char *const argv[],
	const char *farewell, struct buffer *out);

/* command/live_relay.c: the smarthosts, as a client of theirs. */
void live_relay(struct live_system *system);

/* command/live_sasl.c: a made-up login there must be refused. */
void live_sasl(struct live_system *system, const struct live_port *port);

/* command/live_queue.c */
struct live_queue {
	size_t messages; /* in all queues but hold and corrupt */
	size_t new; /* whole ones in maildrop and incoming */
	int64_t oldest_new; /* seconds since 1970; 0: none */
	int64_t oldest; /* of those that are deferred, by their queue ids; 0: not known */
	int error; /* errno: it could not be counted */
	int64_t at_ms; /* when: deadline_now */
	int64_t deadline_ms;
};

/* Counts until DEADLINE_MS (deadline_now): then the error is ETIMEDOUT. */
void live_queue_count(struct live_queue *queue, int64_t deadline_ms);
void live_queue_judge(struct live_system *system, const struct live_queue *before,
	const struct live_queue *after);
void live_disks(struct live_system *system);

/* Of one file system; WANTED: bytes without which mail is refused. */
void live_disk_judge(struct live_system *system, const char *what, const struct statvfs *status,
	unsigned long long wanted);

#endif
