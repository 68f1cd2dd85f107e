/* findings.c - what is wrong, for people */
#include "report/report.h"

#include <string.h>

#include "report/color.h"

static const char *
color_of(enum severity severity)
{
	return severity == SEVERITY_ERROR      ? COLOR_RED
		: severity == SEVERITY_WARNING ? COLOR_YELLOW
					       : COLOR_CYAN;
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
			severity_name(finding->severity), COLOR_RESET, finding->rule->id);
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

static void
put_count(struct buffer *out, size_t count, const char *what, const char *end)
{
	buffer_printf(out, "%zu %s%s%s", count, what, count == 1 ? "" : "s", end);
}

/* silenced_of - how many findings of rule ID were taken out */
static size_t
silenced_of(const struct findings *findings, const char *id)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->silenced_count; i++)
		count += strcmp(findings->silenced[i].rule->id, id) == 0;
	return count;
}

bool
report_off_text(const struct plan *plan, struct buffer *out)
{
	const struct node *checks = node_at(plan->settings, "checks");
	bool any = false;

	for (size_t i = 0; checks != NULL && i < checks->count; i++) {
		if (strcmp(checks->items[i]->text, "off") != 0)
			continue;
		buffer_printf(out, "%s%s (%zu silenced)",
			any ? ", " : "; off by checks: ", checks->keys[i],
			silenced_of(plan->findings, checks->keys[i]));
		any = true;
	}
	return any;
}

void
report_counts_text(const struct plan *plan, struct buffer *out)
{
	put_count(out, findings_count(plan->findings, SEVERITY_ERROR), "error", ", ");
	put_count(out, findings_count(plan->findings, SEVERITY_WARNING), "warning", ", ");
	put_count(out, findings_count(plan->findings, SEVERITY_NOTE), "note", "");
	report_off_text(plan, out);
	buffer_puts(out, findings_refuse(plan->findings) ? "; a start would be refused\n" : "\n");
}

/* put_looked - of check --live: what was right, what was not, and what nobody could say */
static void
put_looked(const struct plan *plan, bool color, struct buffer *out)
{
	static const char *const colors[] = {[LOOKED_RIGHT] = "",
		[LOOKED_WRONG] = COLOR_RED,
		[LOOKED_ABSENT] = "",
		[LOOKED_NOT] = COLOR_YELLOW};

	if (plan->looked_count > 0)
		buffer_puts(out, "looked at:\n");
	for (size_t i = 0; i < plan->looked_count; i++) {
		const struct plan_looked *looked = &plan->looked[i];
		bool colored = color && colors[looked->outcome][0] != '\0';

		buffer_printf(out, "  %s%-11s%s  %s%s%s\n", colored ? colors[looked->outcome] : "",
			plan_outcome_name(looked->outcome), colored ? COLOR_RESET : "",
			looked->subject, looked->detail[0] != '\0' ? ": " : "", looked->detail);
	}
}

void
report_findings_text(const struct plan *plan, bool color, struct buffer *out)
{
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
		for (size_t i = 0; i < plan->findings->count; i++)
			if (plan->findings->items[i].severity == (enum severity)severity)
				one_finding(&plan->findings->items[i], color, out);
	put_looked(plan, color, out);
	report_counts_text(plan, out);
}
