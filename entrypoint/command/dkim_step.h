#ifndef COMMAND_DKIM_STEP_H
#define COMMAND_DKIM_STEP_H

/*
 * The single steps of a rotation. Each is called with the lock held and a plan
 * that was built under it, writes at most one key and one state, and may be
 * called again after it was interrupted anywhere. All return an exit code: EXIT_DONE,
 * or after saying what is wrong EXIT_FINDINGS (something is to be changed first) or
 * EXIT_SYSTEM.
 */
#include "command/dkim.h"

/*
 * Sees to a next key: chooses its selector and notes it, then makes the key.
 * *IDLE: there is nothing to rotate, and a line that says so was printed.
 */
int dkim_step_begin(struct plan *plan, struct plan_dkim_key *key,
	const struct dkim_options *options, bool *idle);

/* Notes that DNS shows the next key since SEEN (0: it does not, any more). */
int dkim_step_seen(struct plan *plan, struct plan_dkim_key *key, long long seen);

/* Changes over: the next key signs, the record of the one before is to stay for a while. */
int dkim_step_switch(struct plan *plan, struct plan_dkim_key *key);

/* Gives the next key up. */
int dkim_step_cancel(struct plan *plan, struct plan_dkim_key *key);

/* Forgets old keys, those that may still be needed only by FORCE. */
int dkim_step_retire(struct plan *plan, struct plan_dkim_key *key, bool force);

#endif
