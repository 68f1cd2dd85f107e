/*
 * difference.c - where two texts differ
 *
 * A diagonal is the set of places (x, y) with the same x - y, where x lines of
 * the old text and y lines of the new one are done with. With one edit more at
 * each step the search notes how far each diagonal leads; the way back through
 * the steps is the list of edits.
 */
#include "base/difference.h"

#include <stdbool.h>
#include <string.h>

#define DIAGONALS (2 * DIFFERENCE_EDITS + 3)
#define MIDDLE (DIFFERENCE_EDITS + 1) /* the place of diagonal 0 */

/* What lies between the common head and the common tail of both texts. */
struct search {
	struct arena *arena;
	const struct lines *old, *new;
	long head, old_count, new_count;
	long *before[DIFFERENCE_EDITS + 1]; /* by edits: the diagonals before that step */
	bool *gone, *come; /* per line of OLD, of NEW */
};

static bool
same(const struct search *search, long x, long y)
{
	return lines_equal(
		search->old, (size_t)(search->head + x), search->new, (size_t)(search->head + y));
}

/* by_new - whether diagonal K goes on with a new line, and not with an old one that goes */
static bool
by_new(const long *diagonals, long edits, long k)
{
	return k == -edits || (k != edits && diagonals[MIDDLE + k - 1] < diagonals[MIDDLE + k + 1]);
}

/* step - all diagonals with one edit more; whether the end of both texts was reached */
static bool
step(const struct search *search, long *diagonals, long edits)
{
	for (long k = -edits; k <= edits; k += 2) {
		long x = by_new(diagonals, edits, k) ? diagonals[MIDDLE + k + 1]
						     : diagonals[MIDDLE + k - 1] + 1;

		while (x < search->old_count && x - k < search->new_count && same(search, x, x - k))
			x++;
		diagonals[MIDDLE + k] = x;
		if (x >= search->old_count && x - k >= search->new_count)
			return true;
	}
	return false;
}

/* walk_back - from the end of both texts, marks the line of each edit */
static void
walk_back(struct search *search, long edits)
{
	long x = search->old_count, y = search->new_count;

	for (; edits > 0; edits--) {
		const long *diagonals = search->before[edits];
		long k = x - y;
		bool new_line = by_new(diagonals, edits, k);

		k += new_line ? 1 : -1;
		x = diagonals[MIDDLE + k];
		y = x - k;
		if (new_line)
			search->come[search->head + y] = true;
		else
			search->gone[search->head + x] = true;
	}
}

/* find_edits - marks what goes and what comes; false when that is too much to look for */
static bool
find_edits(struct search *search)
{
	long diagonals[DIAGONALS] = {0};

	for (long edits = 0; edits <= DIFFERENCE_EDITS; edits++) {
		search->before[edits] =
			arena_grow(search->arena, diagonals, sizeof(diagonals), sizeof(diagonals));
		if (step(search, diagonals, edits)) {
			walk_back(search, edits);
			return true;
		}
	}
	return false;
}

static void
mark_all(struct search *search)
{
	memset(search->gone + search->head, true, (size_t)search->old_count);
	memset(search->come + search->head, true, (size_t)search->new_count);
}

/* gather - the marks as ranges */
static size_t
gather(const struct search *search, struct difference *found)
{
	size_t x = 0, y = 0, count = 0;

	while (x < search->old->count || y < search->new->count) {
		struct difference range = {.old_from = x, .new_from = y};

		while (x < search->old->count && search->gone[x])
			x++;
		while (y < search->new->count && search->come[y])
			y++;
		range.old_to = x;
		range.new_to = y;
		if (range.old_to > range.old_from || range.new_to > range.new_from)
			found[count++] = range;
		x++;
		y++;
	}
	return count;
}

size_t
difference_find(struct arena *arena, const struct lines *old, const struct lines *new,
	struct difference **found)
{
	struct search search = {.arena = arena, .old = old, .new = new};
	size_t head = 0, old_end = old->count, new_end = new->count;

	while (head < old_end && head < new_end && lines_equal(old, head, new, head))
		head++;
	while (old_end > head && new_end > head &&
		lines_equal(old, old_end - 1, new, new_end - 1)) {
		old_end--;
		new_end--;
	}
	search.head = (long)head;
	search.old_count = (long)(old_end - head);
	search.new_count = (long)(new_end - head);
	search.gone = arena_alloc(arena, old->count + 1);
	search.come = arena_alloc(arena, new->count + 1);
	if (search.old_count == 0 || search.new_count == 0 || !find_edits(&search))
		mark_all(&search);
	/* at least one line stays between two ranges, or each has an edit of its own */
	*found = arena_alloc(arena, (2 * DIFFERENCE_EDITS + 2) * sizeof(**found));
	return gather(&search, *found);
}
