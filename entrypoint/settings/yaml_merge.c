/* yaml_merge.c - two maps become one */
#include "settings/yaml_merge.h"

#include <stdbool.h>
#include <string.h>

static const char *
take_missing(struct arena *arena, struct node *map, const struct node *from, size_t limit,
	size_t *looked_at)
{
	if (from->type != NODE_MAP)
		return "a merge key (<<) must name a map, or a list of maps";
	for (size_t i = 0; i < from->count && ++*looked_at <= limit; i++)
		if (node_find(map, from->keys[i]) < 0)
			node_set_at(
				arena, map, from->keys[i], &from->key_origins[i], from->items[i]);
	return NULL;
}

const char *
yaml_merge(struct arena *arena, struct node *map, size_t limit, size_t *looked_at)
{
	const struct node old = *map;
	ptrdiff_t place = node_find(&old, "<<");
	const struct node *merged;
	const char *why = NULL;

	if (place < 0)
		return NULL;
	merged = old.items[place];
	/* the node itself stays: anchors may name it */
	map->items = NULL;
	map->keys = NULL;
	map->key_origins = NULL;
	map->index = NULL;
	map->count = 0;
	for (size_t i = 0; i < old.count; i++)
		if ((ptrdiff_t)i != place)
			node_set_at(arena, map, old.keys[i], &old.key_origins[i], old.items[i]);
	if (merged->type != NODE_LIST)
		return take_missing(arena, map, merged, limit, looked_at);
	for (size_t i = 0; i < merged->count && why == NULL && *looked_at <= limit; i++)
		why = take_missing(arena, map, merged->items[i], limit, looked_at);
	return why;
}

/* as_map - `mailboxes` may be the list itself, or a map that holds it */
static struct node *
as_map(struct arena *arena, struct node *list)
{
	struct node *map = node_new(arena, NODE_MAP, &list->origin);

	node_set(arena, map, "list", list);
	return map;
}

static void
overlay_key(
	struct arena *arena, struct node *earlier, const struct node *later, size_t place, bool top)
{
	struct node *old = node_get(earlier, later->keys[place]), *new = later->items[place];

	if (old != NULL && top && strcmp(later->keys[place], "mailboxes") == 0) {
		if (old->type == NODE_LIST && new->type == NODE_MAP)
			old = node_set(arena, earlier, "mailboxes", as_map(arena, old));
		else if (old->type == NODE_MAP && new->type == NODE_LIST)
			new = as_map(arena, new);
	}
	if (old != NULL && old->type == NODE_MAP && new->type == NODE_MAP) {
		for (size_t i = 0; i < new->count; i++)
			overlay_key(arena, old, new, i, false);
		return;
	}
	new->overrode = old;
	node_set_at(arena, earlier, later->keys[place], &later->key_origins[place], new);
}

void
yaml_overlay(struct arena *arena, struct node *earlier, const struct node *later)
{
	for (size_t i = 0; i < later->count; i++)
		overlay_key(arena, earlier, later, i, true);
}
