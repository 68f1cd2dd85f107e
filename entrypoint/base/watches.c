/* watches.c - what a plan was made from */
#include "base/watches.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FIRST_ROOM 16

void
watches_init(struct watches *watches, struct arena *arena)
{
	memset(watches, 0, sizeof(*watches));
	watches->arena = arena;
}

static int64_t
nanoseconds(const struct timespec *time)
{
	return (int64_t)time->tv_sec * 1000000000 + time->tv_nsec;
}

void
watch_look(const char *path, struct watch_mark *mark)
{
	struct stat status;

	memset(mark, 0, sizeof(*mark));
	if (stat(path, &status) != 0) {
		mark->error = errno;
		return;
	}
	mark->device = status.st_dev;
	mark->inode = status.st_ino;
	mark->size = (uint64_t)status.st_size;
	mark->modified_ns = nanoseconds(&status.st_mtim);
	mark->changed_ns = nanoseconds(&status.st_ctim);
}

bool
watch_same(const struct watch_mark *a, const struct watch_mark *b)
{
	return a->error == b->error && a->device == b->device && a->inode == b->inode &&
		a->size == b->size && a->modified_ns == b->modified_ns &&
		a->changed_ns == b->changed_ns;
}

void
watches_add(struct watches *watches, const char *path)
{
	if (watches == NULL)
		return;
	if (watches->count == watches->room) {
		size_t room = watches->room == 0 ? FIRST_ROOM : watches->room * 2;

		watches->items = arena_grow(watches->arena, watches->items,
			watches->room * sizeof(*watches->items), room * sizeof(*watches->items));
		watches->room = room;
	}
	watches->items[watches->count].path = arena_strdup(watches->arena, path);
	watch_look(path, &watches->items[watches->count].mark);
	watches->count++;
}

void
watches_renew(struct watches *watches, const char *path)
{
	for (size_t i = 0; watches != NULL && i < watches->count; i++)
		if (strcmp(watches->items[i].path, path) == 0)
			watch_look(path, &watches->items[i].mark);
}
