#ifndef PLAN_FIXTURE_H
#define PLAN_FIXTURE_H

/* A plan with all that it stands on, for tests that look at files or findings. */
#include <string.h>

#include "plan/plan.h"

struct fixture {
	struct arena arena;
	struct findings findings;
	struct plan plan;
};

static void
drop(struct fixture *fixture)
{
	plan_free(&fixture->plan);
	arena_free(&fixture->arena);
}

/* found - how many findings are of that rule */
static size_t
found(const struct fixture *fixture, const char *id)
{
	size_t count = 0;

	for (size_t i = 0; i < fixture->findings.count; i++)
		count += strcmp(fixture->findings.items[i].rule->id, id) == 0;
	return count;
}

#endif
