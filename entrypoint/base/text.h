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
 * Edit distance between two names (insert, delete, replace, swap of
 * neighbours), case and '-' against '_' not counted. Names longer than 63 bytes
 * are as far as can be. Used for "did you mean".
 */
int text_distance(const char *a, const char *b);

/* Of NAMES, the one nearest to NAME within a distance that a typing error explains, or NULL. */
const char *text_nearest(const char *name, const char *const *names, size_t count);

#endif
