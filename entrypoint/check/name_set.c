/* name_set.c - a sorted list of names, for questions that are asked once a line of a file */
#include "check/name_set.h"

#include <stdlib.h>
#include <string.h>

void
name_set_add(struct name_set *set, struct arena *arena, const char *name)
{
	if (set->count == set->room) {
		size_t room = set->room != 0 ? set->room * 2 : 32;

		set->items = arena_grow(arena, set->items, set->count * sizeof(*set->items),
			room * sizeof(*set->items));
		set->room = room;
	}
	set->items[set->count++] = name;
	set->sorted = false;
}

static int
compare(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

bool
name_set_has(struct name_set *set, const char *name, size_t len)
{
	size_t low = 0, high = set->count;

	if (!set->sorted && set->count > 0)
		qsort(set->items, set->count, sizeof(*set->items), compare);
	set->sorted = true;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strncmp(name, set->items[middle], len);

		if (order == 0 && set->items[middle][len] == '\0')
			return true;
		/* an item that goes on behind the LEN bytes is greater */
		if (order > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}
