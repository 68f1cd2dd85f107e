#ifndef LANGUAGE_EXPRESSION_H
#define LANGUAGE_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * "$" in the values of main.cf and master.cf (postconf(5), "$name"; mac_parse.c
 * and mac_expand.c in Postfix's sources):
 *
 *   $name ${name} $(name)            the value of a parameter, itself expanded
 *   $$                               a dollar sign
 *   ${name?text} ${name:text}        text if the value is not empty; if it is empty
 *   ${name?{text}:{text}}            both, white space around the braces does not count
 *   ${{a} == {b} ? {text} : {text}}  == != < <= >= >: as numbers when both sides are
 *                                    all digits, else as text; with the suffix "level"
 *                                    (<level) as compatibility levels, 3.10 above 3.9
 *
 * Any bytes may come: nesting is bounded as in Postfix, and so are steps and length.
 */
#define EXPRESSION_DEPTH 100 /* "unreasonable macro call nesting" beyond it */

/* What Postfix calls a "macro processing error" and dies of. */
struct expression_mistake {
	const char *text; /* fits behind "NAME: "; NULL when there is none */
	size_t at; /* offset in the value */
};

struct expression_name {
	const char *name;
	size_t at; /* offset of its first byte in the value */
};

struct expression_names {
	struct expression_name *items;
	size_t count, room;
};

/*
 * Goes through all of VALUE, both sides of each condition included, and appends
 * the names in it to NAMES (which may be NULL). Stops at the first mistake.
 * Returns whether there is none.
 */
bool expression_scan(struct arena *arena, const char *value, struct expression_names *names,
	struct expression_mistake *mistake);

enum expression_result {
	EXPRESSION_DONE,
	EXPRESSION_UNKNOWN, /* a value in it is not known, or it is too long to follow */
	EXPRESSION_MISTAKE, /* in VALUE, or in a value that it refers to */
	EXPRESSION_CIRCLE, /* it refers to itself in the end */
};

/*
 * Sets *VALUE to the unexpanded value of NAME, or to NULL when nothing defines it:
 * then it counts as empty. Returns false when the value is not known here.
 */
typedef bool expression_lookup(void *context, const char *name, const char **value);

/* Expands VALUE. *EXPANDED is in the arena, and set with EXPRESSION_DONE alone. */
enum expression_result expression_expand(struct arena *arena, const char *value,
	expression_lookup *lookup, void *context, const char **expanded);

#endif
