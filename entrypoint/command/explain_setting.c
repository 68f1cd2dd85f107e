/* explain_setting.c - a setting, a group of settings, a finding */
#include "command/explain.h"

#include <string.h>

#include "base/text.h"

#define LISTED_MAX 20

/* put_end - a sentence of the tables, which have no full stop */
static const char *
put_end(struct arena *arena, const char *text)
{
	return arena_printf(arena, "%s.", text);
}

/* record_name - what tells one record of a list from the others */
static const char *
record_name(const struct node *record)
{
	return node_text(record, "address", node_text(record, "name", "(a record)"));
}

/* value_text - a value of a map; a list of it with commas */
static const char *
value_text(struct arena *arena, const struct node *value)
{
	const char *text = "";

	if (value->secret)
		return "(secret)";
	if (value->type != NODE_LIST)
		return value->type == NODE_SCALAR ? value->text : "(a record)";
	for (size_t i = 0; i < value->count; i++)
		text = arena_printf(
			arena, "%s%s%s", text, i > 0 ? ", " : "", value->items[i]->text);
	return text;
}

/*
 * list_text - a list or map on one line; a map by its keys alone, for below them secrets
 * may lie, unless it is told WITH its VALUES
 */
static const char *
list_text(struct arena *arena, const struct node *node, bool with_values)
{
	const char *text = "";

	for (size_t i = 0; i < node->count && i < LISTED_MAX; i++) {
		const struct node *item = node->items[i];
		const char *word = node->type == NODE_MAP ? node->keys[i]
			: item->type == NODE_MAP          ? record_name(item)
							  : item->text;

		if (with_values && node->type == NODE_MAP)
			word = arena_printf(arena, "%s: %s", word, value_text(arena, item));
		text = arena_printf(arena, "%s%s%s", text,
			i == 0                ? ""
				: with_values ? "; "
					      : ", ",
			word);
	}
	if (node->count > LISTED_MAX)
		text = arena_printf(arena, "%s and %zu more", text, node->count - LISTED_MAX);
	return text;
}

struct node *
explain_node(struct explain *explain, const struct node *node)
{
	const char *text = node->text;

	if (node->type == NODE_LIST || node->type == NODE_MAP)
		text = list_text(explain->plan->arena, node, false);
	return explain_value(explain, node->secret ? NULL : text, &node->origin);
}

/* put_value - the value in effect; a map of no daemon's own parameters with its values */
static void
put_value(struct explain *explain, const struct schema_row *row, const struct node *node)
{
	struct arena *arena = explain->plan->arena;
	bool with_values = node->type == NODE_MAP && !node->secret && row != NULL &&
		(row->shape == SCHEMA_MAP || row->shape == SCHEMA_MAP_OF_LISTS) &&
		schema_has_variable(row);

	node_set(arena, explain->facts, "value",
		with_values ? explain_value(explain, list_text(arena, node, true), &node->origin)
			    : explain_node(explain, node));
}

void
explain_chain(struct explain *explain, const struct schema_row *row, const struct node *node)
{
	if (node == NULL) {
		explain_text(explain, "value", "not set");
		return;
	}
	put_value(explain, row, node);
	for (node = node->overrode; node != NULL; node = node->overrode)
		explain_item(explain, "lost", explain_node(explain, node));
}

static void
put_written(struct explain *explain, const struct schema_row *row)
{
	struct buffer text = {0};

	schema_print_written(&text, row, true);
	explain_text(explain, "written", arena_strdup(explain->plan->arena, buffer_text(&text)));
	buffer_free(&text);
}

static void
put_range(struct explain *explain, const struct schema_row *row)
{
	const char *unit = row->type == SCHEMA_TIME ? "ms" : "";

	if (row->max != 0 && row->type != SCHEMA_RATE)
		explain_text(explain, "range",
			arena_printf(explain->plan->arena, "%lld%s to %lld%s", row->min, unit,
				row->max, unit));
}

void
explain_row(struct explain *explain, const struct schema_row *row)
{
	struct arena *arena = explain->plan->arena;
	char variable[SCHEMA_NAME_BYTES];
	const char *fallback = row->fallback;

	explain_text(explain, "about", put_end(arena, row->doc));
	put_written(explain, row);
	put_range(explain, row);
	if (schema_has_variable(row)) {
		explain_text(explain, "variable",
			arena_strdup(arena, schema_variable(row, variable, sizeof(variable))));
		explain_text(explain, "variable_of_a_file",
			arena_strdup(arena, schema_file_variable(row, variable, sizeof(variable))));
	}
	if (fallback != NULL)
		explain_text(explain, "default",
			fallback[0] == '@' ? arena_printf(arena, "as %s", fallback + 1) : fallback);
}

/* put_change_by_file - the names by which a setting is given as a file: for a secret, and who asked for that */
static void
put_change_by_file(struct explain *explain, const struct schema_row *row)
{
	struct arena *arena = explain->plan->arena;
	char variable[SCHEMA_NAME_BYTES];
	const char *yaml = row->path;

	if ((row->flags & SCHEMA_SECRET) != 0 && row->shape == SCHEMA_ONE)
		yaml = arena_printf(arena, "%s_file", row->path);
	explain_text(explain, "change",
		arena_printf(arena, "set %s to the path of a file%s, or %s in mailinit.yaml",
			schema_file_variable(row, variable, sizeof(variable)),
			(row->flags & SCHEMA_SECRET) != 0 ? " that is mounted" : "", yaml));
}

static void
put_change(struct explain *explain, const struct schema_row *row)
{
	struct arena *arena = explain->plan->arena;
	char variable[SCHEMA_NAME_BYTES];
	bool secret = (row->flags & SCHEMA_SECRET) != 0 && row->shape == SCHEMA_ONE;

	if (schema_has_variable(row) && (explain->by_file || secret))
		put_change_by_file(explain, row);
	else if (schema_has_variable(row))
		explain_text(explain, "change",
			arena_printf(arena, "set %s, or %s in mailinit.yaml",
				schema_variable(row, variable, sizeof(variable)), row->path));
	else
		explain_text(explain, "change",
			arena_printf(arena, "set %s in mailinit.yaml", row->path));
}

/* map_of - the row of a map that PATH goes into, and in *KEY what is behind it; or NULL */
static const struct schema_row *
map_of(const char *path, const char **key)
{
	const struct schema_row *best = NULL;

	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];
		size_t len = strlen(row->path);

		if ((row->flags & SCHEMA_FIELD) != 0 || row->shape == SCHEMA_ONE ||
			row->shape == SCHEMA_LIST || !text_starts(path, row->path) ||
			path[len] != '.' || path[len + 1] == '\0')
			continue;
		best = row;
		*key = path + len + 1;
	}
	return best;
}

/* explain_raw - what stands in a daemon's file is more than the setting says */
static bool
explain_raw(struct explain *explain, const struct schema_row *row, const char *key)
{
	if (strcmp(row->path, "postfix.main") == 0)
		return explain_parameter(explain, key);
	if (strcmp(row->path, "postfix.master") == 0)
		return explain_service(explain, key);
	if (strcmp(row->path, "dovecot.settings") == 0 ||
		strcmp(row->path, "opendkim.settings") == 0)
		return explain_line(explain, key);
	return false;
}

static bool
explain_below(struct explain *explain, const char *path)
{
	const char *key = "";
	const struct schema_row *row = map_of(path, &key);
	const struct node *map;

	if (row == NULL)
		return false;
	if (row->shape == SCHEMA_RECORDS || row->shape == SCHEMA_NAMED_RECORDS)
		return explain_record(explain, row, path, key);
	map = node_at(explain->plan->settings, row->path);
	if (explain_raw(explain, row, key))
		return true;
	if (strcmp(row->path, "checks") == 0 && rule_find(key) == NULL)
		return false;
	explain_begin(explain, path, "setting");
	explain_text(explain, "about", put_end(explain->plan->arena, row->doc));
	put_written(explain, row);
	explain_chain(explain, NULL, node_get(map, key));
	put_change(explain, row);
	return true;
}

bool
explain_setting(struct explain *explain, const char *name)
{
	const struct schema_row *row = schema_find(name);

	if (row == NULL)
		return explain_below(explain, name);
	explain_begin(explain, row->path, "setting");
	explain_row(explain, row);
	if ((row->flags & SCHEMA_FIELD) == 0) {
		explain_chain(explain, row, node_at(explain->plan->settings, row->path));
		put_change(explain, row);
	}
	return true;
}

bool
explain_group(struct explain *explain, const char *name)
{
	if (name[0] == '\0' || !schema_is_group(name))
		return false;
	explain_begin(explain, name, "group of settings");
	for (size_t i = 0; i < schema_count; i++)
		if (text_starts(schema_rows[i].path, name) &&
			schema_rows[i].path[strlen(name)] == '.')
			explain_item(explain, "setting",
				node_scalar(explain->plan->arena,
					arena_printf(explain->plan->arena, "%-28s %s",
						schema_rows[i].path, schema_rows[i].doc),
					NULL));
	return true;
}

/* put_places - where the present configuration has the finding */
static void
put_places(struct explain *explain, const struct rule *rule)
{
	const struct findings *findings = explain->plan->findings;
	struct arena *arena = explain->plan->arena;
	bool here = false;

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		struct node *node;

		if (finding->rule != rule)
			continue;
		here = true;
		node = node_new(arena, NODE_MAP, NULL);
		/* what to do here, where that is more than what the rule says anywhere */
		node_set(arena, node, "text",
			node_scalar(arena,
				finding->help == rule->help
					? finding->message
					: arena_printf(
						  arena, "%s. %s", finding->message, finding->help),
				NULL));
		node_set(arena, node, "severity",
			node_scalar(arena, severity_name(finding->severity), NULL));
		node_set(arena, node, "origin", explain_origin(explain, &finding->origin));
		node_set(arena, node, "help", node_scalar(arena, finding->help, NULL));
		explain_item(explain, "found", node);
	}
	if (!here && (text_starts(rule->id, "dns-") || text_starts(rule->id, "live-")))
		explain_text(explain, "found",
			"by `mailinit check --live` alone, which asks DNS and what runs");
	else if (!here)
		explain_text(explain, "found", "not in the present configuration");
}

bool
explain_rule(struct explain *explain, const char *name)
{
	const struct rule *rule = rule_find(name);
	struct arena *arena = explain->plan->arena;

	if (rule == NULL)
		return false;
	explain_begin(explain, rule->id, "finding");
	explain_text(explain, "about", put_end(arena, rule->title));
	explain_text(explain, "severity", severity_name(rule->severity));
	explain_text(explain, "start", rule->refuses ? "refused" : "goes on");
	explain_text(explain, "effect", rule->effect);
	explain_text(explain, "help", rule->help);
	explain_text(explain, "seen", rule->incident);
	explain_text(explain, "reproduce", rule->reproduce);
	if (rule->source[0] != '\0')
		explain_text(explain, "source", rule->source);
	put_places(explain, rule);
	explain_text(explain, "change",
		arena_printf(arena, "checks.%s in mailinit.yaml: error, warning, note or off%s%s",
			rule->id, rule->refuses ? "; MAIL_START_ANYWAY=" : "",
			rule->refuses ? rule->id : ""));
	return true;
}
