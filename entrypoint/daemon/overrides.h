#ifndef DAEMON_OVERRIDES_H
#define DAEMON_OVERRIDES_H

#include "plan/plan.h"

/*
 * The user's templates as a whole. A file that replaces nothing would be passed
 * over without a word, and the built-in template stay in use: it is told as
 * template-unused. Called once every daemon has rendered its files.
 */
void overrides_check(struct plan *plan);

/*
 * The built-in template that NAME may be meant for: of the same last name, or
 * nearly so; one that PLAN renders first. NULL: none. PLAN may be NULL.
 */
const char *overrides_nearest(const struct plan *plan, const char *name);

#endif
