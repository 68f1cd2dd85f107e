#ifndef DNS_SPF_H
#define DNS_SPF_H

#include "dns/session.h"

/*
 * What a receiver makes of mail by SPF (RFC 7208): check_host() for one address and
 * one sender. Records are a stranger's: any text may come.
 */
enum spf_result {
	SPF_NONE, /* no record */
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR, /* DNS could not be asked: it says nothing */
	SPF_PERMERROR, /* the record cannot be used */
};

/* Of a permerror: what is wrong. */
enum spf_cause {
	SPF_CAUSE_OTHER,
	SPF_CAUSE_SEVERAL, /* records of one name */
	SPF_CAUSE_LOOKUPS, /* more than ten terms that ask DNS (section 4.6.4) */
	SPF_CAUSE_VOID, /* more than two of them find nothing */
};

struct spf_question {
	const char *address; /* IPv4 or IPv6, as text */
	const char *local, *domain; /* of the sender; for HELO "postmaster" and its name */
	const char *helo;
};

struct spf_answer {
	enum spf_result result;
	enum spf_cause cause;
	const char *why; /* a few words; from a stranger: mask before showing */
	const char *unasked; /* of a temperror: why DNS could not be asked, without the name */
	const char *record; /* of the domain; NULL: none, or several */
	bool open; /* it passes by +all, or an address that is as large as all */
	int lookups, voids;
};

/* Asks through SESSION; what ANSWER holds is in the session's arena. */
void spf_evaluate(struct dns_session *session, const struct spf_question *question,
	struct spf_answer *answer);

/*
 * The record of DOMAIN alone: none, temperror, permerror when it cannot be read or
 * there are several; else neutral, with ANSWER->record.
 */
void spf_look(struct dns_session *session, const char *domain, struct spf_answer *answer);

/* "none", "neutral", "pass", "fail", "softfail", "temperror", "permerror". */
const char *spf_result_name(enum spf_result result);

#endif
