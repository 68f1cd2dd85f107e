#ifndef DNS_RECORDS_H
#define DNS_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * The records that a plan asks its owner to publish. Values of TXT records are
 * whole here; the zone form cuts them into strings of 255 bytes (RFC 1035
 * section 3.3, RFC 6376 section 3.6.2.2).
 */
struct dns_record {
	const char *name; /* absolute, without the last dot */
	const char *type; /* "MX", "TXT", "A", "AAAA", "PTR" */
	const char *value; /* "10 mail.example.com", or the text; NULL: not known, WHY says why */
	const char *why; /* one sentence for people */
};

struct dns_records {
	struct arena *arena;
	struct dns_record *items;
	size_t count, room;
};

/* All records of PLAN, in the arena of the plan. */
struct dns_records dns_records_of(const struct plan *plan);

/* For people: each record with its reason. */
void dns_print_text(const struct dns_records *records, struct buffer *out);

/* As lines of a zone file (RFC 1035 section 5); what cannot stand there is a comment. */
void dns_print_zone(const struct dns_records *records, struct buffer *out);

#endif
