#ifndef APPLY_TOLD_H
#define APPLY_TOLD_H

#include <stdbool.h>

#include "plan/plan.h"

/*
 * Files that a process of Postfix reads once: those by which names are found
 * (plan_system_files), and text tables of the user's own. Whether they differ from what
 * they were when this was last asked: then its processes must be told. RESOLVER says
 * that names are found in another way. FIRST: they start now, and read all of it anyway.
 * 0, or -1 after saying what failed.
 */
int told_sync(const struct plan *plan, bool first, bool *changed, bool *resolver);

#endif
