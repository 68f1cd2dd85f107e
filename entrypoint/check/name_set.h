#ifndef CHECK_NAME_SET_H
#define CHECK_NAME_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A set of names: filled first, then asked. Names are not copied. */
struct name_set {
	const char **items;
	size_t count, room;
	bool sorted;
};

void name_set_add(struct name_set *set, struct arena *arena, const char *name);

/* Whether the first LEN bytes of NAME are in the set; sorts it when it has grown. */
bool name_set_has(struct name_set *set, const char *name, size_t len);

#endif
