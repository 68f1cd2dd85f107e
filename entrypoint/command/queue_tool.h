#ifndef COMMAND_QUEUE_TOOL_H
#define COMMAND_QUEUE_TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/*
 * Postfix's own tools, run without a shell: ARGV[0] is an absolute path, the
 * environment is ours and short, standard input is /dev/null.
 */
#define QUEUE_POSTQUEUE "/usr/sbin/postqueue"
#define QUEUE_POSTSUPER "/usr/sbin/postsuper"

/* One line of output, LEN bytes without the line break. False ends the reading. */
typedef bool queue_line(void *context, const char *line, size_t len);

/*
 * Runs the tool. LINE gets its output; with LINE NULL the output is ours. What it
 * says on standard error goes to ERRORS. Returns its exit code, 128 + N when
 * signal N ended it, or -1 after saying why it could not be run.
 */
int queue_tool(const char *const argv[], queue_line *line, void *context, struct buffer *errors);

#endif
