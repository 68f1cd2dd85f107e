#ifndef BASE_NODE_H
#define BASE_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/origin.h"

/*
 * A tree of values that know where they came from: what YAML becomes, what the
 * settings are, and what a template looks names up in. Everything in a tree
 * belongs to one arena. A scalar keeps its text as it was written ("0600" and
 * "3.10" stay so); only the schema turns it into a number or a yes/no.
 */
enum node_type { NODE_NULL, NODE_BOOL, NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node_index; /* private to node.c: finds keys of large maps */

struct node {
	enum node_type type;
	bool truth; /* of a NODE_BOOL */
	bool secret; /* never shown: log, diff, JSON, error */
	bool deferred; /* TEXT is a placeholder for a value that exists only at run time */
	bool quoted; /* YAML: it was quoted, so it is text even if it looks like null */
	const char *text; /* of a scalar or bool ("yes"/"no"); never NULL for these */
	struct origin origin;
	const struct node *overrode; /* the value that lost against this one, or NULL */
	struct node **items; /* list elements, or map values in order of insertion */
	const char **keys; /* of a map, beside ITEMS */
	struct origin *key_origins;
	size_t count;
	struct node_index *index;
};

struct node *node_new(struct arena *arena, enum node_type type, const struct origin *origin);
struct node *node_scalar(struct arena *arena, const char *text, const struct origin *origin);
struct node *node_bool(struct arena *arena, bool truth, const struct origin *origin);

/* Appends to a list. Returns ITEM. */
struct node *node_add(struct arena *arena, struct node *list, struct node *item);

/* Sets or replaces a key of a map; KEY is copied. Returns ITEM. */
struct node *node_set(struct arena *arena, struct node *map, const char *key, struct node *item);

/* As node_set, with the place where the key itself stands. */
struct node *node_set_at(struct arena *arena, struct node *map, const char *key,
	const struct origin *key_origin, struct node *item);

/* As node_set_at, but KEY is kept and not copied: it lives as long as the arena. */
struct node *node_keep_at(struct arena *arena, struct node *map, const char *key,
	const struct origin *key_origin, struct node *item);

/* The value of one key, or NULL. MAP may be NULL or no map at all. */
struct node *node_get(const struct node *map, const char *key);

/* The place of KEY in MAP's order, or -1. */
ptrdiff_t node_find(const struct node *map, const char *key);

/* The value at a dotted path, "tls.certificate", or NULL. */
struct node *node_at(const struct node *root, const char *path);

/* Sets the value at a dotted path, making the maps on the way. */
void node_set_path(struct arena *arena, struct node *root, const char *path, struct node *item);

/* Whether LIST, which may be NULL, has a scalar of that TEXT. */
bool node_has_text(const struct node *list, const char *text);

/* The text of a scalar at a dotted path; OTHERWISE when absent, null or no scalar. */
const char *node_text(const struct node *root, const char *path, const char *otherwise);

/* The truth of a bool at a dotted path; false when absent. */
bool node_true(const struct node *root, const char *path);

#endif
