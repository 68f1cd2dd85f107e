#ifndef TEMPLATE_SPAN_H
#define TEMPLATE_SPAN_H

#include <stdbool.h>
#include <stddef.h>

#include "template/mustache.h"

/* The delimiters in force: "{{" and "}}" at first. Not NUL-terminated. */
struct delimiters {
	const char *open, *close;
	size_t open_len, close_len;
};

/* Where one tag stands in the text of a template: offsets in bytes. */
struct span {
	size_t from, to; /* with its delimiters */
	size_t name, name_end; /* what stands behind the sigil */
	char sigil; /* one of # ^ / > ! = & {, or NUL */
	bool alone; /* of # ^ / > ! =: on its line, which runs from LINE_FROM to LINE_TO */
	size_t line_from, line_to; /* with the line break */
};

/*
 * Measures the tag whose opening delimiter stands at FROM. Returns 0, or -1 when
 * it has no end; then only FROM, SIGIL and NAME are set.
 */
int span_find(const struct template_source *source, const struct delimiters *delimiters,
	size_t from, struct span *span);

/* Where the LEN bytes of WHAT come next, at or after FROM; the text's length if nowhere. */
size_t span_next(const struct template_source *source, size_t from, const char *what, size_t len);

/* Whether a line begins at AT. */
bool span_starts_line(const struct template_source *source, size_t at);

/* The length of the line break at AT, LF or CR LF; 0 when there is none. */
size_t span_line_break(const struct template_source *source, size_t at);

/* Blank or line break. */
bool span_is_space(char c);

#endif
