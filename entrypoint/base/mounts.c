/* mounts.c - a container's paths, looked up on the machine outside */
#include "base/mounts.h"

#include <string.h>
#include <unistd.h>

struct mount *
mounts_add(struct arena *arena, struct mounts *mounts, const char *target, const char *source)
{
	size_t len = strlen(target);
	struct mount mount = {.source = source != NULL ? arena_strdup(arena, source) : NULL};

	while (len > 0 && target[len - 1] == '/')
		len--;
	mount.target = arena_strndup(arena, target, len);
	for (size_t i = 0; i < mounts->count; i++)
		if (strcmp(mounts->items[i].target, mount.target) == 0) {
			if (mounts->items[i].fd != 0)
				close(mounts->items[i].fd);
			mounts->items[i] = mount;
			return &mounts->items[i];
		}
	if (mounts->count == mounts->room) {
		size_t room = mounts->room != 0 ? mounts->room * 2 : 8;

		mounts->items = arena_grow(
			arena, mounts->items, mounts->room * sizeof(mount), room * sizeof(mount));
		mounts->room = room;
	}
	mounts->items[mounts->count] = mount;
	return &mounts->items[mounts->count++];
}

void
mounts_close(struct mounts *mounts)
{
	for (size_t i = 0; mounts != NULL && i < mounts->count; i++) {
		if (mounts->items[i].fd != 0)
			close(mounts->items[i].fd);
		mounts->items[i].fd = 0;
	}
}

const struct mount *
mounts_find(const struct mounts *mounts, const char *path)
{
	const struct mount *best = NULL;
	size_t best_len = 0;

	for (size_t i = 0; mounts != NULL && i < mounts->count; i++) {
		const struct mount *mount = &mounts->items[i];
		size_t len = strlen(mount->target);
		bool leads = strncmp(path, mount->target, len) == 0 &&
			(path[len] == '\0' || path[len] == '/');

		if (leads && (best == NULL || len > best_len)) {
			best = mount;
			best_len = len;
		}
	}
	return best;
}

bool
mounts_bring(const struct mounts *mounts, const char *path)
{
	const struct mount *mount = mounts_find(mounts, path);

	return mounts == NULL || (mount != NULL && mount->kind != MOUNT_EMPTY);
}

bool
mounts_stay(const struct mounts *mounts, const char *path)
{
	const struct mount *mount = mounts_find(mounts, path);

	return mount != NULL && (mount->kind == MOUNT_VOLUME || mount->kind == MOUNT_DIRECTORY);
}
