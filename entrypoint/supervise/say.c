/*
 * say.c - PID 1's own voice
 *
 * A line for the logger is "<L>text\n", where L is the digit of the level; at
 * most PIPE_BUF bytes, so that it arrives whole or not at all (pipe(7)).
 */
#include "supervise/say.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define SAY_LINE_BYTES 1024

static struct {
	bool to_logger;
	int fd;
	uint64_t lost;
} voice;

void
say_to_logger(int fd)
{
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

void
say(enum log_level level, const char *format, ...)
{
	char line[SAY_LINE_BYTES];
	int fd = voice.to_logger ? voice.fd : STDERR_FILENO;
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
	if ((!voice.to_logger && stderr_would_wait()) || write(fd, line, (size_t)len) != len)
		voice.lost++;
	errno = saved;
}
