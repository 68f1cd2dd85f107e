/* live_stream.c - lines to and from a port or a program, under a deadline */
#include "command/live_stream.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/fatal.h"
#include "command/live.h"

static void
begin(struct live_stream *stream, int64_t end_ms)
{
	memset(stream, 0, sizeof(*stream));
	stream->in = stream->out = -1;
	stream->end_ms = end_ms;
}

static socklen_t
address_of(const char *text, unsigned port, struct sockaddr_storage *address)
{
	struct sockaddr_in *four = (struct sockaddr_in *)address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;

	memset(address, 0, sizeof(*address));
	if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)port);
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1)
		return 0;
	six->sin6_family = AF_INET6;
	six->sin6_port = htons((uint16_t)port);
	return sizeof(*six);
}

static int
finish_connect(struct live_stream *stream, int fd)
{
	int cause = 0;
	socklen_t len = sizeof(cause);

	if (deadline_wait(fd, POLLOUT, stream->end_ms) != 0 ||
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &cause, &len) != 0)
		return -1;
	errno = cause;
	return cause == 0 ? 0 : -1;
}

int
live_connect(struct live_stream *stream, const char *address, unsigned port, int64_t end_ms)
{
	struct sockaddr_storage to;
	socklen_t len = address_of(address, port, &to);
	int fd;

	begin(stream, end_ms);
	if (len == 0) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	stream->in = stream->out = fd;
	if (connect(fd, (const struct sockaddr *)&to, len) == 0)
		return 0;
	return errno == EINPROGRESS ? finish_connect(stream, fd) : -1;
}

static _Noreturn void
become(const char *const argv[], int input, int output)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", language[] = "LANG=C";
	char *environment[] = {path, language, NULL};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null == -1 || dup2(input, STDIN_FILENO) == -1 || dup2(output, STDOUT_FILENO) == -1 ||
		dup2(null, STDERR_FILENO) == -1)
		_exit(EXIT_NOT_EXECUTABLE);
	signal(SIGPIPE, SIG_DFL);
	/* execve takes the strings as they are, its type is older than const. */
	execve(argv[0], (char *const *)(size_t)argv, environment);
	_exit(EXIT_NOT_FOUND);
}

int
live_run(struct live_stream *stream, const char *const argv[], int64_t end_ms)
{
	int to[2], from[2];

	begin(stream, end_ms);
	if (access(argv[0], X_OK) != 0)
		return -1;
	if (pipe2(to, O_CLOEXEC) != 0)
		return -1;
	if (pipe2(from, O_CLOEXEC) != 0) {
		close(to[0]);
		close(to[1]);
		return -1;
	}
	/* whoever ends early must not end us */
	signal(SIGPIPE, SIG_IGN);
	stream->pid = fork();
	if (stream->pid == 0)
		become(argv, to[0], from[1]);
	close(to[0]);
	close(from[1]);
	stream->in = from[0];
	stream->out = to[1];
	if (stream->pid != -1)
		return 0;
	stream->pid = 0;
	return -1;
}

int
live_send(struct live_stream *stream, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t done = deadline_wait(stream->out, POLLOUT, stream->end_ms) == 0
			? write(stream->out, text, left)
			: -1;

		if (done < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (done < 0)
			return -1;
		text += done;
		left -= (size_t)done;
	}
	return 0;
}

/* more - reads what is there; -1 with errno */
static ssize_t
more(struct live_stream *stream, char *room, size_t size)
{
	for (;;) {
		ssize_t len = deadline_wait(stream->in, POLLIN, stream->end_ms) == 0
			? read(stream->in, room, size)
			: -1;

		if (len >= 0 || (errno != EINTR && errno != EAGAIN))
			return len;
	}
}

int
live_line(struct live_stream *stream, char line[LIVE_LINE_BYTES])
{
	for (;;) {
		char *end = memchr(stream->pending, '\n', stream->pending_len);
		size_t len = end != NULL ? (size_t)(end - stream->pending) : stream->pending_len;
		ssize_t got;

		if (end != NULL || len == sizeof(stream->pending) - 1) {
			size_t taken = len + (end != NULL);

			memcpy(line, stream->pending, len);
			stream->pending_len -= taken;
			memmove(stream->pending, stream->pending + taken, stream->pending_len);
			if (len > 0 && line[len - 1] == '\r')
				len--;
			line[len] = '\0';
			return (int)len;
		}
		got = more(stream, stream->pending + len, sizeof(stream->pending) - 1 - len);
		if (got <= 0) {
			if (got == 0)
				errno = ECONNRESET;
			return -1;
		}
		stream->pending_len += (size_t)got;
	}
}

int
live_reply(struct live_stream *stream, char line[LIVE_LINE_BYTES])
{
	do {
		if (live_line(stream, line) < 0)
			return -1;
	} while (strlen(line) > 3 && line[3] == '-');
	return (int)strtol(line, NULL, 10);
}

int
live_rest(struct live_stream *stream, struct buffer *out)
{
	char room[4096];
	ssize_t len;

	buffer_append(out, stream->pending, stream->pending_len);
	stream->pending_len = 0;
	while (out->len < LIVE_STREAM_BYTES && (len = more(stream, room, sizeof(room))) != 0) {
		if (len < 0)
			return errno == ECONNRESET ? 0 : -1;
		buffer_append(out, room, (size_t)len);
	}
	return 0;
}

int
live_close(struct live_stream *stream)
{
	int status = -1;

	if (stream->out != -1 && stream->out != stream->in)
		close(stream->out);
	if (stream->in != -1)
		close(stream->in);
	stream->in = stream->out = -1;
	if (stream->pid == 0)
		return -1;
	/* one that is through has its code already, and is no longer there to be ended */
	if (waitpid(stream->pid, &status, WNOHANG) == 0) {
		kill(stream->pid, SIGKILL);
		while (waitpid(stream->pid, &status, 0) == -1 && errno == EINTR)
			continue;
	}
	stream->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
