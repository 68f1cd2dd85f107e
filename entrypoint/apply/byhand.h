#ifndef APPLY_BYHAND_H
#define APPLY_BYHAND_H

#include "base/buffer.h"
#include "plan/plan.h"

/*
 * Changes made by hand inside the container. They do not last: the next start
 * renders anew. So they are kept and told, never lost in silence.
 */
#define BYHAND_DIRECTORY PLAN_STATE_DIRECTORY "/by-hand"

/* The manifest of PLAN's files, "sha256  name" a line, appended to TEXT. */
void byhand_manifest(const struct plan *plan, struct buffer *text);

/*
 * Compares the files of the generation in use with its manifest; each that
 * differs is kept under BYHAND_DIRECTORY and told on stderr. 0, or -1 after
 * saying what failed.
 */
int byhand_find(void);

/* Keeps a copy of one file (mode 0600) and tells on stderr that it is replaced. 0 or -1. */
int byhand_keep(const char *path);

#endif
