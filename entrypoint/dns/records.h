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
	bool removable; /* it may be taken out of DNS; VALUE is what stands there */
	bool aside; /* it cannot stand beside another one of its name: a comment in the zone form */
};

struct dns_records {
	struct arena *arena;
	struct dns_record *items;
	size_t count, room;
};

/* All records of PLAN, in the arena of the plan. NOW: seconds since 1970. */
struct dns_records dns_records_of(const struct plan *plan, long long now);

/* The record of one DKIM key, whose p= is PUBLIC_KEY. */
struct dns_record dns_record_of_key(struct arena *arena, const char *domain, const char *selector,
	const char *public_key, const char *why);

/* One record as a line of a zone file. */
void dns_print_zone_line(const struct dns_record *record, struct buffer *out);

/* For people: each record with its reason. */
void dns_print_text(const struct dns_records *records, struct buffer *out);

/* As lines of a zone file (RFC 1035 section 5); what cannot stand there is a comment. */
void dns_print_zone(const struct dns_records *records, struct buffer *out);

#endif
