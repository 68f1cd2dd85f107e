/* tls_choose.c - of several pairs, the one to serve */
#include "daemon/tls_pair.h"

#include <string.h>

#include "base/text.h"
#include "daemon/tls_rules.h"

/* named_so - whether the store has it under a name of the wish, or one made of it: NAME-0001 */
static bool
named_so(const struct tls_wish *wish, const char *name)
{
	for (size_t i = 0; i < wish->name_count; i++) {
		size_t len = strlen(wish->names[i]);

		if (strncmp(name, wish->names[i], len) == 0 &&
			(name[len] == '\0' || name[len] == '-'))
			return true;
		if (name[0] != '\0' && certificate_name_matches(name, wish->names[i]))
			return true;
	}
	return false;
}

/* concerns - whether the pair is for us: a store has those of other hosts as well */
static bool
concerns(const struct tls_wish *wish, const struct tls_pair *pair)
{
	if (pair->source->own)
		return true;
	if (pair->chain.count > 0)
		return tls_covered(wish, &pair->chain.items[0]) > 0;
	return named_so(wish, pair->source->name);
}

bool
tls_is_better(const struct tls_wish *wish, const struct tls_pair *a, const struct tls_pair *b)
{
	const unsigned dates = TLS_FLAW_EXPIRED | TLS_FLAW_TOO_EARLY;
	size_t a_names = tls_covered(wish, &a->chain.items[0]);
	size_t b_names = tls_covered(wish, &b->chain.items[0]);

	if (a_names != b_names)
		return a_names > b_names;
	if (((a->flaws & dates) == 0) != ((b->flaws & dates) == 0))
		return (a->flaws & dates) == 0;
	return a->chain.items[0].not_after > b->chain.items[0].not_after;
}

static void
take(const struct tls_wish *wish, struct tls_pair *pair, struct tls_choice *choice)
{
	struct tls_pair **best;

	pair->flaws = tls_judge(wish, &pair->chain);
	best = &choice->best[pair->chain.items[0].key_type];
	choice->good++;
	if (*best == NULL || tls_is_better(wish, pair, *best))
		*best = pair;
}

void
tls_choose(struct plan *plan, const struct tls_wish *wish, const struct tls_sources *sources,
	struct tls_choice *choice)
{
	struct tls_pair *pairs = arena_alloc(plan->arena, (sources->count + 1) * sizeof(*pairs));

	memset(choice, 0, sizeof(*choice));
	for (size_t i = 0; i < sources->count; i++) {
		struct tls_pair *pair = &pairs[i];

		tls_read(plan, &sources->items[i], pair);
		if (!concerns(wish, pair))
			continue;
		if (pair->pem != NULL)
			take(wish, pair, choice);
		else if (choice->faulty == NULL)
			choice->faulty = pair;
	}
}
