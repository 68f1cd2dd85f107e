#ifndef DNS_SPF_RECORD_H
#define DNS_SPF_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Private to dns/: an SPF record, taken apart (RFC 7208 sections 4.6 and 12). Any text may come. */
enum spf_mechanism { SPF_ALL, SPF_INCLUDE, SPF_A, SPF_MX, SPF_PTR, SPF_IP4, SPF_IP6, SPF_EXISTS };

struct spf_term {
	enum spf_mechanism mechanism;
	char qualifier; /* '+', '-', '~', '?' */
	const char *domain; /* a domain-spec with its macros; NULL: the current domain */
	unsigned char address[16]; /* of ip4 and ip6 */
	int bits4, bits6; /* of a, mx, ip4, ip6: how much of an address must be the same */
	const char *text; /* as it stands */
};

struct spf_record {
	struct spf_term *terms;
	size_t count;
	const char *redirect; /* a domain-spec; NULL: none */
};

/* What macros stand for (section 7). */
struct spf_macros {
	const char *local, *sender_domain; /* %{l}, %{o} */
	const char *domain, *helo; /* %{d}, %{h} */
	const char *address; /* %{i}: dotted, IPv6 nibble by nibble */
	bool ipv6;
	/* %{p}, asked for when it is needed; never NULL */
	const char *(*validated)(void *context);
	void *context;
};

/* Whether TEXT is an SPF record at all: it begins with "v=spf1", and a blank or nothing follows. */
bool spf_is_record(const char *text);

/*
 * Reads TEXT, for which spf_is_record is true, into RECORD; all in the arena.
 * Returns NULL, or what is wrong: then every mail gets permerror.
 */
const char *spf_read(struct arena *arena, const char *text, struct spf_record *record);

/* SPEC, which spf_read has accepted, with its macros replaced, 253 bytes at most. */
const char *spf_expand(struct arena *arena, const char *spec, const struct spf_macros *macros);

#endif
