#ifndef SETTINGS_INPUT_H
#define SETTINGS_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * Reads a file that somebody named into CONTENT, at most LIMIT bytes. STREAMS:
 * somebody waits for the answer, so "-" is the standard input, and a pipe, as
 * of <(command), or a terminal is read to its end. Without it, as file_read: a
 * container's start must not wait for a writer that never comes. Returns 0, or
 * -1 with errno: EFBIG over the limit, EISDIR, EINVAL for what is no file.
 */
int input_read(const char *path, size_t limit, bool streams, struct buffer *content);

/* The errno of input_read in words. */
const char *input_cause(int error);

#endif
