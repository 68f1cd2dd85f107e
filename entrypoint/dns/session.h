#ifndef DNS_SESSION_H
#define DNS_SESSION_H

#include <stdint.h>

#include "dns/lookup.h"

/*
 * All questions of one run, under one deadline. A question that was asked before
 * is not asked again, and one for which no time is left is answered with
 * DNS_TIMED_OUT at once.
 */
#define DNS_SESSION_QUESTION_MS 4000 /* the most that one of them takes */

struct dns_asked;

struct dns_session {
	struct arena *arena; /* not owned; all answers are in it */
	struct dns_servers servers;
	int64_t deadline_ms; /* deadline_now */
	struct dns_asked *asked; /* the newest first */
	/*
	 * Addresses of this container alone, as text. An engine's name server answers with
	 * them for the container's host name, whatever the world is told: such an answer
	 * is taken for none at all. Not owned; NULL: none.
	 */
	const char *const *own;
	size_t own_count;
	/* Tests put a world of their own here; NULL: dns_lookup. */
	void (*ask)(void *context, const char *name, int type, struct dns_answer *answer);
	void *context;
};

/* SERVERS and DEADLINE_MS are set by the caller. */
void dns_session_init(struct dns_session *session, struct arena *arena);

/* The records of TYPE at NAME; never NULL. */
const struct dns_answer *dns_ask(struct dns_session *session, const char *name, int type);

/* "MX", "TXT", …; "?" of another type. */
const char *dns_type_name(int type);

#endif
