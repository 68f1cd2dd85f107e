#ifndef SUPERVISE_LOG_OUTPUT_H
#define SUPERVISE_LOG_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Standard output of the container, as the logger sees it: a bounded buffer in
 * front of a descriptor that is never waited for longer than a small credit.
 * Every byte that gets out earns credit back. So a reader that is merely slower
 * than a burst loses nothing, and one that stopped reading (or reads only now
 * and then) cannot hold up mail: its lines are dropped and counted.
 */
#define LOG_OUTPUT_BYTES 32768
#define LOG_OUTPUT_CREDIT_MS 200 /* the longest wait in one go */
#define LOG_OUTPUT_EARN_BYTES 320 /* for one millisecond of credit */

struct log_output {
	int fd;
	bool socket; /* send with MSG_DONTWAIT; it could not be opened anew */
	bool may_block; /* the descriptor is shared and blocking: ask poll, write little */
	bool torn; /* an error came in the middle of a line */
	bool writing; /* a write is under way; after a kill: what it did is not known */
	size_t begin, end; /* what waits in DATA */
	size_t moved; /* not 0: what waits was moved, it is from 1 to here */
	int64_t credit_us;
	size_t earned; /* bytes not yet turned into credit */
	uint64_t lost_lines; /* thrown away because of an error, not yet told */
	char data[LOG_OUTPUT_BYTES];
};

void log_output_init(struct log_output *output, int fd, bool socket, bool may_block);

/*
 * Goes on with what a logger that ended left in OUTPUT, which was all zeros
 * before the first one. If it was killed in the middle of a write, what it was
 * writing is written again, on a new line: twice rather than never.
 */
void log_output_adopt(struct log_output *output, int fd, bool socket, bool may_block);

/*
 * Room for NEED bytes, which must be at most LOG_OUTPUT_BYTES, or NULL when
 * there is none and the credit is used up. The caller fills it and says with
 * log_output_add how many bytes there are.
 */
char *log_output_room(struct log_output *output, size_t need);
void log_output_add(struct log_output *output, size_t len);

/* Writes what can be written now. Returns whether nothing is left. */
bool log_output_flush(struct log_output *output);

/* Writes all, waiting at most MS. Returns whether nothing is left. */
bool log_output_drain(struct log_output *output, int ms);

#endif
