/*
 * fuzz_main_cf.c - libFuzzer target: any bytes as main.cf
 *
 * Each value is scanned and expanded with the other entries as its names, so that
 * the expressions are reached; each offset is mapped back to its place in the file.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "language/expression.h"
#include "language/main_cf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
look_up(void *context, const char *name, const char **value)
{
	const struct main_cf_entry *entry = main_cf_find(context, name);

	*value = entry != NULL ? entry->value : NULL;
	return strcmp(name, "unknown") != 0;
}

static void
check_entry(struct arena *arena, struct main_cf *main_cf, const struct main_cf_entry *entry)
{
	struct expression_names names = {0};
	struct expression_mistake mistake;
	size_t len = strlen(entry->value);
	const char *expanded;
	int line, column;

	main_cf_place(entry, len, &line, &column);
	if (line < entry->line.first || line > entry->line.last || column < 1)
		abort();
	if (!expression_scan(arena, entry->value, &names, &mistake) &&
		(mistake.text == NULL || mistake.at > len))
		abort();
	for (size_t i = 0; i < names.count; i++)
		if (strncmp(entry->value + names.items[i].at, names.items[i].name,
			    strlen(names.items[i].name)) != 0)
			abort();
	expression_expand(arena, entry->value, look_up, main_cf, &expanded);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct main_cf main_cf;
	struct faults faults;
	struct arena arena;

	arena_init(&arena);
	faults_init(&faults, &arena);
	main_cf_parse(&faults, (const char *)data, size, &main_cf);
	for (size_t i = 0; i < main_cf.count; i++)
		check_entry(&arena, &main_cf, &main_cf.entries[i]);
	arena_free(&arena);
	return 0;
}
