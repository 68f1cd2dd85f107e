/* explain.c - mailinit explain NAME: a setting or a finding, in words */
#include <stdio.h>
#include <string.h>

#include "base/fatal.h"
#include "base/finding.h"
#include "command/build.h"
#include "command/command.h"
#include "daemon/target.h"
#include "settings/schema.h"

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
		if (node->secret)
			printf("%s: (secret)", word);
		else if (node->type == NODE_LIST || node->type == NODE_MAP)
			printf("%s: %zu entries", word, node->count);
		else
			printf("%s: %s", word, node->text);
		printf(", from %s\n", origin_text(&node->origin, origin, sizeof(origin)));
	}
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
	if (row == NULL) {
		fprintf(stderr, "mailinit: there is no setting and no finding \"%s\"\n", name);
		return EXIT_USAGE;
	}
	build_plan(&build, &options, target_is_here());
	printf("%s (MAIL_… variable by the rule of the README)\n\n%s\n\n", row->path, row->doc);
	print_value(node_at(build.plan.settings, row->path));
	build_free(&build);
	return EXIT_DONE;
}
