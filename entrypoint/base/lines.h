#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

/* A text cut at its line ends; the pieces point into the text. */
struct lines {
	const char **start;
	size_t *len;
	size_t count;
};

struct lines lines_cut(struct arena *arena, const char *text, size_t len);

/* Whether line I of A is line J of B. */
bool lines_equal(const struct lines *a, size_t i, const struct lines *b, size_t j);

#endif
