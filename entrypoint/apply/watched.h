#ifndef APPLY_WATCHED_H
#define APPLY_WATCHED_H

#include "plan/plan.h"

/*
 * What PLAN was made from becomes the list (base/watch_list.h) of the process that
 * watches: sorted, each path once, absolute. What is mailinit's own, the queue, /proc
 * and /sys stay out. 0, or -1 after saying what failed: then the list is as it was,
 * the watcher sees the difference, and asks for a new plan in a minute.
 */
int watched_replace(const struct plan *plan);

/*
 * The same of a plan that was refused, which may have stopped anywhere: what the
 * list held before is watched on.
 */
int watched_extend(const struct plan *plan);

#endif
