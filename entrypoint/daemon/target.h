#ifndef DAEMON_TARGET_H
#define DAEMON_TARGET_H

#include "plan/plan.h"

/* Where an image says what its daemons are: "key=value" lines, written at its build. */
#define TARGET_FILE "/usr/share/mailinit/target"

/*
 * Fills plan->target: from WANTED ("debian13" or "trixie", "debian12" or "bookworm", or a file), else from
 * the image's own file below plan->root, with the types of lookup tables that its
 * packages registered since, else debian13. Something that is none of these is
 * finding target-unknown.
 */
void target_find(struct plan *plan, const char *wanted);

/* Whether the file system at / is an image of ours: it has a target file. */
bool target_is_here(void);

#endif
