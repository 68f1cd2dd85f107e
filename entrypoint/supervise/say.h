#ifndef SUPERVISE_SAY_H
#define SUPERVISE_SAY_H

#include <stdint.h>

#include "plan/service.h"

/*
 * What PID 1 itself has to say. It goes through the logger like everything
 * else, by a pipe that is never waited for: when it is full, the line is counted
 * as lost instead. Until say_to_logger, lines go to stderr, also without waiting.
 */
void say(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* FD is the write end of a non-blocking pipe to the logger; -1 goes back to stderr. */
void say_to_logger(int fd);

/* Hands the logger what was said since the last time: before each wait, and before it is to end. */
void say_flush(void);

/* Lines lost so far. */
uint64_t say_lost(void);

#endif
