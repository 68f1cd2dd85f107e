#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stddef.h>

/*
 * Bytes that grow. A buffer that was zeroed is empty and valid; once anything
 * was appended, DATA is followed by a NUL that LEN does not count. The holder
 * of the struct frees it with buffer_free. Out of memory ends the process.
 */
struct buffer {
	char *data;
	size_t len, size;
};

void buffer_free(struct buffer *buffer);
void buffer_clear(struct buffer *buffer); /* empty again, memory kept */
void buffer_append(struct buffer *buffer, const void *data, size_t len);
void buffer_puts(struct buffer *buffer, const char *text);
void buffer_putc(struct buffer *buffer, char c);
void
buffer_printf(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The content as a string: never NULL. */
const char *buffer_text(const struct buffer *buffer);

#endif
