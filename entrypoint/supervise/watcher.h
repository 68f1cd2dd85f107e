#ifndef SUPERVISE_WATCHER_H
#define SUPERVISE_WATCHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "supervise/watch_serve.h"

/*
 * PID 1's side of the watches: starts the process that watches (watch_serve.h)
 * and starts it again when it dies. It holds no state that matters: whoever comes
 * after it compares all files with what the newest plan knew.
 */
struct watcher {
	pid_t pid; /* 0: not running */
	int tell[2]; /* a byte from it: something has changed; -1, -1: not open */
	struct watch_share *share;
	int64_t started_at, restart_at; /* monotonic; STATE_NEVER: not to be started */
	bool ending;
};

/* Before anything else. */
void watcher_init(struct watcher *watcher);

/*
 * Starts the process; VOICE is where its lines go. What fails is said, and tried
 * again at RESTART_AT: without it all works, but changes need a reload by hand.
 */
void watcher_start(struct watcher *watcher, const char *run_directory, int voice, int64_t now);

/* Takes what it told. Returns whether it did. */
bool watcher_read(struct watcher *watcher);

/* Ends it, for good. Nobody waits for it. */
void watcher_end(struct watcher *watcher);

/* Its process was reaped, with STATUS: it is started again, at once unless it dies at once. */
void watcher_gone(struct watcher *watcher, int status, int64_t now);

#endif
