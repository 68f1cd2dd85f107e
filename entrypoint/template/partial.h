#ifndef TEMPLATE_PARTIAL_H
#define TEMPLATE_PARTIAL_H

#include <stddef.h>

#include "base/arena.h"
#include "template/mistake.h"
#include "template/mustache.h"
#include "template/tag.h"

#define PARTIAL_INDENT_BYTES_MAX 255 /* of all partials around it together */
#define PARTIAL_COUNT_MAX 256 /* different ones in one rendering */

/* A template at work: the one that was asked for, or a partial within another. */
struct include {
	const struct tag_list *list;
	const struct include *outer; /* NULL: the template that was asked for */
	const struct tag *tag; /* in OUTER: the tag that included it */
	size_t depth;
	char indent[PARTIAL_INDENT_BYTES_MAX + 1]; /* put before each line */
};

struct partial; /* private to partial.c */

/* The partials met so far: each is looked for and parsed once, wherever it is used. */
struct partials {
	struct arena *arena;
	struct mistakes *mistakes;
	const struct template_options *options;
	struct partial *newest;
	size_t count;
};

void partials_init(struct partials *partials, struct arena *arena, struct mistakes *mistakes,
	const struct template_options *options);

/*
 * Sets INNER up for the partial that TAG, a tag of OUTER, names. Returns 0, or -1 when
 * there is nothing to render: no such partial, mistakes in it, or a limit.
 */
int partial_enter(struct partials *partials, const struct include *outer, struct tag *tag,
	struct include *inner);

#endif
