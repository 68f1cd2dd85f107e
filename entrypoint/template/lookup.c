/* lookup.c - what a name stands for in the contexts of a template */
#include "template/lookup.h"

#include "base/text.h"

/* step_into - FOUND becomes the value NODE, and stays as secret as what it was taken from */
static void
step_into(struct found *found, const struct node *node)
{
	found->node = node;
	found->secret = found->secret || node->secret;
	found->deferred = found->deferred || node->deferred;
}

/* find_first - the innermost frame that has KEY */
static struct found
find_first(const struct frame *frame, const char *key)
{
	struct found found = {0};

	for (; frame != NULL; frame = frame->outer) {
		const struct node *node = node_get(frame->node, key);

		if (node == NULL)
			continue;
		found.secret = frame->secret;
		found.deferred = frame->deferred;
		step_into(&found, node);
		return found;
	}
	return found;
}

struct found
lookup_name(const struct frame *frame, const struct tag *tag)
{
	struct found found = {0};

	if (tag->part_count == 0) {
		found.node = frame->node;
		found.secret = frame->secret;
		found.deferred = frame->deferred;
		return found;
	}
	found = find_first(frame, tag->parts[0]);
	for (size_t i = 1; i < tag->part_count && found.node != NULL; i++) {
		const struct node *next;

		if (found.node->type == NODE_NULL)
			return found;
		next = node_get(found.node, tag->parts[i]);
		if (next == NULL) {
			found.within = found.node;
			found.part = i;
			found.node = NULL;
			return found;
		}
		step_into(&found, next);
	}
	return found;
}

bool
lookup_true(const struct node *node)
{
	if (node == NULL)
		return false;
	switch (node->type) {
	case NODE_NULL:
		return false;
	case NODE_BOOL:
		return node->truth;
	case NODE_SCALAR:
		return node->text[0] != '\0';
	case NODE_LIST:
		return node->count > 0;
	case NODE_MAP:
		return true;
	}
	return false;
}

static const char *
nearest_key(const struct node *map, const char *name)
{
	if (map == NULL || map->type != NODE_MAP)
		return NULL;
	return text_nearest(name, map->keys, map->count);
}

/* join_name - the name of TAG with one part replaced */
static const char *
join_name(struct arena *arena, const struct tag *tag, size_t part, const char *instead)
{
	const char *name = "";

	for (size_t i = 0; i < tag->part_count; i++)
		name = arena_printf(arena, "%s%s%s", name, i > 0 ? "." : "",
			i == part ? instead : tag->parts[i]);
	return name;
}

const char *
lookup_nearest(struct arena *arena, const struct frame *frame, const struct tag *tag,
	const struct found *found)
{
	const char *nearest = NULL;

	if (tag->part_count == 0)
		return NULL;
	if (found->within != NULL)
		nearest = nearest_key(found->within, tag->parts[found->part]);
	for (; found->within == NULL && frame != NULL && nearest == NULL; frame = frame->outer)
		nearest = nearest_key(frame->node, tag->parts[0]);
	return nearest != NULL ? join_name(arena, tag, found->part, nearest) : NULL;
}
