#ifndef DAEMON_POSTFIX_SOURCE_H
#define DAEMON_POSTFIX_SOURCE_H

#include <stddef.h>

#include "plan/plan.h"

/*
 * The text of a lookup table as postmap reads it: "key value" in logical lines
 * (postmap(1)). A line that it would pass over with a warning is map-line, a second one
 * for a key map-duplicate; both name PATH and the line, and no text of it, which may be a
 * secret. No more than ten of each are told.
 */
void postfix_source_check(struct plan *plan, const char *path, const char *text, size_t len);

/*
 * The table of an aliases(5) file, "name: value" in logical lines, with names in small
 * letters as postalias stores them; *LEN becomes its length. In the arena.
 */
const char *
postfix_source_aliases(struct plan *plan, const char *path, const char *text, size_t *len);

#endif
