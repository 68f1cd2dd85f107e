#ifndef APPLY_QUEUE_H
#define APPLY_QUEUE_H

/*
 * Whether the queue is free: another running master that holds it would lose
 * mail together with ours. Returns 0 when free, or -1 after saying why not.
 */
int queue_is_free(const char *queue_directory);

/*
 * Lets postsuper put the queue's structure in order, as `postfix start` does.
 * Needs main.cf in place. Returns 0, or -1 after saying what failed.
 */
int queue_repair(void);

#endif
