/* rules.c - the catalogue of findings as docs/rules.md */
#include "command/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding.h"

static const char introduction[] =
	"# Findings\n\n"
	"This page is what `mailinit schema --format=rules` prints. `mailinit explain ID` says the "
	"same of one\nfinding, and whether the present configuration has it.\n\n"
	"An error that refuses a start refuses a reload too; `MAIL_START_ANYWAY=ID,…` starts all "
	"the same.\n`checks.ID` in `mailinit.yaml` gives a finding another severity, or turns it "
	"`off`.\n";

static int
compare(const void *a, const void *b)
{
	const struct rule *const *one = a, *const *other = b;

	return strcmp((*one)->id, (*other)->id);
}

static void
put_rule(struct buffer *buffer, const struct rule *rule)
{
	buffer_printf(buffer, "\n## %s\n\n%s%s. %s.\n\n- Effect: %s\n- Help: %s\n", rule->id,
		severity_name(rule->severity), rule->refuses ? ", refuses a start" : "",
		rule->title, rule->effect, rule->help);
	buffer_printf(buffer, "- Seen: %s\n- Reproduce: %s\n", rule->incident, rule->reproduce);
	if (rule->source[0] != '\0')
		buffer_printf(buffer, "- Source: %s\n", rule->source);
}

void
rules_print_page(struct buffer *buffer)
{
	const struct rule **sorted = malloc(rule_count() * sizeof(*sorted));

	if (sorted == NULL)
		abort(); /* as buffer.c does when memory is gone */
	for (size_t i = 0; i < rule_count(); i++)
		sorted[i] = rule_at(i);
	qsort(sorted, rule_count(), sizeof(*sorted), compare);
	buffer_puts(buffer, introduction);
	for (size_t i = 0; i < rule_count(); i++)
		put_rule(buffer, sorted[i]);
	free(sorted);
}
