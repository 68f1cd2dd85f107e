#ifndef BASE_DEADLINE_H
#define BASE_DEADLINE_H

#include <stdint.h>

/* Milliseconds of the monotonic clock, in which deadlines are given. */
int64_t deadline_now(void);

/*
 * Waits until FD is ready for EVENTS (poll(2)). Returns 0, or -1 with errno, which is
 * ETIMEDOUT at DEADLINE_MS.
 */
int deadline_wait(int fd, short events, int64_t deadline_ms);

#endif
