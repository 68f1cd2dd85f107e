#ifndef BASE_WATCHES_H
#define BASE_WATCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * The files and directories that a plan was made from, each with what stat(2)
 * said of it just before it was read: a later look tells whether it is still the
 * same, also when the change came while the plan was being made. A path that
 * does not exist is watched as well: it may come.
 */
struct watch_mark {
	int32_t error; /* errno of the stat: ENOENT where nothing is; then all else is 0 */
	uint64_t device, inode, size;
	int64_t modified_ns, changed_ns; /* st_mtim, st_ctim, since 1970 */
};

struct watched {
	const char *path; /* in the arena */
	struct watch_mark mark;
};

struct watches {
	struct arena *arena; /* not owned */
	struct watched *items;
	size_t count, room;
};

void watches_init(struct watches *watches, struct arena *arena);

/*
 * Adds PATH, which is copied, as it is now. Call it before reading. A path may be
 * added twice: then the first mark counts. WATCHES may be NULL: nobody wants to know.
 */
void watches_add(struct watches *watches, const char *path);

/* PATH is as its reader has just made it himself: that is no change. WATCHES may be NULL. */
void watches_renew(struct watches *watches, const char *path);

/* What PATH is now, at the end of all its links. Never fails: see the mark's ERROR. */
void watch_look(const char *path, struct watch_mark *mark);

bool watch_same(const struct watch_mark *a, const struct watch_mark *b);

#endif
