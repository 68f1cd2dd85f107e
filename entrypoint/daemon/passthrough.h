#ifndef DAEMON_PASSTHROUGH_H
#define DAEMON_PASSTHROUGH_H

#include "base/node.h"
#include "plan/plan.h"

/*
 * The raw passthrough: POSTFIX_x, POSTFIXMASTER_x__y, OPENDKIM_X and their
 * settings, laid over a rendered file. What the file says of a name is replaced
 * in place, all further mentions of it are removed; a new name is appended; an
 * empty value removes the name, and leaves a comment that says who did. Each such
 * line has the passthrough as its origin, and what it overrode.
 *
 * Continuation lines belong to the line that they continue (postconf(5)). No
 * value can start a line: one with a line break is finding value-newline, a name
 * that the file cannot have is finding passthrough-name.
 */
enum passthrough_form {
	PASSTHROUGH_MAIN_CF, /* name = value */
	PASSTHROUGH_MASTER_CF, /* service/type: the rest of the line */
	PASSTHROUGH_OPENDKIM, /* Name value, the name in any case */
};

/* MAP: names to scalars, or NULL. FILE: one of the plan's, rendered before. */
void passthrough_apply(struct plan *plan, struct plan_file *file, const struct node *map,
	enum passthrough_form form);

/*
 * Whether any service of a rendered master.cf is chrooted: "y" in its fifth
 * field ("-" is "n" since compatibility_level 1).
 */
bool passthrough_master_chrooted(const struct plan_file *file);

#endif
