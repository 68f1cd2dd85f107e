#ifndef DAEMON_LISTEN_H
#define DAEMON_LISTEN_H

#include "plan/plan.h"

/*
 * Where a daemon listens for a Postfix in another container, by one of the settings
 * listen.*. Texts are the plan's or static.
 */
struct listen {
	const char *port; /* NULL: nowhere */
	const char *address; /* without brackets; "" is all of them */
	const struct node *from; /* the setting; NULL: by default */
};

/* Of the setting PATH; unset it is port OTHERWISE, and nowhere when that is NULL. */
struct listen listen_of(struct plan *plan, const char *path, const char *otherwise);

/* "127.0.0.1:24", "[fd00::2]:24": where the container itself finds it. In the arena. */
const char *listen_near(struct plan *plan, const struct listen *listen);

#endif
