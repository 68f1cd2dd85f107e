#ifndef SETTINGS_YAML_LINT_H
#define SETTINGS_YAML_LINT_H

#include <yaml.h>

#include "base/node.h"
#include "settings/yaml.h"

/*
 * What yaml.c says about the traps of YAML: its own syntax errors in words
 * that help, and values that do not mean what they seem to.
 */

/* Adds the yaml-syntax finding of the error that PARSER stopped at. */
void yaml_lint_error(struct arena *arena, struct findings *findings, const struct yaml_text *text,
	const yaml_parser_t *parser);

/* The last line that was looked up; zeroed it knows none. Makes a walk forward a straight line. */
struct yaml_cursor {
	size_t line, offset; /* line from 0, and where it starts */
};

/* The byte at a line and column from 0; '\0' outside TEXT, or far to the right. */
char
yaml_char_at(const struct yaml_text *text, struct yaml_cursor *cursor, size_t line, size_t column);

/* The bytes of the byte order mark that TEXT starts with, which is no part of it: 3 or 0. */
size_t yaml_mark_bytes(const struct yaml_text *text);

/* Line and column in the file of the byte at OFFSET. */
void yaml_lint_offset(const struct yaml_text *text, size_t offset, struct origin *origin);

/*
 * A plain scalar: numbers that other YAML readers take as octal or base 60,
 * and "#word" right behind it, which is a comment but may be meant as value.
 */
void yaml_lint_plain(struct arena *arena, struct findings *findings, const struct yaml_text *text,
	struct yaml_cursor *cursor, const struct node *scalar, const yaml_mark_t *end);

/* Refuses UTF-16 and NUL bytes. Returns 0, or -1 when the text cannot be read. */
int yaml_lint_encoding(struct findings *findings, const struct yaml_text *text);

#endif
