#ifndef COMMAND_QUEUE_SUM_H
#define COMMAND_QUEUE_SUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/node.h"
#include "command/queue_fold.h"

/* The queues of Postfix (qmgr(8)), in the order in which a message goes through them. */
enum queue_name {
	QUEUE_MAILDROP,
	QUEUE_INCOMING,
	QUEUE_ACTIVE,
	QUEUE_DEFERRED,
	QUEUE_HOLD,
	QUEUE_CORRUPT, /* files that Postfix cannot read; `postqueue` does not show them */
	QUEUE_COUNT,
};

struct queue_part {
	uint64_t messages, bytes;
	int64_t oldest; /* seconds since 1970; 0 when it is empty */
};

/* What is in the queues, in sums: it does not grow with their length. */
struct queue_sum {
	struct arena *arena;
	struct queue_part parts[QUEUE_COUNT];
	struct tally reasons; /* folded; counted by recipients */
	struct tally domains; /* of recipients that are still to be reached */
	bool down; /* Postfix does not run */
};

/* "maildrop", "incoming", … */
const char *queue_part_name(enum queue_name name);

/* A message as `postqueue -j` describes it (postqueue(1)); strings belong to an arena. */
struct queue_message {
	enum queue_name queue;
	const char *id;
	int64_t arrival, size;
	const struct node *recipients; /* a list of maps: address, delay_reason */
};

/*
 * Reads one line of `postqueue -j`. Returns 0, or -1 when it is not what the
 * manual describes; then WHY says in which way. Keys that are not known are
 * passed over, for newer versions may have more.
 */
int queue_read(struct arena *arena, const char *line, size_t len, struct queue_message *message,
	const char **why);

void queue_sum_init(struct queue_sum *sum, struct arena *arena);
void queue_sum_add(struct queue_sum *sum, const struct queue_message *message);

/* Whether ADDRESS is of DOMAIN; small and capital letters are the same. */
bool queue_address_in(const char *address, const char *domain);

/* Whether TEXT can be a queue id: letters and digits, short or long form (postconf(5)). */
bool queue_is_id(const char *text);

#endif
