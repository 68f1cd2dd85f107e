/* json.c - strings for JSON */
#include "report/json.h"

#include <stdbool.h>
#include <string.h>

size_t
json_sequence(const unsigned char *text, size_t left)
{
	unsigned char c = text[0];
	size_t len = c < 0x80           ? 1
		: c >= 0xc2 && c < 0xe0 ? 2
		: c >= 0xe0 && c < 0xf0 ? 3
		: c >= 0xf0 && c < 0xf5 ? 4
					: 0;

	if (len == 0 || len > left)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	/* overlong forms, surrogates, and what lies beyond U+10FFFF */
	if ((c == 0xe0 && text[1] < 0xa0) || (c == 0xed && text[1] > 0x9f) ||
		(c == 0xf0 && text[1] < 0x90) || (c == 0xf4 && text[1] > 0x8f))
		return 0;
	return len;
}

void
json_bytes(struct buffer *out, const char *text, size_t len)
{
	const unsigned char *at = (const unsigned char *)text, *end = at + len;

	buffer_putc(out, '"');
	while (at < end) {
		size_t step = json_sequence(at, (size_t)(end - at));

		if (step == 0) {
			buffer_puts(out, "\xef\xbf\xbd");
			at++;
		} else if (*at == '"' || *at == '\\') {
			buffer_printf(out, "\\%c", *at++);
		} else if (*at == '\n') {
			buffer_puts(out, "\\n");
			at++;
		} else if (*at < 0x20 || *at == 0x7f) {
			buffer_printf(out, "\\u%04x", *at++);
		} else {
			buffer_append(out, at, step);
			at += step;
		}
	}
	buffer_putc(out, '"');
}

void
json_string(struct buffer *out, const char *text)
{
	if (text == NULL)
		buffer_puts(out, "null");
	else
		json_bytes(out, text, strlen(text));
}
