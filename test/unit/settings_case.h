#ifndef SETTINGS_CASE_H
#define SETTINGS_CASE_H

/*
 * What the tests of settings share: one arena, one list of findings, and a
 * directory of their own for the files that they load. settings_case_start and
 * settings_case_end make and remove it; the latter proves that no other file
 * was left there.
 */
#include "settings/settings.h"

#include <stdlib.h>
#include <unistd.h>

#include "unit.h"

#define ENOUGH "MAIL_HOSTNAME=mail.example.com", "MAIL_DOMAINS=example.com"

static struct arena arena;
static struct findings findings;
static char directory[] = "/tmp/test_settings.XXXXXX";

static inline const char *
write_file(const char *name, const char *content)
{
	const char *path = arena_printf(&arena, "%s/%s", directory, name);
	FILE *file = fopen(path, "w");

	if (file == NULL || fputs(content, file) < 0 || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
	return path;
}

static inline struct node *
load(const char *yaml, const char *const *environment, bool live)
{
	struct settings_source source = {.live = live, .root = ""};
	char **list = arena_alloc(&arena, 64 * sizeof(*list));
	const char *path;

	for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
		list[i] = arena_strdup(&arena, environment[i]);
	source.environment = list;
	if (yaml != NULL) {
		path = write_file("m.yaml", yaml);
		source.configs = &path;
		source.config_count = 1;
	}
	findings_init(&findings, &arena);
	return settings_load(&arena, &findings, &source);
}

static inline struct node *
load_env_file(const char *text)
{
	const char *path = write_file("m.env", text);
	struct settings_source source = {.root = "", .env_files = &path, .env_file_count = 1};

	findings_init(&findings, &arena);
	return settings_load(&arena, &findings, &source);
}

#define LOAD(yaml, live, ...) load((yaml), (const char *const[]){__VA_ARGS__, NULL}, (live))

static inline const char *
place(const struct origin *origin)
{
	static char text[256];
	size_t len = strlen(directory);

	origin_text(origin, text, sizeof(text));
	return strncmp(text, directory, len) == 0 ? text + len + 1 : text;
}

static inline void
show_findings(void)
{
	for (size_t i = 0; i < findings.count; i++)
		printf("# %s: %s: %s\n", place(&findings.items[i].origin),
			findings.items[i].rule->id, findings.items[i].message);
}

static inline void
settings_case_start(void)
{
	arena_init(&arena);
	if (mkdtemp(directory) == NULL) {
		perror(directory);
		exit(1);
	}
}

static inline void
settings_case_end(void)
{
	static const char *const names[] = {
		"m.yaml", "m.env", "pw", "secret", "big", "compose.yaml", "n.yaml", ".env"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unlink(arena_printf(&arena, "%s/%s", directory, names[i]));
	CHECK(rmdir(directory) == 0, "nothing else was written");
	arena_free(&arena);
}

#endif
