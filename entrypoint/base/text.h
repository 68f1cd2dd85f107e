#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

bool text_starts(const char *text, const char *prefix);
bool text_ends(const char *text, const char *suffix);

/* TEXT without blanks at both ends, in the arena. */
char *text_trim(struct arena *arena, const char *text);

/* ASCII lower case, in the arena; the locale has no say. */
char *text_lower(struct arena *arena, const char *text);

/*
 * Makes control characters of TEXT to '?', so that what came from a file moves no
 * terminal that a message is shown on; those beyond ASCII (C1, in UTF-8) too.
 * Returns TEXT.
 */
char *text_mask_controls(char *text);

/* The same, but line breaks and tabs stay: of a message of several lines. */
char *text_mask_lines(char *text);

/*
 * Edit distance between two names (insert, delete, replace, swap of
 * neighbours), case and '-' against '_' not counted. Names longer than 63 bytes
 * are as far as can be. Used for "did you mean".
 */
int text_distance(const char *a, const char *b);

/*
 * Of NAMES, the one that NAME is short for (its last word is cut off), else the
 * one nearest to it within a distance that a typing error explains, or NULL. A
 * name of one or two letters may be any, so nothing but itself is near it.
 */
const char *text_nearest(const char *name, const char *const *names, size_t count);

#endif
