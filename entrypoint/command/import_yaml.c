/*
 * import_yaml.c - the settings as mailinit.yaml
 *
 * The order is the schema's. What is as the default has it is left out, and so is
 * what another setting stands for.
 */
#include "command/import.h"

#include <string.h>

#include "base/text.h"
#include "settings/schema.h"

#define STEP 2 /* blanks a level */

/* below - what of PATH follows PREFIX and a dot, or NULL */
static const char *
below(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (len == 0)
		return path;
	return strncmp(path, prefix, len) == 0 && path[len] == '.' ? path + len + 1 : NULL;
}

static bool
same_value(const struct node *a, const struct node *b)
{
	if (a->type != b->type || a->count != b->count ||
		(a->text != NULL && b->text != NULL && strcmp(a->text, b->text) != 0))
		return false;
	for (size_t i = 0; i < a->count; i++)
		if ((a->type == NODE_MAP && strcmp(a->keys[i], b->keys[i]) != 0) ||
			!same_value(a->items[i], b->items[i]))
			return false;
	return true;
}

/* said - the value of a row that somebody set, and that is no default; else NULL */
static const struct node *
said(const struct import *import, const struct schema_row *row)
{
	const struct node *node = node_at(import->settings, row->path), *first = node, *other;

	if ((row->flags & SCHEMA_FIELD) != 0 || node == NULL)
		return NULL;
	if ((node->type == NODE_MAP || node->type == NODE_LIST) && node->count == 0)
		return NULL;
	if (node->origin.kind == ORIGIN_DEFAULT || (node->deferred && !node->secret))
		return NULL;
	while (first->overrode != NULL)
		first = first->overrode;
	if (first != node && first->origin.kind == ORIGIN_DEFAULT && same_value(node, first))
		return NULL;
	if (row->fallback == NULL || row->fallback[0] != '@')
		return node;
	/* "@domains": what was not said is as that one is */
	other = node_at(import->settings, row->fallback + 1);
	return other != NULL && origin_same(&other->origin, &node->origin) ? NULL : node;
}

/* put_source - where a value is from, as a comment behind BEFORE */
static void
put_source(struct import *import, const struct origin *origin, const char *before)
{
	const char *directory = node_text(import->settings, "compat.directory", "/");
	char text[512];

	if (origin->file != NULL && text_starts(origin->file, directory))
		import->volume = true;
	if (origin->name != NULL && node_get(import->variables, origin->name) != NULL) {
		node_set(import->arena, import->carried, origin->name,
			node_new(import->arena, NODE_NULL, NULL));
		buffer_printf(import->out, "%s# %s", before,
			text_mask_controls(arena_strdup(import->arena, origin->name)));
	} else if (origin->kind != ORIGIN_DEFAULT) {
		buffer_printf(
			import->out, "%s# %s", before, origin_text(origin, text, sizeof(text)));
	}
}

void
import_origin(struct import *import, const struct origin *origin)
{
	put_source(import, origin, "  ");
}

void
import_key(struct import *import, const char *key, int indent)
{
	buffer_printf(import->out, "%*s", indent, "");
	import_scalar(import->out, key);
	buffer_putc(import->out, ':');
}

/* put_text - a scalar as its row's type is written */
static void
put_text(struct import *import, const struct schema_row *row, const struct node *node)
{
	if (node->type == NODE_BOOL)
		buffer_puts(import->out, node->truth ? "yes" : "no");
	else if (row != NULL && (row->type == SCHEMA_TIME || row->type == SCHEMA_RATE))
		buffer_printf(import->out, "%sms", node->text);
	else
		import_scalar(import->out, node->text);
}

static void
put_list(struct import *import, const struct schema_row *row, const struct node *list)
{
	buffer_putc(import->out, '[');
	for (size_t i = 0; i < list->count; i++) {
		buffer_puts(import->out, i > 0 ? ", " : "");
		put_text(import, row, list->items[i]);
	}
	buffer_putc(import->out, ']');
}

static void
put_field(struct import *import, const struct schema_row *row, const char *key, const char *path,
	const struct node *node, int indent)
{
	/* a plain password of another image's variable is, in a file, a password_file */
	if (strcmp(key, "plain_password") == 0) {
		import_secret(import, "password",
			arena_printf(import->arena, "%.*spassword",
				(int)(strlen(path) - strlen(key)), path),
			node, false, indent);
		return;
	}
	if (node->secret && row != NULL && (row->flags & SCHEMA_SECRET) != 0) {
		import_secret(import, key, path, node, true, indent);
		return;
	}
	import_key(import, key, indent);
	buffer_putc(import->out, ' ');
	if (node->type == NODE_LIST)
		put_list(import, row, node);
	else if (node->type == NODE_MAP)
		buffer_puts(import->out, "{}");
	else
		put_text(import, row, node);
	import_origin(import, &node->origin);
	buffer_putc(import->out, '\n');
}

/* put_record - its fields; DASH: the first one stands behind it */
static void
put_record(struct import *import, const struct schema_row *row, const char *path,
	const struct node *record, int indent, bool dash)
{
	size_t begin = import->out->len;

	for (size_t i = 0; i < record->count; i++)
		put_field(import, schema_find_field(row, record->keys[i]), record->keys[i],
			arena_printf(import->arena, "%s.%s", path, record->keys[i]),
			record->items[i], indent);
	/* comments come first, so the dash goes before the first key of a record */
	while (dash && import->out->data[begin + (size_t)indent] == '#')
		begin += strcspn(import->out->data + begin, "\n") + 1;
	if (dash)
		import->out->data[begin + (size_t)indent - STEP] = '-';
}

/* has_hash - a mailbox whose hash is known here, and not only a file with its password */
static bool
has_hash(const struct node *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (node_get(list->items[i], "password") != NULL)
			return true;
	return false;
}

static void
put_records(struct import *import, const struct schema_row *row, const char *key,
	const struct node *list, int indent)
{
	if (strcmp(row->path, "mailboxes.list") == 0 && has_hash(list)) {
		if (list->origin.name != NULL &&
			node_get(import->variables, list->origin.name) != NULL)
			import_variable(import, list->origin.name, list, indent);
		else
			import_stays(import, row->path, list, indent);
		return;
	}
	import_key(import, key, indent);
	import_origin(import, &list->origin);
	buffer_putc(import->out, '\n');
	for (size_t i = 0; i < list->count; i++)
		put_record(import, row,
			arena_printf(import->arena, "mailbox.%s",
				node_text(list->items[i], "address", "")),
			list->items[i], indent + 2 * STEP, true);
}

/* put_map - texts, lists or records by name; a secret among them stays a variable */
static void
put_map(struct import *import, const struct schema_row *row, const char *key,
	const struct node *map, int indent)
{
	import_key(import, key, indent);
	buffer_putc(import->out, '\n');
	for (size_t i = 0; i < map->count; i++) {
		const struct node *item = map->items[i];
		const char *path = arena_printf(import->arena, "%s.%s", row->path, map->keys[i]);

		if (item->type == NODE_MAP) {
			import_key(import, map->keys[i], indent + STEP);
			buffer_putc(import->out, '\n');
			put_record(import, row, path, item, indent + 2 * STEP, false);
		} else if (item->secret && item->origin.name != NULL &&
			node_get(import->variables, item->origin.name) != NULL) {
			import_variable(import, item->origin.name, item, indent + STEP);
		} else if (item->secret && item->origin.kind == ORIGIN_COMPAT) {
			import_left(import, path, item, indent + STEP);
		} else if (item->secret) {
			import_stays(import, path, item, indent + STEP);
		} else if (row->type == SCHEMA_LINES) {
			buffer_printf(import->out, "%*s", indent + STEP, "");
			put_source(import, &item->origin, "");
			buffer_putc(import->out, '\n');
			import_key(import, map->keys[i], indent + STEP);
			import_lines(import->out, item->text, indent + 2 * STEP);
		} else {
			put_field(import, row, map->keys[i], path, item, indent + STEP);
		}
	}
}

static void
put_row(struct import *import, const struct schema_row *row, const char *key,
	const struct node *node, int indent)
{
	if (row->shape == SCHEMA_RECORDS)
		put_records(import, row, key, node, indent);
	else if (node->type == NODE_MAP)
		put_map(import, row, key, node, indent);
	else
		put_field(import, row, key, row->path, node, indent);
}

/* has_said - whether anything below PREFIX is to be printed */
static bool
has_said(const struct import *import, const char *prefix)
{
	for (size_t i = 0; i < schema_count; i++)
		if (below(schema_rows[i].path, prefix) != NULL &&
			said(import, &schema_rows[i]) != NULL)
			return true;
	return false;
}

/* put_group - all below PREFIX; a group stands once, wherever the schema has its rows */
static void
put_group(struct import *import, const char *prefix, int indent)
{
	struct node *done = node_new(import->arena, NODE_MAP, NULL);

	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];
		const char *rest = below(row->path, prefix), *key, *path;
		const struct node *node = said(import, row);

		if (rest == NULL || (row->flags & SCHEMA_FIELD) != 0 ||
			text_starts(row->path, "compat."))
			continue;
		key = arena_strndup(import->arena, rest, strcspn(rest, "."));
		path = arena_printf(
			import->arena, "%s%s%s", prefix, prefix[0] != '\0' ? "." : "", key);
		if (rest[strlen(key)] == '\0') {
			if (node != NULL)
				put_row(import, row, key, node, indent);
		} else if (node_find(done, key) < 0 && has_said(import, path)) {
			node_set(
				import->arena, done, key, node_new(import->arena, NODE_NULL, NULL));
			import_key(import, key, indent);
			buffer_putc(import->out, '\n');
			put_group(import, path, indent + STEP);
		}
	}
}

/* put_compat - what was read of another image's files stands above, and is not read again */
static void
put_compat(struct import *import)
{
	const struct node *directory = said(import, schema_find("compat.directory"));

	if (!import->volume)
		return;
	buffer_puts(import->out, "compat:\n");
	if (directory != NULL)
		put_field(import, NULL, "directory", "compat.directory", directory, STEP);
	buffer_printf(import->out, "  read: no  # what the files of %s say stands above\n",
		node_text(import->settings, "compat.directory", ""));
}

void
import_settings(struct import *import)
{
	put_group(import, "", 0);
	put_compat(import);
}
