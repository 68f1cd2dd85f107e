/*
 * yaml_excerpt.c - the source line and a caret, for messages
 *
 * People find the place faster when they see it. But the line may be the one
 * with the password, so whatever smells of one is not shown.
 */
#include "settings/yaml.h"

#include <string.h>

#include "base/excerpt.h"
#include "settings/yaml_lint.h"

#define LOOKED_AT_BYTES 65536 /* more is not searched for secrets, hence not shown */

struct span {
	const char *start;
	size_t len;
};

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
	size_t place = yaml_mark_bytes(text);

	*first = place;
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

/* within - LINE of the file as one of the text, and COLUMN too; false: the text has none like it */
static bool
within(const struct yaml_text *text, int *line, int *column)
{
	if (text == NULL || text->flat)
		return false;
	if (text->first_line != 0) {
		*line -= text->first_line - 1;
		*column -= text->first_column - 1;
	}
	return *line >= 1 && *column >= 1;
}

const char *
yaml_excerpt(struct arena *arena, const struct yaml_text *text, int from_line, int line, int column)
{
	struct span span;
	size_t first;
	int number;

	if (!within(text, &line, &column))
		return "";
	if (from_line != 0 && text->first_line != 0)
		from_line -= text->first_line - 1;
	span = find_line(text, from_line, line, &first, &number);
	if (span.len == 0)
		return "";
	if ((size_t)(span.start - text->data) + span.len - first > LOOKED_AT_BYTES)
		return EXCERPT_HIDDEN;
	for (; number <= line; number++) {
		struct span looked_at = next_line(text, &first);

		if (excerpt_may_hold_secret(looked_at.start, looked_at.len))
			return EXCERPT_HIDDEN;
	}
	return excerpt_show(arena, span.start, span.len, column);
}

const char *
yaml_excerpt_key(
	struct arena *arena, const struct yaml_text *text, int line, int column, size_t shown)
{
	struct span span;
	size_t start, first;
	int number;

	if (!within(text, &line, &column))
		return "";
	span = find_line(text, 0, line, &first, &number);
	if (span.len == 0)
		return "";
	start = excerpt_offset(span.start, span.len, column);
	/* in a flow map, what stands before may be the value of another key */
	if (excerpt_may_hold_secret(span.start, start))
		return EXCERPT_HIDDEN;
	if (span.len - start > shown)
		span.len = start + shown;
	return excerpt_show(arena, span.start, span.len, column);
}
