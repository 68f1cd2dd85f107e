/*
 * github.c - findings as workflow commands of GitHub Actions
 *
 * A line "::error file=F,line=L,col=C,title=ID::message" becomes an annotation
 * of the pull request. Ten of each type are shown for a step and the others
 * vanish without a word, so the worst come first and the rest is counted.
 * (GitHub: Workflow commands for GitHub Actions; its runner's toolkit for the escapes.)
 */
#include "report/report.h"

#include <string.h>

#include "report/place.h"

#define GITHUB_OF_A_TYPE 10

static const char *
command_of(enum severity severity)
{
	return severity == SEVERITY_ERROR      ? "error"
		: severity == SEVERITY_WARNING ? "warning"
					       : "notice";
}

/* escaped - TEXT with its control characters as %XX; in a PROPERTY also what ends one */
static void
escaped(struct buffer *out, const char *text, bool property)
{
	for (; *text != '\0'; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ',')))
			buffer_printf(out, "%%%02X", c);
		else if (c < ' ' || c == 0x7f)
			buffer_putc(out, ' ');
		else
			buffer_putc(out, (char)c);
	}
}

static void
annotation(const struct plan *plan, const struct report_place *place, const struct finding *finding,
	struct buffer *out)
{
	struct shown_place shown;

	place_find(place, &finding->origin, &shown);
	buffer_printf(out, "::%s ", command_of(finding->severity));
	if (!shown.nowhere) {
		buffer_puts(out, "file=");
		escaped(out, shown.file, true);
		buffer_printf(out, ",line=%d", shown.line);
		if (shown.column > 0)
			buffer_printf(out, ",col=%d", shown.column);
		buffer_putc(out, ',');
	}
	buffer_puts(out, "title=");
	escaped(out, finding->rule->id, true);
	buffer_puts(out, "::");
	if (finding->origin.name != NULL) {
		escaped(out, finding->origin.name, false);
		buffer_puts(out, ": ");
	}
	/* without the excerpt of the source line, which is beside the annotation */
	escaped(out, arena_strndup(plan->arena, finding->message, strcspn(finding->message, "\n")),
		false);
	if (finding->waived)
		buffer_puts(out, "%0AStarted all the same: MAIL_START_ANYWAY names it.");
	if (finding->effect[0] != '\0')
		buffer_puts(out, "%0A");
	escaped(out, finding->effect, false);
	if (finding->help[0] != '\0')
		buffer_puts(out, "%0A");
	escaped(out, finding->help, false);
	buffer_putc(out, '\n');
}

/* of_severity - the first ten of one type; returns how many more there are */
static size_t
of_severity(const struct plan *plan, const struct report_place *place, enum severity severity,
	struct buffer *out)
{
	size_t seen = 0;

	for (size_t i = 0; i < plan->findings->count; i++)
		if (plan->findings->items[i].severity == severity && seen++ < GITHUB_OF_A_TYPE)
			annotation(plan, place, &plan->findings->items[i], out);
	return seen > GITHUB_OF_A_TYPE ? seen - GITHUB_OF_A_TYPE : 0;
}

void
report_github(const struct plan *plan, const struct report_place *place, struct buffer *out)
{
	size_t more = 0;

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
		more += of_severity(plan, place, (enum severity)severity, out);
	if (more > 0)
		buffer_printf(out,
			"%zu more %s not annotated, as GitHub shows ten of a type: "
			"`mailinit check` has all\n",
			more, more == 1 ? "finding is" : "findings are");
	report_counts_text(plan, out);
}
