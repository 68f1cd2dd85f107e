/* log_output.c - writes to stdout without ever being held up by it */
#include "supervise/log_output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Stores stay in this order, for whoever goes on with OUTPUT after a kill. */
static void
order_stores(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

void
log_output_init(struct log_output *output, int fd, bool socket, bool may_block)
{
	output->fd = fd;
	output->socket = socket;
	output->may_block = may_block;
	output->torn = output->writing = false;
	output->begin = output->end = output->moved = 0;
	output->credit_us = LOG_OUTPUT_CREDIT_MS * 1000;
	output->earned = 0;
	output->lost_lines = 0;
}

void
log_output_adopt(struct log_output *output, int fd, bool socket, bool may_block)
{
	struct log_output left = {.torn = output->torn || output->writing,
		.begin = output->begin,
		.end = output->end,
		.lost_lines = output->lost_lines};

	if (output->moved > 0) {
		left.begin = 1;
		left.end = output->moved;
	}
	log_output_init(output, fd, socket, may_block);
	if (left.begin > left.end || left.end > LOG_OUTPUT_BYTES)
		return;
	output->torn = left.torn;
	output->begin = left.begin;
	output->end = left.end;
	output->lost_lines = left.lost_lines;
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

static void
forget_all(struct log_output *output)
{
	output->end = 0; /* first: an end before the beginning is "nothing" to log_output_adopt */
	order_stores();
	output->begin = 0;
}

/* A full disk, or a reader that is gone: what waits can only be counted. */
static void
give_up(struct log_output *output)
{
	for (size_t i = output->begin; i < output->end; i++)
		output->lost_lines += output->data[i] == '\n';
	output->torn = output->begin > 0 && output->data[output->begin - 1] != '\n';
	forget_all(output);
}

static void
mend(struct log_output *output)
{
	/* The rest of a torn line never comes: what follows must not be glued to it. */
	if (output->torn && write_some(output, "\n", 1) == 1)
		output->torn = false;
}

static void
set_writing(struct log_output *output, bool writing)
{
	order_stores();
	output->writing = writing;
	order_stores();
}

bool
log_output_flush(struct log_output *output)
{
	if (output->begin < output->end)
		mend(output);
	while (output->begin < output->end) {
		ssize_t done;

		set_writing(output, true);
		done = write_some(
			output, output->data + output->begin, output->end - output->begin);
		if (done > 0)
			output->begin += (size_t)done;
		set_writing(output, false);
		if (done > 0) {
			earn(output, (size_t)done);
		} else if (done == -1 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			return false;
		} else if (done == 0 || errno != EINTR) {
			give_up(output);
		}
	}
	forget_all(output);
	return true;
}

/*
 * To the front, if it fits there beside itself: so there is a whole copy of it at
 * every moment. A torn line is told by the byte before BEGIN, which comes along.
 */
static void
move_to_front(struct log_output *output)
{
	size_t keep = output->begin - 1, len = output->end - keep;

	if (len > keep)
		return;
	memcpy(output->data, output->data + keep, len);
	order_stores();
	output->moved = len;
	order_stores();
	output->begin = 1;
	output->end = len;
	order_stores();
	output->moved = 0;
}

static bool
has_room(struct log_output *output, size_t need)
{
	if (LOG_OUTPUT_BYTES - output->end < need && output->begin > 0)
		move_to_front(output);
	return LOG_OUTPUT_BYTES - output->end >= need;
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
	order_stores(); /* a whole line, or none of it */
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
