#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/node.h"

/*
 * JSON by RFC 8259, and nothing that only looks like it: no comments, no comma at
 * the end, no second value, no key twice. Objects become maps, arrays lists, and
 * strings and numbers scalars (a string is marked as quoted; a number keeps its
 * text). Bytes that are not UTF-8 stay as they are: the caller escapes what it
 * shows. A NUL (\u0000) is refused, for a text here ends with one.
 *
 * Returns the value, in ARENA, or NULL; then *WHY says what is wrong and *AT is
 * the place, in bytes from the beginning.
 */
#define JSON_DEPTH 32 /* arrays and objects within each other */

struct node *
json_read(struct arena *arena, const char *text, size_t len, const char **why, size_t *at);

#endif
