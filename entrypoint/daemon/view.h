#ifndef DAEMON_VIEW_H
#define DAEMON_VIEW_H

#include <stdbool.h>

#include "base/node.h"
#include "plan/plan.h"

/*
 * The view is what a template sees: every setting by its path, every MAIL_* and
 * POSTFIX_* variable by its name, and the values that a daemon's own file
 * computes, in the group of that daemon (postfix.networks). Settings that are
 * unset are null, so that a template may ask for them. All of it belongs to the
 * plan's arena; the settings themselves are not changed.
 */

/* A view of the plan's settings, with `generation`: the directory that `current` selects. */
struct node *view_make(struct plan *plan);

/* The group NAME of VIEW, into which computed values go. */
struct node *view_group(struct plan *plan, struct node *view, const char *name);

/* Sets one computed value. FROM is the setting it comes of, or NULL: a default. */
void view_text(struct plan *plan, struct node *group, const char *key, const char *text,
	const struct node *from);
void view_bool(struct plan *plan, struct node *group, const char *key, bool truth,
	const struct node *from);

/* The origin of a setting; of a default when FROM is NULL. Never NULL. */
const struct origin *view_origin(const struct node *from);

#endif
