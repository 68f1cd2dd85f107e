#ifndef SUPERVISE_SIGNALS_H
#define SUPERVISE_SIGNALS_H

/*
 * Blocks every signal that can wait, and has none ignored. Called in the first line of main: the
 * kernel drops an unblocked signal to PID 1 that has no handler, but keeps a
 * blocked one, so a TERM that comes before the first child exists is not lost.
 * The signals by which the processor reports a fault stay open: blocked ones
 * would end us without the report of a sanitizer.
 */
void supervise_block_signals(void);

/* For commands that are no init: Ctrl-C and its like work as everywhere. */
void supervise_unblock_signals(void);

/*
 * In a fresh child: default dispositions and an empty mask, as every program expects them,
 * whatever whoever started us had ignored. What can be blocked is default in us already.
 */
void supervise_reset_signals(void);

#endif
