#ifndef APPLY_PASSWORDS_H
#define APPLY_PASSWORDS_H

#include "plan/plan.h"

/*
 * Replaces the placeholders in FILE by hashes of the passwords that the files of
 * plan->passwords hold. A hash made before is kept under /var/lib/mailinit and
 * taken again while its password file is the same (device, inode, size, time):
 * ten thousand hashes at each start would be tens of seconds. Returns 0, or -1
 * after saying what failed, never showing a password.
 */
int passwords_fill(struct plan *plan, struct plan_file *file);

#endif
