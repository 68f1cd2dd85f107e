#ifndef DAEMON_RENDER_H
#define DAEMON_RENDER_H

#include "base/node.h"
#include "plan/plan.h"
#include "template/escape.h"

/* Where an image's user puts templates that replace built-in ones, file by file. */
#define RENDER_OVERRIDES "/etc/mailinit/templates"

/*
 * Templates are looked for in DIRECTORY first, then under RENDER_OVERRIDES of
 * the plan's root, then in the binary. NULL: no such directory. The text must
 * live as long as plans are made.
 */
void render_templates_from(const char *directory);

/*
 * Renders TEMPLATE ("postfix/main.cf.mustache") with VIEW, strictly, and adds
 * the result to the plan as file NAME ("postfix/main.cf", see plan.h) with LINK.
 * ESCAPE belongs to the kind of file; {{{x}}} is as raw as one line can be.
 * Returns the file, or NULL when there is no rendering: a finding says why.
 */
struct plan_file *render_file(struct plan *plan, const struct node *view, const char *template_name,
	escape_function *escape, const char *name, const char *link);

#endif
