#ifndef CHECK_CASE_H
#define CHECK_CASE_H

/*
 * What the tests of the daemons' rules share: a plan made of a few variables as a
 * start would make it, and what was found in it.
 */
#include <stdio.h>

#include "base/text.h"
#include "check/rooms.h"
#include "daemon/daemon.h"
#include "daemon/target.h"
#include "settings/settings.h"
#include "plan_fixture.h"

#define VARIABLES_MAX 8
#define NO_ROOT "/nonexistent"

/* What a test is about; lists end with NULL. */
struct subject {
	void (*look)(struct plan *plan); /* the rules */
	const char *const *prefixes; /* how the ids of its findings begin */
	const char *const *files; /* what the rules read */
};

static const char *const targets[] = {"debian13", "debian12"};

/* build_plan - with up to VARIABLES_MAX variables besides host and domains; ROOT stands for / */
static inline void
build_plan(
	struct fixture *fixture, const char *root, const char *target, const char *const *variables)
{
	char texts[VARIABLES_MAX][256];
	char *environment[VARIABLES_MAX + 3] = {
		"MAIL_HOSTNAME=mail.example.test", "MAIL_DOMAINS=example.test b.test"};
	const struct settings_source source = {.environment = environment, .root = root};

	for (size_t i = 0; i < VARIABLES_MAX && variables[i] != NULL; i++) {
		snprintf(texts[i], sizeof(texts[i]), "%s", variables[i]);
		environment[i + 2] = texts[i];
	}
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.root = root;
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
	target_find(&fixture->plan, target);
	daemons_contribute(&fixture->plan);
}

/* count_about - how many findings are the subject of the test; they are printed */
static inline size_t
count_about(const struct fixture *fixture, const struct subject *subject)
{
	size_t count = 0;

	for (size_t i = 0; i < fixture->findings.count; i++) {
		const struct finding *finding = &fixture->findings.items[i];

		for (size_t p = 0; subject->prefixes[p] != NULL; p++) {
			if (!text_starts(finding->rule->id, subject->prefixes[p]))
				continue;
			count++;
			printf("# %s: %s\n", finding->rule->id, finding->message);
		}
	}
	return count;
}

/* One configuration: ID is what must be found, NULL where nothing of the subject may be. */
#define RULE_VARIABLES 5

struct rule_case {
	const char *variables[RULE_VARIABLES];
	const char *id;
};

/* check_rule_cases - each case on each target: its finding, once, and no other of the subject */
static inline void
check_rule_cases(const struct rule_case *cases, size_t count, const struct subject *subject)
{
	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < count; i++) {
			const char *variables[RULE_VARIABLES + 1] = {NULL};
			const char *shown = cases[i].variables[0];
			struct fixture f;

			for (size_t k = 0; k < RULE_VARIABLES; k++)
				variables[k] = cases[i].variables[k];
			build_plan(&f, NO_ROOT, targets[t], variables);
			subject->look(&f.plan);
			if (cases[i].id != NULL)
				CHECK(found(&f, cases[i].id) == 1 && count_about(&f, subject) == 1,
					"%s: %s is %s, once", targets[t], shown, cases[i].id);
			else
				CHECK(count_about(&f, subject) == 0, "%s: %s is fine", targets[t],
					shown);
			drop(&f);
		}
}

/* first - the first finding of that rule, or NULL */
static inline const struct finding *
first(const struct fixture *fixture, const char *id)
{
	for (size_t i = 0; i < fixture->findings.count; i++)
		if (strcmp(fixture->findings.items[i].rule->id, id) == 0)
			return &fixture->findings.items[i];
	return NULL;
}

/*
 * count_alarms - of all plans for TARGET, one for each set of roles, with MORE
 * variables (four, fewer end with NULL). *FILES: how often the subject's files are in them.
 */
static inline size_t
count_alarms(
	const char *target, const char *const *more, const struct subject *subject, size_t *files)
{
	static const char *const roles[] = {"mx", "submission", "relay", "mailstore", "dkim"};
	size_t alarms = 0;

	*files = 0;
	for (unsigned set = 1; set < 32; set++) {
		char text[128] = "MAIL_ROLES=";
		const char *variables[VARIABLES_MAX] = {text};
		struct fixture f;

		for (size_t r = 0; r < 5; r++)
			if (set & (1u << r)) {
				strcat(text, roles[r]);
				strcat(text, " ");
			}
		for (size_t i = 0; i < 4; i++)
			variables[i + 1] = more[i];
		build_plan(&f, NO_ROOT, target, variables);
		subject->look(&f.plan);
		alarms += count_about(&f, subject);
		for (size_t i = 0; subject->files[i] != NULL; i++)
			*files += plan_find_file(&f.plan, subject->files[i]) != NULL;
		drop(&f);
	}
	return alarms;
}

#endif
