/*
 * postfix_index.c - settings, services and references by name
 *
 * A file may have tens of thousands of lines: what is asked for each of them is
 * found by bisection.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check/postfix.h"

/* compare_keys - by name, then by service; main.cf, which is no service, comes first */
static int
compare_keys(const char *a, const struct master_cf_service *a_service, const char *b,
	const struct master_cf_service *b_service)
{
	int order = strcmp(a, b);

	if (order != 0)
		return order;
	return ((uintptr_t)a_service > (uintptr_t)b_service) -
		((uintptr_t)a_service < (uintptr_t)b_service);
}

static int
compare_settings(const void *a, const void *b)
{
	const struct postfix_setting *const *x = a, *const *y = b;

	return compare_keys((*x)->name, (*x)->service, (*y)->name, (*y)->service);
}

static int
compare_references(const void *a, const void *b)
{
	const struct postfix_reference *const *x = a, *const *y = b;

	return compare_keys((*x)->name, (*x)->from->service, (*y)->name, (*y)->from->service);
}

static int
compare_services(const void *a, const void *b)
{
	const struct master_cf_service *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	return order != 0 ? order : (*x < *y ? -1 : *x > *y);
}

void
postfix_index(struct postfix_check *check)
{
	struct arena *arena = check->plan->arena;

	check->by_name = arena_alloc(arena, (check->setting_count + 1) * sizeof(*check->by_name));
	for (size_t i = 0; i < check->setting_count; i++)
		check->by_name[i] = &check->settings[i];
	qsort(check->by_name, check->setting_count, sizeof(*check->by_name), compare_settings);
	check->by_service =
		arena_alloc(arena, (check->master_cf.count + 1) * sizeof(*check->by_service));
	for (size_t i = 0; i < check->master_cf.count; i++)
		if (!check->master_cf.services[i].overridden)
			check->by_service[check->service_count++] = &check->master_cf.services[i];
	qsort(check->by_service, check->service_count, sizeof(*check->by_service),
		compare_services);
}

void
postfix_index_references(struct postfix_check *check)
{
	check->by_reference = arena_alloc(
		check->plan->arena, (check->reference_count + 1) * sizeof(*check->by_reference));
	for (size_t i = 0; i < check->reference_count; i++)
		check->by_reference[i] = &check->references[i];
	qsort(check->by_reference, check->reference_count, sizeof(*check->by_reference),
		compare_references);
}

/* first_setting - the place of the first setting that is not before NAME in SERVICE */
static size_t
first_setting(const struct postfix_check *check, const char *name,
	const struct master_cf_service *service)
{
	size_t low = 0, high = check->setting_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct postfix_setting *setting = check->by_name[middle];

		if (compare_keys(setting->name, setting->service, name, service) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct postfix_setting *
setting_at(const struct postfix_check *check, size_t place, const char *name)
{
	if (place == check->setting_count || strcmp(check->by_name[place]->name, name) != 0)
		return NULL;
	return check->by_name[place];
}

bool
postfix_is_set(const struct postfix_check *check, const char *name)
{
	return setting_at(check, first_setting(check, name, NULL), name) != NULL;
}

const struct postfix_setting *
postfix_setting_of(
	struct postfix_check *check, const struct master_cf_service *service, const char *name)
{
	const struct postfix_setting *found;

	if (service != NULL) {
		found = setting_at(check, first_setting(check, name, service), name);
		if (found != NULL && found->service == service)
			return found;
	}
	found = setting_at(check, first_setting(check, name, NULL), name);
	return found != NULL && found->service == NULL ? found : NULL;
}

/* first_reference - as first_setting */
static const struct postfix_reference *
first_reference(const struct postfix_check *check, const char *name,
	const struct master_cf_service *service)
{
	size_t low = 0, high = check->reference_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct postfix_reference *reference = check->by_reference[middle];

		if (compare_keys(reference->name, reference->from->service, name, service) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == check->reference_count || strcmp(check->by_reference[low]->name, name) != 0)
		return NULL;
	return check->by_reference[low];
}

bool
postfix_is_referred(const struct postfix_check *check, const struct postfix_setting *setting)
{
	const struct postfix_reference *reference = first_reference(check, setting->name, NULL);

	if (reference == NULL)
		return false;
	if (setting->service == NULL || reference->from->service == NULL)
		return true;
	reference = first_reference(check, setting->name, setting->service);
	return reference != NULL && reference->from->service == setting->service;
}

/* compare_name - a service's name with the first LEN bytes of NAME */
static int
compare_name(const char *service, const char *name, size_t len)
{
	int order = strncmp(service, name, len);

	return order != 0 ? order : service[len] != '\0';
}

const struct master_cf_service *const *
postfix_services_of(const struct postfix_check *check, const char *name, size_t len, size_t *count)
{
	size_t low = 0, high = check->service_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_name(check->by_service[middle]->name, name, len) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (*count = 0; low + *count < check->service_count; (*count)++)
		if (compare_name(check->by_service[low + *count]->name, name, len) != 0)
			break;
	return check->by_service + low;
}
