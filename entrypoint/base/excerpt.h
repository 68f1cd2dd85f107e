#ifndef BASE_EXCERPT_H
#define BASE_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * "\n    source line\n    ^": what a message about a place in a file ends with,
 * for people find the place faster when they see it.
 */

/*
 * The line of LEN bytes, without its line break, and a caret under COLUMN, which
 * counts characters from 1. A long line is cut around the caret; control
 * characters become blanks, so that the caret stands right and a terminal is
 * told nothing. In the arena.
 */
const char *excerpt_show(struct arena *arena, const char *line, size_t len, int column);

/* The byte of the COLUMNth character (from 1) of a line, at most its end. */
size_t excerpt_offset(const char *line, size_t len, int column);

/*
 * Whether LEN bytes of TEXT speak of a password or its like, in any case of
 * letters, or hold a login as in user:password@host, or a lookup table that is written out.
 * Such a line may carry one, and a message must not.
 */
bool excerpt_may_hold_secret(const char *text, size_t len);

/* What stands in a message instead of a line that may hold a secret. */
#define EXCERPT_HIDDEN "\n    (the line is not shown: it may hold a secret)"

#endif
