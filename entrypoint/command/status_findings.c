/* status_findings.c - the findings in force, in words and for programs */
#include "command/status_findings.h"

#include <string.h>

#include "report/color.h"

static const char *
color_of(const char *severity)
{
	return strcmp(severity, "error") == 0 ? COLOR_RED : COLOR_YELLOW;
}

static void
put_line(const struct node *finding, bool color, struct buffer *out)
{
	const char *severity = node_text(finding, "severity", "warning");
	const char *id = node_text(finding, "id", ""), *message = node_text(finding, "message", "");

	buffer_printf(out, "%s%s%s: %.*s%s (mailinit explain %s)\n",
		color ? color_of(severity) : "", severity, color ? COLOR_RESET : "",
		(int)strcspn(message, "\n"), message,
		node_true(finding, "waived") ? "; started all the same: MAIL_START_ANYWAY names it"
					     : "",
		id);
}

static void
put_lines(const struct node *list, bool color, struct buffer *out)
{
	for (size_t i = 0; i < list->count; i++)
		put_line(list->items[i], color, out);
}

void
status_findings_text(const struct in_force *in_force, bool color, struct buffer *out)
{
	put_lines(in_force->used, color, out);
	if (in_force->refused->count > 0) {
		buffer_puts(out, "the newest reload was refused, so what ran before it runs on:\n");
		put_lines(in_force->refused, color, out);
	}
}

void
status_findings_json(const struct in_force *in_force, struct buffer *out)
{
	buffer_printf(out, "\"in_force\": %s, \"refused\": %s", in_force->used_json,
		in_force->refused_json);
}

/* is_first - whether no finding before place I has its id and severity */
static bool
is_first(const struct node *list, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(node_text(list->items[k], "id", ""),
			    node_text(list->items[i], "id", "")) == 0 &&
			strcmp(node_text(list->items[k], "severity", ""),
				node_text(list->items[i], "severity", "")) == 0)
			return false;
	return true;
}

/* put_metric - an id is kebab-case: nothing in it needs an escape */
static void
put_metric(const char *name, const char *help, const struct node *list, struct buffer *out)
{
	buffer_printf(out, "# HELP mailinit_%s %s\n# TYPE mailinit_%s gauge\n", name, help, name);
	for (size_t i = 0; i < list->count; i++) {
		const char *id = node_text(list->items[i], "id", "");
		const char *severity = node_text(list->items[i], "severity", "");
		size_t count = 0;

		if (!is_first(list, i))
			continue;
		for (size_t k = i; k < list->count; k++)
			count += strcmp(node_text(list->items[k], "id", ""), id) == 0 &&
				strcmp(node_text(list->items[k], "severity", ""), severity) == 0;
		buffer_printf(out, "mailinit_%s{id=\"%s\",severity=\"%s\"} %zu\n", name, id,
			severity, count);
	}
}

void
status_findings_prometheus(const struct in_force *in_force, struct buffer *out)
{
	put_metric(
		"finding", "Errors and warnings of the plan in use, by id.", in_force->used, out);
	put_metric("refused_finding", "Those of the newest reload, if it was refused.",
		in_force->refused, out);
}
