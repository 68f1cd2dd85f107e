/* watched.c - the list of what the newest plan was made from */
#include "apply/watched.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "apply/place.h"
#include "apply/unable.h"
#include "base/file.h"
#include "base/watch_list.h"

#define LIST_PATH PLAN_RUN_DIRECTORY "/" WATCH_LIST_NAME

/* Places that are ours, or the kernel's: they change all the time, and are read for no setting. */
static const char *const left_out[] = {PLAN_RUN_DIRECTORY, PLAN_QUEUE_DIRECTORY, "/proc", "/sys"};

static bool
is_left_out(const char *path)
{
	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
		size_t len = strlen(left_out[i]);

		if (strncmp(path, left_out[i], len) == 0 && (path[len] == '/' || path[len] == '\0'))
			return true;
	}
	return false;
}

/* What is gathered for the list. It belongs to the plan's arena. */
struct gathered {
	struct arena *arena;
	struct watched *items;
	size_t count, room;
};

static void
gather(struct gathered *all, const struct watched *item)
{
	if (is_left_out(item->path))
		return;
	if (all->count == all->room) {
		size_t room = all->room == 0 ? 64 : all->room * 2;

		all->items = arena_grow(
			all->arena, all->items, all->room * sizeof(*item), room * sizeof(*item));
		all->room = room;
	}
	all->items[all->count++] = *item;
}

/* gather_new - the plan's own, made absolute: the watcher has another working directory */
static int
gather_new(const struct plan *plan, struct gathered *all)
{
	char here[PATH_MAX];

	if (getcwd(here, sizeof(here)) == NULL)
		return unable("find", "the working directory");
	for (size_t i = 0; i < plan->watches->count; i++) {
		struct watched item = plan->watches->items[i];

		if (item.path[0] != '/')
			item.path = arena_printf(plan->arena, "%s/%s",
				strcmp(here, "/") == 0 ? "" : here, item.path);
		gather(all, &item);
	}
	return 0;
}

/*
 * gather_old - what was watched so far, as it is now: this plan has not read it, and
 * only what changes from now on is a reason for another one
 */
static void
gather_old(struct gathered *all)
{
	struct buffer text = {0};
	struct watch_list list;
	struct watched item;
	bool found = file_read(LIST_PATH, WATCH_LIST_BYTES, &text, NULL) == 0 &&
		watch_list_begin(&list, buffer_text(&text), text.len) == 0;

	while (found && watch_list_next(&list, &item) == 1) {
		item.path = arena_strdup(all->arena, item.path);
		watch_look(item.path, &item.mark);
		gather(all, &item);
	}
	buffer_free(&text);
}

/* by_path - of two of one path the one that was looked at first comes first */
static int
by_path(const void *a, const void *b)
{
	const struct watched *one = *(const struct watched *const *)a;
	const struct watched *other = *(const struct watched *const *)b;
	int order = strcmp(one->path, other->path);

	return order != 0 ? order : (one > other) - (one < other);
}

/* in_order - sorted, each path once */
static struct watched *
in_order(struct gathered *all)
{
	const struct watched **places = arena_alloc(all->arena, (all->count + 1) * sizeof(*places));
	struct watched *sorted = arena_alloc(all->arena, (all->count + 1) * sizeof(*sorted));
	size_t kept = 0;

	for (size_t i = 0; i < all->count; i++)
		places[i] = &all->items[i];
	qsort(places, all->count, sizeof(*places), by_path);
	for (size_t i = 0; i < all->count; i++)
		if (kept == 0 || strcmp(sorted[kept - 1].path, places[i]->path) != 0)
			sorted[kept++] = *places[i];
	all->count = kept;
	return sorted;
}

static int
place_list(struct gathered *all)
{
	const struct watched *sorted = in_order(all);
	struct buffer text = {0};
	size_t left = watch_list_write(sorted, all->count, &text);
	int result;

	if (left > 0)
		fprintf(stderr,
			"mailinit: warning: %zu paths are too long, or too many, to be watched; a "
			"change of them needs `mailinit reload`\n",
			left);
	result = place_file(LIST_PATH, text.data, text.len, &(struct placement){.mode = 0600});
	buffer_free(&text);
	return result;
}

int
watched_replace(const struct plan *plan)
{
	struct gathered all = {.arena = plan->arena};

	return gather_new(plan, &all) == 0 ? place_list(&all) : -1;
}

int
watched_extend(const struct plan *plan)
{
	struct gathered all = {.arena = plan->arena};

	if (gather_new(plan, &all) != 0)
		return -1;
	gather_old(&all);
	return place_list(&all);
}
