/* explain.c - mailinit explain NAME: a setting or a finding, in words */
#include <stdio.h>
#include <string.h>

#include "base/fatal.h"
#include "base/finding.h"
#include "base/text.h"
#include "command/build.h"
#include "command/command.h"
#include "daemon/target.h"
#include "settings/schema.h"

#define LISTED_MAX 20

static int
explain_rule(const struct rule *rule)
{
	printf("%s (%s%s)\n\n%s.\n\nEffect: %s\nHelp: %s\n", rule->id,
		severity_name(rule->severity), rule->refuses ? ", refuses a start" : "",
		rule->title, rule->effect, rule->help);
	if (rule->source[0] != '\0')
		printf("Source: %s\n", rule->source);
	return EXIT_DONE;
}

/* print_text - a value on one line; a map by its keys alone, for below them secrets may lie */
static void
print_text(const struct node *node)
{
	if (node->secret) {
		printf("(secret)");
		return;
	}
	if (node->type != NODE_LIST && node->type != NODE_MAP) {
		printf("%s", node->text);
		return;
	}
	for (size_t i = 0; i < node->count && i < LISTED_MAX; i++)
		printf("%s%s", i > 0 ? ", " : "",
			node->type == NODE_MAP ? node->keys[i]
				: node->items[i]->type == NODE_MAP
				? node_text(node->items[i], "address", "(a record)")
				: node->items[i]->text);
	if (node->count > LISTED_MAX)
		printf(" and %zu more", node->count - LISTED_MAX);
}

/* print_value - the value in effect, and what lost against it */
static void
print_value(const struct node *node)
{
	char origin[512];

	if (node == NULL) {
		printf("Not set.\n");
		return;
	}
	for (const char *word = "Value"; node != NULL; node = node->overrode, word = "Lost") {
		printf("%s: ", word);
		print_text(node);
		printf(", from %s\n", origin_text(&node->origin, origin, sizeof(origin)));
	}
}

static void
explain_setting(const struct schema_row *row, const struct node *settings)
{
	char variable[SCHEMA_NAME_BYTES];

	printf("%s\n\n%s.\n\nWritten: %s\n", row->path, row->doc, schema_type_text(row));
	if (schema_has_variable(row))
		printf("Variable: %s\n", schema_variable(row, variable, sizeof(variable)));
	if (row->fallback != NULL)
		printf("Default: %s%s\n", row->fallback[0] == '@' ? "as " : "",
			row->fallback + (row->fallback[0] == '@'));
	if ((row->flags & SCHEMA_FIELD) == 0)
		print_value(node_at(settings, row->path));
}

/* explain_group - "tls": the settings below it */
static int
explain_group(const char *path)
{
	printf("Settings below %s:\n", path);
	for (size_t i = 0; i < schema_count; i++)
		if (text_starts(schema_rows[i].path, path) &&
			schema_rows[i].path[strlen(path)] == '.')
			printf("  %-28s %s\n", schema_rows[i].path, schema_rows[i].doc);
	return EXIT_DONE;
}

/* unknown - with the nearest name that there is */
static int
unknown(const char *name)
{
	const char *nearest = NULL;
	int distance = 4;

	for (size_t i = 0; i < schema_count + rules_count; i++) {
		const char *one =
			i < schema_count ? schema_rows[i].path : rules[i - schema_count].id;

		if (text_distance(name, one) < distance) {
			distance = text_distance(name, one);
			nearest = one;
		}
	}
	fprintf(stderr, "mailinit: there is no setting and no finding \"%s\"%s%s%s\n", name,
		nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "?" : "");
	return EXIT_USAGE;
}

int
command_explain(int argc, char **argv)
{
	struct build build = {0};
	struct options options;
	const char *name = NULL;
	const struct schema_row *row;

	if (options_read(&options, argc, argv, &name) != 0)
		return EXIT_USAGE;
	if (name == NULL) {
		fprintf(stderr,
			"mailinit: explain what? A setting (tls.names, MAIL_TLS_NAMES) or "
			"the id of a finding\n");
		return EXIT_USAGE;
	}
	if (rule_find(name) != NULL)
		return explain_rule(rule_find(name));
	row = schema_find(name);
	if (row == NULL)
		row = schema_find_variable(name);
	if (row == NULL && schema_is_group(name))
		return explain_group(name);
	if (row == NULL)
		return unknown(name);
	build_plan(&build, &options, target_is_here() ? BUILD_HERE : BUILD_ELSEWHERE);
	explain_setting(row, build.plan.settings);
	build_free(&build);
	return EXIT_DONE;
}
