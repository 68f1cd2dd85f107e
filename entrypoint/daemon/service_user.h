#ifndef DAEMON_SERVICE_USER_H
#define DAEMON_SERVICE_USER_H

#include "plan/plan.h"

/* What a service of the user's asks of the image: a program, a user and a group. */

/*
 * Whether the program PATH is there and can be executed; if not, the finding
 * service-command at ORIGIN's place. Only looked at in the container, or under a root.
 */
void service_user_look(struct plan *plan, const char *name, const char *key,
	const struct node *origin, const char *path);

/*
 * Fills in uid and gid from the fields user and group of RECORD: numbers, or names of
 * the image. Names are looked up in the container alone; elsewhere they stay 0.
 */
void service_user_set(struct plan *plan, struct service_spec *service, const struct node *record);

/*
 * The finding capability-missing, at NODE's place, when the container that is about to
 * start lacks a capability that the service needs WHY. A service that is not required
 * may lack it: then it is a warning.
 */
void service_user_needs(struct plan *plan, const struct service_spec *service,
	const struct node *node, unsigned capability, const char *why);

#endif
