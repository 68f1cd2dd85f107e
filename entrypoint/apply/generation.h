#ifndef APPLY_GENERATION_H
#define APPLY_GENERATION_H

#include "plan/plan.h"

/*
 * Generations: /run/mailinit/gen-N holds all files of one plan, the symlink
 * /run/mailinit/current selects one of them.
 */
struct generation {
	char staged[64]; /* the directory that is being filled, not yet in use */
	char final[64]; /* its name once it is in use */
	unsigned number;
	bool same; /* every file is there already, byte for byte: nothing to switch */
};

/*
 * Writes all files of PLAN beside the generation in use; no reader sees them.
 * Marks the services whose files changed in the plan's table. Returns 0, or -1
 * after saying what failed; then generation_drop removes what was staged.
 */
int generation_stage(struct plan *plan, struct generation *generation);

/* Puts the staged generation into use by one rename, and removes old ones. 0 or -1. */
int generation_switch(struct plan *plan, const struct generation *generation);

/* Removes what was staged and not switched to. */
void generation_drop(const struct generation *generation);

/*
 * The links by which the daemons find their files (/etc/postfix/main.cf …) are
 * made to point into the generation in use, where they do not already. A plain
 * file found there, made by hand or by postconf -e, was kept before (apply/byhand.h).
 * Whoever reads such a file is marked as changed. 0 or -1.
 */
int generation_link(struct plan *plan);

#endif
