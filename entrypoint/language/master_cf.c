/* master_cf.c - the services of a master.cf */
#include "language/master_cf.h"

#include <stdlib.h>
#include <string.h>

#include "language/master_field.h"

static struct master_cf_service *
new_service(struct arena *arena, struct master_cf *master_cf, size_t *room)
{
	if (master_cf->count == *room) {
		size_t more = *room != 0 ? *room * 2 : 32;

		master_cf->services = arena_grow(arena, master_cf->services,
			*room * sizeof(*master_cf->services), more * sizeof(*master_cf->services));
		*room = more;
	}
	return &master_cf->services[master_cf->count];
}

static void
take_line(struct faults *faults, const struct logical_line *line, struct master_cf *master_cf,
	size_t *room)
{
	struct master_cf_service *service = new_service(faults->arena, master_cf, room);

	memset(service, 0, sizeof(*service));
	service->line = *line;
	if (master_fields(faults, service) == 0)
		master_cf->count++;
}

static int
order(const void *a, const void *b)
{
	struct master_cf_service *const *left = a, *const *right = b;
	int order = strcmp((*left)->name, (*right)->name);

	if (order == 0)
		order = strcmp((*left)->type, (*right)->type);
	return order != 0 ? order : (*left > *right) - (*left < *right);
}

static void
find_duplicates(struct faults *faults, struct master_cf *master_cf)
{
	struct master_cf_service **sorted = arena_alloc(
		faults->arena, (master_cf->count + 1) * sizeof(struct master_cf_service *));

	for (size_t i = 0; i < master_cf->count; i++)
		sorted[i] = &master_cf->services[i];
	qsort(sorted, master_cf->count, sizeof(struct master_cf_service *), order);
	for (size_t i = 0; i + 1 < master_cf->count; i++) {
		struct master_cf_service *service = sorted[i];

		if (strcmp(service->name, sorted[i + 1]->name) != 0 ||
			strcmp(service->type, sorted[i + 1]->type) != 0)
			continue;
		service->overridden = true;
		fault_add_at(faults, FAULT_DUPLICATE, service->line.first, 1,
			"service %.64s/%s is defined here, and again in line %d", service->name,
			service->type, sorted[i + 1]->line.first);
	}
}

void
master_cf_parse(struct faults *faults, const char *text, size_t len, struct master_cf *master_cf)
{
	struct logical_reader reader;
	struct logical_line line;
	size_t room = 0;

	memset(master_cf, 0, sizeof(*master_cf));
	logical_begin(&reader, text, len);
	while (logical_next_entry(faults, &reader, &line))
		take_line(faults, &line, master_cf, &room);
	find_duplicates(faults, master_cf);
}

const struct master_cf_service *
master_cf_find(const struct master_cf *master_cf, const char *name, const char *type)
{
	for (size_t i = master_cf->count; i > 0; i--) {
		const struct master_cf_service *service = &master_cf->services[i - 1];

		if (strcmp(service->name, name) == 0 && strcmp(service->type, type) == 0)
			return service;
	}
	return NULL;
}

const struct master_cf_option *
master_cf_option(const struct master_cf_service *service, const char *name)
{
	for (size_t i = service->option_count; i > 0; i--)
		if (strcmp(service->options[i - 1].name, name) == 0)
			return &service->options[i - 1];
	return NULL;
}
