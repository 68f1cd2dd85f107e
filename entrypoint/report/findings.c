/* findings.c - what is wrong, for people */
#include "report/report.h"

#include <stdio.h>

#define BOLD "\033[1m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define CYAN "\033[36m"
#define RESET "\033[0m"

static const char *
color_of(enum severity severity)
{
	return severity == SEVERITY_ERROR ? RED : severity == SEVERITY_WARNING ? YELLOW : CYAN;
}

/* indented - TEXT whose further lines stand under the first */
static void
indented(struct buffer *out, const char *text)
{
	for (; *text != '\0'; text++) {
		buffer_putc(out, *text);
		if (*text == '\n')
			buffer_puts(out, "    ");
	}
}

static void
one_finding(const struct finding *finding, bool color, struct buffer *out)
{
	char origin[512];

	origin_text(&finding->origin, origin, sizeof(origin));
	if (color)
		buffer_printf(out, "%s: %s%s%s [%s]: ", origin, color_of(finding->severity),
			severity_name(finding->severity), RESET, finding->rule->id);
	else
		buffer_printf(out, "%s: %s [%s]: ", origin, severity_name(finding->severity),
			finding->rule->id);
	indented(out, finding->message);
	if (finding->waived)
		buffer_puts(out, "\n    started all the same: MAIL_START_ANYWAY names it");
	if (finding->effect[0] != '\0')
		buffer_printf(out, "\n    effect: %s", finding->effect);
	if (finding->help[0] != '\0')
		buffer_printf(out, "\n    help: %s", finding->help);
	buffer_putc(out, '\n');
}

void
report_findings_text(const struct plan *plan, bool color, struct buffer *out)
{
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
		for (size_t i = 0; i < plan->findings->count; i++)
			if (plan->findings->items[i].severity == (enum severity)severity)
				one_finding(&plan->findings->items[i], color, out);
	buffer_printf(out, "%zu errors, %zu warnings, %zu notes\n",
		findings_count(plan->findings, SEVERITY_ERROR),
		findings_count(plan->findings, SEVERITY_WARNING),
		findings_count(plan->findings, SEVERITY_NOTE));
}
