#ifndef CHECK_BYHAND_H
#define CHECK_BYHAND_H

#include "plan/plan.h"

/* A rendered file, and what somebody made of it. */
struct byhand {
	struct plan *plan;
	const struct plan_file *file; /* as it will be rendered; NULL when it is no longer */
	const char *name; /* within the generation: "postfix/main.cf" */
	const char *rendered, *changed;
	size_t rendered_len, changed_len;
};

/*
 * The variables that make the change last, as words of a shell with a blank between;
 * of a value that may be a secret only the variable of a file that may hold it. What no
 * variable can say is left out, and then *WHOLE is false. In the arena; "" when there
 * are none.
 */
const char *byhand_variables(const struct byhand *byhand, bool *whole);

/* Whether a line of the file may hold a secret: by its words, or by what flows into it now. */
bool byhand_hides(void *byhand, const char *line, size_t len);

#endif
