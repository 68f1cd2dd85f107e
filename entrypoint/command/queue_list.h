#ifndef COMMAND_QUEUE_LIST_H
#define COMMAND_QUEUE_LIST_H

#include "command/queue_sum.h"

/* Called for each message of the queue; MESSAGE is gone afterwards. */
typedef void queue_visitor(void *context, const struct queue_message *message);

/*
 * Asks `postqueue -j` and visits what it names. That works while Postfix is down
 * as well, for postqueue then looks itself; DOWN says so. Returns 0, or an exit
 * code (base/fatal.h) after saying what is wrong.
 */
int queue_list(queue_visitor *visit, void *context, bool *down);

/* What is in DIRECTORY, as a part of the queue that postqueue does not show. */
void queue_count_files(const char *directory, struct queue_part *part);

#endif
