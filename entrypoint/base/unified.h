#ifndef BASE_UNIFIED_H
#define BASE_UNIFIED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/lines.h"

/*
 * The difference between two texts in the form that diff -u has and patch(1) takes,
 * for logs and files. A line that HIDE picks is named and not shown; a control
 * character becomes "?", for it would speak to the terminal that shows the log.
 */
struct unified {
	const char *old_name, *new_name;
	bool (*hide)(void *context, const char *line, size_t len); /* NULL: none */
	void *context;
};

/* Appends it to OUT, nothing when the texts are the same. Returns how many lines come or go. */
size_t unified_put(struct arena *arena, const struct lines *old, const struct lines *new,
	const struct unified *how, struct buffer *out);

#endif
