#ifndef SUPERVISE_LOG_KEPT_H
#define SUPERVISE_LOG_KEPT_H

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "supervise/log_output.h"
#include "supervise/log_serve.h"

/*
 * All that a logger has read and not yet written. It lies in memory that PID 1
 * makes once (a memfd) and never looks at; each logger is handed it by the one
 * before. So a logger that is killed at any moment loses nothing:
 *  - recvmmsg and splice note in here how much they took, before they return;
 *  - a line is first put into the output, then its input counts as used. A kill
 *    between the two makes that line come twice, and so does one in the middle
 *    of a write for the lines of that write: what it did is then unknown.
 * What is in here may come from a logger that was subverted: the next one has
 * the same rights, and still checks each length before it uses it.
 */
#define LOG_BATCH 16 /* messages a call; the kernel queues 11 a socket by default */
#define LOG_MESSAGE_BYTES 2048 /* what is longer is cut, and says so */
#define LOG_PIPE_BYTES 32768 /* read in one go */
#define LOG_NOT_RECEIVED UINT32_MAX /* in msg_len, until the kernel writes a length there */

/* A line of a pipe of which the end has not come yet. */
struct log_partial {
	struct log_source source; /* who says it; the table may change before its end comes */
	size_t len, cut;
	char text[LOG_MESSAGE_BYTES];
};

enum log_input_state {
	LOG_INPUT_NONE,
	LOG_INPUT_DATAGRAMS,
	LOG_INPUT_BYTES,
};

struct log_input {
	enum log_input_state state; /* LOG_INPUT_NONE: the rest means nothing */
	unsigned place; /* of its source */
	size_t used; /* messages, or bytes */
	loff_t position; /* LOG_INPUT_BYTES: where its end is within struct log_kept */
	struct mmsghdr headers[LOG_BATCH];
	struct iovec vectors[LOG_BATCH];
	char control[LOG_BATCH][CMSG_SPACE(sizeof(struct ucred))];
	union {
		char messages[LOG_BATCH][LOG_MESSAGE_BYTES];
		char bytes[LOG_PIPE_BYTES];
	};
};

struct log_kept {
	unsigned adoptions; /* loggers that began with this and did not get through */
	uint64_t dropped; /* lines, not yet told */
	struct log_output output;
	struct log_partial partials[LOG_SOURCES];
	struct log_input input;
};

/* What was stored before is stored first, for whoever looks after a kill. */
static inline void
log_kept_order(void)
{
	atomic_signal_fence(memory_order_seq_cst);
}

#endif
