#ifndef COMMAND_BUILD_H
#define COMMAND_BUILD_H

#include "base/arena.h"
#include "command/options.h"
#include "plan/plan.h"

/* A plan with all that it stands on. Zero it, build it, free it. */
struct build {
	struct arena arena;
	struct findings findings;
	struct plan plan;
	struct watches watches; /* of a plan that is to be applied */
	const struct node *variables; /* as they were given: name to text; see settings_source */
};

enum build_purpose {
	BUILD_ELSEWHERE, /* on a laptop, in CI, for another target: what only the container has is deferred */
	BUILD_HERE, /* in the container that the plan is for: what is missing is an error */
	BUILD_TO_APPLY, /* and it will be carried out, so what it writes to is looked at too */
};

/*
 * The one way from settings to a checked plan, the same for a dry run, a start
 * and a reload. Writes nothing. What is wrong is in build->findings.
 */
void build_plan(struct build *build, const struct options *options, enum build_purpose purpose);

void build_free(struct build *build);

/*
 * The exit code that the findings ask for: EXIT_FINDINGS when one refuses a
 * start or is an error, else EXIT_DONE.
 */
int build_exit_code(const struct build *build);

/* Writes TEXT to a descriptor, whole. Returns 0, or -1 with errno. */
int build_print(int fd, const struct buffer *text);

#endif
