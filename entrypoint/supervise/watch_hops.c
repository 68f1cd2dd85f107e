/* watch_hops.c - follows a path link by link */
#include "supervise/watch_hops.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#define LINKS_MAX 40 /* as the kernel has it (path_resolution(7)) */

/* WAY leads to a directory without any link; REST is still to be followed from there. */
struct walk {
	char way[PATH_MAX], rest[PATH_MAX];
	size_t way_len;
	unsigned links;
};

/* "a/b" becomes the step "a" and the rest "b". Returns the step's length, 0 at the end. */
static size_t
take_step(struct walk *walk, char step[NAME_MAX + 1])
{
	const char *from = walk->rest + strspn(walk->rest, "/");
	size_t len = strcspn(from, "/");

	if (len > NAME_MAX)
		return 0; /* no file has such a name: the end */
	memcpy(step, from, len);
	step[len] = '\0';
	from += len;
	from += strspn(from, "/");
	memmove(walk->rest, from, strlen(from) + 1);
	return len;
}

static void
go_up(struct walk *walk)
{
	while (walk->way_len > 0 && walk->way[--walk->way_len] != '/')
		;
	walk->way[walk->way_len] = '\0';
}

/* Returns whether there is room. */
static bool
go_down(struct walk *walk, const char *step, size_t len)
{
	if (walk->way_len + 1 + len >= sizeof(walk->way))
		return false;
	walk->way[walk->way_len] = '/';
	memcpy(walk->way + walk->way_len + 1, step, len + 1);
	walk->way_len += 1 + len;
	return true;
}

/* What the link says comes before the rest. Returns false when that leads nowhere. */
static bool
follow(struct walk *walk, const char *target, size_t len)
{
	size_t rest_len = strlen(walk->rest);

	if (++walk->links > LINKS_MAX || len == 0 || len + 1 + rest_len >= sizeof(walk->rest))
		return false;
	memmove(walk->rest + len + 1, walk->rest, rest_len + 1);
	memcpy(walk->rest, target, len);
	walk->rest[len] = '/';
	if (target[0] == '/') {
		walk->way_len = 0;
		walk->way[0] = '\0';
	}
	return true;
}

/* Visits the first LEN bytes of the way; the root, alone, is none. */
static void
visit_directory(
	struct walk *walk, size_t len, enum watch_hop hop, watch_visitor *visit, void *context)
{
	char kept = walk->way[len];

	walk->way[len] = '\0';
	visit(context, len == 0 ? "/" : walk->way, hop);
	walk->way[len] = kept;
}

/* One step from a directory. Returns false at the end of the walk. */
static bool
walk_step(struct walk *walk, watch_visitor *visit, void *context)
{
	char step[NAME_MAX + 1], target[PATH_MAX];
	size_t len = take_step(walk, step), before = walk->way_len;
	ssize_t target_len;
	int error;

	if (len == 0)
		return false;
	if (strcmp(step, ".") == 0)
		return true;
	if (strcmp(step, "..") == 0) {
		go_up(walk);
		return true;
	}
	if (!go_down(walk, step, len))
		return false;
	target_len = readlink(walk->way, target, sizeof(target));
	error = target_len < 0 ? errno : 0;
	/* EINVAL: it is there, and no link */
	if (error == EINVAL && walk->rest[0] != '\0') {
		visit_directory(walk, walk->way_len, HOP_PASSED, visit, context);
		return true;
	}
	visit_directory(walk, before, HOP_DECIDES, visit, context);
	if (error == EINVAL)
		visit(context, walk->way, HOP_END);
	walk->way_len = before;
	walk->way[before] = '\0';
	/* ENOTDIR: what should be a directory is a file, which only its own directory can change */
	if (error == ENOTDIR) {
		go_up(walk);
		visit_directory(walk, walk->way_len, HOP_DECIDES, visit, context);
	}
	return error == 0 && follow(walk, target, (size_t)target_len);
}

void
watch_hops(const char *path, watch_visitor *visit, void *context)
{
	struct walk walk = {.way_len = 0};
	size_t len = strlen(path);

	if (path[0] != '/' || len >= sizeof(walk.rest))
		return;
	memcpy(walk.rest, path, len + 1);
	while (walk_step(&walk, visit, context))
		;
}
