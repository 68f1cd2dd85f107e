#ifndef SUPERVISE_LOG_INPUT_H
#define SUPERVISE_LOG_INPUT_H

#include <stdbool.h>

#include "supervise/log_emit.h"

/*
 * Reads sources and emits what they say. Everything that was taken out of the
 * kernel is in struct log_kept until it is in the output.
 */

/* Reads the source at PLACE once, without waiting. Returns whether anything came. */
bool log_input_read(struct log_emitter *emitter, unsigned place);

/* Lines without an end so far: whether there are any, and emit them as they are. */
bool log_input_has_partials(const struct log_emitter *emitter);
void log_input_end_partials(struct log_emitter *emitter);

/*
 * Emits what the logger before had read, and begins anew with the sources of the
 * emitter's config. What two loggers in a row did not survive is dropped.
 */
void log_input_adopt(struct log_emitter *emitter);

#endif
