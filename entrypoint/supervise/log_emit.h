#ifndef SUPERVISE_LOG_EMIT_H
#define SUPERVISE_LOG_EMIT_H

#include <stdint.h>
#include <sys/types.h>

#include "supervise/log_kept.h"
#include "supervise/log_record.h"
#include "supervise/log_serve.h"

/*
 * From a record to a line in the output. What there is no room for is dropped,
 * counted, and told before the next line that gets through.
 */
struct log_emitter {
	const struct log_config *config;
	struct log_kept *kept;
	int64_t now; /* wall clock in ms: the time stamp of every line */
};

/* Writes the record as a line, unless the level leaves it out or it says nothing. */
void log_emit(struct log_emitter *emitter, const struct log_record *record);

/* Tells what was dropped, if anything was and there is room again. */
void log_emit_loss(struct log_emitter *emitter);

/*
 * Notes what a datagram of SENDER says about health, for `status` to show.
 * Anybody in the container may write to /dev/log in any name. A fact is believed
 * only from a process of the service itself: the kernel says who sent it, all of
 * a service's processes are in the group of its main one, and that one alone
 * says what is throttled. What services write to their output is not looked at:
 * programs that they run share it.
 */
void log_note_fact(struct log_emitter *emitter, const struct log_record *record, pid_t sender);

#endif
