#ifndef APPLY_LATE_H
#define APPLY_LATE_H

#include "plan/plan.h"

/*
 * Content that only a running container has: keys and certificates made when
 * they are missing, passwords hashed. What is made is stored durably under
 * /var/lib/mailinit before anything uses it. Returns 0, or -1 after saying what
 * failed.
 */
int late_make(struct plan *plan);

#endif
