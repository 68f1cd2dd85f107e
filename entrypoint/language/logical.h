#ifndef LANGUAGE_LOGICAL_H
#define LANGUAGE_LOGICAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "language/fault.h"

/*
 * The logical lines of Postfix's files (postconf(5), "the general format of the
 * main.cf file"; master(5) has the same words). Comments, empty lines and lines
 * of white space are dropped wherever they stand, also within a value. A logical
 * line ends only before a line that begins with neither white space nor "#". Its
 * parts are joined with the white space at their beginning, and without the line
 * breaks: no value can hold one.
 *
 * Text of a line belongs to the arena that logical_next was given.
 */
struct logical_piece {
	size_t at; /* the text from here on … */
	int line, column; /* … stands here in the file */
};

struct logical_line {
	const char *text; /* NUL-terminated, may hold further NUL bytes */
	size_t len;
	int first, last; /* physical lines that hold text of it */
	const struct logical_piece *pieces;
	size_t piece_count;
	bool has_nul; /* what stands behind a NUL byte is lost (readlline.c) */
};

struct logical_reader {
	const char *text; /* not owned, not copied */
	size_t len, at;
	int line; /* that ended last */
};

/* Postfix's white space: that of ASCII, whatever the locale is. */
bool logical_is_space(char c);

void logical_begin(struct logical_reader *reader, const char *text, size_t len);

/* Fills LINE with the next logical line, which is never empty. Returns false at the end. */
bool logical_next(struct arena *arena, struct logical_reader *reader, struct logical_line *line);

/*
 * The same for the entries of a file. A line that begins with white space and
 * continues nothing is none, and is told; so is text that a NUL byte hides.
 */
bool
logical_next_entry(struct faults *faults, struct logical_reader *reader, struct logical_line *line);

/* Where byte AT of the line's text stands in the file. */
void logical_place(const struct logical_line *line, size_t at, int *file_line, int *column);

#endif
