#ifndef APPLY_QUEUE_H
#define APPLY_QUEUE_H

#include <stdbool.h>

/*
 * Whether the queue is free: another running master that holds it would lose
 * mail together with ours. Returns 0 when free, or -1 after saying why not.
 */
int queue_is_free(const char *queue_directory);

/*
 * Lets postsuper put the queue's structure in order, as `postfix start` does,
 * with the main.cf of CONFIG_DIRECTORY, which need not be in use yet: it is also
 * the first of Postfix's programs to read it. Returns 0, or -1 after saying what
 * failed; REFUSED tells whether it was postsuper that did.
 */
int queue_repair(const char *config_directory, bool *refused);

#endif
