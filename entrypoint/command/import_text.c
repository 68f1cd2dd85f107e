/* import_text.c - texts as YAML 1.1 and 1.2 both read them */
#include "command/import.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* is_word - what some YAML takes for a yes, a no or nothing at all */
static bool
is_word(const char *text)
{
	static const char *const words[] = {
		"yes", "no", "true", "false", "on", "off", "y", "n", "null", "~"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/* is_plain - whether TEXT needs no quotes, wherever it stands */
static bool
is_plain(const char *text)
{
	if (!isalnum((unsigned char)text[0]) && text[0] != '/' && text[0] != '_')
		return false;
	return text[strspn(text,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@+-")] ==
		'\0' &&
		!is_word(text);
}

void
import_scalar(struct buffer *out, const char *text)
{
	if (is_plain(text)) {
		buffer_puts(out, text);
		return;
	}
	buffer_putc(out, '"');
	for (const char *c = text; *c != '\0'; c++)
		if (*c == '"' || *c == '\\')
			buffer_printf(out, "\\%c", *c);
		else if (*c == '\n')
			buffer_puts(out, "\\n");
		else if ((unsigned char)*c < ' ' || *c == 0x7f)
			buffer_printf(out, "\\x%02x", (unsigned)(unsigned char)*c);
		else
			buffer_putc(out, *c);
	buffer_putc(out, '"');
}

void
import_lines(struct buffer *out, const char *text, int indent)
{
	size_t len = strlen(text);

	/* an empty line at either end has no block form that everybody reads alike */
	if (strchr(text, '\n') == NULL || strpbrk(text, "\r\t") != NULL || text[0] == '\n' ||
		text[0] == ' ' || (len > 1 && text[len - 2] == '\n')) {
		buffer_putc(out, ' ');
		import_scalar(out, text);
		buffer_putc(out, '\n');
		return;
	}
	buffer_puts(out, text[len - 1] == '\n' ? " |\n" : " |-\n");
	while (*text != '\0') {
		size_t line = strcspn(text, "\n");

		buffer_printf(out, "%*s%.*s\n", line > 0 ? indent : 0, "", (int)line, text);
		text += line;
		text += *text == '\n';
	}
}
