#ifndef DNS_DKIM_RECORD_H
#define DNS_DKIM_RECORD_H

#include "dns/lookup.h"

/* What DNS shows for a selector, beside the key that is meant (RFC 6376 section 3.6.1). */
enum dkim_verdict {
	DKIM_RIGHT, /* one record, and a verifier finds our key in it */
	DKIM_MISSING, /* no record */
	DKIM_SEVERAL, /* more than one: verifiers may take either (section 3.6.2.2) */
	DKIM_OTHER_KEY, /* a good record, with another p= */
	DKIM_CUT, /* our key, cut off */
	DKIM_REVOKED, /* p= is empty */
	DKIM_MALFORMED, /* no record of DKIM, or one that verifiers refuse */
	DKIM_UNKNOWN, /* nobody could be asked */
};

struct dkim_published {
	enum dkim_verdict verdict;
	const char *text; /* a sentence for people, without a full stop; safe to show */
	uint32_t ttl; /* of the record, seconds; 0 when there is none */
	uint32_t negative_ttl; /* as in struct dns_answer */
};

/* "right", "missing", "several", "other-key", "cut-off", "revoked", "malformed", "unknown". */
const char *dkim_verdict_name(enum dkim_verdict verdict);

/* Judges ANSWER, to a question for TXT, against PUBLIC_KEY (a p= in base64). */
void dkim_record_judge(struct arena *arena, const struct dns_answer *answer, const char *public_key,
	struct dkim_published *published);

#endif
