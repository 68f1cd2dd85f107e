#ifndef SUPERVISE_LOG_FACT_H
#define SUPERVISE_LOG_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "supervise/log_record.h"

/*
 * Lines that say something about the health of the mail server and that nothing
 * else would tell: the daemon goes on, and its process is there. They are
 * recognised by the words of Postfix 3.7 to 3.10, Dovecot 2.3 and 2.4, OpenDKIM
 * 2.11 and OpenSSL 3, seen on both Debian releases.
 *
 * Much of a log line is what a client chose to send. A line counts only where
 * the daemon's own words stand at places that a client cannot reach: at its
 * beginning, or before the first value of the client's. Who has written the line
 * is not decided here (log_emit.c asks the kernel).
 */
enum log_fact {
	FACT_THROTTLED, /* Postfix: a service dies at its start, again and again */
	FACT_TABLE, /* Postfix: a lookup table cannot be read */
	FACT_SASL, /* Postfix: Dovecot's authentication cannot be reached */
	FACT_MILTER, /* Postfix: a milter cannot be reached */
	FACT_TLS_UNUSABLE, /* certificate or key cannot be used */
	FACT_TLS_REFUSED, /* a client refused the certificate (RFC 8446 section 6.2: alerts 42 to 46) */
	FACT_TLS_UNKNOWN_CA, /* a client does not know its issuer (alert 48) */
	FACT_DKIM_KEY, /* OpenDKIM: a key is readable by others, or not by the signer */
	FACT_DOVECOT_AUTH, /* Dovecot: its authentication has an error of its own */
	FACT_COUNT,
};

/* Not a fact, but the end of one: Postfix forgets what it throttled. */
#define FACT_POSTFIX_BEGINS FACT_COUNT
#define FACT_NONE (FACT_COUNT + 1)

/* How often and when; times are milliseconds since 1970, UTC, 0 for never. */
struct log_seen {
	uint64_t count;
	int64_t last;
	int64_t over; /* what was seen before then no longer holds */
};

/* What a record says: one of enum log_fact, FACT_POSTFIX_BEGINS or FACT_NONE. */
int log_fact_of(const struct log_record *record);

#endif
