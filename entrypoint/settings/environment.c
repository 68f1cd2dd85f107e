/* environment.c - the variables, and the MAIL_* ones among them */
#include "settings/environment.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "settings/compat_table.h"
#include "settings/compose.h"
#include "settings/env_file.h"
#include "settings/input.h"
#include "settings/secret.h"
#include "settings/value.h"

#define NAMES_MAX 128
#define NEAREST_MAX 100 /* names that were meant are looked for so often: it takes its time */
bool
environment_is_ours(const char *name)
{
	static const char *const prefixes[] = {
		"MAIL_", "POSTFIX_", "POSTFIXMASTER_", "POSTMAP_", "DOVECOT_", "OPENDKIM_"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (text_starts(name, prefixes[i]))
			return true;
	return compat_is_known(name);
}

bool
environment_is_no_name(struct loading *loading, const char *name, const struct origin *origin)
{
	struct origin place = *origin;

	if (name[strcspn(name, " \t:@$'\"")] == '\0' || !environment_is_ours(name))
		return false;
	place.kind = ORIGIN_ENVIRONMENT;
	place.name = "environment";
	finding_add(loading->findings, "env-unknown", &place,
		"an entry is no NAME=value, and becomes no setting (not shown: it may be part of a "
		"secret)");
	return true;
}

void
environment_add(
	struct loading *loading, const char *name, const char *value, const struct origin *origin)
{
	const struct node *place = node_get(loading->variable_places, name);
	struct variable variable = {.name = arena_strdup(loading->arena, name),
		.value = arena_strdup(loading->arena, value),
		.origin = *origin};

	variable.origin.name = variable.name;
	if (place != NULL) {
		loading->variables[strtoul(place->text, NULL, 10)] = variable;
		return;
	}
	if (loading->variable_count == loading->variable_room) {
		size_t room = loading->variable_room != 0 ? loading->variable_room * 2 : 32;

		loading->variables = arena_grow(loading->arena, loading->variables,
			loading->variable_room * sizeof(variable), room * sizeof(variable));
		loading->variable_room = room;
	}
	node_set(loading->arena, loading->variable_places, name,
		node_scalar(loading->arena,
			arena_printf(loading->arena, "%zu", loading->variable_count), origin));
	loading->variables[loading->variable_count++] = variable;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* sorted_entries - the environment has no order of its own, so none may show in what is rendered */
static char **
sorted_entries(const struct loading *loading, size_t *count)
{
	char *const *environment = loading->source->environment;
	char **entries;

	for (*count = 0; environment[*count] != NULL; ++*count)
		continue;
	entries = arena_alloc(loading->arena, (*count + 1) * sizeof(*entries));
	memcpy(entries, environment, *count * sizeof(*entries));
	qsort(entries, *count, sizeof(*entries), by_text);
	return entries;
}

static void
collect_process(struct loading *loading)
{
	struct origin origin = {.kind = ORIGIN_ENVIRONMENT};

	size_t count;
	char **entries = sorted_entries(loading, &count);

	for (size_t i = 0; i < count; i++) {
		const char *equals = strchr(entries[i], '=');
		size_t len = equals != NULL ? (size_t)(equals - entries[i]) : 0;
		const char *name = arena_strndup(loading->arena, entries[i], len);

		if (len > 0 && environment_is_ours(name))
			environment_add(loading, name, equals + 1, &origin);
	}
}

/* collect_files - names of nobody's are dropped here: $NAME may have needed them */
static void
collect_files(struct loading *loading)
{
	struct origin origin = {.kind = ORIGIN_ENVIRONMENT};
	struct env_scope scope = {
		.loading = loading, .values = node_new(loading->arena, NODE_MAP, &origin)};

	environment_read_files(&scope);
	for (size_t i = 0; i < scope.values->count; i++)
		if (environment_is_ours(scope.values->keys[i]))
			environment_add(loading, scope.values->keys[i],
				scope.values->items[i]->text, &scope.values->items[i]->origin);
}

void
environment_read_files(struct env_scope *scope)
{
	struct loading *loading = scope->loading;

	for (size_t i = 0; i < loading->source->env_file_count; i++) {
		const char *path = loading->source->env_files[i];
		struct origin origin = {.kind = ORIGIN_ENVIRONMENT, .file = path};

		watches_add(loading->source->watches, path);
		if (env_file_read(scope, path, !loading->source->live, false) == 0)
			continue;
		loading->incomplete = true;
		finding_add(loading->findings, "config-unreadable", &origin,
			"unable to read the env-file %s: %s", path, input_cause(errno));
	}
}

void
environment_collect(struct loading *loading)
{
	if (loading->source->compose != NULL)
		compose_collect(loading);
	else if (loading->source->env_file_count > 0)
		collect_files(loading);
	else if (loading->source->environment != NULL)
		collect_process(loading);
}

const char *
environment_file_base(struct arena *arena, const char *name)
{
	size_t len = strlen(name);

	if (len > 6 && text_ends(name, "__FILE"))
		return arena_strndup(arena, name, len - 6);
	if (len > 5 && text_ends(name, "_FILE"))
		return arena_strndup(arena, name, len - 5);
	return NULL;
}

/* is_control - variables that steer mailinit itself and are no settings */
static bool
is_control(const char *name)
{
	return strcmp(name, "MAIL_CONFIG") == 0 || strcmp(name, "MAIL_START_ANYWAY") == 0;
}

static void
tell_unknown(struct loading *loading, const struct variable *variable)
{
	char names[NAMES_MAX][SCHEMA_NAME_BYTES];
	const char *known[NAMES_MAX + 2], *nearest, *base;
	size_t count = 0;

	for (size_t i = 0; i < schema_count && count < NAMES_MAX; i++)
		if (schema_has_variable(&schema_rows[i])) {
			known[count] =
				schema_variable(&schema_rows[i], names[count], SCHEMA_NAME_BYTES);
			count++;
		}
	known[count++] = "MAIL_CONFIG";
	known[count++] = "MAIL_START_ANYWAY";
	nearest = loading->unknown++ < NEAREST_MAX ? text_nearest(variable->name, known, count)
						   : NULL;
	base = environment_file_base(loading->arena, variable->name);
	if (nearest == NULL && base != NULL && loading->unknown <= NEAREST_MAX) {
		nearest = text_nearest(base, known, count);
		if (nearest != NULL)
			nearest = arena_printf(loading->arena, "%s_FILE", nearest);
	}
	finding_add(loading->findings, "env-unknown", &variable->origin,
		"no setting has the variable %s%s%s%s", variable->name,
		nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "?" : "");
}

/* tell_no_variable - a setting of YAML alone has a name like that */
static void
tell_no_variable(
	struct loading *loading, const struct variable *variable, const struct schema_row *row)
{
	struct finding *finding = finding_add(loading->findings, "env-unknown", &variable->origin,
		"%s has no variable", row->path);

	finding->help = arena_printf(
		loading->arena, "Write %s into the configuration file. %s.", row->path, row->doc);
}

/* both_forms - X beside X_FILE, or X_FILE beside X__FILE */
static bool
both_forms(struct loading *loading, const struct variable *variable, const char *base)
{
	const char *other = base;

	if (loading_variable(loading, base) == NULL) {
		other = arena_printf(loading->arena, "%s_FILE", base);
		if (strcmp(other, variable->name) == 0 || loading_variable(loading, other) == NULL)
			return false;
	}
	finding_add(loading->findings, "env-both-forms", &variable->origin,
		"both %s and %s are set", other, variable->name);
	return true;
}

static void
apply_variable(struct loading *loading, const struct variable *variable)
{
	const struct schema_row *row = schema_find_variable(variable->name);
	const char *base;
	struct node *raw;

	if (row != NULL && !schema_has_variable(row)) {
		tell_no_variable(loading, variable, row);
		return;
	}
	if (row != NULL) {
		if (variable->value[0] == '\0')
			return;
		raw = node_scalar(loading->arena, variable->value, &variable->origin);
		raw->secret = (row->flags & SCHEMA_SECRET) != 0;
		loading_take(loading, row, raw, false);
		return;
	}
	/* the exact name came first: the suffix counts only behind a name that is known */
	base = environment_file_base(loading->arena, variable->name);
	row = base != NULL ? schema_find_variable(base) : NULL;
	if (row == NULL || !schema_has_variable(row)) {
		tell_unknown(loading, variable);
		return;
	}
	if (variable->value[0] == '\0')
		return;
	if (both_forms(loading, variable, base)) {
		node_set(loading->arena, loading->refused, row->path,
			node_new(loading->arena, NODE_NULL, &variable->origin));
		return;
	}
	raw = secret_read(loading, variable->value, row->path, &variable->origin);
	if (raw == NULL) {
		node_set(loading->arena, loading->refused, row->path,
			node_new(loading->arena, NODE_NULL, &variable->origin));
		return;
	}
	node_set(loading->arena, loading->settings, base, raw);
	loading_take(loading, row, raw, false);
}

/* show - every variable is visible to templates under its own name */
static void
show(struct loading *loading, const struct variable *variable)
{
	const struct schema_row *row = schema_find_variable(variable->name);
	struct node *node = node_scalar(loading->arena, variable->value, &variable->origin);

	node->secret = row != NULL && (row->flags & SCHEMA_SECRET) != 0;
	node_set(loading->arena, loading->settings, variable->name, node);
}

void
environment_apply(struct loading *loading)
{
	for (size_t i = 0; i < loading->variable_count; i++) {
		const struct variable *variable = &loading->variables[i];

		if (environment_is_link(variable->name, variable->value))
			continue;
		if (text_starts(variable->name, "MAIL_") || text_starts(variable->name, "POSTFIX_"))
			show(loading, variable);
		if (text_starts(variable->name, "MAIL_") && !is_control(variable->name))
			apply_variable(loading, variable);
	}
}
