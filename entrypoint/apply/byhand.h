#ifndef APPLY_BYHAND_H
#define APPLY_BYHAND_H

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * Changes made by hand inside the container do not last: the next start renders
 * anew. So they are kept, never lost in silence. The plan says what they are.
 */

/* The manifest of PLAN's files, "sha256  name" a line, appended to TEXT. */
void byhand_manifest(const struct plan *plan, struct buffer *text);

/*
 * Keeps each changed file of PLAN (mode 0600) with its difference beside it, ".diff",
 * below PLAN_BYHAND_DIRECTORY, and what is told of it below PLAN_BYHAND_RECORDS: for
 * later plans, to which the replaced file no longer shows it. Returns 0, or -1 after
 * saying what failed.
 */
int byhand_keep(const struct plan *plan);

/* Forgets what was told before this start; the copies stay. 0, or -1 after saying what failed. */
int byhand_forget(void);

#endif
