#ifndef BASE_WATCH_LIST_H
#define BASE_WATCH_LIST_H

#include <stddef.h>

#include "base/buffer.h"
#include "base/watches.h"

/*
 * The list of what the newest plan was made from, as a file: the child that
 * plans writes it, the process that watches reads it. Both are the same binary;
 * a list of another build is refused by its first bytes. It is read where it
 * lies (mmap), so nothing is copied.
 */
#define WATCH_LIST_NAME "watches" /* in the run directory */
#define WATCH_LIST_BYTES (16 * 1024 * 1024) /* no list is longer */
#define WATCH_PATH_BYTES 4096 /* PATH_MAX: no path of a list is longer, with its NUL */

/* A list that is being read. DATA stays the caller's. */
struct watch_list {
	const char *data;
	size_t size, at;
};

/*
 * Appends the COUNT ITEMS to OUT, with what a list begins with. A path that is not
 * absolute, or too long, and what would make the list too long, is left out.
 * Returns how many were.
 */
size_t watch_list_write(const struct watched *items, size_t count, struct buffer *out);

/* Begins to read SIZE bytes of DATA. Returns 0, or -1 when they are no list of this build. */
int watch_list_begin(struct watch_list *list, const void *data, size_t size);

/*
 * The next item; its path lies in the list. Returns 1, 0 at the end, or -1 when
 * the rest is broken: then what came before it still counts.
 */
int watch_list_next(struct watch_list *list, struct watched *item);

#endif
