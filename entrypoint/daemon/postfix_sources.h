#ifndef DAEMON_POSTFIX_SOURCES_H
#define DAEMON_POSTFIX_SOURCES_H

#include "base/node.h"
#include "plan/plan.h"

/*
 * Lookup tables that the user has as files, in what postfix.main and postfix.master say:
 *
 * - "hash:/path" and the other types of which postmap makes a file are read from a
 *   copy of their source in the generation, as texthash:, which reads what postmap
 *   reads (postmap(1)). So there is no .db that could be missing or older than its
 *   source, no type that this Postfix might lack, and nothing is written beside it.
 *   The copy is told as map-copied; a line that is none refuses the plan, map-line. With
 *   only a .db there it stays as it is.
 * - Tables that Postfix reads as text (regexp:, pcre:, cidr:, texthash:) stay where they
 *   are; a list of their sums in the generation tells a change.
 *
 * What cannot be read in the container is map-unreadable; elsewhere it is deferred.
 */
struct postfix_sources {
	struct plan *plan;
	unsigned services; /* whom a change concerns */
	struct node *sums; /* by path: of text tables */
};

void postfix_sources_init(struct postfix_sources *sources, struct plan *plan, unsigned services);

/* MAP with its references led to the copies; MAP itself when there are none. MAP may be NULL. */
const struct node *postfix_sources_refer(struct postfix_sources *sources, const struct node *map);

/* Adds the list of sums, if there are any. */
void postfix_sources_finish(struct postfix_sources *sources);

#endif
