#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/buffer.h"

/*
 * Appends TEXT as a JSON string, with its quotes (RFC 8259 section 7). NULL
 * becomes null. Bytes that are not UTF-8 become U+FFFD, so that the output is
 * always valid.
 */
void json_string(struct buffer *out, const char *text);

/* As json_string, for LEN bytes that may hold NUL. */
void json_bytes(struct buffer *out, const char *text, size_t len);

/* Bytes of the valid UTF-8 sequence at TEXT, of LEFT bytes (RFC 3629); 0 when it is none. */
size_t json_sequence(const unsigned char *text, size_t left);

#endif
