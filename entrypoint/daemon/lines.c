/* lines.c - files made line by line */
#include "daemon/lines.h"

#include <string.h>

void
lines_init(struct lines *lines, struct plan *plan)
{
	memset(lines, 0, sizeof(*lines));
	lines->plan = plan;
}

static struct plan_line *
next_line(struct lines *lines)
{
	size_t room = lines->room != 0 ? lines->room * 2 : 64;

	if (lines->count == lines->room) {
		lines->items = arena_grow(lines->plan->arena, lines->items,
			lines->count * sizeof(*lines->items), room * sizeof(*lines->items));
		lines->room = room;
	}
	memset(&lines->items[lines->count], 0, sizeof(*lines->items));
	return &lines->items[lines->count++];
}

struct plan_line *
lines_add(struct lines *lines, const char *text, const struct origin *from)
{
	struct plan_line *line = next_line(lines);

	buffer_puts(&lines->text, text);
	buffer_putc(&lines->text, '\n');
	if (from != NULL) {
		line->origins = from;
		line->origin_count = 1;
	}
	return line;
}

void
lines_keep(struct lines *lines, const char *text, size_t len, const struct plan_line *line)
{
	struct plan_line *kept = next_line(lines);

	buffer_append(&lines->text, text, len);
	buffer_putc(&lines->text, '\n');
	if (line != NULL)
		*kept = *line;
}

void
lines_finish(struct lines *lines, struct plan_file *file)
{
	buffer_free(&file->content);
	file->content = lines->text;
	file->lines = lines->items;
	file->line_count = lines->count;
	memset(&lines->text, 0, sizeof(lines->text));
}
