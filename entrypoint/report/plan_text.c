/*
 * plan_text.c - what a start would write, for people
 *
 * A changed file is shown as the lines that differ between its common head and
 * its common tail: one pass, so that a hundred thousand aliases cost no more
 * than reading them.
 */
#include "report/report.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "report/lines.h"

#define REPORT_FILE_LIMIT (64 * 1024 * 1024)
#define REPORT_ORIGIN_COLUMN 60

/* on_disk - the present content, following the links that the image bakes; -1 when there is none */
static int
on_disk(const struct plan *plan, const struct plan_file *file, struct buffer *content)
{
	const char *path =
		arena_printf(plan->arena, "%s%s/%s", plan->root, PLAN_CURRENT, file->name);

	if (file_read(path, REPORT_FILE_LIMIT, content, NULL) == 0)
		return 0;
	if (file->link == NULL)
		return -1;
	return file_read(plan_path(plan, file->link), REPORT_FILE_LIMIT, content, NULL);
}

/*
 * same_but_deferred - whether THERE is what CONTENT says, a placeholder standing
 * for any text up to what follows it
 */
static bool
same_but_deferred(const char *content, const char *there)
{
	static const char mark[] = "{deferred:";

	while (*content != '\0') {
		const char *end =
			strncmp(content, mark, sizeof(mark) - 1) == 0 ? strchr(content, '}') : NULL;

		if (end == NULL) {
			if (*content++ != *there++)
				return false;
			continue;
		}
		content = end + 1;
		while (*there != '\0' && *there != *content)
			there++;
	}
	return *there == '\0';
}

/* would_stay - a key or certificate that is there already is not made again */
static bool
would_stay(const struct plan_file *file, const struct buffer *there)
{
	switch (file->late) {
	case LATE_NOT:
		return there->len == file->content.len &&
			memcmp(buffer_text(there), buffer_text(&file->content), there->len) == 0;
	case LATE_PASSWORDS:
		return same_but_deferred(buffer_text(&file->content), buffer_text(there));
	case LATE_DKIM_KEY:
	case LATE_TLS_PAIR:
		break;
	}
	return false;
}

const char *
report_action(const struct plan *plan, const struct plan_file *file)
{
	struct buffer there = {0};
	const char *action = "create";

	if (on_disk(plan, file, &there) == 0)
		action = would_stay(file, &there) ? "keep" : "change";
	buffer_free(&there);
	return action;
}

/* origins - " # MAIL_HOSTNAME, mailinit.yaml:3:5" behind a line, in a column of its own */
static void
origins(const struct plan_line *line, size_t width, struct buffer *out)
{
	char text[512];

	if (line->origin_count == 0)
		return;
	do
		buffer_putc(out, ' ');
	while (++width < REPORT_ORIGIN_COLUMN);
	buffer_puts(out, " # ");
	for (size_t i = 0; i < line->origin_count; i++)
		buffer_printf(out, "%s%s", i > 0 ? ", " : "",
			origin_text(&line->origins[i], text, sizeof(text)));
	for (size_t i = 0; i < line->overrode_count; i++)
		buffer_printf(out, "%s%s", i > 0 ? ", " : "; instead of ",
			origin_text(&line->overrode[i], text, sizeof(text)));
}

static void
added_line(const struct plan_file *file, const struct lines *lines, size_t i, struct buffer *out)
{
	const struct plan_line *line = i < file->line_count ? &file->lines[i] : NULL;
	const char *shown = lines->start[i];
	size_t len = lines->len[i];

	if (line != NULL && line->secret) {
		shown = "(a line with a secret)";
		len = strlen(shown);
	}
	buffer_puts(out, "+ ");
	buffer_append(out, shown, len);
	if (line != NULL)
		origins(line, len, out);
	buffer_putc(out, '\n');
}

/* has_secret_line - then the file on disk has one too, perhaps with another value */
static bool
has_secret_line(const struct plan_file *file)
{
	for (size_t i = 0; i < file->line_count; i++)
		if (file->lines[i].secret)
			return true;
	return false;
}

/* seems_secret - of a line on disk nothing is known but its text */
static bool
seems_secret(const char *line, size_t len)
{
	static const char *const words[] = {"passw", "secret", "static:", "inline:", "api_key"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		for (size_t at = 0; at + strlen(words[i]) <= len; at++)
			if (strncasecmp(line + at, words[i], strlen(words[i])) == 0)
				return true;
	return false;
}

static void
removed_line(const char *line, size_t len, struct buffer *out)
{
	if (seems_secret(line, len))
		buffer_puts(out, "- (a line that may hold a secret)\n");
	else
		buffer_printf(out, "- %.*s\n", (int)len, line);
}

static void
difference(const struct plan *plan, const struct plan_file *file, const struct buffer *there,
	struct buffer *out)
{
	struct lines old = lines_cut(plan->arena, buffer_text(there), there->len);
	struct lines new = lines_cut(plan->arena, buffer_text(&file->content), file->content.len);
	size_t head = 0, old_end = old.count, new_end = new.count;

	while (head < old.count && head < new.count &&lines_equal(&old, head, &new, head))
		head++;
	while (old_end > head && new_end > head &&
		lines_equal(&old, old_end - 1, &new, new_end - 1)) {
		old_end--;
		new_end--;
	}
	if (head > 0)
		buffer_printf(out, "  (%zu lines stay)\n", head);
	if (has_secret_line(file) && old_end > head)
		buffer_printf(out, "- (%zu lines go, not shown: one may hold a secret)\n",
			old_end - head);
	else
		for (size_t i = head; i < old_end; i++)
			removed_line(old.start[i], old.len[i], out);
	for (size_t i = head; i < new_end; i++)
		added_line(file, &new, i, out);
	if (new_end < new.count)
		buffer_printf(out, "  (%zu lines stay)\n", new.count - new_end);
}

static void
one_file(const struct plan *plan, const struct plan_file *file, bool color, struct buffer *out)
{
	const char *action = report_action(plan, file);
	struct buffer there = {0};

	buffer_printf(out, "%s%s %s%s (mode %04o, %s:%s)\n", color ? "\033[1m" : "", action,
		plan_shown_path(plan, file), color ? "\033[0m" : "", (unsigned)file->mode,
		file->owner, file->group);
	if (strcmp(action, "keep") == 0)
		return;
	if (file->secret) {
		buffer_puts(out, "  (secret: its content is not shown)\n");
		return;
	}
	if (on_disk(plan, file, &there) != 0)
		buffer_clear(&there);
	difference(plan, file, &there, out);
	buffer_free(&there);
}

void
report_plan_text(const struct plan *plan, bool color, struct buffer *out)
{
	for (size_t i = 0; i < plan->file_count; i++)
		one_file(plan, &plan->files[i], color, out);
	for (size_t i = 0; i < plan->deferred_count; i++)
		buffer_printf(
			out, "deferred %s: %s\n", plan->deferred[i].name, plan->deferred[i].reason);
	report_findings_text(plan, color, out);
}
