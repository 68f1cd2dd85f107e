/* live_queue.c - the queue, and room for it: by its files, without asking Postfix */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "command/live.h"
#include "dns/records.h"

#define DEPTH_MAX 3 /* hash_queue_depth is 1 in Debian (postconf(5)) */
#define STUCK_SECONDS 300 /* Postfix takes new mail within a second; qmgr looks once in 300 s */
#define OLD_SECONDS (6 * 3600)
#define GROWTH_MESSAGES 100 /* in the seconds between two looks */
#define LOW_PERCENT 5
#define LOW_BYTES (1024ULL * 1024 * 1024) /* of a large volume five per cent are plenty */

/* time_of_id - when a message came, by its long queue id: six digits to the base 52; 0: short id */
static int64_t
time_of_id(const char *id)
{
	static const char digits[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
	int64_t seconds = 0;

	if (strchr(id, 'z') == NULL || strlen(id) < 11)
		return 0;
	for (int i = 0; i < 6; i++) {
		const char *digit = strchr(digits, id[i]);

		if (digit == NULL)
			return 0;
		seconds = seconds * 52 + (digit - digits);
	}
	return seconds;
}

static void
take_older(int64_t *oldest, int64_t time)
{
	if (time > 0 && (*oldest == 0 || time < *oldest))
		*oldest = time;
}

/* count_file - NEW: of maildrop and incoming, where it may be one that is still written */
static void
count_file(struct live_queue *queue, const char *name, const struct stat *status, bool new)
{
	queue->messages++;
	if (!new) {
		take_older(&queue->oldest, time_of_id(name));
		return;
	}
	/* a file is executable once it is whole */
	if (!(status->st_mode & S_IXUSR))
		return;
	queue->new ++;
	take_older(&queue->oldest_new, status->st_mtim.tv_sec);
}

/* count_in - a directory, and those in it; what goes away while we look is no error */
static void
count_in(struct live_queue *queue, int parent, const char *name, bool new, int depth)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *stream = fd != -1 ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (stream == NULL) {
		if (errno != ENOENT)
			queue->error = errno;
		if (fd != -1)
			close(fd);
		return;
	}
	while (queue->error == 0 && (entry = readdir(stream)) != NULL) {
		struct stat status;

		if (deadline_now() >= queue->deadline_ms)
			queue->error = ETIMEDOUT;
		if (entry->d_name[0] == '.' ||
			fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (S_ISREG(status.st_mode))
			count_file(queue, entry->d_name, &status, new);
		else if (S_ISDIR(status.st_mode) && depth < DEPTH_MAX)
			count_in(queue, fd, entry->d_name, new, depth + 1);
	}
	closedir(stream);
}

void
live_queue_count(struct live_queue *queue, int64_t deadline_ms)
{
	static const char *const names[] = {"maildrop", "incoming", "active", "deferred"};
	int fd = open(PLAN_QUEUE_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	memset(queue, 0, sizeof(*queue));
	queue->at_ms = deadline_now();
	queue->deadline_ms = deadline_ms;
	if (fd == -1) {
		queue->error = errno;
		return;
	}
	for (int i = 0; i < 4; i++)
		count_in(queue, fd, names[i], i < 2, 1);
	close(fd);
}

static const char *
messages(size_t count)
{
	return count == 1 ? "message" : "messages";
}

void
live_queue_judge(
	struct live_system *system, const struct live_queue *before, const struct live_queue *after)
{
	static const char what[] = "queue";
	int64_t now = time(NULL);
	bool right = true;

	if (before->error != 0 || after->error != 0) {
		live_system_unknown(system, what, "it cannot be counted: %s",
			strerror(before->error != 0 ? before->error : after->error));
		return;
	}
	if (after->new > 0 && now - after->oldest_new > STUCK_SECONDS) {
		live_system_wrong(system, "live-queue-stuck", what,
			after->new == 1 ? "%zu new message waits, for %lld minutes"
					: "%zu new messages wait, one of them for %lld minutes",
			after->new, (long long)((now - after->oldest_new) / 60));
		right = false;
	}
	if (after->messages > before->messages + GROWTH_MESSAGES) {
		live_system_wrong(system, "live-queue-growing", what,
			"it grew from %zu to %zu messages within %lld s", before->messages,
			after->messages, (long long)((after->at_ms - before->at_ms) / 1000));
		right = false;
	}
	if (after->oldest > 0 && now - after->oldest > OLD_SECONDS) {
		live_system_wrong(system, "live-queue-old", what,
			after->messages == 1
				? "%zu message, which has waited for %lld hours"
				: "%zu messages, and one of them has waited for %lld hours",
			after->messages, (long long)((now - after->oldest) / 3600));
		right = false;
	}
	if (right)
		live_system_right(
			system, what, "%zu %s", after->messages, messages(after->messages));
}

void
live_disk_judge(struct live_system *system, const char *what, const struct statvfs *status,
	unsigned long long wanted)
{
	unsigned long long room = (unsigned long long)status->f_bavail * status->f_frsize;
	unsigned long long all = (unsigned long long)status->f_blocks * status->f_frsize;

	/* a file system without a table of files says 0 of 0 */
	if (room < wanted || (status->f_files > 0 && status->f_favail == 0))
		live_system_wrong(system, "live-disk-full", what, "%llu MB and %llu files are left",
			room >> 20, (unsigned long long)status->f_favail);
	else if (room < LOW_BYTES && room < all / 100 * LOW_PERCENT)
		live_system_wrong(system, "live-disk-low", what, "%llu MB of %llu MB are left",
			room >> 20, all >> 20);
	else
		live_system_right(system, what, "%llu MB are left", room >> 20);
}

static void
look_at_disk(struct live_system *system, const char *path, unsigned long long wanted)
{
	const char *what = arena_printf(system->plan->arena, "room at %s", path);
	struct statvfs status;

	if (statvfs(path, &status) != 0)
		live_system_unknown(system, what, "%s", strerror(errno));
	else
		live_disk_judge(system, what, &status, wanted);
}

void
live_disks(struct live_system *system)
{
	unsigned long long bytes =
		strtoull(node_text(system->plan->settings, "limits.message", "0"), NULL, 10);

	/* Postfix wants one and a half times the largest message (postconf(5), queue_minfree) */
	look_at_disk(system, PLAN_QUEUE_DIRECTORY, bytes + bytes / 2);
	if (dns_has_role(system->plan->settings, "mailstore"))
		look_at_disk(system, "/var/mail", 1);
	look_at_disk(system, PLAN_STATE_DIRECTORY, 1);
}
