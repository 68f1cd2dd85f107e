/* view.c - what a template sees */
#include "daemon/view.h"

#include <string.h>

#include "settings/schema.h"

static const struct origin by_default = {.kind = ORIGIN_DEFAULT};

const struct origin *
view_origin(const struct node *from)
{
	return from != NULL ? &from->origin : &by_default;
}

/* copy_map - a map with the same values: keys added to it do not show in MAP */
static struct node *
copy_map(struct plan *plan, const struct node *map)
{
	struct node *copy = node_new(plan->arena, NODE_MAP, &map->origin);

	for (size_t i = 0; i < map->count; i++)
		node_set_at(plan->arena, copy, map->keys[i], &map->key_origins[i], map->items[i]);
	return copy;
}

struct node *
view_group(struct plan *plan, struct node *view, const char *name)
{
	const struct node *group = node_get(view, name);

	if (group == NULL || group->type != NODE_MAP)
		return node_set(
			plan->arena, view, name, node_new(plan->arena, NODE_MAP, &by_default));
	return node_set(plan->arena, view, name, copy_map(plan, group));
}

/* set_unset - null for every setting that has no value */
static void
set_unset(struct plan *plan, struct node *view)
{
	for (size_t i = 0; i < schema_count; i++) {
		const char *path = schema_rows[i].path;

		if ((schema_rows[i].flags & SCHEMA_FIELD) != 0 || node_at(view, path) != NULL)
			continue;
		node_set_path(
			plan->arena, view, path, node_new(plan->arena, NODE_NULL, &by_default));
	}
}

struct node *
view_make(struct plan *plan)
{
	struct node *view = copy_map(plan, plan->settings);

	for (size_t i = 0; i < view->count; i++)
		if (view->items[i]->type == NODE_MAP && schema_is_group(view->keys[i]))
			view->items[i] = copy_map(plan, view->items[i]);
	/* names of one's own: unlike a setting that is unset, one that is not there is a mistake */
	if (node_get(view, "vars") == NULL)
		node_set(plan->arena, view, "vars", node_new(plan->arena, NODE_MAP, &by_default));
	set_unset(plan, view);
	view_text(plan, view, "generation", PLAN_CURRENT, NULL);
	return view;
}

void
view_text(struct plan *plan, struct node *group, const char *key, const char *text,
	const struct node *from)
{
	struct node *value = node_scalar(plan->arena, text, view_origin(from));

	if (from != NULL)
		value->overrode = from->overrode;
	node_set(plan->arena, group, key, value);
}

void
view_bool(
	struct plan *plan, struct node *group, const char *key, bool truth, const struct node *from)
{
	node_set(plan->arena, group, key, node_bool(plan->arena, truth, view_origin(from)));
}
