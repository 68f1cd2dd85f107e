#ifndef DAEMON_DAEMON_H
#define DAEMON_DAEMON_H

#include <stdbool.h>

#include "plan/plan.h"

/*
 * All that is known of a daemon stands in its own file(s). Adding one is adding
 * a file here, a folder to templates/, and its row to daemons.c.
 */
struct daemon {
	const char *name;
	unsigned place; /* exit code 10 + place */

	/* Whether the roles of the settings need it in this container. */
	bool (*wanted)(const struct plan *plan);

	/* Adds its files, directories, service and findings to the plan. */
	void (*contribute)(struct plan *plan);
};

extern const struct daemon daemon_opendkim, daemon_dovecot, daemon_postfix;

/* Whether "mx", "submission", "relay", "mailstore" or "dkim" is among the roles. */
bool daemon_role(const struct plan *plan, const char *role);

/* Adds every daemon that is wanted, in the order in which they start. */
void daemons_contribute(struct plan *plan);

#endif
