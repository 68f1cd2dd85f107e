#ifndef TEMPLATE_MISTAKE_H
#define TEMPLATE_MISTAKE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/finding.h"
#include "template/mustache.h"

/*
 * The findings of one rendering: counted, so that the renderer knows whether it
 * failed, and bounded, so that one wrong name in a loop of ten thousand is no
 * report of ten thousand lines.
 */
struct mistakes {
	struct findings *findings; /* not owned */
	size_t count;
	size_t warnings; /* of mistake_warn, which fail nothing */
	bool stop; /* nothing more can come of this rendering */
};

/* A place in a template; line and column from 1, columns count characters. */
struct place {
	const struct template_source *source;
	int line, column;
};

/*
 * Adds a finding of rule ID at a place in a template, whose line the message ends
 * with. May be refined until the next call.
 */
struct finding *mistake_add(struct mistakes *mistakes, const char *id, const struct place *place,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* As mistake_add, but nothing failed. NULL when there were too many: it is not told. */
struct finding *mistake_warn(struct mistakes *mistakes, const char *id, const struct place *place,
	const char *format, ...) __attribute__((format(printf, 4, 5)));

/* As mistake_add, for a value: the finding's origin is where the value came from. */
struct finding *
mistake_add_value(struct mistakes *mistakes, const char *id, const struct origin *origin,
	const struct place *place, const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
