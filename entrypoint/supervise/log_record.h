#ifndef SUPERVISE_LOG_RECORD_H
#define SUPERVISE_LOG_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/service.h"

/*
 * One message of a daemon, taken apart. The pieces point into the bytes that
 * were received, which belong to the caller; nothing is copied. Input is
 * hostile: any bytes in any order are some message.
 */
struct log_piece {
	const char *text;
	size_t len;
};

struct log_record {
	struct log_piece service; /* "postfix" */
	struct log_piece program; /* "postfix/smtpd" */
	long pid; /* 0: not known */
	enum log_level level;
	struct log_piece message;
	struct log_piece fields; /* LOG_FIELD name=value LOG_FIELD name=value …; for JSON alone */
	size_t cut; /* so many bytes of the message are missing at its end */
};

/*
 * A datagram of syslog(3): "<22>Nov 22 02:05:19 postfix/smtpd[328]: connect …"
 * (RFC 3164 section 4.1, without the host name that the C library leaves out).
 * SENDER is the pid by the kernel's word; it wins over the one in the text.
 */
void log_read_syslog(struct log_record *record, const char *text, size_t len, long sender);

/*
 * A line that SERVICE wrote to its stdout or stderr; PID is its main process. A
 * time stamp in front is dropped, a tag of the service's own programs becomes
 * the program, and words such as "warning:" give the level.
 */
void log_read_line(
	struct log_record *record, const char *text, size_t len, const char *service, long pid);

/*
 * A line of PID 1 itself (see say.h), or of a child that plans. Behind the
 * message it may have fields, each one as LOG_FIELD and name=value.
 */
#define LOG_FIELD '\x1f' /* the unit separator of ASCII */
void log_read_own(struct log_record *record, const char *text, size_t len, long pid);

#endif
