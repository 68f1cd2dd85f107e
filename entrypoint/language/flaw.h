#ifndef LANGUAGE_FLAW_H
#define LANGUAGE_FLAW_H

#include <stddef.h>

#include "base/arena.h"

/*
 * What is wrong with the text of a configuration file, in words that fit behind
 * "FILE:LINE:COLUMN: ". No text holds a value, for a value may be a secret; the
 * names of parameters and services may stand there. Lines count from 1, columns
 * are bytes and count from 1.
 */
#define FLAWS_MAX 100 /* more than these help nobody: the rest is not collected */

enum flaw_kind {
	FLAW_FATAL, /* the daemon ends when it reads this */
	FLAW_IGNORED, /* the daemon passes over this, and goes on */
	FLAW_DUPLICATE, /* something later stands in its place */
};

struct flaw {
	enum flaw_kind kind;
	int line, column;
	const char *text;
};

struct flaws {
	struct arena *arena; /* not owned */
	struct flaw *items;
	size_t count, room;
};

void flaws_init(struct flaws *flaws, struct arena *arena);

void flaw_add(struct flaws *flaws, enum flaw_kind kind, int line, int column, const char *format,
	...) __attribute__((format(printf, 5, 6)));

#endif
