#ifndef SUPERVISE_CLOCK_H
#define SUPERVISE_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that never jumps: for deadlines. */
int64_t clock_monotonic(void);

/* Milliseconds since 1970, UTC: for people. */
int64_t clock_wall(void);

/*
 * WALL_MS as RFC 3339 section 5.6 in UTC, with or without milliseconds:
 * "2026-11-22T02:05:19.573Z". Needs neither the time zone files nor memory.
 * Years 1970 to 9999; anything outside is shown as the nearest of those.
 */
#define CLOCK_TEXT_BYTES 25
char *clock_text(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);
char *clock_text_seconds(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);

#endif
