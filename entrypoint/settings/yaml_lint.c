/* yaml_lint.c - the traps of YAML in plain words */
#include "settings/yaml_lint.h"

#include <string.h>

/* farther right nothing is looked up: a file of one line must not cost a square */
#define FARTHEST_COLUMN 1000

size_t
yaml_mark_bytes(const struct yaml_text *text)
{
	return text->len >= 3 && memcmp(text->data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

void
yaml_place(const struct yaml_text *text, int line, int column, struct origin *origin)
{
	bool within = text->first_line != 0;

	origin->line = text->flat ? text->first_line : line + (within ? text->first_line - 1 : 0);
	column = text->flat ? text->first_column : column + (within ? text->first_column - 1 : 0);
	origin->column = (unsigned)column;
}

/* yaml_char_at - the byte at a place that the parser named; '\0' outside the text or far to the right */
char
yaml_char_at(const struct yaml_text *text, struct yaml_cursor *cursor, size_t line, size_t column)
{
	const char *at, *end = text->data + text->len;

	if (column > FARTHEST_COLUMN)
		return '\0';
	if (line < cursor->line)
		*cursor = (struct yaml_cursor){0};
	if (cursor->offset == 0)
		cursor->offset = yaml_mark_bytes(text);
	for (; cursor->line < line; cursor->line++) {
		at = memchr(text->data + cursor->offset, '\n', text->len - cursor->offset);
		if (at == NULL)
			return '\0';
		cursor->offset = (size_t)(at - text->data) + 1;
	}
	/* columns count characters */
	at = text->data + cursor->offset;
	for (size_t i = 0; at < end && i < column; i++)
		for (at++; at < end && ((unsigned char)*at & 0xc0) == 0x80; at++)
			continue;
	return at < end ? *at : '\0';
}

/* looks_octal - 0600: 384 to a YAML 1.1 reader, 600 to a YAML 1.2 reader */
static bool
looks_octal(const char *value)
{
	return value[0] == '0' && value[1] != '\0' && value[strspn(value, "01234567")] == '\0';
}

/* looks_base_60 - 25:30 is 1530 to a YAML 1.1 reader */
static bool
looks_base_60(const char *value)
{
	size_t digits = strspn(value, "0123456789");

	if (digits == 0 || value[digits] != ':')
		return false;
	while (value[digits] == ':') {
		size_t part = strspn(value + digits + 1, "0123456789");
		bool below_60 = part == 1 || (part == 2 && value[digits + 1] < '6');

		if (!below_60)
			return false;
		digits += part + 1;
	}
	return value[digits] == '\0';
}

/* hash_follows - whether "#" comes after blanks behind END, without a blank behind it */
static bool
hash_follows(const struct yaml_text *text, struct yaml_cursor *cursor, const yaml_mark_t *end)
{
	size_t column = end->column;
	char c;

	while ((c = yaml_char_at(text, cursor, end->line, column)) == ' ' || c == '\t')
		column++;
	if (c != '#' || column == end->column)
		return false;
	c = yaml_char_at(text, cursor, end->line, column + 1);
	return c != '\0' && strchr(" \t\r\n#!-=", c) == NULL;
}

void
yaml_lint_plain(struct arena *arena, struct findings *findings, const struct yaml_text *text,
	struct yaml_cursor *cursor, const struct node *scalar, const yaml_mark_t *end)
{
	const struct origin *origin = &scalar->origin;
	struct origin last;

	yaml_place(text, (int)end->line + 1, 1, &last);
	if (looks_octal(scalar->text) || looks_base_60(scalar->text))
		finding_add(findings, "yaml-number-lookalike", origin,
			"other YAML readers see another number here (%s); mailinit keeps the text "
			"as it is%s",
			looks_octal(scalar->text) ? "octal" : "base 60",
			yaml_excerpt_key(
				arena, text, origin->line, origin->column, strlen(scalar->text)));
	if (origin->line == last.line && hash_follows(text, cursor, end))
		finding_add(findings, "yaml-comment-in-value", origin,
			"the value ends before \" #\": what follows is a comment");
}

int
yaml_lint_encoding(struct findings *findings, const struct yaml_text *text)
{
	struct origin origin = {.kind = ORIGIN_YAML, .file = text->file};
	const char *nul;

	yaml_place(text, 1, 1, &origin);
	if (text->len >= 2 &&
		(memcmp(text->data, "\xff\xfe", 2) == 0 ||
			memcmp(text->data, "\xfe\xff", 2) == 0)) {
		finding_add(
			findings, "yaml-syntax", &origin, "the file is UTF-16; save it as UTF-8");
		return -1;
	}
	nul = text->len != 0 ? memchr(text->data, '\0', text->len) : NULL;
	if (nul == NULL)
		return 0;
	yaml_lint_offset(text, (size_t)(nul - text->data), &origin);
	finding_add(findings, "yaml-syntax", &origin, "the file holds a NUL byte; is it text?");
	return -1;
}
