/*
 * span.c - where a tag begins and ends
 *
 * Whether a tag stands alone on its line is seen from the source itself: only
 * blanks between the line's start and the tag, and only blanks between the tag
 * and the line's end. Two tags on one line are thus never alone, and a comment
 * over several lines is, if both of its ends are. Values never are.
 */
#include "template/span.h"

#include <string.h>

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool
span_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

size_t
span_next(const struct template_source *source, size_t from, const char *what, size_t len)
{
	const char *found;

	if (from >= source->len)
		return source->len;
	found = memmem(source->text + from, source->len - from, what, len);
	return found != NULL ? (size_t)(found - source->text) : source->len;
}

bool
span_starts_line(const struct template_source *source, size_t at)
{
	return at == 0 || source->text[at - 1] == '\n';
}

size_t
span_line_break(const struct template_source *source, size_t at)
{
	const char *text = source->text;

	if (at < source->len && text[at] == '\n')
		return 1;
	if (at + 1 < source->len && text[at] == '\r' && text[at + 1] == '\n')
		return 2;
	return 0;
}

static void
find_line(const struct template_source *source, struct span *span)
{
	size_t from = span->from, to = span->to;

	while (from > 0 && is_blank(source->text[from - 1]))
		from--;
	while (to < source->len && is_blank(source->text[to]))
		to++;
	span->alone = span_starts_line(source, from) &&
		(to == source->len || span_line_break(source, to) > 0);
	span->line_from = from;
	span->line_to = to + span_line_break(source, to);
}

/* take_sigil - what kind of tag it is, and where its name begins */
static void
take_sigil(const struct template_source *source, const struct delimiters *delimiters,
	struct span *span)
{
	size_t at = span->from + delimiters->open_len;
	bool usual = delimiters->open_len == 2 && memcmp(delimiters->open, "{{", 2) == 0 &&
		delimiters->close_len == 2 && memcmp(delimiters->close, "}}", 2) == 0;

	while (at < source->len && span_is_space(source->text[at]))
		at++;
	/* The third brace belongs to the usual delimiters alone. */
	if (at < source->len && source->text[at] != '\0' &&
		strchr(usual ? "#^/>!=&{" : "#^/>!=&", source->text[at]) != NULL)
		span->sigil = source->text[at++];
	span->name = at;
}

/* ends_at - whether the closing delimiter at END ends the span; sets its ends if so */
static bool
ends_at(const struct template_source *source, const struct delimiters *delimiters, size_t end,
	struct span *span)
{
	size_t to = end + delimiters->close_len, name_end = end;

	if (span->sigil == '=') { /* another "=" stands before it */
		if (end == span->name || source->text[end - 1] != '=')
			return false;
		name_end--;
	} else if (span->sigil == '{') { /* of three braces the first one ends the name */
		if (to >= source->len || source->text[to] != '}')
			return false;
		to++;
	}
	span->name_end = name_end;
	span->to = to;
	return true;
}

int
span_find(const struct template_source *source, const struct delimiters *delimiters, size_t from,
	struct span *span)
{
	const char *close = delimiters->close;
	size_t len = delimiters->close_len, end;

	memset(span, 0, sizeof(*span));
	span->from = from;
	take_sigil(source, delimiters, span);
	end = span_next(source, span->name, close, len);
	while (end < source->len && !ends_at(source, delimiters, end, span))
		end = span_next(source, end + 1, close, len);
	if (end >= source->len)
		return -1;
	if (span->sigil != '\0' && strchr("#^/>!=", span->sigil) != NULL)
		find_line(source, span);
	return 0;
}
