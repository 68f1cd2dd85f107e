/* unified.c - a difference as diff -u has it */
#include "base/unified.h"

#include "base/difference.h"

#define UNIFIED_CONTEXT 3

struct job {
	const struct lines *old, *new;
	const struct unified *how;
	struct buffer *out;
};

static void
put_line(const struct job *job, char sign, const struct lines *lines, size_t i)
{
	const char *text = lines->start[i];

	buffer_putc(job->out, sign);
	if (job->how->hide != NULL && job->how->hide(job->how->context, text, lines->len[i])) {
		buffer_puts(job->out, "(a line that may hold a secret)\n");
		return;
	}
	for (size_t k = 0; k < lines->len[i]; k++) {
		unsigned char c = (unsigned char)text[k];

		buffer_putc(job->out, (c < ' ' && c != '\t') || c == 0x7f ? '?' : text[k]);
	}
	buffer_putc(job->out, '\n');
}

/* group_end - the first of RANGES from I on that stands too far off to share a hunk */
static size_t
group_end(const struct difference *ranges, size_t count, size_t i)
{
	while (i + 1 < count && ranges[i + 1].old_from - ranges[i].old_to <= 2 * UNIFIED_CONTEXT)
		i++;
	return i + 1;
}

/* put_hunk - the ranges FROM up to END, with what stays before, between and behind them */
static size_t
put_hunk(const struct job *job, const struct difference *ranges, size_t from, size_t end)
{
	const struct difference *first = &ranges[from], *last = &ranges[end - 1];
	size_t head = first->old_from < UNIFIED_CONTEXT ? first->old_from : UNIFIED_CONTEXT;
	size_t tail = job->old->count - last->old_to, at = first->old_from - head, changed = 0;
	size_t old_count, new_count;

	if (tail > UNIFIED_CONTEXT)
		tail = UNIFIED_CONTEXT;
	old_count = last->old_to + tail - at;
	new_count = last->new_to + tail - (first->new_from - head);
	/* a hunk of no line is given the line before it */
	buffer_printf(job->out, "@@ -%zu,%zu +%zu,%zu @@\n", at + (old_count > 0), old_count,
		first->new_from - head + (new_count > 0), new_count);
	for (size_t i = from; i < end; i++) {
		for (; at < ranges[i].old_from; at++)
			put_line(job, ' ', job->old, at);
		for (; at < ranges[i].old_to; at++, changed++)
			put_line(job, '-', job->old, at);
		for (size_t k = ranges[i].new_from; k < ranges[i].new_to; k++, changed++)
			put_line(job, '+', job->new, k);
	}
	for (size_t k = 0; k < tail; k++)
		put_line(job, ' ', job->old, at + k);
	return changed;
}

size_t
unified_put(struct arena *arena, const struct lines *old, const struct lines *new,
	const struct unified *how, struct buffer *out)
{
	const struct job job = {old, new, how, out};
	struct difference *ranges;
	size_t count = difference_find(arena, old, new, &ranges), changed = 0;

	if (count > 0)
		buffer_printf(out, "--- %s\n+++ %s\n", how->old_name, how->new_name);
	for (size_t i = 0, end; i < count; i = end) {
		end = group_end(ranges, count, i);
		changed += put_hunk(&job, ranges, i, end);
	}
	return changed;
}
