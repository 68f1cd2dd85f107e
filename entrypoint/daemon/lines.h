#ifndef DAEMON_LINES_H
#define DAEMON_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

/*
 * A file that is made line by line, each line with its origin: lookup tables,
 * the users of Dovecot, and files whose lines a passthrough edits. TEXT is freed
 * by lines_finish; the rest belongs to the plan's arena.
 */
struct lines {
	struct plan *plan;
	struct buffer text;
	struct plan_line *items;
	size_t count, room;
};

void lines_init(struct lines *lines, struct plan *plan);

/*
 * Appends one line (TEXT without its newline) that came of FROM, or of nothing
 * when FROM is NULL; FROM lives as long as the plan. Returns the line's record, good until the next call.
 */
struct plan_line *lines_add(struct lines *lines, const char *text, const struct origin *from);

/* Appends a line that is already part of a file, with its record as it is. */
void lines_keep(struct lines *lines, const char *text, size_t len, const struct plan_line *line);

/* Moves all lines into FILE, replacing its content. */
void lines_finish(struct lines *lines, struct plan_file *file);

#endif
