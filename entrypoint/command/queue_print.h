#ifndef COMMAND_QUEUE_PRINT_H
#define COMMAND_QUEUE_PRINT_H

#include "base/buffer.h"
#include "command/queue_sum.h"

/*
 * A sum in the forms of `mailinit queue`; both sort its tallies and append to
 * OUT. Ages are by NOW, in seconds since 1970. The keys of the JSON form are
 * fixed (docs/json.md).
 */
void queue_print_text(struct queue_sum *sum, int64_t now, struct buffer *out);
void queue_print_json(struct queue_sum *sum, struct buffer *out);

/*
 * TEXT for a terminal: what is not a printable character of UTF-8 becomes "\xNN".
 * Reasons and addresses are written by strangers.
 */
void queue_print_safe(const char *text, struct buffer *out);

#endif
