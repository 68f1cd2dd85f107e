#ifndef CHECK_DOVECOT_VIEW_H
#define CHECK_DOVECOT_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

/*
 * What the other daemons must know of the rendered dovecot.conf: the sockets that
 * Dovecot will make, and the settings outside of any section. In the plan's arena.
 */
struct dovecot_listener {
	const char *service; /* "auth" */
	const char *name; /* of a port: "imaps" */
	const char *path; /* absolute; NULL: a port */
	const char *port;
	const char *ssl; /* of a port; NULL where it is not written */
	const char *mode, *user, *group; /* as written; "" where they are not */
	int line;
};

struct dovecot_view {
	const struct plan_file *file; /* NULL: there is no Dovecot here */
	bool includes; /* files that are not looked at: more may stand there */
	struct dovecot_listener *listeners;
	size_t count, room;
};

void dovecot_view_read(struct plan *plan, struct dovecot_view *view);

/* The value of a setting outside of any section, the last one, or NULL. *LINE is its line. */
const char *
dovecot_view_value(struct plan *plan, const struct dovecot_view *view, const char *name, int *line);

#endif
