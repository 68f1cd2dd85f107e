/* log_output.c - writes to stdout without ever being held up by it */
#include "supervise/log_output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void
log_output_init(struct log_output *output, int fd, bool socket, bool may_block)
{
	output->fd = fd;
	output->socket = socket;
	output->may_block = may_block;
	output->torn = false;
	output->begin = output->end = 0;
	output->credit_us = LOG_OUTPUT_CREDIT_MS * 1000;
	output->earned = 0;
	output->lost_lines = 0;
}

static int64_t
now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool
writable_within(const struct log_output *output, int ms)
{
	struct pollfd ready = {.fd = output->fd, .events = POLLOUT};

	return poll(&ready, 1, ms) == 1;
}

static ssize_t
write_some(struct log_output *output, const char *data, size_t len)
{
	if (output->socket)
		return send(output->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (output->may_block) {
		/* What poll calls writable takes this much without waiting (pipe(7)). */
		if (!writable_within(output, 0)) {
			errno = EAGAIN;
			return -1;
		}
		if (len > PIPE_BUF)
			len = PIPE_BUF;
	}
	return write(output->fd, data, len);
}

static void
earn(struct log_output *output, size_t written)
{
	output->earned += written;
	output->credit_us += (int64_t)(output->earned / LOG_OUTPUT_EARN_BYTES) * 1000;
	output->earned %= LOG_OUTPUT_EARN_BYTES;
	if (output->credit_us > LOG_OUTPUT_CREDIT_MS * 1000)
		output->credit_us = LOG_OUTPUT_CREDIT_MS * 1000;
}

/* A full disk, or a reader that is gone: what waits can only be counted. */
static void
give_up(struct log_output *output)
{
	for (size_t i = output->begin; i < output->end; i++)
		output->lost_lines += output->data[i] == '\n';
	output->torn = output->begin > 0 && output->data[output->begin - 1] != '\n';
	output->begin = output->end = 0;
}

static void
mend(struct log_output *output)
{
	/* The rest of a torn line never comes: what follows must not be glued to it. */
	if (output->torn && write_some(output, "\n", 1) == 1)
		output->torn = false;
}

bool
log_output_flush(struct log_output *output)
{
	if (output->begin < output->end)
		mend(output);
	while (output->begin < output->end) {
		ssize_t done = write_some(
			output, output->data + output->begin, output->end - output->begin);

		if (done > 0) {
			output->begin += (size_t)done;
			earn(output, (size_t)done);
		} else if (done == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			return false;
		} else if (done == 0 || errno != EINTR) {
			give_up(output);
		}
	}
	output->begin = output->end = 0;
	return true;
}

static bool
has_room(struct log_output *output, size_t need)
{
	if (LOG_OUTPUT_BYTES - output->end >= need)
		return true;
	if (output->begin > 0 && LOG_OUTPUT_BYTES - (output->end - output->begin) >= need) {
		/* A torn line is told by the byte before BEGIN: keep it there. */
		size_t keep = output->begin - 1;
		memmove(output->data, output->data + keep, output->end - keep);
		output->end -= keep;
		output->begin = 1;
		return LOG_OUTPUT_BYTES - output->end >= need;
	}
	return false;
}

char *
log_output_room(struct log_output *output, size_t need)
{
	while (!has_room(output, need)) {
		int64_t before;

		log_output_flush(output);
		if (has_room(output, need))
			break;
		if (output->credit_us < 1000)
			return NULL;
		before = now_us();
		(void)writable_within(output, (int)(output->credit_us / 1000));
		/* At least something, so that a poll that returns at once cannot spin here. */
		output->credit_us -= now_us() - before + 50;
	}
	return output->data + output->end;
}

void
log_output_add(struct log_output *output, size_t len)
{
	output->end += len;
}

bool
log_output_drain(struct log_output *output, int ms)
{
	int64_t deadline = now_us() + (int64_t)ms * 1000;

	while (!log_output_flush(output)) {
		int64_t left = deadline - now_us();

		if (left <= 0 || !writable_within(output, (int)(left / 1000) + 1))
			return false;
	}
	return true;
}
