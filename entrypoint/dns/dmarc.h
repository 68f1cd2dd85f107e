#ifndef DNS_DMARC_H
#define DNS_DMARC_H

#include "dns/session.h"

/*
 * The DMARC policy of a domain (RFC 7489). Where the domain has no record, that of
 * its organisational domain counts. Which one that is takes a list of public
 * suffixes in RFC 7489; here DNS itself is asked, label by label upwards, as its
 * successor RFC 9989 does: the records on the way tell, and "psd=" in them.
 */
enum dmarc_status {
	DMARC_FOUND,
	DMARC_MISSING,
	DMARC_SEVERAL, /* records of one name: receivers pass over all of them */
	DMARC_MALFORMED,
	DMARC_UNKNOWN, /* DNS could not be asked */
};

enum dmarc_policy { DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };

struct dmarc {
	enum dmarc_status status;
	const char *why; /* of all but DMARC_FOUND; from a stranger: mask before showing */
	const char *at; /* the domain whose record it is */
	const char *text; /* the record; from a stranger */
	enum dmarc_policy policy; /* for the domain that was asked for: p=, or sp= of one above */
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	const char *reports; /* rua=, or NULL */
};

/* Reads TEXT, which begins with "v=DMARC1", into DMARC; BELOW: it is that of a domain above. */
void dmarc_read(struct arena *arena, const char *text, bool below, struct dmarc *dmarc);

/* Looks the policy of DOMAIN up. */
void dmarc_find(struct dns_session *session, const char *domain, struct dmarc *dmarc);

/*
 * The organisational domain of DOMAIN, by the records at and above it; DOMAIN itself
 * where there are none. NULL: DNS could not be asked.
 */
const char *dmarc_organisation(struct dns_session *session, const char *domain);

/* "none", "quarantine", "reject". */
const char *dmarc_policy_name(enum dmarc_policy policy);

#endif
