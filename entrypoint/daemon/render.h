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

#define RENDER_PLACES 2

/*
 * Where the user's template NAME would lie on this machine, by rank of the directories;
 * of NAME "" the directory itself. In the arena; NULL: there is no such directory.
 */
const char *render_user_path(const struct plan *plan, size_t place, const char *name);

/*
 * Renders TEMPLATE ("postfix/main.cf.mustache", static) with VIEW, strictly, and
 * adds the result to the plan as file NAME ("postfix/main.cf", see plan.h) with LINK.
 * The plan keeps the view (plan_add_view). ESCAPE belongs to the kind of file;
 * {{{x}}} is as raw as one line can be. Returns the file, or NULL when there is no
 * rendering: a finding says why.
 */
struct plan_file *render_file(struct plan *plan, const struct node *view, const char *template_name,
	escape_function *escape, const char *name, const char *link);

#endif
