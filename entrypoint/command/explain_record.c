/* explain_record.c - one record of a list or map of records, and one field of it */
#include "command/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FIELDS_MAX 24 /* of a record */

/* place_of - the place, from 1, that KEY is; 0 when it is no number */
static size_t
place_of(const char *key)
{
	return key[0] != '\0' && strlen(key) < 8 && key[strspn(key, "0123456789")] == '\0'
		? strtoul(key, NULL, 10)
		: 0;
}

/* find_record - by its place, by its address or name, or by its name in a map of records */
static const struct node *
find_record(const struct node *records, const char *key)
{
	size_t place = place_of(key);

	if (records == NULL || records->type != NODE_LIST)
		return node_get(records, key);
	if (place > 0)
		return place <= records->count ? records->items[place - 1] : NULL;
	for (size_t i = 0; i < records->count; i++)
		if (strcmp(node_text(records->items[i], "address",
				   node_text(records->items[i], "name", "")),
			    key) == 0)
			return records->items[i];
	return NULL;
}

/* field_of - the field that KEY is; password_file is a form of password */
static const struct schema_row *
field_of(struct explain *explain, const struct schema_row *row, const char *key)
{
	const struct schema_row *field = schema_find_field(row, key);

	if (field != NULL || !text_ends(key, "_file"))
		return field;
	key = arena_strndup(explain->plan->arena, key, strlen(key) - strlen("_file"));
	field = schema_find_field(row, key);
	return field != NULL && (field->flags & SCHEMA_SECRET) != 0 ? field : NULL;
}

static void
put_change(struct explain *explain, const char *path)
{
	explain_text(explain, "change",
		arena_printf(explain->plan->arena, "set %s in mailinit.yaml", path));
}

/* put_absent - there is no such record: who looks for its value has perhaps miscounted */
static void
put_absent(struct explain *explain, const struct node *records)
{
	explain_text(explain, "value",
		arena_printf(explain->plan->arena, "not set: there is no such record, of %zu",
			records != NULL ? records->count : 0));
}

static void
put_field(struct explain *explain, const struct schema_row *field, const char *path,
	const struct node *records, const struct node *record)
{
	const struct node *value = node_get(record, strrchr(field->path, '.') + 1);

	explain_begin(explain, path, "setting");
	explain_row(explain, field);
	if (record == NULL)
		put_absent(explain, records);
	else if (value != NULL && (field->flags & SCHEMA_SECRET) != 0)
		node_set(explain->plan->arena, explain->facts, "value",
			explain_value(explain, NULL, &value->origin));
	else
		explain_chain(explain, field, value);
	put_change(explain, path);
}

static void
put_record(struct explain *explain, const struct schema_row *row, const char *path,
	const struct node *records, const struct node *record)
{
	struct arena *arena = explain->plan->arena;
	const char *keys[FIELDS_MAX];
	size_t count = schema_fields(row, keys, FIELDS_MAX);

	explain_begin(explain, path, "setting");
	explain_text(explain, "about", arena_printf(arena, "%s.", row->doc));
	if (record == NULL)
		put_absent(explain, records);
	else
		node_set(arena, explain->facts, "value", explain_node(explain, record));
	for (size_t i = 0; i < count; i++)
		explain_item(explain, "setting",
			node_scalar(arena,
				arena_printf(arena, "%s.%-16s %s", path, keys[i],
					schema_find_field(row, keys[i])->doc),
				NULL));
	put_change(explain, path);
}

bool
explain_record(
	struct explain *explain, const struct schema_row *row, const char *path, const char *key)
{
	const struct node *records = node_at(explain->plan->settings, row->path);
	const struct node *record = find_record(records, key);
	const char *dot = strrchr(key, '.'), *name;
	const struct schema_row *field;

	/* an address and a domain have dots, too: the whole of it comes first */
	if (record != NULL || dot == NULL) {
		if (record == NULL && row->shape == SCHEMA_RECORDS && place_of(key) == 0 &&
			strchr(key, '@') == NULL)
			return false;
		put_record(explain, row, path, records, record);
		return true;
	}
	name = arena_strndup(explain->plan->arena, key, (size_t)(dot - key));
	record = find_record(records, name);
	field = field_of(explain, row, dot + 1);
	if (field != NULL) {
		put_field(explain, field, path, records, record);
		return true;
	}
	/* a field that no record has, or an address or domain that none is for */
	if (record != NULL || place_of(name) > 0)
		return false;
	put_record(explain, row, path, records, NULL);
	return true;
}
