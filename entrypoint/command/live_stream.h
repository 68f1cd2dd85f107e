#ifndef COMMAND_LIVE_STREAM_H
#define COMMAND_LIVE_STREAM_H

/* Private to command/live*.c: lines to and from a port, or a program that speaks to it. */
#include <stdint.h>
#include <sys/types.h>

#include "base/buffer.h"

#define LIVE_LINE_BYTES 1024
#define LIVE_STREAM_BYTES (256 * 1024) /* more than any partner has to say */

struct live_stream {
	int in, out; /* -1: closed */
	pid_t pid; /* of the program; 0: there is none */
	int64_t end_ms; /* of the monotonic clock: nothing waits longer */
	char pending[LIVE_LINE_BYTES]; /* read, and not yet taken */
	size_t pending_len;
};

/* Connects to a numeric address. Returns 0, or -1 with errno. */
int live_connect(struct live_stream *stream, const char *address, unsigned port, int64_t end_ms);

/*
 * Runs ARGV, whose first word is an absolute path, with its standard input and output
 * for us; what it says on standard error goes nowhere. Returns 0, or -1 with errno.
 */
int live_run(struct live_stream *stream, const char *const argv[], int64_t end_ms);

int live_send(struct live_stream *stream, const char *text);

/*
 * The next line, without its end; a longer one comes in pieces. Returns its length,
 * or -1 with errno: ETIMEDOUT, or ECONNRESET at the end.
 */
int live_line(struct live_stream *stream, char line[LIVE_LINE_BYTES]);

/* The code of the next whole reply of SMTP; LINE gets its last line. -1 with errno, as above. */
int live_reply(struct live_stream *stream, char line[LIVE_LINE_BYTES]);

/* Appends all that comes until the end, LIVE_STREAM_BYTES at most. Returns 0, or -1 with errno. */
int live_rest(struct live_stream *stream, struct buffer *out);

/* Ends the program, if there is one. Returns its exit code, or -1. */
int live_close(struct live_stream *stream);

#endif
