#ifndef COMPOSE_CASE_H
#define COMPOSE_CASE_H

/*
 * What the tests of compose files share: the settings of a text, and its findings
 * by their rule. The mounts of the last one are there until the next.
 */
#include <string.h>

#include "settings_case.h"

static struct mounts mounts;

/* compose - settings of TEXT, of SERVICE when it is not NULL, with these process variables */
static inline struct node *
compose(const char *text, const char *service, const char *const *environment)
{
	const char *path = write_file("compose.yaml", text);
	struct settings_source source = {.root = "", .mounts = &mounts};
	char **list = arena_alloc(&arena, 64 * sizeof(*list));

	for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
		list[i] = arena_strdup(&arena, environment[i]);
	source.environment = list;
	source.compose = service != NULL ? arena_printf(&arena, "%s:%s", path, service) : path;
	mounts_close(&mounts);
	mounts = (struct mounts){0};
	findings_init(&findings, &arena);
	return settings_load(&arena, &findings, &source);
}

#define COMPOSE(text, ...) compose((text), NULL, (const char *const[]){__VA_ARGS__, NULL})

#define HEAD "services:\n  mail:\n    image: mailinit:trixie\n"
#define GOOD \
	HEAD "    environment:\n      MAIL_HOSTNAME: mail.example.com\n" \
	     "      MAIL_DOMAINS: example.com\n"

static inline const struct finding *
found(const char *id)
{
	for (size_t i = 0; i < findings.count; i++)
		if (strcmp(findings.items[i].rule->id, id) == 0)
			return &findings.items[i];
	return NULL;
}

static inline void
check_found(const char *id, const char *where, const char *says)
{
	const struct finding *finding = found(id);

	CHECK(finding != NULL, "%s is found", id);
	CHECK_TEXT(finding != NULL ? place(&finding->origin) : "", where, "%s: its place", id);
	CHECK(finding != NULL && strstr(finding->message, says) != NULL, "%s: says %s", id, says);
	if (finding == NULL || strstr(finding->message, says) == NULL)
		show_findings();
}

#endif
