#ifndef TEMPLATE_LOOKUP_H
#define TEMPLATE_LOOKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/node.h"
#include "template/tag.h"

/* The contexts in force, from the inside out. Each lives in the section that opened it. */
struct frame {
	const struct node *node; /* may be NULL */
	const struct frame *outer;
	bool secret, deferred; /* it, or what it was taken from, is */
	bool item; /* it, or a frame around it, is one of a list */
};

struct found {
	const struct node *node; /* NULL: nothing defines the name */
	bool secret, deferred; /* the node, or what it was taken from, is */
	const struct node *within; /* nothing found: the node that lacks the part, or NULL */
	size_t part; /* nothing found: which part of the name is missing */
};

/*
 * Looks the name of TAG up: its first part in FRAME and the frames around it,
 * the others in what was found. A NODE_NULL on the way is the result.
 */
struct found lookup_name(const struct frame *frame, const struct tag *tag);

/* Whether a section of it is rendered at all. */
bool lookup_true(const struct node *node);

/* A known name that may have been meant where lookup_name found nothing, in the arena, or NULL. */
const char *lookup_nearest(struct arena *arena, const struct frame *frame, const struct tag *tag,
	const struct found *found);

#endif
