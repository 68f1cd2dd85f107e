/*
 * say.c - PID 1's own voice
 *
 * A line for the logger is "<L>text\n", where L is the digit of the level. Lines
 * are held until say_flush, and go together: the logger is woken once, and not
 * before the services that a turn concerns have been told. At most PIPE_BUF bytes
 * at a time, so that they arrive whole or not at all (pipe(7)).
 */
#include "supervise/say.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAY_LINE_BYTES 1024
#define SAY_HELD_BYTES (2 * SAY_LINE_BYTES)

static struct {
	bool to_logger;
	int fd;
	uint64_t lost;
	char held[SAY_HELD_BYTES];
	size_t held_bytes;
	uint64_t held_lines;
} voice;

void
say_flush(void)
{
	int saved = errno;

	if (voice.held_bytes == 0)
		return;
	if (write(voice.fd, voice.held, voice.held_bytes) != (ssize_t)voice.held_bytes)
		voice.lost += voice.held_lines;
	voice.held_bytes = voice.held_lines = 0;
	errno = saved;
}

void
say_to_logger(int fd)
{
	say_flush();
	voice.to_logger = fd >= 0;
	voice.fd = fd;
}

uint64_t
say_lost(void)
{
	return voice.lost;
}

/* A pipe that poll calls writable takes PIPE_BUF bytes without waiting. */
static bool
stderr_would_wait(void)
{
	struct pollfd ready = {.fd = STDERR_FILENO, .events = POLLOUT};

	return poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT);
}

static void
hold(const char *line, size_t len)
{
	if (voice.held_bytes + len > sizeof(voice.held))
		say_flush();
	memcpy(voice.held + voice.held_bytes, line, len);
	voice.held_bytes += len;
	voice.held_lines++;
}

void
say(enum log_level level, const char *format, ...)
{
	char line[SAY_LINE_BYTES];
	int len = voice.to_logger ? snprintf(line, sizeof(line), "<%d>", (int)level)
				  : snprintf(line, sizeof(line), "mailinit: ");
	int saved = errno, more;
	va_list args;

	va_start(args, format);
	more = vsnprintf(line + len, sizeof(line) - (size_t)len - 1, format, args);
	va_end(args);
	if (more < 0)
		more = 0;
	len += more;
	if (len > (int)sizeof(line) - 2)
		len = (int)sizeof(line) - 2;
	line[len++] = '\n';
	if (voice.to_logger)
		hold(line, (size_t)len);
	else if (stderr_would_wait() || write(STDERR_FILENO, line, (size_t)len) != len)
		voice.lost++;
	errno = saved;
}
