/*
 * compose_health.c - a `healthcheck` of the service, which takes the place of the image's own
 *
 * Compose files keep it when the image changes, and its programs stay behind.
 */
#include "settings/compose_room.h"

#include <string.h>
#include <strings.h>

#define PROGRAM_MAX 40

/* last_of - KEY of the healthcheck, which compose merges key by key over what it extends */
static const struct node *
last_of(struct compose *compose, const char *key)
{
	const struct node *found = NULL;

	for (size_t i = 0; i < compose->chain_count; i++) {
		const struct node *check = node_get(compose->chain[i], "healthcheck");

		if (check == NULL || check->type != NODE_MAP || node_get(check, key) == NULL)
			continue;
		found = node_get(check, key);
		compose_enter(compose, i);
	}
	return found != NULL && found->type != NODE_NULL ? found : NULL;
}

static bool
is_disabled(struct compose *compose)
{
	const struct node *node = last_of(compose, "disable");
	const char *text = NULL;

	if (node != NULL && node->type == NODE_SCALAR)
		text = compose_text(compose, node, "healthcheck", true);
	return text != NULL && strcasecmp(text, "true") == 0;
}

/* words_of - TEST as one line, without the word that says how it is run; NULL when there is none */
static const char *
words_of(struct compose *compose, const struct node *test)
{
	const char *line = NULL;

	if (test->type == NODE_SCALAR)
		return compose_text(compose, test, "healthcheck", true);
	for (size_t i = 0; test->type == NODE_LIST && i < test->count; i++) {
		const char *word = test->items[i]->type == NODE_SCALAR
			? compose_text(compose, test->items[i], "healthcheck", true)
			: NULL;

		if (word == NULL || (i == 0 && strcmp(word, "NONE") == 0))
			return NULL;
		if (i == 1)
			line = word;
		else if (i > 1)
			line = arena_printf(compose->arena, "%s %s", line, word);
	}
	return line;
}

/* program_of - how a message calls what LINE starts: all of it might hold a password */
static const char *
program_of(struct compose *compose, const char *line)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789_./-";
	size_t len = strspn(line, plain);

	if (len == 0 || len > PROGRAM_MAX || (line[len] != '\0' && line[len] != ' '))
		return "a program";
	return arena_printf(compose->arena, "\"%.*s\"", (int)len, line);
}

static void
check_test(struct compose *compose)
{
	const struct node *test;
	struct origin origin;
	const char *line;

	if (is_disabled(compose))
		return;
	test = last_of(compose, "test");
	line = test != NULL ? words_of(compose, test) : NULL;
	if (line == NULL)
		return;
	line += strspn(line, " \t\n");
	if (line[0] == '\0' || strstr(line, "mailinit") != NULL)
		return;
	origin = test->origin;
	origin.kind = ORIGIN_ENVIRONMENT;
	finding_add(compose->loading->findings, "compose-healthcheck", &origin,
		"healthcheck asks %s in place of the image's own `mailinit health --quick`",
		program_of(compose, line));
}

void
compose_health(struct compose *compose)
{
	check_test(compose);
	compose_enter(compose, compose->chain_count - 1);
}
