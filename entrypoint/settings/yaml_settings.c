/* yaml_settings.c - the configuration file against the schema */
#include "settings/yaml_settings.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "settings/input.h"
#include "settings/secret.h"
#include "settings/value.h"
#include "settings/yaml_merge.h"

#define KEYS_MAX 64
#define UNKNOWN_MAX 100
#define SETTINGS_DIRECTORY "/etc/mailinit"
#define SETTINGS_NAME "mailinit.yaml"
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
	const char *nearest, *advice = "", *excerpt = "";
	struct finding *finding;

	if (loading->unknown++ > UNKNOWN_MAX)
		return;
	if (loading->unknown > UNKNOWN_MAX) {
		finding_add(loading->findings, "yaml-limit", origin,
			"more than 100 unknown names up to here; further ones are not shown");
		return;
	}
	nearest = text_nearest(key, keys, count);
	if (nearest != NULL)
		advice = arena_printf(loading->arena, "; did you mean \"%s\"?", nearest);
	else if (schema_find(key) != NULL)
		advice = "; write each part as a key of its own, one level deeper";
	if (loading_yaml(loading, origin) != NULL)
		excerpt = yaml_excerpt_key(loading->arena, loading_yaml(loading, origin),
			origin->line, origin->column, strlen(key));
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

	if (loading->unknown > UNKNOWN_MAX)
		return;
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

/* tell_unreadable - ERROR: errno */
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
			"unable to read %s: %s", path, input_cause(error));
}

/* is_compose - whether somebody took --config for --compose */
static bool
is_compose(const struct node *root)
{
	const struct node *services = node_get(root, "services");

	if (services == NULL || services->type != NODE_MAP || services->count == 0)
		return false;
	return node_get(services->items[0], "image") != NULL ||
		node_get(services->items[0], "build") != NULL;
}

/* read_file - the tree of one file; NULL when there is none, or after a finding */
static struct node *
read_file(struct loading *loading, const char *path, const struct yaml_text *shown, bool required,
	struct buffer *content)
{
	struct yaml_text *text = &loading->yamls[loading->yaml_count];
	bool streams = !loading->source->live && loading->source->config_count > 0;
	struct node *root;

	watches_add(loading->source->watches, path);
	if (input_read(path, YAML_FILE_BYTES, streams, content) != 0) {
		if (required || (errno != ENOENT && errno != ENOTDIR))
			tell_unreadable(loading, shown->file, errno);
		return NULL;
	}
	loading->yaml_count++;
	*text = *shown;
	text->data = buffer_text(content);
	text->len = content->len;
	root = yaml_parse(loading->arena, loading->findings, text);
	if (root == NULL) {
		loading->incomplete = true;
	} else if (is_compose(root)) {
		finding_add(loading->findings, "yaml-syntax", &root->origin,
			"this is a compose file: use --compose");
		loading->incomplete = true;
		return NULL;
	}
	return root;
}

/* is_twice - whether an earlier --config is the same file */
static bool
is_twice(struct loading *loading, const char *const *paths, size_t count, const char *path)
{
	struct stat one, other;
	struct origin origin = {.kind = ORIGIN_YAML, .file = path};

	for (size_t i = 0; i < count; i++) {
		if (strcmp(paths[i], path) != 0 &&
			(stat(paths[i], &one) != 0 || stat(path, &other) != 0 ||
				one.st_dev != other.st_dev || one.st_ino != other.st_ino))
			continue;
		finding_add(loading->findings, "config-twice", &origin,
			"%s is named twice as configuration file", path);
		return true;
	}
	return false;
}

/*
 * config_files - what to read; *CONTAINER: the same as paths of the container, NULL when they
 * are not; *REQUIRED: whether it must be there
 */
static const char *const *
config_files(struct loading *loading, size_t *count, const struct node **container, bool *required)
{
	const struct variable *variable = loading_variable(loading, "MAIL_CONFIG");
	const char **paths;
	struct node *raw, *words;

	*required = true;
	*container = NULL;
	*count = loading->source->config_count;
	if (*count > 0) /* paths of the machine, whatever the root */
		return loading->source->configs;
	raw = node_scalar(loading->arena,
		variable != NULL ? variable->value : YAML_SETTINGS_DEFAULT,
		variable != NULL ? &variable->origin : NULL);
	words = loading->container_configs;
	if (words == NULL)
		words = value_split(loading, raw, ", \t\r\n");
	*container = words;
	/* a file that somebody mounts must be there, or Docker puts a directory there */
	*required = variable != NULL || loading->container_configs != NULL ||
		mounts_find(loading->source->mounts, YAML_SETTINGS_DEFAULT) != NULL;
	*count = words->count;
	paths = arena_alloc(loading->arena, (words->count + 1) * sizeof(*paths));
	for (size_t i = 0; i < words->count; i++)
		paths[i] = secret_path(loading, words->items[i]->text);
	return paths;
}

/* shown_as - how a file is called in messages and origins; INSIDE: as the container has it, or NULL */
static struct yaml_text
shown_as(struct loading *loading, const char *path, const char *inside)
{
	const struct mount *mount =
		inside != NULL ? mounts_find(loading->source->mounts, inside) : NULL;
	struct yaml_text text = {.file = arena_strdup(loading->arena, path)};

	if (inside == NULL && strcmp(path, "-") == 0)
		text.file = "standard input";
	else if (inside != NULL && path[0] == '\0')
		text.file = arena_strdup(loading->arena, inside);
	if (mount == NULL || mount->text.file == NULL)
		return text;
	/* in memory: people know its text from the compose file */
	text.file = arena_strdup(loading->arena, mount->text.file);
	text.first_line = mount->text.line;
	text.first_column = (int)mount->text.column;
	text.flat = !mount->lines;
	return text;
}

bool
yaml_settings_is_default(const struct loading *loading)
{
	return loading->source->config_count == 0 &&
		loading_variable(loading, "MAIL_CONFIG") == NULL &&
		loading->container_configs == NULL &&
		(loading->source->live || loading->source->mounts != NULL);
}

/* looks_like_settings - a mount with a mailinit.yaml, or at a path that was nearly the right one */
static bool
looks_like_settings(struct loading *loading, const struct mount *mount)
{
	static const char *const wanted[] = {SETTINGS_DIRECTORY, YAML_SETTINGS_DEFAULT};
	const char *inside;

	if (text_nearest(mount->target, wanted, sizeof(wanted) / sizeof(wanted[0])) != NULL ||
		text_ends(mount->target, "/" SETTINGS_NAME))
		return true;
	if (mount->source == NULL || mount->kind != MOUNT_DIRECTORY)
		return false;
	inside = arena_printf(loading->arena, "%s/" SETTINGS_NAME, mount->source);
	return access(inside, F_OK) == 0;
}

/* tell_misplaced - a service without the settings, and a mount that was meant to bring them */
static void
tell_misplaced(struct loading *loading)
{
	const struct mounts *mounts = loading->source->mounts;

	if (mounts == NULL || !yaml_settings_is_default(loading) ||
		mounts_find(mounts, YAML_SETTINGS_DEFAULT) != NULL)
		return;
	for (size_t i = 0; i < mounts->count; i++)
		if (looks_like_settings(loading, &mounts->items[i]))
			finding_add(loading->findings, "settings-not-mounted",
				&mounts->items[i].origin,
				"%s of the container is no place where settings are looked for; "
				"the service has no " YAML_SETTINGS_DEFAULT,
				mounts->items[i].target);
}

void
yaml_settings_load(struct loading *loading)
{
	size_t count;
	bool required;
	const struct node *container;
	const char *const *paths = config_files(loading, &count, &container, &required);
	struct buffer *contents = arena_alloc(loading->arena, (count + 1) * sizeof(*contents));
	struct node *whole = NULL;

	tell_misplaced(loading);
	loading->yamls = arena_alloc(loading->arena, (count + 1) * sizeof(*loading->yamls));
	for (size_t i = 0; i < count; i++) {
		struct yaml_text shown;
		struct node *root;

		if (is_twice(loading, paths, i, paths[i]))
			continue;
		shown = shown_as(
			loading, paths[i], container != NULL ? container->items[i]->text : NULL);
		root = read_file(loading, paths[i], &shown, required, &contents[i]);
		if (root != NULL && whole != NULL)
			yaml_overlay(loading->arena, whole, root);
		else if (root != NULL)
			whole = root;
	}
	if (whole != NULL)
		take_map(loading, "", whole);
	for (size_t i = 0; i < count; i++)
		buffer_free(&contents[i]);
	/* excerpts were made while the texts were there */
	for (size_t i = 0; i < loading->yaml_count; i++)
		loading->yamls[i].data = NULL;
}
