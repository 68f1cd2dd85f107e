#ifndef DNS_SPF_RUN_H
#define DNS_SPF_RUN_H

/* Private to dns/: one evaluation of SPF under way. */
#include "dns/spf.h"
#include "dns/spf_record.h"

/* A term matches, does not, or ends all. */
enum spf_match { SPF_MATCH, SPF_NO_MATCH, SPF_STOP };

struct spf_run {
	struct dns_session *session;
	const struct spf_question *question;
	struct spf_answer *answer;
	int family;
	unsigned char address[16];
	const char *domain; /* the current one */
};

/* RESULT for all, with its reason; returns SPF_STOP. */
enum spf_match spf_stop(struct spf_run *run, enum spf_result result, enum spf_cause cause,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same for what DNS did not answer; SPF_NO_MATCH of what cannot be a name. */
enum spf_match
spf_stop_unasked(struct spf_run *run, const char *name, int type, const struct dns_answer *answer);

/* SPF_MATCH: there are records; SPF_NO_MATCH: none, which is counted. */
enum spf_match
spf_ask(struct spf_run *run, const char *name, int type, const struct dns_answer **answer);

/* Whether the first BITS of both addresses are the same. */
bool spf_same(const unsigned char *a, const unsigned char *b, int bits);

/* How much of an address of the run's family TERM compares. */
int spf_bits_of(const struct spf_run *run, const struct spf_term *term);

/* Whether one of the addresses of NAME is ours, as far as BITS go. */
enum spf_match spf_has_address(struct spf_run *run, const char *name, int bits);

enum spf_match spf_match_mx(struct spf_run *run, const char *name, int bits);

/*
 * The name of our address, below DOMAIN, that leads back to it; NULL: none. What
 * cannot be asked is passed over (section 5.5).
 */
const char *spf_validated(struct spf_run *run, const char *domain, enum spf_match *found);

#endif
