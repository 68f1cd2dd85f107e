/* hunks.c - a difference, for people */
#include "report/hunks.h"

#include <string.h>

#include "report/color.h"
#include "base/difference.h"
#include "base/lines.h"
#include "report/origins.h"
#include "plan/secrecy.h"

#define NOTE_COLUMN_MAX 64 /* longer lines push their note to the right */

struct job {
	const struct plan_file *file;
	const char *template_file;
	struct lines old, new;
	bool hide_old; /* what goes may hold a secret */
	bool color;
	size_t column; /* where notes begin */
	size_t shown, left_out; /* changed lines */
	struct buffer note; /* of one line; kept, for there are many lines */
	struct buffer *out;
};

/* put_clean - control characters would move a terminal's cursor */
static void
put_clean(struct buffer *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool control = ((unsigned char)text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f;

		buffer_putc(out, control ? '?' : text[i]);
	}
}

static const struct plan_line *
record_of(const struct job *job, size_t i)
{
	return i < job->file->line_count ? &job->file->lines[i] : NULL;
}

/* put_line - one line with its sign; the line break is the caller's */
static void
put_line(struct job *job, char sign, const char *color, const char *text, size_t len)
{
	buffer_puts(job->out, job->color ? color : "");
	buffer_putc(job->out, sign);
	buffer_putc(job->out, ' ');
	put_clean(job->out, text, len);
	buffer_puts(job->out, job->color && color[0] != '\0' ? COLOR_RESET : "");
}

static const char *
new_text(const struct job *job, size_t i, size_t *len)
{
	static const char hidden[] = "(a line with a secret)";
	const struct plan_line *line = record_of(job, i);

	if (line != NULL && line->secret) {
		*len = sizeof(hidden) - 1;
		return hidden;
	}
	*len = job->new.len[i];
	return job->new.start[i];
}

/* take_room - whether one more changed line is shown */
static bool
take_room(struct job *job)
{
	if (job->shown == HUNKS_LINES) {
		job->left_out++;
		return false;
	}
	job->shown++;
	return true;
}

static void
put_new(struct job *job, size_t i)
{
	const struct plan_line *line = record_of(job, i);
	struct buffer *note = &job->note;
	size_t len;
	const char *text = new_text(job, i, &len);

	if (!take_room(job))
		return;
	put_line(job, '+', COLOR_GREEN, text, len);
	buffer_clear(note);
	if (line != NULL)
		origins_note(line, text, len, job->template_file, note);
	if (note->len > 0) {
		do
			buffer_putc(job->out, ' ');
		while (++len <= job->column);
		buffer_puts(job->out, job->color ? COLOR_DIM : "");
		buffer_puts(job->out, "# ");
		put_clean(job->out, note->data, note->len);
		buffer_puts(job->out, job->color ? COLOR_RESET : "");
	}
	buffer_putc(job->out, '\n');
}

static void
put_old(struct job *job, size_t i)
{
	static const char hidden[] = "(a line that may hold a secret)";
	bool hide = job->hide_old || secrecy_suspects(job->old.start[i], job->old.len[i]);

	if (!take_room(job))
		return;
	put_line(job, '-', COLOR_RED, hide ? hidden : job->old.start[i],
		hide ? sizeof(hidden) - 1 : job->old.len[i]);
	buffer_putc(job->out, '\n');
}

/* put_context - lines that stay, from the new text, whose secrets are known */
static void
put_context(struct job *job, size_t from, size_t to)
{
	for (size_t i = from; i < to && job->left_out == 0; i++) {
		size_t len;
		const char *text = new_text(job, i, &len);

		put_line(job, ' ', "", text, len);
		buffer_putc(job->out, '\n');
	}
}

static size_t
less(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

/* hunk_end - the first of RANGES from I on that stands too far off to share a hunk */
static size_t
hunk_end(const struct difference *ranges, size_t count, size_t i)
{
	while (i + 1 < count && ranges[i + 1].new_from - ranges[i].new_to <= 2 * HUNKS_CONTEXT)
		i++;
	return i + 1;
}

/* put_hunk - ranges FROM up to END, with what stays before, between and behind them */
static void
put_hunk(struct job *job, const struct difference *ranges, size_t from, size_t end)
{
	const struct difference *first = &ranges[from], *last = &ranges[end - 1];
	size_t before = less(first->new_from, HUNKS_CONTEXT);
	size_t behind = last->new_to + HUNKS_CONTEXT;
	size_t head = first->new_from - before;

	if (behind > job->new.count)
		behind = job->new.count;
	/* a range of no line is given the line before it, as diff -u has it */
	if (job->left_out == 0 && job->shown < HUNKS_LINES && job->old.count > 0) {
		size_t old_count =
			last->old_to + (behind - last->new_to) - (first->old_from - head);
		size_t new_count = behind - before;

		buffer_printf(job->out, "%s@@ -%zu,%zu +%zu,%zu @@%s\n",
			job->color ? COLOR_CYAN : "", first->old_from - head + (old_count > 0),
			old_count, before + (new_count > 0), new_count,
			job->color ? COLOR_RESET : "");
	}
	for (size_t i = from; i < end; i++) {
		if (job->shown < HUNKS_LINES)
			put_context(
				job, i == from ? before : ranges[i - 1].new_to, ranges[i].new_from);
		for (size_t k = ranges[i].old_from; k < ranges[i].old_to; k++)
			put_old(job, k);
		for (size_t k = ranges[i].new_from; k < ranges[i].new_to; k++)
			put_new(job, k);
	}
	put_context(job, last->new_to, behind);
}

/* find_column - so that the notes of a file stand below each other */
static void
find_column(struct job *job, const struct difference *ranges, size_t count)
{
	size_t seen = 0;

	for (size_t i = 0; i < count; i++)
		for (size_t k = ranges[i].new_from; k < ranges[i].new_to; k++) {
			size_t len;

			new_text(job, k, &len);
			if (seen++ < HUNKS_LINES && len <= NOTE_COLUMN_MAX && len > job->column)
				job->column = len;
		}
}

void
hunks_put(const struct plan *plan, const struct plan_file *file, const struct buffer *there,
	const char *template_file, bool color, struct buffer *out)
{
	struct job job = {
		.file = file,
		.template_file = template_file,
		.old = lines_cut(plan->arena, buffer_text(there), there->len),
		.new = lines_cut(plan->arena, buffer_text(&file->content), file->content.len),
		.hide_old = secrecy_has_line(file),
		.color = color,
		.out = out,
	};
	struct difference *ranges;
	size_t count = difference_find(plan->arena, &job.old, &job.new, &ranges);

	find_column(&job, ranges, count);
	for (size_t i = 0, end; i < count; i = end) {
		end = hunk_end(ranges, count, i);
		put_hunk(&job, ranges, i, end);
	}
	if (job.left_out > 0)
		buffer_printf(out,
			"  … and %zu more changed lines; --format=json and --out have all\n",
			job.left_out);
	buffer_free(&job.note);
}
