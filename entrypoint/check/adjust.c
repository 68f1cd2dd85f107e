/* adjust.c - what the user says of rules */
#include "check/check.h"

#include <string.h>

#include "base/node.h"

static void
set_severity(struct finding *finding, const char *word)
{
	if (strcmp(word, "error") == 0)
		finding->severity = SEVERITY_ERROR;
	else if (strcmp(word, "warning") == 0)
		finding->severity = SEVERITY_WARNING;
	else if (strcmp(word, "note") == 0)
		finding->severity = SEVERITY_NOTE;
	if (finding->severity != SEVERITY_ERROR)
		finding->refuses = false;
}

/* listed - whether ID is one of the words of LIST */
static bool
listed(const char *list, const char *id)
{
	size_t len = strlen(id);

	while (list != NULL && *list != '\0') {
		size_t word = strcspn(list, ", \t");

		if (word == len && strncmp(list, id, len) == 0)
			return true;
		list += word;
		list += strspn(list, ", \t");
	}
	return false;
}

size_t
check_adjust(struct plan *plan, size_t from, const char *start_anyway, bool strict)
{
	const struct node *checks = node_at(plan->settings, "checks");
	struct findings *findings = plan->findings;
	size_t kept = from;

	for (size_t i = from; i < findings->count; i++) {
		struct finding finding = findings->items[i];
		const struct node *wish = node_get(checks, finding.rule->id);

		if (wish != NULL && strcmp(wish->text, "off") == 0) {
			finding_silence(findings, &finding);
			continue;
		}
		if (wish != NULL)
			set_severity(&finding, wish->text);
		if (strict && finding.severity == SEVERITY_WARNING)
			finding.severity = SEVERITY_ERROR;
		if (finding.refuses && listed(start_anyway, finding.rule->id)) {
			finding.refuses = false;
			finding.waived = true;
		}
		findings->items[kept++] = finding;
	}
	findings->count = kept;
	return kept;
}
