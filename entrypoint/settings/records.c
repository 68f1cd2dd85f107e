/*
 * records.c - lists and maps of records: mailboxes, services, certificates by
 * name, smarthosts by sender
 */
#include "settings/value.h"

#include <string.h>

#include "base/text.h"
#include "settings/mailbox.h"
#include "settings/secret.h"
#include "settings/service.h"
#include "settings/syntax.h"
#include "settings/yaml_settings.h"

#define FIELDS_MAX 24

/* read_secret_field - "password_file" stands for "password" where no field has that name */
static bool
read_secret_field(struct loading *loading, const struct schema_row *records, struct node *record,
	const struct node *raw, size_t place, const char *shown)
{
	const char *key = raw->keys[place], *base, *setting;
	const struct schema_row *row;
	struct node *value;

	if (!text_ends(key, "_file") || raw->items[place]->type != NODE_SCALAR)
		return false;
	base = arena_strndup(loading->arena, key, strlen(key) - strlen("_file"));
	row = schema_find_field(records, base);
	if (row == NULL || (row->flags & SCHEMA_SECRET) == 0)
		return false;
	setting = arena_printf(loading->arena, "%s.%s", shown, base);
	if (node_get(raw, base) != NULL)
		finding_add(loading->findings, "env-both-forms", &raw->key_origins[place],
			"%s: both %s and %s are set", shown, base, key);
	value = secret_read(loading, raw->items[place]->text, setting, &raw->items[place]->origin);
	if (value != NULL)
		value = value_scalar(loading, row, value, setting);
	if (value != NULL)
		node_set(loading->arena, record, base, value);
	return true;
}

static bool
take_field(struct loading *loading, const struct schema_row *records, struct node *record,
	const struct node *raw, size_t place, const char *shown)
{
	const char *key = raw->keys[place], *keys[FIELDS_MAX];
	const struct schema_row *row = schema_find_field(records, key);
	struct node *value;

	if (row == NULL) {
		if (read_secret_field(loading, records, record, raw, place, shown))
			return true;
		yaml_settings_unknown(loading, shown, key, &raw->key_origins[place], keys,
			schema_fields(records, keys, FIELDS_MAX));
		return false;
	}
	if (raw->items[place]->type == NODE_NULL)
		return true;
	value = value_convert(
		loading, row, raw->items[place], arena_printf(loading->arena, "%s.%s", shown, key));
	if (value == NULL)
		return false;
	node_keep_at(loading->arena, record, key, &raw->key_origins[place], value);
	return true;
}

/* check_required - what the record cannot be without */
static bool
check_required(struct loading *loading, const struct schema_row *records, const struct node *raw,
	const char *shown)
{
	const char *keys[FIELDS_MAX];
	size_t count = schema_fields(records, keys, FIELDS_MAX);
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		const struct node *value = node_get(raw, keys[i]);

		if ((schema_find_field(records, keys[i])->flags & SCHEMA_REQUIRED) == 0 ||
			(value != NULL && value->type != NODE_NULL))
			continue;
		finding_add(loading->findings, "setting-required", &raw->origin,
			"%s: %s is missing", shown, keys[i]);
		good = false;
	}
	return good;
}

static struct node *
convert_record(struct loading *loading, const struct schema_row *records, const struct node *raw,
	const char *shown)
{
	struct node *record;
	bool good;

	if (raw->type != NODE_MAP) {
		value_refuse(loading, records, raw, shown, "must be a map of its fields");
		return NULL;
	}
	record = node_new(loading->arena, NODE_MAP, &raw->origin);
	good = check_required(loading, records, raw, shown);
	for (size_t i = 0; i < raw->count; i++)
		if (!take_field(loading, records, record, raw, i, shown))
			good = false;
	return good ? record : NULL;
}

/* check_name - sni: a domain; by_sender: a domain, perhaps behind @, or an address */
static bool
check_name(struct loading *loading, const struct schema_row *row, const struct node *raw,
	size_t place, const char *shown)
{
	const char *name = raw->keys[place], *at = strrchr(name, '@');
	struct node key = {.type = NODE_SCALAR, .text = name, .origin = raw->key_origins[place]};
	bool is_sni = strcmp(row->path, "tls.sni") == 0;

	if (value_check_line(loading, &key, shown) != 0)
		return false;
	if (syntax_is_domain(at != NULL && !is_sni ? at + 1 : name))
		return true;
	value_refuse(loading, row, &key, shown,
		is_sni ? "is no domain name" : "is neither an address nor a domain");
	return false;
}

static struct node *
convert_named(struct loading *loading, const struct schema_row *row, const struct node *raw,
	const char *shown)
{
	struct node *result;
	bool good = true;

	if (raw->type != NODE_MAP) {
		value_refuse(loading, row, raw, shown, "must be a map of names to their fields");
		return NULL;
	}
	result = node_new(loading->arena, NODE_MAP, &raw->origin);
	for (size_t i = 0; i < raw->count; i++) {
		struct node *record = NULL;

		if (check_name(loading, row, raw, i, shown))
			record = convert_record(loading, row, raw->items[i],
				arena_printf(loading->arena, "%s.%s", shown, raw->keys[i]));
		if (record == NULL)
			good = false;
		else
			node_set_at(
				loading->arena, result, raw->keys[i], &raw->key_origins[i], record);
	}
	return good ? result : NULL;
}

/* check_record - what only the whole record shows; SEEN: the names that were taken before */
static bool
check_record(struct loading *loading, const struct schema_row *row, struct node *record,
	struct node *seen, const char *shown)
{
	if (strcmp(row->path, "services") == 0)
		return service_check(loading, record, seen, shown);
	/* it proved to be an address, and no secret */
	if (node_get(record, "address") != NULL)
		node_get(record, "address")->secret = false;
	return mailbox_check(loading, record, seen, shown);
}

static struct node *
convert_list(struct loading *loading, const struct schema_row *row, const struct node *raw,
	const char *shown)
{
	struct node *result = node_new(loading->arena, NODE_LIST, &raw->origin);
	struct node *seen = node_new(loading->arena, NODE_MAP, &raw->origin);
	bool good = true;

	result->secret = raw->secret;
	for (size_t i = 0; i < raw->count; i++) {
		const char *name = arena_printf(loading->arena, "%s.%zu", shown, i + 1);
		struct node *record = convert_record(loading, row, raw->items[i], name);

		if (record == NULL || !check_record(loading, row, record, seen, name))
			good = false;
		else
			node_add(loading->arena, result, record);
	}
	return good ? result : NULL;
}

struct node *
records_convert(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown)
{
	struct node *list = raw;

	if (row->shape == SCHEMA_NAMED_RECORDS)
		return convert_named(loading, row, raw, shown);
	if (raw->type == NODE_SCALAR && raw->origin.kind != ORIGIN_YAML)
		list = mailbox_from_pairs(loading, row, raw, shown);
	if (list == NULL)
		return NULL;
	if (list->type == NODE_LIST)
		return convert_list(loading, row, list, shown);
	value_refuse(loading, row, raw, shown,
		strcmp(row->path, "services") == 0 ? "must be a list of services"
						   : "must be a list of mailboxes");
	return NULL;
}
