/*
 * postfix_loop.c - aliases that lead to each other in a circle
 *
 * cleanup(8) expands virtual_alias_maps until nothing changes. It leaves an address
 * alone that stands among its own targets; a longer way back it notices only by
 * its limit, virtual_alias_recursion_limit, and puts the mail off, again and again.
 */
#include "daemon/postfix.h"

#include <string.h>

#include "base/text.h"

#define DEPTH_MAX 1000 /* virtual_alias_recursion_limit */
#define SHOWN_MAX 6

enum seen { SEEN_NOT, SEEN_ON_THE_WAY, SEEN_DONE };

struct walk {
	struct plan *plan;
	const struct node *map; /* address, or @domain, to its targets */
	unsigned char *seen; /* of each row, an enum seen */
	ptrdiff_t *rows; /* from the first one to where we are, and the address that led there */
	const char **addresses;
	size_t depth;
};

/*
 * row_of - where ADDRESS is looked up, as virtual(5) has it; -1: nowhere. *GROWS: its
 * extension was no part of the key, and is put behind every target.
 */
static ptrdiff_t
row_of(const struct walk *walk, const char *address, bool *grows)
{
	const char *at = strrchr(address, '@');
	size_t plus = strcspn(address, "+");
	ptrdiff_t row = node_find(walk->map, address);

	*grows = false;
	if (row >= 0 || at == NULL)
		return row;
	if (address + plus < at)
		row = node_find(walk->map,
			arena_printf(walk->plan->arena, "%.*s%s", (int)plus, address, at));
	*grows = row >= 0;
	return *grows ? row : node_find(walk->map, at);
}

/* next_target - the target at *AT, in small letters, and *AT behind it; NULL at the end */
static const char *
next_target(struct arena *arena, const char **at)
{
	const char *start = *at + strspn(*at, ", ");
	size_t len = strcspn(start, ",");

	*at = start + len;
	return len > 0 ? text_lower(arena, arena_strndup(arena, start, len)) : NULL;
}

static bool
leads_to_itself(const struct walk *walk, ptrdiff_t row, const char *address)
{
	const char *at = walk->map->items[row]->text, *target;

	while ((target = next_target(walk->plan->arena, &at)) != NULL)
		if (strcmp(target, address) == 0)
			return true;
	return false;
}

/* tell - the circle, which begins where ROW was first on the way */
static void
tell(struct walk *walk, ptrdiff_t row)
{
	struct arena *arena = walk->plan->arena;
	size_t first = 0;
	const char *text;

	while (walk->rows[first] != row)
		first++;
	text = walk->addresses[first];
	for (size_t i = first + 1; i < walk->depth && i - first < SHOWN_MAX; i++)
		text = arena_printf(arena, "%s, %s", text, walk->addresses[i]);
	finding_add(walk->plan->findings, "alias-loop", &walk->map->items[row]->origin,
		"the alias %s leads back to itself: %s%s, %s", walk->addresses[first], text,
		walk->depth - first > SHOWN_MAX ? ", ..." : "", walk->addresses[first]);
}

static void
visit(struct walk *walk, const char *address)
{
	const char *at, *target;
	bool grows;
	ptrdiff_t row = row_of(walk, address, &grows);

	if (row < 0 || walk->seen[row] == SEEN_DONE)
		return;
	if (walk->seen[row] == SEEN_ON_THE_WAY) {
		if (grows || !leads_to_itself(walk, row, address))
			tell(walk, row);
		return;
	}
	if (walk->depth == DEPTH_MAX) {
		finding_add(walk->plan->findings, "alias-loop", &walk->map->items[row]->origin,
			"the alias %s leads over a thousand others, more than Postfix follows",
			walk->addresses[0]);
		return;
	}
	walk->seen[row] = SEEN_ON_THE_WAY;
	walk->rows[walk->depth] = row;
	walk->addresses[walk->depth++] = address;
	at = walk->map->items[row]->text;
	while ((target = next_target(walk->plan->arena, &at)) != NULL)
		if (strcmp(target, address) != 0)
			visit(walk, target);
	walk->depth--;
	walk->seen[row] = SEEN_DONE;
}

void
postfix_check_loops(struct plan *plan, const struct node *map)
{
	struct walk walk = {.plan = plan,
		.map = map,
		.seen = arena_alloc(plan->arena, map->count + 1),
		.rows = arena_alloc(plan->arena, DEPTH_MAX * sizeof(*walk.rows)),
		.addresses = arena_alloc(plan->arena, DEPTH_MAX * sizeof(*walk.addresses))};

	for (size_t i = 0; i < map->count; i++) {
		const char *at = map->items[i]->text, *target;

		if (map->keys[i][0] != '@') {
			visit(&walk, map->keys[i]);
			continue;
		}
		/* whoever is meant, what comes of it is one of the targets */
		while ((target = next_target(plan->arena, &at)) != NULL)
			visit(&walk, target);
	}
}
