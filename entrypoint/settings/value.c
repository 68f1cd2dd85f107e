/* value.c - scalars, lists and maps against the schema */
#include "settings/value.h"

#include <string.h>

#include "base/buffer.h"
#include "base/excerpt.h"
#include "base/text.h"
#include "settings/secret.h"
#include "settings/syntax.h"

#define BLANKS " \t"
#define LIST_SEPARATORS " \t,"

/* names_no_port - whether a colon of TEXT is followed by something other than digits */
static bool
names_no_port(const char *text)
{
	const char *colon = strchr(text, ':');

	return colon != NULL && colon[1 + strspn(colon + 1, "0123456789")] != '\0' &&
		colon[1 + strspn(colon + 1, "0123456789")] != '/';
}

/*
 * without_login - TEXT as it may be shown: "smtp://me:word@host" as "smtp://...@host". The
 * @ may be missing, or the //; a password may hold both
 */
static const char *
without_login(struct arena *arena, const char *text)
{
	const char *slashes = strstr(text, "//"), *start = slashes != NULL ? slashes + 2 : text;
	const char *at = strrchr(start, '@');

	if (at == NULL && (slashes == NULL || !names_no_port(start)))
		return text;
	if (at != NULL && slashes == NULL && memchr(start, ':', (size_t)(at - start)) == NULL)
		return text;
	return arena_printf(arena, "%.*s...%s", (int)(start - text), text, at != NULL ? at : "");
}

/* refuse_login - RAW holds one: neither it is shown, nor its line, nor what WHY would quote */
static void
refuse_login(struct loading *loading, const struct schema_row *row, const struct node *raw,
	const char *shown, const char *open)
{
	struct finding *finding = finding_add(loading->findings, "value-type", &raw->origin,
		"%s: \"%.200s\" holds a login (its text is not shown), which cannot stand here%s",
		shown, open, raw->origin.kind == ORIGIN_YAML ? EXCERPT_HIDDEN : "");

	if (row != NULL && row->type == SCHEMA_HOST_PORT)
		finding->help = "Write the host and its port alone, as in [smtp.example.net]:587; "
				"the login belongs into username and password beside it "
				"(relay.username, relay.password).";
}

void
value_refuse(struct loading *loading, const struct schema_row *row, const struct node *raw,
	const char *shown, const char *why)
{
	bool secret = raw->secret || (row != NULL && (row->flags & SCHEMA_SECRET) != 0);
	const char *open;

	if (loading_is_flooded(loading, &raw->origin))
		return;
	if (secret || raw->type != NODE_SCALAR) {
		finding_add(loading->findings, "value-type", &raw->origin, "%s: the value %s%s",
			shown, why, secret ? "" : loading_excerpt(loading, &raw->origin));
		return;
	}
	open = without_login(loading->arena, raw->text);
	if (open != raw->text)
		refuse_login(loading, row, raw, shown, open);
	else
		finding_add(loading->findings, "value-type", &raw->origin, "%s: \"%.200s\" %s%s",
			shown, raw->text, why, loading_excerpt(loading, &raw->origin));
}

void
value_help_control(struct finding *finding)
{
	finding->effect = "No daemon's file can hold it: the value would be cut, or refused there.";
	finding->help = "Remove the character; an editor or a copy from a terminal may hide it.";
}

/* check_bytes - refuses control characters; line breaks too, unless LINES */
static int
check_bytes(struct loading *loading, const struct node *raw, const char *shown, bool lines)
{
	for (const char *c = raw->text; *c != '\0'; c++) {
		const char *what = "a line break";
		struct finding *finding;

		if ((unsigned char)*c >= ' ' && *c != 0x7f)
			continue;
		if (*c == '\t' || (lines && (*c == '\n' || *c == '\r')))
			continue;
		if (*c != '\n' && *c != '\r')
			what = arena_printf(loading->arena, "the control character 0x%02x%s",
				(unsigned)*c, *c == 0x1b ? " (escape)" : "");
		if (loading_is_flooded(loading, &raw->origin))
			return -1;
		finding = finding_add(loading->findings, "value-newline", &raw->origin,
			"%s: the value holds %s (byte %zu of it)", shown, what,
			(size_t)(c - raw->text) + 1);
		if (*c != '\n' && *c != '\r')
			value_help_control(finding);
		return -1;
	}
	return 0;
}

int
value_check_line(struct loading *loading, const struct node *raw, const char *shown)
{
	return check_bytes(loading, raw, shown, false);
}

int
value_check_lines(struct loading *loading, const struct node *raw, const char *shown)
{
	return check_bytes(loading, raw, shown, true);
}

/* typed - RAW with another text, or as a yes/no; what stands in a file has one reader */
static struct node *
typed(struct loading *loading, const struct schema_row *row, struct node *raw, const char *text)
{
	bool secret = raw->secret || (row->flags & SCHEMA_SECRET) != 0;
	struct node *node = raw;

	if (row->type == SCHEMA_BOOL)
		node = node_bool(loading->arena, text[0] == 'y', &raw->origin);
	else if (raw->origin.kind != ORIGIN_YAML)
		node = node_scalar(loading->arena, text, &raw->origin);
	else
		node->text = text;
	node->secret = secret;
	node->deferred = raw->deferred;
	return node;
}

struct node *
value_scalar(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown)
{
	const char *why = NULL, *text;

	if (raw->type != NODE_SCALAR) {
		value_refuse(loading, row, raw, shown,
			raw->type == NODE_NULL ? "is empty" : "must be a single text");
		return NULL;
	}
	if (check_bytes(loading, raw, shown, row->type == SCHEMA_LINES) != 0)
		return NULL;
	/* a placeholder has no form to check */
	text = raw->deferred ? raw->text : syntax_read(loading->arena, row, raw->text, &why);
	if (text != NULL)
		return typed(loading, row, raw, text);
	if (row->type == SCHEMA_FULL_NAME && !raw->secret &&
		without_login(loading->arena, raw->text) == raw->text)
		finding_add(loading->findings, "hostname-invalid", &raw->origin,
			"%s: \"%.200s\" %s%s", shown, raw->text, why,
			loading_excerpt(loading, &raw->origin));
	else
		value_refuse(loading, row, raw, shown, why);
	return NULL;
}

struct node *
value_split(struct loading *loading, const struct node *raw, const char *separators)
{
	struct node *list = node_new(loading->arena, NODE_LIST, &raw->origin);
	const char *at = raw->text;

	list->secret = raw->secret;
	for (;;) {
		size_t len;
		struct node *item;

		at += strspn(at, separators);
		len = strcspn(at, separators);
		if (len == 0)
			return list;
		item = node_new(loading->arena, NODE_SCALAR, &raw->origin);
		item->text = arena_strndup(loading->arena, at, len);
		item->secret = raw->secret;
		node_add(loading->arena, list, item);
		at += len;
	}
}

/* only_item - a list of one, which most aliases are, needs no copy and no look at the others */
static struct node *
only_item(
	struct loading *loading, const struct schema_row *row, struct node *list, const char *shown)
{
	struct node *item = value_scalar(loading, row, list->items[0], shown);

	if (item == NULL)
		return NULL;
	list->items[0] = item;
	list->secret = list->secret || (row->flags & SCHEMA_SECRET) != 0;
	return list;
}

static struct node *
convert_list(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown)
{
	struct node *list, *typed_list, *seen;
	bool good = true;

	if (raw->type == NODE_LIST && raw->count == 1 && raw->origin.kind == ORIGIN_YAML)
		return only_item(loading, row, raw, shown);
	typed_list = node_new(loading->arena, NODE_LIST, &raw->origin);
	if (raw->type == NODE_SCALAR && raw->deferred) {
		typed_list->deferred = true;
		typed_list->secret = raw->secret;
		node_add(loading->arena, typed_list, raw);
		return typed_list;
	}
	if (raw->type == NODE_SCALAR && value_check_line(loading, raw, shown) != 0)
		return NULL;
	list = raw->type == NODE_SCALAR ? value_split(loading, raw, LIST_SEPARATORS) : raw;
	if (list->type != NODE_LIST) {
		value_refuse(loading, row, raw, shown, "must be a list");
		return NULL;
	}
	typed_list->secret = raw->secret || (row->flags & SCHEMA_SECRET) != 0;
	seen = list->count > 1 ? node_new(loading->arena, NODE_MAP, &raw->origin) : NULL;
	for (size_t i = 0; i < list->count; i++) {
		struct node *item = value_scalar(loading, row, list->items[i], shown);

		good = good && item != NULL;
		/* named twice counts once: else a domain would have two keys */
		if (item == NULL || node_get(seen, item->text) != NULL)
			continue;
		if (seen != NULL)
			node_keep_at(loading->arena, seen, item->text, NULL, item);
		node_add(loading->arena, typed_list, item);
	}
	return good ? typed_list : NULL;
}

/* convert_words - a command: neither a comma nor a repeated word is anything special */
static struct node *
convert_words(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown)
{
	struct node *list = raw, *words = node_new(loading->arena, NODE_LIST, &raw->origin);
	bool good = true;

	if (raw->type == NODE_SCALAR && value_check_line(loading, raw, shown) != 0)
		return NULL;
	if (raw->type == NODE_SCALAR)
		list = value_split(loading, raw, BLANKS);
	if (list->type != NODE_LIST || list->count == 0) {
		value_refuse(loading, row, raw, shown, "must be a list of words, or a text");
		return NULL;
	}
	for (size_t i = 0; i < list->count; i++) {
		struct node *word = value_scalar(loading, row, list->items[i], shown);

		if (word != NULL && word->text[0] == '\0') {
			value_refuse(loading, row, word, shown, "is empty");
			word = NULL;
		}
		good = good && word != NULL;
		if (word != NULL)
			node_add(loading->arena, words, word);
	}
	return good ? words : NULL;
}

/* take_pair - "name=value" into MAP; -1 after a finding */
static int
take_pair(struct loading *loading, const struct schema_row *row, struct node *map,
	const struct node *pair, const char *shown)
{
	const char *equals = strchr(pair->text, '=');
	struct node *value;
	const char *key;

	if (equals == NULL || equals == pair->text) {
		value_refuse(loading, row, pair, shown, "is no pair: write name=value");
		return -1;
	}
	key = arena_strndup(loading->arena, pair->text, (size_t)(equals - pair->text));
	if (node_find(map, key) >= 0) {
		value_refuse(loading, row, pair, shown, "names what was named already");
		return -1;
	}
	value = node_scalar(loading->arena, equals + 1, &pair->origin);
	value->secret = pair->secret;
	node_set(loading->arena, map, key, value);
	return 0;
}

struct node *
value_pairs(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown)
{
	struct node *pairs, *map;
	bool good = true;

	if (raw->type == NODE_MAP)
		return raw;
	if (raw->type != NODE_SCALAR || raw->origin.kind == ORIGIN_YAML) {
		value_refuse(loading, row, raw, shown, "must be a map of names and values");
		return NULL;
	}
	if (value_check_line(loading, raw, shown) != 0)
		return NULL;
	map = node_new(loading->arena, NODE_MAP, &raw->origin);
	map->secret = raw->secret;
	map->deferred = raw->deferred;
	if (raw->deferred)
		return map;
	pairs = value_split(loading, raw, BLANKS);
	for (size_t i = 0; i < pairs->count; i++)
		if (take_pair(loading, row, map, pairs->items[i], shown) != 0)
			good = false;
	return good ? map : NULL;
}

/* check_key - keys become parts of lines in the daemons' files */
static int
check_key(struct loading *loading, const struct schema_row *row, const struct node *map,
	size_t place, const char *shown)
{
	struct node key = {
		.type = NODE_SCALAR, .text = map->keys[place], .origin = map->key_origins[place]};
	const char *names[256], *nearest;
	size_t count = 0;

	if (key.text[0] == '\0') {
		value_refuse(loading, row, &key, shown, "is an empty name");
		return -1;
	}
	if (value_check_line(loading, &key, shown) != 0)
		return -1;
	if (strcmp(row->path, "checks") != 0 || rule_find(key.text) != NULL)
		return 0;
	for (; count < rule_count() && count < sizeof(names) / sizeof(names[0]); count++)
		names[count] = rule_at(count)->id;
	nearest = text_nearest(key.text, names, count);
	value_refuse(loading, row, &key, shown,
		nearest == NULL
			? "is no rule that mailinit has"
			: arena_printf(loading->arena,
				  "is no rule that mailinit has; did you mean \"%s\"?", nearest));
	return -1;
}

/* is_whole - whether a map of a file can be kept: no key of it goes */
static bool
is_whole(const struct node *map)
{
	if (map->origin.kind != ORIGIN_YAML)
		return false;
	for (size_t i = 0; i < map->count; i++)
		if (map->items[i]->type == NODE_NULL)
			return false;
	return true;
}

static struct node *
convert_map(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown)
{
	struct node *map = value_pairs(loading, row, raw, shown), *typed_map;
	struct buffer name = {0};
	bool good = true;

	if (map == NULL)
		return NULL;
	typed_map = is_whole(map) ? map : node_new(loading->arena, NODE_MAP, &raw->origin);
	typed_map->secret = raw->secret;
	typed_map->deferred = raw->deferred;
	for (size_t i = 0; i < map->count; i++) {
		struct node *item = NULL;

		if (map->items[i]->type == NODE_NULL)
			continue;
		buffer_clear(&name);
		buffer_puts(&name, shown);
		buffer_putc(&name, '.');
		buffer_puts(&name, map->keys[i]);
		if (check_key(loading, row, map, i, shown) == 0)
			item = row->shape == SCHEMA_MAP
				? value_scalar(loading, row, map->items[i], buffer_text(&name))
				: convert_list(loading, row, map->items[i], buffer_text(&name));
		if (item != NULL && item->type == NODE_SCALAR)
			item->secret = item->secret ||
				secret_implied(loading->arena, map->keys[i], item->text);
		if (item != NULL && typed_map == map)
			map->items[i] = item;
		else if (item != NULL)
			node_keep_at(loading->arena, typed_map, map->keys[i], &map->key_origins[i],
				item);
		good = good && item != NULL;
	}
	buffer_free(&name);
	return good ? typed_map : NULL;
}

struct node *
value_convert(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown)
{
	switch (row->shape) {
	case SCHEMA_ONE:
		return value_scalar(loading, row, raw, shown);
	case SCHEMA_WORDS:
		return convert_words(loading, row, raw, shown);
	case SCHEMA_LIST:
		return convert_list(loading, row, raw, shown);
	case SCHEMA_MAP:
	case SCHEMA_MAP_OF_LISTS:
		return convert_map(loading, row, raw, shown);
	case SCHEMA_RECORDS:
	case SCHEMA_NAMED_RECORDS:
		return records_convert(loading, row, raw, shown);
	}
	return NULL;
}
