/*
 * yaml_excerpt.c - the source line and a caret, for messages
 *
 * People find the place faster when they see it. But the line may be the one
 * with the password, so whatever smells of one is not shown.
 */
#include "settings/yaml.h"

#include <string.h>

#include "base/buffer.h"

#define LINE_BYTES 160 /* longer lines are cut around the caret */
#define BEFORE_CARET 100
#define LOOKED_AT_BYTES 65536 /* more is not searched for secrets, hence not shown */

struct span {
	const char *start;
	size_t len;
};

static bool
holds_word(struct span line, const char *word)
{
	size_t len = strlen(word);

	for (size_t i = 0; i + len <= line.len; i++) {
		size_t j = 0;

		while (j < len && (line.start[i + j] | 0x20) == word[j])
			j++;
		if (j == len)
			return true;
	}
	return false;
}

/* holds_login - "//user:password@host", as in a URL */
static bool
holds_login(struct span line)
{
	const char *slashes = memmem(line.start, line.len, "//", 2);
	size_t left = slashes != NULL ? line.len - (size_t)(slashes - line.start) : 0;
	const char *colon = left > 0 ? memchr(slashes, ':', left) : NULL;

	/* the @ may stand behind what the excerpt shows, or be what was forgotten */
	return colon != NULL;
}

static bool
may_hold_secret(struct span line)
{
	static const char *const words[] = {"pass", "pasw", "psw", "pwd", "secret", "token",
		"crypt", "credential", "argon", "api", "static:", "inline:"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (holds_word(line, words[i]))
			return true;
	return holds_login(line);
}

/* begins_key - whether the line looks like "  - name:", so that a value cannot come from above */
static bool
begins_key(struct span line)
{
	size_t i = 0;

	while (i < line.len && (line.start[i] == ' ' || line.start[i] == '-'))
		i++;
	for (size_t start = i; i < line.len; i++) {
		char c = line.start[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			(c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';

		if (c == ':')
			return i > start;
		if (!word)
			return false;
	}
	return false;
}

/* next_line - the line that starts at *PLACE, which moves behind it */
static struct span
next_line(const struct yaml_text *text, size_t *place)
{
	const char *start = text->data + *place;
	const char *end = memchr(start, '\n', text->len - *place);
	size_t len = end != NULL ? (size_t)(end - start) : text->len - *place;

	*place += len + (end != NULL);
	if (len > 0 && start[len - 1] == '\r')
		len--;
	return (struct span){start, len};
}

/*
 * find_line - line LINE. *FIRST, *FIRST_NUMBER: the line where the key or the
 * construct stands that it belongs to.
 */
static struct span
find_line(const struct yaml_text *text, int from_line, int line, size_t *first, int *first_number)
{
	struct span span = {text->data, 0};
	size_t place = 0;

	*first = 0;
	*first_number = 1;
	for (int number = 1; number <= line; number++) {
		size_t start = place;

		if (place >= text->len)
			return (struct span){text->data, 0};
		span = next_line(text, &place);
		/* what stands in a quote is no key, and the key of a quote may stand above it */
		if (begins_key(span) && (from_line == 0 || number <= from_line)) {
			*first = start;
			*first_number = number;
		}
	}
	return span;
}

/* char_offset - the byte of the COLUMNth character (from 1), at most the line's end */
static size_t
char_offset(struct span line, int column)
{
	size_t i = 0;

	for (int at = 1; at < column && i < line.len; at++)
		for (i++; i < line.len && ((unsigned char)line.start[i] & 0xc0) == 0x80; i++)
			continue;
	return i;
}

/* put_clean - control characters, tabs too, become blanks, so that the caret stands right */
static void
put_clean(struct buffer *out, const char *from, size_t len)
{
	for (size_t i = 0; i < len; i++)
		buffer_putc(out, (unsigned char)from[i] < ' ' || from[i] == 0x7f ? ' ' : from[i]);
}

static const char *
excerpt(struct arena *arena, struct span line, int column)
{
	struct buffer out = {0};
	size_t caret = char_offset(line, column), start = 0, end;
	const char *text;

	if (caret > BEFORE_CARET)
		start = caret - BEFORE_CARET;
	while (start < caret && ((unsigned char)line.start[start] & 0xc0) == 0x80)
		start++;
	end = line.len - start > LINE_BYTES ? start + LINE_BYTES : line.len;
	while (end < line.len && end > start && ((unsigned char)line.start[end] & 0xc0) == 0x80)
		end--;
	buffer_puts(&out, "\n    ");
	put_clean(&out, line.start + start, end - start);
	buffer_puts(&out, "\n    ");
	for (size_t i = start; i < caret; i++)
		if (((unsigned char)line.start[i] & 0xc0) != 0x80)
			buffer_putc(&out, ' ');
	buffer_putc(&out, '^');
	text = arena_strdup(arena, buffer_text(&out));
	buffer_free(&out);
	return text;
}

#define HIDDEN "\n    (the line is not shown: it may hold a secret)"

const char *
yaml_excerpt(struct arena *arena, const struct yaml_text *text, int from_line, int line, int column)
{
	struct span span;
	size_t first;
	int number;

	if (text == NULL || line < 1 || column < 1)
		return "";
	span = find_line(text, from_line, line, &first, &number);
	if (span.len == 0)
		return "";
	if ((size_t)(span.start - text->data) + span.len - first > LOOKED_AT_BYTES)
		return HIDDEN;
	for (; number <= line; number++)
		if (may_hold_secret(next_line(text, &first)))
			return HIDDEN;
	return excerpt(arena, span, column);
}

const char *
yaml_excerpt_key(
	struct arena *arena, const struct yaml_text *text, int line, int column, size_t shown)
{
	struct span span;
	size_t start, first;
	int number;

	if (text == NULL || line < 1 || column < 1)
		return "";
	span = find_line(text, 0, line, &first, &number);
	if (span.len == 0)
		return "";
	start = char_offset(span, column);
	/* in a flow map, what stands before may be the value of another key */
	if (may_hold_secret((struct span){span.start, start}))
		return HIDDEN;
	if (span.len - start > shown)
		span.len = start + shown;
	return excerpt(arena, span, column);
}
