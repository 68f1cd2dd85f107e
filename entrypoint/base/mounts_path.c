/*
 * mounts_path.c - a path of the container as a path of this machine
 *
 * A symbolic link of the container means a file of the container: one to
 * /etc/ssl leads below the root, and "../.." never above it. The kernel can
 * do that for one directory (openat2(2), RESOLVE_IN_ROOT), but the mounts of a
 * compose file are no mounts here, so the links are followed by hand, as
 * path_resolution(7) has it.
 */
#include "base/mounts.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as the kernel's own limit, path_resolution(7) */

struct walk {
	const struct mounts *mounts;
	const char *root;
	char done[PATH_MAX]; /* in the container, without links; "" is its / */
	char rest[PATH_MAX]; /* still to go from there */
	int links;
};

/* outside - where PATH, which holds no link, lies on this machine; false: nowhere */
static bool
outside(const struct walk *walk, const char *path, char out[PATH_MAX])
{
	const struct mount *mount = mounts_find(walk->mounts, path[0] != '\0' ? path : "/");
	const char *base = walk->root, *below = path;
	int len;

	if (mount != NULL) {
		base = mount->source;
		below = path[0] != '\0' ? path + strlen(mount->target) : "";
	}
	if (base == NULL || (mount == NULL && base[0] == '\0'))
		return false;
	len = snprintf(out, PATH_MAX, "%s%s", base, mount == NULL && path[0] == '\0' ? "/" : below);
	return len >= 0 && len < PATH_MAX;
}

static void
go_up(struct walk *walk)
{
	char *slash = strrchr(walk->done, '/');

	if (slash != NULL)
		*slash = '\0';
}

/* follow - TARGET of a link goes before the rest of the way; false when that is too long */
static bool
follow(struct walk *walk, const char *target)
{
	char whole[PATH_MAX];
	int len = snprintf(whole, sizeof(whole), "%s/%s", target, walk->rest);

	if (len < 0 || len >= (int)sizeof(whole) || ++walk->links > LINKS_MAX)
		return false;
	memcpy(walk->rest, whole, (size_t)len + 1);
	if (target[0] == '/')
		walk->done[0] = '\0';
	else
		go_up(walk);
	return true;
}

/* is_mounted - whether something is mounted at PATH itself: a link there is the machine's own */
static bool
is_mounted(const struct walk *walk, const char *path)
{
	const struct mount *mount = mounts_find(walk->mounts, path);

	return mount != NULL && strcmp(mount->target, path) == 0;
}

/* go_down - into NAME of LEN bytes; false when the way is too long, or goes in a circle */
static bool
go_down(struct walk *walk, const char *name, size_t len)
{
	size_t before = strlen(walk->done);
	char place[PATH_MAX], target[PATH_MAX];
	ssize_t got;

	if (before + len + 2 > sizeof(walk->done))
		return false;
	walk->done[before] = '/';
	memcpy(walk->done + before + 1, name, len);
	walk->done[before + 1 + len] = '\0';
	if (is_mounted(walk, walk->done) || !outside(walk, walk->done, place))
		return true;
	got = readlink(place, target, sizeof(target) - 1);
	if (got < 0)
		return true; /* no link; what is not there is told by who opens it */
	target[got] = '\0';
	return follow(walk, target);
}

/* step - the next name of the rest */
static bool
step(struct walk *walk)
{
	char name[NAME_MAX + 1];
	size_t skip = strspn(walk->rest, "/"), len = strcspn(walk->rest + skip, "/");

	if (len >= sizeof(name))
		return false;
	memcpy(name, walk->rest + skip, len);
	name[len] = '\0';
	memmove(walk->rest, walk->rest + skip + len, strlen(walk->rest + skip + len) + 1);
	if (len == 0 || strcmp(name, ".") == 0)
		return true;
	if (strcmp(name, "..") == 0) {
		go_up(walk);
		return true;
	}
	return go_down(walk, name, len);
}

const char *
mounts_path(struct arena *arena, const struct mounts *mounts, const char *root, const char *path)
{
	struct walk walk = {.mounts = mounts, .root = root != NULL ? root : ""};
	char found[PATH_MAX];
	size_t len = strlen(path);

	if (mounts == NULL && walk.root[0] == '\0')
		return path;
	if (len >= sizeof(walk.rest))
		return "";
	memcpy(walk.rest, path, len + 1);
	while (walk.rest[0] != '\0')
		if (!step(&walk))
			return "";
	return outside(&walk, walk.done, found) ? arena_strdup(arena, found) : "";
}
