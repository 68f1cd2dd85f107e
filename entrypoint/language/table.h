#ifndef LANGUAGE_TABLE_H
#define LANGUAGE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Looks names up in the built-in tables (language/builtin.h), by bisection of
 * their text: nothing is parsed ahead, and nothing is kept.
 */
#define TABLE_FIELDS_MAX 12

struct table_row {
	const char *fields[TABLE_FIELDS_MAX]; /* [0] is the name; never NULL, "" where absent */
	size_t count; /* of fields that the line has */
};

/* The text of a built-in table behind its comments. An unknown TABLE is a broken invariant. */
const char *table_text(const char *table);

/* Finds the row of NAME, copied into ARENA. Returns false when there is none. */
bool table_find(struct arena *arena, const char *table, const char *name, struct table_row *row);

/*
 * Goes through a table: *AT begins as table_text(). Fills ROW and moves *AT on;
 * false at the end.
 */
bool table_next(struct arena *arena, const char **at, struct table_row *row);

/* The name nearest to NAME that ACCEPT (or NULL: all) takes; NULL when none is near. */
const char *table_nearest(struct arena *arena, const char *table, const char *name,
	bool (*accept)(const struct table_row *row, const void *context), const void *context);

#endif
