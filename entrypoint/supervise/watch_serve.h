#ifndef SUPERVISE_WATCH_SERVE_H
#define SUPERVISE_WATCH_SERVE_H

#include <stdint.h>

/*
 * The process that watches what the plan was made from, and tells PID 1 when
 * something of it has changed. It looks into other people's file systems, which
 * may hang; then it hangs, and nobody else.
 *
 * What an event means is never asked: it is time to look. A change is told once
 * it has stood for WATCH_QUIET_MS, or after WATCH_LONGEST_MS while it goes on,
 * and not more often than WATCH_BURST times in a row and once each
 * WATCH_SPACING_MS then: twelve in any minute. Each WATCH_POLL_MS it looks without
 * any event: network file systems report nothing.
 */
#define WATCH_QUIET_MS 500
#define WATCH_LONGEST_MS 10000
#define WATCH_LOOK_MS 250 /* between two looks at what is changing */
#define WATCH_BURST 9
#define WATCH_SPACING_MS 20000
#define WATCH_POLL_MS 60000

/* What it says of itself; PID 1 reads it, and no more. */
struct watch_share {
	uint32_t paths, watches; /* in the list; kernel watches */
	int32_t error; /* errno: some of them are only polled; 0: none */
};

struct watch_config {
	const char *run_directory; /* where the list lies */
	struct watch_share *share;
	int tell; /* non-blocking: a byte says that something has changed */
	int voice; /* where say() goes */
};

/* The process itself. PARENT is the pid of PID 1, after whose end it ends. */
_Noreturn void watch_serve(const struct watch_config *config, int parent);

#endif
