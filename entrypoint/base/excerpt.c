/* excerpt.c - a source line and a caret, for messages */
#include "base/excerpt.h"

#include <string.h>

#include "base/buffer.h"

#define LINE_BYTES 160 /* longer lines are cut around the caret */
#define BEFORE_CARET 100

static bool
is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

size_t
excerpt_offset(const char *line, size_t len, int column)
{
	size_t i = 0;

	for (int at = 1; at < column && i < len; at++)
		for (i++; i < len && is_continuation(line[i]); i++)
			continue;
	return i;
}

const char *
excerpt_show(struct arena *arena, const char *line, size_t len, int column)
{
	struct buffer out = {0};
	size_t caret = excerpt_offset(line, len, column), start = 0, end;
	const char *text;

	if (caret > BEFORE_CARET)
		start = caret - BEFORE_CARET;
	while (start < caret && is_continuation(line[start]))
		start++;
	end = len - start > LINE_BYTES ? start + LINE_BYTES : len;
	while (end < len && end > start && is_continuation(line[end]))
		end--;
	buffer_puts(&out, "\n    ");
	for (size_t i = start; i < end; i++)
		buffer_putc(&out, (unsigned char)line[i] < ' ' || line[i] == 0x7f ? ' ' : line[i]);
	buffer_puts(&out, "\n    ");
	for (size_t i = start; i < caret; i++)
		if (!is_continuation(line[i]))
			buffer_putc(&out, ' ');
	buffer_putc(&out, '^');
	text = arena_strdup(arena, buffer_text(&out));
	buffer_free(&out);
	return text;
}

static bool
holds_word(const char *text, size_t len, const char *word)
{
	size_t word_len = strlen(word);

	for (size_t i = 0; i + word_len <= len; i++) {
		size_t j = 0;

		while (j < word_len && (text[i + j] | 0x20) == word[j])
			j++;
		if (j == word_len)
			return true;
	}
	return false;
}

/* holds_bare_login - "user:password@host" without a blank in it; mailto: is none */
static bool
holds_bare_login(const char *text, size_t len)
{
	const char *colon = NULL, *word = text;

	for (const char *at = text; at < text + len; at++) {
		if (*at == ' ' || *at == '\t' || *at == ',') {
			colon = NULL;
			word = at + 1;
		} else if (*at == ':' && colon == NULL) {
			bool mail = at - word >= 6 && memcmp(at - 6, "mailto", 6) == 0;

			colon = mail ? NULL : at;
		} else if (*at == '@' && colon != NULL && at > colon + 1) {
			return true;
		}
	}
	return false;
}

/* holds_login - "//user:password@host", as in a URL */
static bool
holds_login(const char *text, size_t len)
{
	const char *slashes = memmem(text, len, "//", 2);

	/* the @ may stand behind what the excerpt shows, or be what was forgotten */
	return slashes != NULL && memchr(slashes, ':', len - (size_t)(slashes - text)) != NULL;
}

bool
excerpt_may_hold_secret(const char *text, size_t len)
{
	static const char *const words[] = {"pass", "pasw", "psw", "pwd", "secret", "token",
		"crypt", "credential", "argon", "api", "static:", "inline:"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (holds_word(text, len, words[i]))
			return true;
	return holds_login(text, len) || holds_bare_login(text, len);
}
