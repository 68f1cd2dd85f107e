#ifndef DNS_TAGS_H
#define DNS_TAGS_H

#include <stddef.h>

#include "base/arena.h"

/*
 * "v=DKIM1; p=…": what records of DKIM (RFC 6376 section 3.2), DMARC (RFC 7489
 * section 6.4), MTA-STS and TLS-RPT are made of. Any text may come.
 */
#define DNS_TAGS_MAX 32

struct dns_tags {
	struct {
		const char *name, *value; /* white space around both is gone */
	} items[DNS_TAGS_MAX];
	size_t count;
};

/*
 * Reads TEXT: ";" between the parts, one may stand at the end, no name twice. What
 * TAGS refers to is in the arena. Returns NULL, or what is wrong.
 */
const char *dns_tags_read(struct arena *arena, const char *text, struct dns_tags *tags);

/* The value of a name, or NULL. */
const char *dns_tag(const struct dns_tags *tags, const char *name);

#endif
