/* fuzz_master_cf.c - libFuzzer target: any bytes as master.cf, and the expressions in its options */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "language/expression.h"
#include "language/master_cf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
look_up(void *context, const char *name, const char **value)
{
	const struct master_cf_option *option = master_cf_option(context, name);

	*value = option != NULL ? option->value : NULL;
	return true;
}

static void
check_option(struct arena *arena, struct master_cf_service *service,
	const struct master_cf_option *option)
{
	const char *text = service->line.text, *expanded;
	struct expression_mistake mistake;
	int line, column;

	/* the offsets point at what was taken */
	if (strncmp(text + option->name_at, option->name, strlen(option->name)) != 0 ||
		strncmp(text + option->value_at, option->value, strlen(option->value)) != 0)
		abort();
	logical_place(&service->line, option->value_at, &line, &column);
	if (line < service->line.first || line > service->line.last || column < 1)
		abort();
	expression_scan(arena, option->value, NULL, &mistake);
	expression_expand(arena, option->value, look_up, service, &expanded);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct master_cf master_cf;
	struct faults faults;
	struct arena arena;

	arena_init(&arena);
	faults_init(&faults, &arena);
	master_cf_parse(&faults, (const char *)data, size, &master_cf);
	for (size_t i = 0; i < master_cf.count; i++)
		for (size_t k = 0; k < master_cf.services[i].option_count; k++)
			check_option(
				&arena, &master_cf.services[i], &master_cf.services[i].options[k]);
	arena_free(&arena);
	return 0;
}
