/* yaml_settings.c - the configuration file against the schema */
#include "settings/yaml_settings.h"

#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "settings/secret.h"
#include "settings/value.h"

#define KEYS_MAX 64

/* name_list - "a, b, c" for a help text */
static const char *
name_list(struct arena *arena, const char *const *keys, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s%s", text, i == 0 ? "" : ", ", keys[i]);
	return text;
}

void
yaml_settings_unknown(struct loading *loading, const char *path, const char *key,
	const struct origin *origin, const char *const *keys, size_t count)
{
	const char *nearest = text_nearest(key, keys, count), *advice = "", *excerpt = "";
	struct finding *finding;

	if (nearest != NULL)
		advice = arena_printf(loading->arena, "; did you mean \"%s\"?", nearest);
	else if (schema_find(key) != NULL)
		advice = "; write each part as a key of its own, one level deeper";
	if (loading->yaml.data != NULL)
		excerpt = yaml_excerpt_key(
			loading->arena, &loading->yaml, origin->line, origin->column, strlen(key));
	finding = finding_add(loading->findings, "yaml-unknown-key", origin,
		"no setting is called \"%s%s%.100s\"%s%s", path, path[0] != '\0' ? "." : "", key,
		advice, excerpt);
	finding->help = arena_printf(
		loading->arena, "Known here: %s.", name_list(loading->arena, keys, count));
}

static void
unknown_setting(
	struct loading *loading, const char *path, const char *key, const struct origin *origin)
{
	char names[KEYS_MAX][SCHEMA_NAME_BYTES];
	const char *keys[KEYS_MAX];

	yaml_settings_unknown(
		loading, path, key, origin, keys, schema_keys_below(path, names, keys, KEYS_MAX));
}

/* take_secret_file - "relay.password_file": the secret row before the suffix, or no such thing */
static bool
take_secret_file(struct loading *loading, const char *path, const struct node *map, size_t place)
{
	const struct node *raw = map->items[place];
	const struct schema_row *row;
	struct node *value;
	const char *base, *key;

	if (!text_ends(path, "_file") || raw->type != NODE_SCALAR)
		return false;
	base = arena_strndup(loading->arena, path, strlen(path) - strlen("_file"));
	row = schema_find(base);
	if (row == NULL || row->shape != SCHEMA_ONE || (row->flags & SCHEMA_SECRET) == 0)
		return false;
	key = arena_strndup(
		loading->arena, map->keys[place], strlen(map->keys[place]) - strlen("_file"));
	if (node_get(map, key) != NULL)
		finding_add(loading->findings, "env-both-forms", &map->key_origins[place],
			"both %s and %s are set", base, path);
	value = secret_read(loading, raw->text, base, &raw->origin);
	if (value != NULL)
		loading_take(loading, row, value, false);
	else
		node_set(loading->arena, loading->refused, base, map->items[place]);
	return true;
}

static void take_map(struct loading *loading, const char *prefix, const struct node *map);

static void
take_key(struct loading *loading, const char *prefix, const struct node *map, size_t place)
{
	const char *key = map->keys[place];
	struct node *raw = map->items[place];
	const char *path =
		arena_printf(loading->arena, "%s%s%s", prefix, prefix[0] != '\0' ? "." : "", key);
	const struct schema_row *row = schema_find(path);

	if (strcmp(path, "mailboxes") == 0 && raw->type == NODE_LIST)
		row = schema_find("mailboxes.list");
	/* a dot in a key is a key of its own in YAML; fields are no settings */
	if (strchr(key, '.') != NULL || (row != NULL && (row->flags & SCHEMA_FIELD) != 0)) {
		unknown_setting(loading, prefix, key, &map->key_origins[place]);
	} else if (row != NULL) {
		if (raw->type != NODE_NULL)
			loading_take(loading, row, raw, false);
	} else if (schema_is_group(path)) {
		if (raw->type == NODE_MAP)
			take_map(loading, path, raw);
		else if (raw->type != NODE_NULL)
			finding_add(loading->findings, "value-type", &raw->origin,
				"%s: must be a map of settings", path);
	} else if (!take_secret_file(loading, path, map, place)) {
		unknown_setting(loading, prefix, key, &map->key_origins[place]);
	}
}

static void
take_map(struct loading *loading, const char *prefix, const struct node *map)
{
	for (size_t i = 0; i < map->count; i++)
		take_key(loading, prefix, map, i);
}

/* config_file - what to read, and whether it must be there */
static const char *
config_file(const struct loading *loading, bool *required)
{
	const struct variable *variable = loading_variable(loading, "MAIL_CONFIG");

	*required = true;
	if (loading->source->config != NULL) /* a path of the machine, whatever the root */
		return loading->source->config;
	if (variable != NULL)
		return secret_path(loading, variable->value);
	*required = false;
	return secret_path(loading, YAML_SETTINGS_DEFAULT);
}

static void
tell_unreadable(struct loading *loading, const char *path, int error)
{
	struct origin origin = {.kind = ORIGIN_YAML, .file = path};

	loading->incomplete = true;
	if (error == EFBIG)
		finding_add(loading->findings, "yaml-limit", &origin,
			"%s is larger than 16 MB and was not read", path);
	else
		finding_add(loading->findings, "config-unreadable", &origin,
			"unable to read %s: %s", path,
			error == EINVAL ? "it is no regular file" : strerror(error));
}

void
yaml_settings_load(struct loading *loading)
{
	struct buffer content = {0};
	bool required;
	const char *path = arena_strdup(loading->arena, config_file(loading, &required));
	struct node *root;

	if (file_read(path, YAML_FILE_BYTES, &content, NULL) != 0) {
		if (required || (errno != ENOENT && errno != ENOTDIR))
			tell_unreadable(loading, path, errno);
		buffer_free(&content);
		return;
	}
	loading->yaml =
		(struct yaml_text){.file = path, .data = buffer_text(&content), .len = content.len};
	root = yaml_parse(loading->arena, loading->findings, &loading->yaml);
	if (root != NULL)
		take_map(loading, "", root);
	else
		loading->incomplete = true;
	loading->yaml.data = NULL; /* excerpts were made while it was there */
	buffer_free(&content);
}
