#ifndef TEMPLATE_LINE_H
#define TEMPLATE_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "template/lookup.h"
#include "template/mustache.h"

/*
 * Keeps the book of the output: for each of its lines, where it began in which
 * template and which values flowed into it. Whoever appends to OUT->content
 * calls line_account for what was appended.
 */
struct line_book {
	struct arena *arena;
	struct template_output *out; /* not owned */
	size_t room; /* of OUT->lines */
	size_t from; /* where the line in work begins in OUT->content */
	bool begun;
	struct template_line now; /* the line in work; its origins are the arrays below */
	struct origin origins[TEMPLATE_LINE_ORIGINS_MAX];
	struct origin overrode[TEMPLATE_LINE_ORIGINS_MAX];
};

void line_book_init(struct line_book *book, struct arena *arena, struct template_output *out);

/* The line in work depends on what was found. Begins a line if none is in work. */
void line_depends(struct line_book *book, const char *file, int line, const struct found *found);

/* A value was printed into the line in work: it is as secret as the value. */
void line_holds(struct line_book *book, const struct found *found);

/*
 * The content from FROM on was appended by the template's FILE and LINE. FOUND is the
 * value it came from, or NULL when it is text of the template.
 */
void line_account(
	struct line_book *book, size_t from, const char *file, int line, const struct found *found);

/* Closes the last line, if it lacks its newline. */
void line_finish(struct line_book *book);

#endif
