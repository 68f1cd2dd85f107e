/*
 * watch_set.c - inotify on every hop of every path
 *
 * A directory that decides is watched for what happens to its names and to what
 * lies in it; one that is only passed, for being moved or removed itself, so
 * that a busy /var or /run wakes nobody. A single file that is mounted has no
 * name in its directory: whatever is done to it from outside is seen on the file
 * alone. MODIFY stays out, but for such files: a writer closes what he has written.
 */
#include "supervise/watch_set.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervise/watch_hops.h"

#define PASSED_EVENTS (IN_DELETE_SELF | IN_MOVE_SELF)
#define DECIDING_EVENTS \
	(PASSED_EVENTS | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE | \
		IN_ATTRIB)
#define FILE_EVENTS (PASSED_EVENTS | IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB)
#define EVENTS_BYTES 4096

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x2000 /* Linux 5.8 */
#endif

void
watch_set_init(struct watch_set *set)
{
	/* Not the arrays: what nobody touches takes no memory. */
	set->fd = -1;
	set->count = set->before_count = 0;
	set->error = 0;
}

void
watch_set_begin(struct watch_set *set)
{
	set->error = 0;
	if (set->fd == -1)
		set->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (set->fd == -1)
		set->error = errno;
	memcpy(set->before, set->wanted, set->count * sizeof(set->wanted[0]));
	set->before_count = set->count;
	set->count = 0;
}

/* Where WD stands in the ascending list, or would stand. */
static unsigned
place_of(const int *list, unsigned count, int wd)
{
	unsigned low = 0, high = count;

	while (low < high) {
		unsigned middle = low + (high - low) / 2;

		if (list[middle] < wd)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
has(const int *list, unsigned count, int wd)
{
	unsigned place = place_of(list, count, wd);

	return place < count && list[place] == wd;
}

static void
want(struct watch_set *set, int wd)
{
	unsigned place = place_of(set->wanted, set->count, wd);

	if (place < set->count && set->wanted[place] == wd)
		return;
	if (set->count == WATCH_SET_MAX) {
		if (!has(set->before, set->before_count, wd))
			inotify_rm_watch(set->fd, wd);
		set->error = ENOSPC;
		return;
	}
	memmove(set->wanted + place + 1, set->wanted + place,
		(set->count - place) * sizeof(set->wanted[0]));
	set->wanted[place] = wd;
	set->count++;
}

/* Whether PATH is watched now, or has gone or changed its kind meanwhile. */
static bool
add(struct watch_set *set, const char *path, uint32_t events)
{
	int wd;

	if (set->fd == -1)
		return true;
	/* MASK_ADD: a directory may be passed on one path, and decide on another */
	wd = inotify_add_watch(set->fd, path, events | IN_MASK_ADD | IN_DONT_FOLLOW);
	if (wd >= 0) {
		/* wanted anew for the first time: what it was watched for before is over */
		if (!has(set->wanted, set->count, wd) && has(set->before, set->before_count, wd))
			(void)inotify_add_watch(set->fd, path, events | IN_DONT_FOLLOW);
		want(set, wd);
		return true;
	}
	if (errno == ENOTDIR)
		return false;
	if (errno != ENOENT)
		set->error = errno;
	return true;
}

/* Only with a kernel that can tell; else the poll finds what happens to such a file. */
static bool
is_mounted(const char *path)
{
	struct statx status;

	return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, 0, &status) == 0 &&
		(status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

static void
add_hop(void *context, const char *path, enum watch_hop hop)
{
	struct watch_set *set = context;

	switch (hop) {
	case HOP_PASSED:
		add(set, path, PASSED_EVENTS | IN_ONLYDIR);
		break;
	case HOP_DECIDES:
		add(set, path, DECIDING_EVENTS | IN_ONLYDIR);
		break;
	case HOP_END:
		if (!add(set, path, DECIDING_EVENTS | IN_ONLYDIR) && is_mounted(path))
			add(set, path, FILE_EVENTS);
		break;
	}
}

void
watch_set_path(struct watch_set *set, const char *path)
{
	watch_hops(path, add_hop, set);
}

void
watch_set_renames(struct watch_set *set, const char *directory)
{
	add(set, directory, IN_MOVED_TO | IN_ONLYDIR);
}

void
watch_set_end(struct watch_set *set)
{
	for (unsigned i = 0; i < set->before_count; i++)
		if (!has(set->wanted, set->count, set->before[i]))
			inotify_rm_watch(set->fd, set->before[i]);
	set->before_count = 0;
}

bool
watch_set_drain(struct watch_set *set)
{
	char events[EVENTS_BYTES] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool any = false;

	while (set->fd != -1 && read(set->fd, events, sizeof(events)) > 0)
		any = true;
	return any;
}
