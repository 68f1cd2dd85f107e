/* compose_environment.c - env_file and environment of a service */
#include "settings/compose_room.h"

#include <errno.h>
#include <string.h>

#include "settings/environment.h"
#include "settings/input.h"

/* read_env_file - the variables of PATH over those of the files before it */
static void
read_env_file(struct compose *compose, struct node *variables, const struct node *node,
	const char *path, bool required, bool raw)
{
	struct env_scope scope = compose->scope;

	if (++compose->env_files > COMPOSE_ENV_FILES_MAX) {
		compose_is_full(compose, node, "more than 100 files of variables");
		return;
	}
	scope.earlier = variables;
	scope.values = node_new(compose->arena, NODE_MAP, &node->origin);
	scope.dollars = NULL;
	path = compose_path(compose, path);
	if (env_file_read(&scope, path, false, raw) != 0) {
		if (required || (errno != ENOENT && errno != ENOTDIR)) {
			struct origin origin = node->origin;

			origin.kind = ORIGIN_ENVIRONMENT;
			compose->loading->incomplete = true;
			finding_add(compose->loading->findings, "config-unreadable", &origin,
				"unable to read the env_file %s: %s", path, input_cause(errno));
		}
		return;
	}
	for (size_t i = 0; i < scope.values->count; i++)
		node_set(compose->arena, variables, scope.values->keys[i], scope.values->items[i]);
}

/* take_env_file - "path", or {path, required, format} */
static void
take_env_file(struct compose *compose, struct node *variables, const struct node *item)
{
	const char *path, *format, *required;

	if (item->type != NODE_MAP) {
		path = compose_text(compose, item, "env_file", true);
		if (path != NULL)
			read_env_file(compose, variables, item, path, true, false);
		return;
	}
	path = compose_text_at(compose, item, "path", NULL);
	required = compose_text_at(compose, item, "required", "true");
	format = compose_text_at(compose, item, "format", "");
	if (path == NULL)
		compose_refuse(compose, item, "an env_file must have a path");
	else if (format[0] != '\0' && strcmp(format, "raw") != 0)
		compose_refuse(compose, node_get(item, "format"),
			"the format of an env_file is raw, or is left out");
	else
		read_env_file(compose, variables, item, path, strcmp(required, "false") != 0,
			format[0] != '\0');
}

static void
take_env_files(struct compose *compose, struct node *variables, const struct node *service)
{
	const struct node *files = node_get(service, "env_file");

	if (files == NULL)
		return;
	if (files->type != NODE_LIST) {
		take_env_file(compose, variables, files);
		return;
	}
	for (size_t i = 0; i < files->count && !compose_is_full(compose, files, NULL); i++)
		take_env_file(compose, variables, files->items[i]);
}

/* put - VALUE NULL: the name alone, hence the machine's variable */
static void
put(struct compose *compose, struct node *variables, const char *name, const char *value,
	const struct origin *place)
{
	struct origin origin = *place;
	struct node *node;

	if (environment_is_no_name(compose->loading, name, place))
		return;
	origin.kind = ORIGIN_ENVIRONMENT;
	origin.name = arena_strdup(compose->arena, name);
	compose->loading->value_bytes += ENV_VALUE_COST;
	if (value == NULL) {
		env_scope_used(&compose->scope, name);
		value = env_scope_outside(&compose->scope, name);
	}
	if (value == NULL && environment_is_ours(name))
		finding_add(compose->loading->findings, "not-checked", &origin,
			"%s has no value here: compose takes it from the machine that it runs on, "
			"and it is not set on this one",
			name);
	node = node_new(compose->arena, value != NULL ? NODE_SCALAR : NODE_NULL, &origin);
	node->text = value != NULL ? value : "";
	node_set(compose->arena, variables, name, node);
}

/* refuse - what is wrong with NAME was told: it is not missing besides */
static void
refuse(struct compose *compose, const char *name)
{
	struct loading *loading = compose->loading;
	const char *base = environment_file_base(compose->arena, name);
	const struct schema_row *row = schema_find_variable(name);

	if (row == NULL && base != NULL)
		row = schema_find_variable(base);
	if (row != NULL)
		node_set(compose->arena, loading->refused, row->path,
			node_new(compose->arena, NODE_NULL, NULL));
}

/* take_pair - "NAME=value" or "NAME" of the list form */
static void
take_pair(struct compose *compose, struct node *variables, const struct node *item)
{
	struct node part = *item;
	const char *text, *equals, *name;
	size_t len;

	if (!compose_is_text(item)) {
		compose_refuse(compose, item,
			"environment: an entry of the list must be a text, NAME=value");
		return;
	}
	len = strcspn(item->text, "=$");
	name = arena_strndup(compose->arena, item->text, len);
	if (item->text[len] == '=') {
		/* the place of the value, for messages */
		part.text = item->text + len + 1;
		part.origin.column += (int)len + 1 + item->quoted;
		text = compose_text(compose, &part, name, environment_is_ours(name));
		if (text != NULL)
			put(compose, variables, name, text, &part.origin);
		else
			refuse(compose, name);
		return;
	}
	text = compose_text(compose, item, "environment", true);
	equals = text != NULL ? strchr(text, '=') : NULL;
	if (text != NULL)
		put(compose, variables,
			equals != NULL
				? arena_strndup(compose->arena, text, (size_t)(equals - text))
				: text,
			equals != NULL ? equals + 1 : NULL, &item->origin);
}

static void
take_environment(struct compose *compose, struct node *variables, const struct node *service)
{
	const struct node *environment = node_get(service, "environment");

	if (environment == NULL || environment->type == NODE_NULL)
		return;
	if (environment->type == NODE_SCALAR)
		compose_refuse(compose, environment, "environment must be a map or a list");
	for (size_t i = 0; i < environment->count && !compose_is_full(compose, environment, NULL);
		i++) {
		const struct node *item = environment->items[i];
		const char *name, *value;

		if (environment->type == NODE_LIST) {
			take_pair(compose, variables, item);
			continue;
		}
		name = environment->keys[i];
		if (item->type == NODE_NULL) {
			put(compose, variables, name, NULL, &environment->key_origins[i]);
			continue;
		}
		value = compose_value(compose, item, name, environment_is_ours(name));
		if (value != NULL)
			put(compose, variables, name, value, &item->origin);
		else
			refuse(compose, name);
	}
}

void
compose_environment(struct compose *compose)
{
	struct node *variables = node_new(compose->arena, NODE_MAP, NULL);

	for (size_t i = 0; i < compose->chain_count; i++)
		take_env_files(compose, variables, compose_enter(compose, i));
	for (size_t i = 0; i < compose->chain_count; i++)
		take_environment(compose, variables, compose_enter(compose, i));
	for (size_t i = 0; i < variables->count; i++) {
		const struct node *item = variables->items[i];

		if (item->type == NODE_SCALAR && environment_is_ours(variables->keys[i]))
			environment_add(
				compose->loading, variables->keys[i], item->text, &item->origin);
	}
}
