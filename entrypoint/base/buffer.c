/* buffer.c - bytes that grow */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fatal.h"

#define BUFFER_FIRST_BYTES 256

void
buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	buffer->data = NULL;
	buffer->len = buffer->size = 0;
}

void
buffer_clear(struct buffer *buffer)
{
	buffer->len = 0;
	if (buffer->data != NULL)
		buffer->data[0] = '\0';
}

/* buffer_reserve - room for MORE bytes and the NUL */
static void
buffer_reserve(struct buffer *buffer, size_t more)
{
	size_t size = buffer->size != 0 ? buffer->size : BUFFER_FIRST_BYTES;

	if (more < buffer->size && buffer->len < buffer->size - more)
		return;
	if (more > SIZE_MAX / 4 || buffer->len > SIZE_MAX / 4)
		fatal_out_of_memory();
	while (size < buffer->len + more + 1)
		size *= 2;
	buffer->data = realloc(buffer->data, size);
	if (buffer->data == NULL)
		fatal_out_of_memory();
	buffer->size = size;
}

void
buffer_append(struct buffer *buffer, const void *data, size_t len)
{
	buffer_reserve(buffer, len);
	if (len > 0)
		memcpy(buffer->data + buffer->len, data, len);
	buffer->len += len;
	buffer->data[buffer->len] = '\0';
}

void
buffer_puts(struct buffer *buffer, const char *text)
{
	buffer_append(buffer, text, strlen(text));
}

void
buffer_putc(struct buffer *buffer, char c)
{
	buffer_reserve(buffer, 1);
	buffer->data[buffer->len++] = c;
	buffer->data[buffer->len] = '\0';
}

void
buffer_printf(struct buffer *buffer, const char *format, ...)
{
	va_list args;
	size_t room;
	int len;

	/* most texts are short: formatting them once is half the work */
	buffer_reserve(buffer, BUFFER_FIRST_BYTES);
	room = buffer->size - buffer->len;
	va_start(args, format);
	len = vsnprintf(buffer->data + buffer->len, room, format, args);
	va_end(args);
	if (len < 0)
		fatal_out_of_memory();
	if ((size_t)len >= room) {
		buffer_reserve(buffer, (size_t)len);
		va_start(args, format);
		vsnprintf(buffer->data + buffer->len, (size_t)len + 1, format, args);
		va_end(args);
	}
	buffer->len += (size_t)len;
}

const char *
buffer_text(const struct buffer *buffer)
{
	return buffer->data != NULL ? buffer->data : "";
}
