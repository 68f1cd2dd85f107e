#ifndef APPLY_APPLY_H
#define APPLY_APPLY_H

#include <stdbool.h>

#include "plan/plan.h"

/*
 * The only room that writes. It carries out a plan that has been checked:
 * directories, keys and certificates that only now exist, one generation of
 * files selected by one rename, the chroot's files.
 *
 * All is staged before anything is switched: on any failure the generation in
 * use stays in use, byte for byte, and what was staged is removed. Unchanged
 * files are hard links to those of the generation before, so their inode and
 * times stay.
 *
 * FIRST is true at a start: then the queue is looked after too. On return the
 * service table of the plan knows the generation, and for each service whether
 * a file of its own changed. Returns an exit code: EXIT_DONE; EXIT_SYSTEM after
 * saying on stderr what it was unable to do; EXIT_DAEMON when Postfix itself
 * does not take its configuration, which is then not put into use.
 */
int apply_plan(struct plan *plan, bool first);

#endif
