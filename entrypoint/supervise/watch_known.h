#ifndef SUPERVISE_WATCH_KNOWN_H
#define SUPERVISE_WATCH_KNOWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/watch_list.h"

/*
 * What the newest plan knew: its list, mapped where it lies. A list that is
 * replaced is taken anew; one that somebody else could have written is not
 * believed.
 */
struct watch_known {
	char path[128]; /* of the list */
	const void *data; /* NULL: there is none */
	size_t size;
	struct stat status; /* of the file that is mapped; all zero: none */
};

void watch_known_init(struct watch_known *known, const char *run_directory);

/* Takes the list anew if it is another one. Returns whether it was. */
bool watch_known_renew(struct watch_known *known);

/* Begins to read the list. Returns whether there is one. */
bool watch_known_begin(const struct watch_known *known, struct watch_list *list);

#endif
