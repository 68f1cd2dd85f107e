/* watch_serve.c - the loop of the process that watches */
#include "supervise/watch_serve.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/capability.h"
#include "supervise/clock.h"
#include "supervise/privilege.h"
#include "supervise/say.h"
#include "supervise/signals.h"
#include "supervise/spawn.h"
#include "supervise/watch_known.h"
#include "supervise/watch_set.h"

#define SHOWN_BYTES 256
#define DIGEST_START UINT64_C(14695981039346656037) /* FNV-1a */
#define DIGEST_PRIME UINT64_C(1099511628211)

/* What differs from what the newest plan knew. */
struct difference {
	unsigned count;
	uint64_t digest; /* of what they are now; 0: nothing differs */
	char first[SHOWN_BYTES]; /* the first of their paths, for people */
};

/* Times are milliseconds of the monotonic clock. */
static struct {
	const struct watch_config *config;
	struct watch_known known;
	struct watch_set set;
	struct difference now;
	int64_t poll_at; /* when it is to look without any event */
	bool settling; /* something has changed, and is not told yet */
	int64_t since, quiet_since, look_at; /* of what is settling */
	uint64_t told; /* digest of what PID 1 was told of last, and plans by now; 0: nothing */
	int64_t earned_at; /* at WATCH_SPACING_MS each, all that was told is paid for then */
	bool complained; /* of a limit */
} server;

/* ---- looking ---- */

static uint64_t
digest(uint64_t sum, const void *data, size_t len)
{
	const unsigned char *at = data;

	while (len-- > 0)
		sum = (sum ^ *at++) * DIGEST_PRIME;
	return sum;
}

/* A path may hold anything; a line of the log is one line. */
static void
show(char shown[SHOWN_BYTES], const char *path)
{
	size_t len = 0;

	for (; len < SHOWN_BYTES - 1 && path[len] != '\0'; len++)
		shown[len] = (unsigned char)path[len] < ' ' || path[len] == 0x7f ? '?' : path[len];
	shown[len] = '\0';
}

static void
differs(struct difference *found, const struct watched *item, const struct watch_mark *mark)
{
	if (found->count++ == 0) {
		found->digest = DIGEST_START;
		show(found->first, item->path);
	}
	found->digest = digest(found->digest, item->path, strlen(item->path));
	found->digest =
		digest(found->digest, mark, sizeof(*mark)); /* zeroed before it was filled */
}

static void
complain(const struct watch_share *share)
{
	if (share->error == 0 || server.complained)
		return;
	server.complained = true;
	say(LOG_LEVEL_WARNING,
		"unable to watch all files: %s%s; changes are looked for every %d s instead",
		strerror(share->error),
		share->error == ENOSPC || share->error == EMFILE
			? " (fs.inotify.max_user_watches and .max_user_instances of this machine)"
			: "",
		WATCH_POLL_MS / 1000);
}

/* First the watches, then the look: what changes between the two wakes us again. */
static void
look(void)
{
	struct watch_share *share = server.config->share;
	struct watch_list list;
	struct watched item;
	uint32_t paths = 0;

	(void)watch_set_drain(&server.set);
	watch_set_begin(&server.set);
	watch_set_renames(&server.set, server.config->run_directory);
	(void)watch_known_renew(&server.known);
	server.now.count = 0;
	server.now.digest = 0;
	if (watch_known_begin(&server.known, &list))
		for (; watch_list_next(&list, &item) == 1; paths++) {
			struct watch_mark mark;

			watch_set_path(&server.set, item.path);
			watch_look(item.path, &mark);
			if (!watch_same(&mark, &item.mark))
				differs(&server.now, &item, &mark);
		}
	watch_set_end(&server.set);
	share->paths = paths;
	share->watches = server.set.count;
	share->error = server.set.error;
	complain(share);
}

/* ---- telling ---- */

static void
tell(int64_t now)
{
	if (server.now.count == 1)
		say(LOG_LEVEL_INFO, "%s has changed: planning anew", server.now.first);
	else
		say(LOG_LEVEL_INFO, "%s and %u more have changed: planning anew", server.now.first,
			server.now.count - 1);
	say_flush();
	/* A full pipe says the same already. */
	(void)(write(server.config->tell, "", 1) == 1);
	server.told = server.now.digest;
	server.earned_at = (server.earned_at > now ? server.earned_at : now) + WATCH_SPACING_MS;
}

/* The earliest time at which something may be told. */
static int64_t
may_tell_at(void)
{
	return server.earned_at - (WATCH_BURST - 1) * WATCH_SPACING_MS;
}

/* After a look: goes on settling, tells, or waits for the next event. */
static void
judge(uint64_t digest_before, int64_t began_at)
{
	int64_t now = clock_monotonic();

	if (server.now.digest == 0 || server.now.digest == server.told) {
		server.settling = false;
		return;
	}
	if (!server.settling)
		server.since = now;
	if (!server.settling || server.now.digest != digest_before)
		server.quiet_since = now;
	server.settling = true;
	if ((now - server.quiet_since >= WATCH_QUIET_MS ||
		    now - server.since >= WATCH_LONGEST_MS) &&
		now >= may_tell_at()) {
		tell(now);
		server.settling = false;
		return;
	}
	/* A look at many files, or at a slow disk, is not to become all that we do. */
	server.look_at = now + WATCH_LOOK_MS + 4 * (now - began_at);
	if (server.look_at < may_tell_at())
		server.look_at = may_tell_at();
}

/* ---- the loop ---- */

/* While something settles, events need not wake us: the next look takes them all. */
static void
await(void)
{
	struct pollfd events = {.fd = server.set.fd, .events = POLLIN};
	int64_t until = server.settling ? server.look_at : server.poll_at;
	int64_t left = until - clock_monotonic();

	(void)poll(&events, server.settling ? 0 : 1, left > 0 ? (int)left : 0);
}

static void
turn(void)
{
	uint64_t digest_before = server.now.digest;
	int64_t now;

	await();
	now = clock_monotonic();
	if (now >= server.poll_at) {
		/* What was told and is still not known was not planned, for the disk was full, say. */
		server.told = 0;
		server.poll_at = now + WATCH_POLL_MS;
	}
	look();
	judge(digest_before, now);
	say_flush();
}

static void
close_all_but(const struct watch_config *config)
{
	int low = config->tell < config->voice ? config->tell : config->voice;
	int high = config->tell < config->voice ? config->voice : config->tell;

	for (int fd = STDERR_FILENO + 1; fd < high; fd++)
		if (fd != low)
			close(fd);
	spawn_close_from(high + 1);
}

/*
 * It keeps its user, as whoever plans does: a file system may let its owner in and
 * nobody else (FUSE). Of the capabilities it keeps the one by which it sees into
 * directories of others (certbot's live is 0700).
 */
static int
reduce(void)
{
	if (privilege_reduce(CAPABILITY_BIT(CAPABILITY_DAC_OVERRIDE)) == -1)
		return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

void
watch_serve(const struct watch_config *config, int parent)
{
	supervise_reset_signals();
	close_all_but(config);
	(void)prctl(PR_SET_NAME, "mailinit-watch", 0, 0, 0); /* for ps */
	if (reduce() == -1 || chdir("/") == -1 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1 ||
		getppid() != parent)
		_exit(1);
	server.config = config;
	watch_known_init(&server.known, config->run_directory);
	watch_set_init(&server.set);
	server.poll_at = clock_monotonic() + WATCH_POLL_MS;
	look();
	judge(0, clock_monotonic());
	say_flush();
	for (;;)
		turn();
}
