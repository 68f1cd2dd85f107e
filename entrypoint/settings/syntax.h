#ifndef SETTINGS_SYNTAX_H
#define SETTINGS_SYNTAX_H

#include <stdbool.h>

#include "base/arena.h"
#include "settings/schema.h"

/*
 * The grammar of single values. Pure: text in, text out.
 *
 * Returns the normal form of TEXT for ROW's type: bytes, milliseconds, "yes" or
 * "no", names in lower case, IPv6 networks in the square brackets that Postfix
 * wants. It belongs to ARENA or is TEXT itself. NULL when TEXT is not of the
 * type; then *WHY goes on after the value: "is no size: …".
 */
const char *
syntax_read(struct arena *arena, const struct schema_row *row, const char *text, const char **why);

/* RFC 1123 section 2.1: labels of letters, digits and hyphens, 63 bytes each, 253 in all. */
bool syntax_is_domain(const char *text);

/* NULL, or what is wrong with TEXT as the full name of a mail server. */
const char *syntax_full_name(const char *text);

#endif
