/* json_read.c - JSON as a tree of values */
#include "base/json_read.h"

#include <string.h>

#include "base/buffer.h"

struct reader {
	struct arena *arena;
	const char *begin, *at, *end;
	const char *why; /* NULL: all is well */
	int depth;
};

static const struct origin nowhere = {.kind = ORIGIN_SYSTEM};

static struct node *read_value(struct reader *reader);

static struct node *
refuse(struct reader *reader, const char *why)
{
	if (reader->why == NULL)
		reader->why = why;
	return NULL;
}

static void
skip_blanks(struct reader *reader)
{
	while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) != NULL &&
		*reader->at != '\0')
		reader->at++;
}

static bool
next_is(const struct reader *reader, char c)
{
	return reader->at < reader->end && *reader->at == c;
}

/* Takes C when it is next. */
static bool
take(struct reader *reader, char c)
{
	if (!next_is(reader, c))
		return false;
	reader->at++;
	return true;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits of \uXXXX, or -1. */
static long
take_unit(struct reader *reader)
{
	long unit = 0;

	for (int i = 0; i < 4; i++, reader->at++) {
		int digit = reader->at < reader->end ? hex_digit(*reader->at) : -1;

		if (digit < 0)
			return -1;
		unit = unit * 16 + digit;
	}
	return unit;
}

static void
put_utf8(struct buffer *out, long c)
{
	if (c < 0x80) {
		buffer_putc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buffer_putc(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buffer_putc(out, (char)(0xe0 | c >> 12));
		} else {
			buffer_putc(out, (char)(0xf0 | c >> 18));
			buffer_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buffer_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buffer_putc(out, (char)(0x80 | (c & 0x3f)));
}

/* Behind "\u". Above U+FFFF two of them make one character. */
static bool
take_unicode(struct reader *reader, struct buffer *out)
{
	long unit = take_unit(reader), low;

	if (unit <= 0 || (unit >= 0xdc00 && unit <= 0xdfff))
		return false;
	if (unit >= 0xd800 && unit <= 0xdbff) {
		if (!take(reader, '\\') || !take(reader, 'u'))
			return false;
		low = take_unit(reader);
		if (low < 0xdc00 || low > 0xdfff)
			return false;
		unit = 0x10000 + (unit - 0xd800) * 0x400 + (low - 0xdc00);
	}
	put_utf8(out, unit);
	return true;
}

/* Behind the backslash. */
static bool
take_escape(struct reader *reader, struct buffer *out)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	const char *name;

	if (reader->at == reader->end || *reader->at == '\0')
		return false;
	if (take(reader, 'u'))
		return take_unicode(reader, out);
	name = strchr(names, *reader->at++);
	if (name == NULL)
		return false;
	buffer_putc(out, bytes[name - names]);
	return true;
}

/* Behind the quote. The text is in the arena; NULL after refusing it. */
static const char *
take_string(struct reader *reader)
{
	struct buffer text = {0};
	const char *kept = NULL;

	while (reader->at < reader->end && (unsigned char)*reader->at >= 0x20) {
		const char *run = reader->at;

		while (reader->at < reader->end && (unsigned char)*reader->at >= 0x20 &&
			*reader->at != '"' && *reader->at != '\\')
			reader->at++;
		buffer_append(&text, run, (size_t)(reader->at - run));
		if (take(reader, '"')) {
			kept = arena_strndup(reader->arena, buffer_text(&text), text.len);
			break;
		}
		if (take(reader, '\\') && !take_escape(reader, &text)) {
			refuse(reader, "no escape of JSON");
			break;
		}
	}
	buffer_free(&text);
	if (kept == NULL)
		refuse(reader, "a string without its end");
	return kept;
}

static struct node *
scalar(struct reader *reader, const char *text, bool quoted)
{
	struct node *node = node_scalar(reader->arena, text, &nowhere);

	node->quoted = quoted;
	return node;
}

static size_t
take_digits(struct reader *reader)
{
	const char *begin = reader->at;

	while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9')
		reader->at++;
	return (size_t)(reader->at - begin);
}

static struct node *
read_number(struct reader *reader)
{
	const char *begin = reader->at;
	bool sound = true;

	take(reader, '-');
	if (!take(reader, '0'))
		sound = take_digits(reader) > 0;
	if (take(reader, '.'))
		sound &= take_digits(reader) > 0;
	if (take(reader, 'e') || take(reader, 'E')) {
		if (!take(reader, '+'))
			take(reader, '-');
		sound &= take_digits(reader) > 0;
	}
	if (!sound)
		return refuse(reader, "no value");
	return scalar(
		reader, arena_strndup(reader->arena, begin, (size_t)(reader->at - begin)), false);
}

static struct node *
read_array(struct reader *reader)
{
	struct node *list = node_new(reader->arena, NODE_LIST, &nowhere);

	skip_blanks(reader);
	if (take(reader, ']'))
		return list;
	for (;;) {
		struct node *item = read_value(reader);

		if (item == NULL)
			return NULL;
		node_add(reader->arena, list, item);
		skip_blanks(reader);
		if (take(reader, ']'))
			return list;
		if (!take(reader, ','))
			return refuse(reader, "a list without its end");
	}
}

static struct node *
read_object(struct reader *reader)
{
	struct node *map = node_new(reader->arena, NODE_MAP, &nowhere);

	skip_blanks(reader);
	if (take(reader, '}'))
		return map;
	for (;;) {
		struct node *item;
		const char *key;

		skip_blanks(reader);
		key = take(reader, '"') ? take_string(reader) : NULL;
		if (key == NULL)
			return refuse(reader, "no key");
		skip_blanks(reader);
		if (!take(reader, ':'))
			return refuse(reader, "no colon behind a key");
		if (node_find(map, key) >= 0)
			return refuse(reader, "a key that was there before");
		item = read_value(reader);
		if (item == NULL)
			return NULL;
		node_set(reader->arena, map, key, item);
		skip_blanks(reader);
		if (take(reader, '}'))
			return map;
		if (!take(reader, ','))
			return refuse(reader, "an object without its end");
	}
}

static bool
take_word(struct reader *reader, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(reader->end - reader->at) < len || memcmp(reader->at, word, len) != 0)
		return false;
	reader->at += len;
	return true;
}

static struct node *
read_nested(struct reader *reader, struct node *(*read)(struct reader *))
{
	struct node *node;

	if (reader->depth == JSON_DEPTH)
		return refuse(reader, "too deep");
	reader->at++;
	reader->depth++;
	node = read(reader);
	reader->depth--;
	return node;
}

static struct node *
read_value(struct reader *reader)
{
	const char *text;

	skip_blanks(reader);
	if (next_is(reader, '{'))
		return read_nested(reader, read_object);
	if (next_is(reader, '['))
		return read_nested(reader, read_array);
	if (take(reader, '"')) {
		text = take_string(reader);
		return text == NULL ? NULL : scalar(reader, text, true);
	}
	if (take_word(reader, "true"))
		return node_bool(reader->arena, true, &nowhere);
	if (take_word(reader, "false"))
		return node_bool(reader->arena, false, &nowhere);
	if (take_word(reader, "null"))
		return node_new(reader->arena, NODE_NULL, &nowhere);
	return read_number(reader);
}

struct node *
json_read(struct arena *arena, const char *text, size_t len, const char **why, size_t *at)
{
	struct reader reader = {.arena = arena, .begin = text, .at = text, .end = text + len};
	struct node *node = read_value(&reader);

	skip_blanks(&reader);
	if (node != NULL && reader.at < reader.end)
		node = refuse(&reader, "something behind the value");
	*why = reader.why;
	*at = (size_t)(reader.at - reader.begin);
	return node;
}
