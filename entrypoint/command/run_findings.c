/* run_findings.c - what a start or a reload found, in the container's log */
#include "command/run_findings.h"

#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "report/report.h"
#include "supervise/clock.h"
#include "supervise/log_format.h"

/* Of a change by hand; the whole difference is kept beside the copy. */
#define DIFFERENCE_LINES 200

#define REFUSED "refused; nothing was written"

static enum log_level
level_of(enum severity severity)
{
	return severity == SEVERITY_ERROR      ? LOG_LEVEL_ERROR
		: severity == SEVERITY_WARNING ? LOG_LEVEL_WARNING
					       : LOG_LEVEL_INFO;
}

/* put_plain - LEN bytes of TEXT; a line break or separator would end the record */
static void
put_plain(struct buffer *line, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buffer_putc(line, (unsigned char)text[i] < ' ' ? ' ' : text[i]);
}

static void
put_field(struct buffer *line, const char *name, const char *text)
{
	if (text[0] == '\0')
		return;
	buffer_printf(line, "%c%s=", LOG_FIELD, name);
	put_plain(line, text, strlen(text));
}

/* put_finding - as one line for the logger; the excerpt of a source line stays out of the log */
static void
put_finding(struct buffer *line, const struct finding *finding)
{
	char origin[512];

	buffer_printf(line, "<%d>", (int)level_of(finding->severity));
	put_plain(line, finding->message, strcspn(finding->message, "\n"));
	put_field(line, "id", finding->rule->id);
	put_field(line, "severity", severity_name(finding->severity));
	put_field(line, "origin", origin_text(&finding->origin, origin, sizeof(origin)));
	if (finding->waived)
		put_field(line, "waived", "MAIL_START_ANYWAY");
	put_field(line, "effect", finding->effect);
	put_field(line, "help", finding->help);
}

/* put_record - a line for the logger, as the logger would write it */
static void
put_record(const struct build *build, const struct buffer *line, struct buffer *out)
{
	const char *mask = node_text(build->plan.settings, "log.mask", "none");
	struct log_record record;
	struct buffer room = {0};
	size_t len;

	log_read_own(&record, buffer_text(line), line->len, getppid());
	/* room for what the escapes can make of it */
	for (size_t i = 0; i < LOG_LINE_BYTES(line->len); i++)
		buffer_putc(&room, ' ');
	len = log_write_record(room.data, &record, LOG_FORMAT_JSON,
		strcmp(mask, "addresses") == 0 ? LOG_MASK_ADDRESSES : LOG_MASK_NONE, clock_wall());
	buffer_append(out, room.data, len);
	buffer_free(&room);
}

static void
put_line(const struct build *build, bool start, struct buffer *line, struct buffer *out)
{
	if (start) {
		put_record(build, line, out);
	} else {
		buffer_append(out, line->data, line->len);
		buffer_putc(out, '\n');
	}
	buffer_clear(line);
}

static void
put_records(const struct build *build, bool start, struct buffer *out)
{
	const struct findings *findings = &build->findings;
	struct buffer line = {0};

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_NOTE; severity--)
		for (size_t i = 0; i < findings->count; i++)
			if (findings->items[i].severity == (enum severity)severity) {
				put_finding(&line, &findings->items[i]);
				put_line(build, start, &line, out);
			}
	buffer_printf(&line, "<%d>checks", (int)LOG_LEVEL_INFO);
	if (report_off_text(&build->plan, &line))
		put_line(build, start, &line, out);
	buffer_clear(&line);
	if (findings_refuse(findings)) {
		buffer_printf(&line, "<%d>" REFUSED, (int)LOG_LEVEL_ERROR);
		put_line(build, start, &line, out);
	}
	buffer_free(&line);
}

/* put_difference - what was changed by hand, line by line */
static void
put_difference(const struct build *build, bool json, bool start, const char *difference,
	struct buffer *out)
{
	struct buffer line = {0};
	size_t lines = 0;

	while (*difference != '\0' && lines++ < DIFFERENCE_LINES) {
		size_t len = strcspn(difference, "\n");

		if (json)
			buffer_printf(&line, "<%d>", (int)LOG_LEVEL_WARNING);
		buffer_append(&line, difference, len);
		put_line(build, json && start, &line, out);
		difference += len + (difference[len] == '\n');
	}
	buffer_free(&line);
}

void
run_findings(struct build *build, bool start)
{
	bool json = strcmp(node_text(build->plan.settings, "log.format", "text"), "json") == 0;
	struct buffer text = {0};

	if (build->findings.count == 0 && build->findings.silenced_count == 0 &&
		build->plan.byhand_count == 0)
		return;
	for (size_t i = 0; i < build->plan.byhand_count; i++)
		put_difference(build, json, start, build->plan.byhand[i].difference, &text);
	if (json) {
		put_records(build, start, &text);
	} else {
		report_findings_text(&build->plan, false, &text);
		if (findings_refuse(&build->findings))
			buffer_puts(&text, "mailinit: " REFUSED "\n");
	}
	if (build_print(STDERR_FILENO, &text) != 0)
		fatal_system("write", "standard error");
	buffer_free(&text);
}
