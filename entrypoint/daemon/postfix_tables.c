/*
 * postfix_tables.c - lookup tables that the user writes out: postfix.tables, POSTMAP_file
 *
 * wader/postfix-relay, where the variable comes from, writes /etc/postfix/FILE and
 * runs postmap. Here /etc/postfix is part of the image, and the table lies in the
 * generation as plain text. So what refers to it is changed: hash:/etc/postfix/FILE,
 * and the other types that postmap would compile, become texthash: (postmap(1)).
 */
#include "daemon/postfix.h"

#include <string.h>

#include "base/text.h"
#include "daemon/lines.h"

#define WRITTEN "/etc/postfix/"
#define PLACE PLAN_CURRENT "/postfix/tables/"

static bool
is_type(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
is_name(char c)
{
	return is_type(c) || (c >= 'A' && c <= 'Z') || c == '_' || c == '-' || c == '.';
}

/* is_compiled - the types of which postmap makes a file */
static bool
is_compiled(const char *type)
{
	static const char *const types[] = {"btree", "cdb", "dbm", "hash", "lmdb", "sdbm"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/*
 * refer - VALUE with each "type:/etc/postfix/FILE" of a table of ours led to its
 * place; VALUE itself when there is none
 */
static const char *
refer(struct arena *arena, const struct node *tables, const char *value)
{
	const char *mark = ":" WRITTEN, *from = value, *done = "";

	for (const char *at = strstr(from, mark); at != NULL; at = strstr(at + 1, mark)) {
		const char *type = at, *name = at + strlen(mark), *end = name;
		const char *type_text, *file;

		while (type > from && is_type(type[-1]))
			type--;
		while (is_name(*end))
			end++;
		file = arena_strndup(arena, name, (size_t)(end - name));
		if (type == at || node_get(tables, file) == NULL)
			continue;
		type_text = arena_strndup(arena, type, (size_t)(at - type));
		done = arena_printf(arena, "%s%.*s%s:%s%s", done, (int)(type - from), from,
			is_compiled(type_text) ? "texthash" : type_text, PLACE, file);
		from = end;
	}
	return from == value ? value : arena_printf(arena, "%s%s", done, from);
}

const struct node *
postfix_tables_refer(struct plan *plan, const struct node *map)
{
	const struct node *tables = node_at(plan->settings, "postfix.tables");
	struct node *result;

	if (map == NULL || map->type != NODE_MAP || tables == NULL || tables->count == 0)
		return map;
	result = node_new(plan->arena, NODE_MAP, &map->origin);
	for (size_t i = 0; i < map->count; i++) {
		struct node *item = map->items[i];
		const char *text = refer(plan->arena, tables, item->text);

		if (text != item->text) {
			struct node *copy = node_scalar(plan->arena, text, &item->origin);

			copy->secret = item->secret;
			copy->deferred = item->deferred;
			copy->overrode = item->overrode;
			item = copy;
		}
		node_set_at(plan->arena, result, map->keys[i], &map->key_origins[i], item);
	}
	return result;
}

static bool
name_fits(const char *name)
{
	size_t len = 0;

	while (is_name(name[len]))
		len++;
	return len > 0 && name[len] == '\0' && name[0] != '.';
}

static void
add_table(struct plan *plan, const char *name, const struct node *value, unsigned services)
{
	struct plan_file *file;
	struct lines lines;

	lines_init(&lines, plan);
	for (const char *at = value->text; *at != '\0';) {
		size_t len = strcspn(at, "\n");
		size_t shown = len > 0 && at[len - 1] == '\r' ? len - 1 : len;

		lines_add(&lines, arena_strndup(plan->arena, at, shown), &value->origin)->secret =
			value->secret;
		at += len + (at[len] == '\n');
	}
	file = plan_add_file(plan, arena_printf(plan->arena, "postfix/tables/%s", name), NULL);
	lines_finish(&lines, file);
	file->mode = value->secret ? 0600 : 0644;
	file->secret = value->secret;
	file->services = services;
}

void
postfix_add_tables(struct plan *plan, unsigned services)
{
	const struct node *tables = node_at(plan->settings, "postfix.tables");

	for (size_t i = 0; tables != NULL && i < tables->count; i++) {
		if (name_fits(tables->keys[i]))
			add_table(plan, tables->keys[i], tables->items[i], services);
		else
			finding_add(plan->findings, "passthrough-name", &tables->items[i]->origin,
				"\"%s\" cannot be the name of a table: letters, digits, _, - and "
				". are what it may hold",
				tables->keys[i]);
	}
}
