#ifndef BASE_DIFFERENCE_H
#define BASE_DIFFERENCE_H

#include <stddef.h>

#include "base/arena.h"
#include "base/lines.h"

/*
 * Where two texts differ, as ranges of lines that are in order and never touch
 * one another: lines OLD_FROM up to OLD_TO (not included, from 0) give way to
 * lines NEW_FROM up to NEW_TO. Either side may be empty, never both.
 */
struct difference {
	size_t old_from, old_to;
	size_t new_from, new_to;
};

/*
 * The shortest list of changes from OLD to NEW (E. Myers, An O(ND) Difference
 * Algorithm, 1986). Texts that differ in more than DIFFERENCE_EDITS lines are
 * not worth the search: what lies between their common head and their common
 * tail is then one range. Sets *FOUND, of the arena, and returns how many.
 */
#define DIFFERENCE_EDITS 256
size_t difference_find(struct arena *arena, const struct lines *old, const struct lines *new,
	struct difference **found);

#endif
