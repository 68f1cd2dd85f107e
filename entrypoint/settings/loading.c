/* loading.c - values meet: the later one wins, the chain of losers stays */
#include "settings/loading.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "settings/value.h"

#define EXCERPTS_SHOWN 100
#define WRONG_MAX 1000

const struct variable *
loading_variable(const struct loading *loading, const char *name)
{
	const struct node *place = node_get(loading->variable_places, name);
	const struct variable *variable;

	if (place == NULL)
		return NULL;
	variable = &loading->variables[strtoul(place->text, NULL, 10)];
	return variable->value[0] != '\0' ? variable : NULL;
}

struct node *
loading_chosen(const struct loading *loading, const char *path)
{
	struct node *node = node_at(loading->settings, path);

	return node != NULL && node->origin.kind != ORIGIN_DEFAULT ? node : NULL;
}

static bool
same_value(const struct node *a, const struct node *b)
{
	if (a->type != b->type || a->count != b->count || strcmp(a->text, b->text) != 0)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (a->type == NODE_MAP && strcmp(a->keys[i], b->keys[i]) != 0)
			return false;
		if (!same_value(a->items[i], b->items[i]))
			return false;
	}
	return true;
}

/* The values themselves are not shown: either may be a secret. */
void
loading_tell_loser(struct loading *loading, const char *path, const struct node *winner,
	const struct node *loser)
{
	char lost[256], won[256];

	if (same_value(winner, loser))
		return;
	finding_add(loading->findings, "setting-overridden", &winner->origin,
		"%s: the value of %s wins over another one of %s", path,
		origin_text(&winner->origin, won, sizeof(won)),
		origin_text(&loser->origin, lost, sizeof(lost)))
		->effect = arena_printf(
		loading->arena, "The value of %s counts; what %s says does nothing.", won, lost);
}

/* last_loser - the end of the chain of what NODE won against already */
static struct node *
last_loser(struct node *node)
{
	while (node->overrode != NULL)
		node = (struct node *)(uintptr_t)node->overrode;
	return node;
}

void
loading_put(struct loading *loading, const struct schema_row *row, struct node *node)
{
	struct node *before = node_at(loading->settings, row->path);

	if (before != NULL && before->origin.kind != ORIGIN_DEFAULT)
		loading_tell_loser(loading, row->path, node, before);
	last_loser(node)->overrode = before;
	node_set_path(loading->arena, loading->settings, row->path, node);
}

void
loading_put_compat(struct loading *loading, const struct schema_row *row, struct node *node)
{
	struct node *chosen = loading_chosen(loading, row->path);

	if (chosen == NULL) {
		node->overrode = node_at(loading->settings, row->path);
		node_set_path(loading->arena, loading->settings, row->path, node);
		return;
	}
	loading_tell_loser(loading, row->path, chosen, node);
	node->overrode = chosen->overrode;
	chosen->overrode = node;
}

/* keep_losers - what earlier configuration files said for the same place, as deep as maps go */
static void
keep_losers(struct loading *loading, struct node *value, const struct node *raw)
{
	struct node *at = value;

	for (const struct node *lost = raw->overrode; lost != NULL; lost = lost->overrode) {
		struct node *copy = arena_alloc(loading->arena, sizeof(*copy));

		*copy = *lost;
		copy->overrode = NULL;
		copy->secret = lost->secret || value->secret;
		at->overrode = copy;
		at = copy;
	}
	for (size_t i = 0; raw->type == NODE_MAP && i < raw->count; i++) {
		struct node *item = node_get(value, raw->keys[i]);

		if (item != NULL)
			keep_losers(loading, item, raw->items[i]);
	}
}

void
loading_take(struct loading *loading, const struct schema_row *row, struct node *raw, bool compat)
{
	struct node *value = value_convert(loading, row, raw, row->path);

	if (value != NULL && loading->yaml_count > 1 && raw->origin.kind == ORIGIN_YAML)
		keep_losers(loading, value, raw);
	if (value == NULL)
		node_set(loading->arena, loading->refused, row->path, raw);
	else if (compat)
		loading_put_compat(loading, row, value);
	else
		loading_put(loading, row, value);
}

void
loading_put_key(struct loading *loading, const char *path, const char *key, struct node *node)
{
	struct node *map = node_at(loading->settings, path), *before;

	if (map == NULL || map->type != NODE_MAP) {
		map = node_new(loading->arena, NODE_MAP, &node->origin);
		node_set_path(loading->arena, loading->settings, path, map);
	}
	before = node_get(map, key);
	if (before != NULL && node->origin.kind == ORIGIN_COMPAT) {
		loading_tell_loser(loading, path, before, node);
		node->overrode = before->overrode;
		before->overrode = node;
		return;
	}
	if (before != NULL)
		loading_tell_loser(loading, path, node, before);
	node->overrode = before;
	node_set(loading->arena, map, key, node);
}

bool
loading_is_flooded(struct loading *loading, const struct origin *origin)
{
	if (++loading->wrong == WRONG_MAX)
		finding_add(loading->findings, "yaml-limit", origin,
			"1000 wrong values up to here; further ones are not shown");
	return loading->wrong >= WRONG_MAX;
}

const struct yaml_text *
loading_yaml(const struct loading *loading, const struct origin *origin)
{
	for (size_t i = 0; i < loading->yaml_count && origin->kind == ORIGIN_YAML; i++)
		if (loading->yamls[i].file == origin->file && loading->yamls[i].data != NULL)
			return &loading->yamls[i];
	return NULL;
}

const char *
loading_excerpt(struct loading *loading, const struct origin *origin)
{
	const struct yaml_text *text = loading_yaml(loading, origin);

	if (text == NULL || loading->excerpts++ >= EXCERPTS_SHOWN)
		return "";
	return yaml_excerpt(loading->arena, text, 0, origin->line, origin->column);
}
