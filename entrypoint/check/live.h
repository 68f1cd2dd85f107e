#ifndef CHECK_LIVE_H
#define CHECK_LIVE_H

#include <stdbool.h>

#include "dns/session.h"
#include "plan/plan.h"

/*
 * `check --live`: whether DNS shows what the plan needs. Adds findings, and tells
 * of each thing that it looked at what came of it (plan_add_looked): "could not be
 * asked" is an outcome of its own, and neither right nor absent.
 */
void check_live_dns(struct plan *plan, struct dns_session *session);

/* The rest is private to check/live*.c. */

/* What could not be asked, by its reason: one finding for each. */
struct live_unasked {
	struct live_unasked *next;
	const char *why;
	struct buffer names;
	size_t count;
};

struct live {
	struct plan *plan;
	struct dns_session *session;
	const char *hostname;
	const struct node *addresses; /* dns.addresses, or NULL */
	bool receives; /* role mx */
	bool sends; /* to the world, from dns.addresses */
	struct live_unasked *unasked;
};

/* What SPF and DKIM say for a domain: enough for DMARC. */
enum live_verdict { LIVE_PASSES, LIVE_FAILS, LIVE_UNKNOWN };

/* The answer; NULL when DNS could not be asked, which is then noted for dns-not-checked. */
const struct dns_answer *live_ask(struct live *live, const char *name, int type);

/* Notes for dns-not-checked that WHAT could not be looked at, for WHY. */
void live_unknown(struct live *live, const char *what, const char *why);

/* Notes that WHAT was looked at; of a wrong thing a finding is added besides. */
void live_tell(struct live *live, enum plan_outcome outcome, const char *what, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/* Adds a finding, and notes WHAT as wrong, or absent, with the same words. */
void
live_find(struct live *live, enum plan_outcome outcome, const char *id, const struct origin *origin,
	const char *what, const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Whether the node's value is not a default. */
bool live_is_set(const struct node *node);

/* check/live_address.c: A, AAAA, PTR, MX */
void live_hostname(struct live *live);
void live_reverse(struct live *live);
void live_mx(struct live *live, const struct node *domain);

/* check/live_sender.c: SPF, DKIM, DMARC */
void live_helo(struct live *live);
void live_keys(struct live *live);
void live_sender(struct live *live, const struct node *domain);

/* check/live_policy.c: MTA-STS, TLS-RPT, TLSA */
void live_policies(struct live *live, const struct node *domain);
void live_tlsa(struct live *live);

#endif
