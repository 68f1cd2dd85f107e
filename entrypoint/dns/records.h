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
	const char *type; /* "MX", "TXT", "A", "AAAA", "PTR", "TLSA" */
	const char *value; /* "10 mail.example.com", or the text; NULL: not known, WHY says why */
	const char *why; /* one sentence for people */
	bool removable; /* it may be taken out of DNS; VALUE is what stands there */
	bool aside; /* it cannot stand beside another one of its name: a comment in the zone form */
	/* not to be published before something else is there, see WHY: a comment in the zone form */
	bool optional;
};

/* What a web server must serve beside the records. */
struct dns_file {
	const char *url, *content;
	const char *why;
	bool optional;
};

struct dns_records {
	struct arena *arena;
	struct dns_record *items;
	size_t count, room;
	struct dns_file *files;
	size_t file_count;
};

/* All records of PLAN, in the arena of the plan. NOW: seconds since 1970. */
struct dns_records dns_records_of(const struct plan *plan, long long now);

/* Whether the container has ROLE; settings without roles have all but relay. */
bool dns_has_role(const struct node *settings, const char *role);

/* Whether mail leaves from this container: a pure mx only takes it. */
bool dns_sends(const struct node *settings);

/* Whether mail of DOMAIN leaves through a smarthost, whose addresses are its own. */
bool dns_leaves_elsewhere(const struct node *settings, const char *domain);

/* The name that a PTR record of ADDRESS has, in the arena (RFC 1035 3.5, RFC 3596 2.5); or NULL. */
const char *dns_reverse_name(struct arena *arena, const char *address);

/*
 * The policy file of MTA-STS (RFC 8461 section 3.2), and its id for DNS, which is
 * another one for another policy. MODE: "testing" or "enforce".
 */
const char *dns_mta_sts_policy(struct arena *arena, const char *mode, const char *hostname);
const char *dns_mta_sts_id(struct arena *arena, const char *policy);

/* dns/policy.c: adds MTA-STS, TLS-RPT and TLSA, in this order. Private to dns/. */
struct dns_record *dns_records_add(struct dns_records *records);
void dns_add_policies(struct dns_records *records, const struct plan *plan, const char *domain);
void dns_add_tlsa(struct dns_records *records, const struct plan *plan, const char *hostname);

/* The record of one DKIM key, whose p= is PUBLIC_KEY. */
struct dns_record dns_record_of_key(struct arena *arena, const char *domain, const char *selector,
	const char *public_key, const char *why);

/* One record as a line of a zone file. */
void dns_print_zone_line(const struct dns_record *record, struct buffer *out);

/* For people: each record with its reason. */
void dns_print_text(const struct dns_records *records, struct buffer *out);

/* The files for a web server; nothing when there are none. */
void dns_print_files(const struct dns_records *records, struct buffer *out);

/* As lines of a zone file (RFC 1035 section 5); what cannot stand there is a comment. */
void dns_print_zone(const struct dns_records *records, struct buffer *out);

#endif
