/* watcher.c - PID 1's side of the watches */
#include "supervise/watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervise/say.h"
#include "supervise/state.h"

#define WATCHER_STEADY_MS 1000 /* one that ran this long may be started again at once */
#define WATCHER_PAUSE_MS 5000

void
watcher_init(struct watcher *watcher)
{
	watcher->tell[0] = watcher->tell[1] = -1;
	watcher->restart_at = STATE_NEVER;
}

/* Made once and kept, so that what one of them told is not lost with it. */
static int
open_once(struct watcher *watcher)
{
	struct watch_share *share;

	if (watcher->share == NULL) {
		share = mmap(NULL, sizeof(*share), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (share == MAP_FAILED)
			return -1;
		watcher->share = share;
	}
	if (watcher->tell[0] != -1)
		return 0;
	return pipe2(watcher->tell, O_CLOEXEC | O_NONBLOCK);
}

static pid_t
fork_watcher(struct watcher *watcher, const char *run_directory, int voice)
{
	pid_t parent = getpid(), pid;

	if (open_once(watcher) == -1)
		return -1;
	say_flush(); /* or the child would say it once more */
	pid = fork();
	if (pid == 0) {
		const struct watch_config config = {.run_directory = run_directory,
			.share = watcher->share,
			.tell = watcher->tell[1],
			.voice = voice};

		watch_serve(&config, parent);
	}
	return pid;
}

void
watcher_start(struct watcher *watcher, const char *run_directory, int voice, int64_t now)
{
	pid_t pid = fork_watcher(watcher, run_directory, voice);

	watcher->restart_at = STATE_NEVER;
	if (pid == -1) {
		say(LOG_LEVEL_WARNING,
			"unable to start the process that watches files: %s; tried again in %d s",
			strerror(errno), WATCHER_PAUSE_MS / 1000);
		watcher->restart_at = now + WATCHER_PAUSE_MS;
		return;
	}
	watcher->pid = pid;
	watcher->started_at = now;
}

bool
watcher_read(struct watcher *watcher)
{
	char bytes[64];
	bool told = false;

	while (watcher->tell[0] != -1 && read(watcher->tell[0], bytes, sizeof(bytes)) > 0)
		told = true;
	return told;
}

void
watcher_end(struct watcher *watcher)
{
	watcher->ending = true;
	watcher->restart_at = STATE_NEVER;
	if (watcher->pid > 0)
		kill(watcher->pid, SIGKILL);
}

void
watcher_gone(struct watcher *watcher, int status, int64_t now)
{
	bool steady = now - watcher->started_at >= WATCHER_STEADY_MS;

	watcher->pid = 0;
	if (watcher->ending)
		return;
	watcher->restart_at = steady ? now : now + WATCHER_PAUSE_MS;
	say(LOG_LEVEL_WARNING, "the process that watches files ended (%s %d); started again%s",
		WIFSIGNALED(status) ? "signal" : "code",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		steady ? "" : " in 5 s");
}
