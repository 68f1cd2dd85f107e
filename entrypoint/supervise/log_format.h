#ifndef SUPERVISE_LOG_FORMAT_H
#define SUPERVISE_LOG_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "supervise/log_record.h"

/*
 * A record as one line:
 *   2026-11-22T02:05:19.573Z postfix/smtpd[123] info: connect from …
 *   {"time":"…","service":"postfix","program":"postfix/smtpd","pid":123,
 *    "level":"info","message":"connect from …"}
 * Whatever the message holds, it stays one line and cannot look like two:
 * control characters (C0, DEL, C1, and Unicode's line and paragraph separators)
 * are written as escapes, and so are bytes that are not UTF-8 (RFC 3629).
 */

/* A line is never longer than this for a message, with its fields, of MESSAGE bytes. */
#define LOG_LINE_BYTES(message) (6 * (size_t)(message) + 384)

/*
 * Writes the line with its line break to OUT, which has room for it. Returns
 * its length. With MASK set to LOG_MASK_ADDRESSES the part of a mail address
 * before its @ becomes "*"; message ids stay.
 */
size_t log_write_record(char *out, const struct log_record *record, enum log_format format,
	enum log_mask mask, int64_t wall_ms);

/* "debug", "info", … */
const char *log_level_name(enum log_level level);

#endif
