/*
 * mistake.c - the findings of one rendering
 *
 * The line of the template is shown with each, unless it speaks of a password
 * outside of its tags: what stands there may be one. Within tags there are only
 * names.
 */
#include "template/mistake.h"

#include <stdarg.h>
#include <string.h>

#include "base/excerpt.h"

/* line_at - the line NUMBER of SOURCE, without its line break; LEN gets its length */
static const char *
line_at(const struct template_source *source, int number, size_t *len)
{
	const char *line = source->text, *end = source->text + source->len, *stop;

	for (; number > 1; number--) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));

		if (newline == NULL)
			break;
		line = newline + 1;
	}
	stop = memchr(line, '\n', (size_t)(end - line));
	*len = (size_t)((stop != NULL ? stop : end) - line);
	if (*len > 0 && line[*len - 1] == '\r')
		(*len)--;
	return line;
}

/* text_may_hold_secret - as excerpt_may_hold_secret, for what stands outside of tags */
static bool
text_may_hold_secret(const char *line, size_t len)
{
	const char *end = line + len;

	while (line < end) {
		const char *open = memmem(line, (size_t)(end - line), "{{", 2);
		const char *close =
			open != NULL ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;

		/* A comment holds words, and not a name. */
		if (close == NULL || open[2] == '!')
			return excerpt_may_hold_secret(line, (size_t)(end - line));
		if (excerpt_may_hold_secret(line, (size_t)(open - line)))
			return true;
		line = close + 2;
	}
	return false;
}

static const char *
excerpt(struct arena *arena, const struct place *place)
{
	const char *line;
	size_t len;

	if (place->source->len == 0)
		return "";
	line = line_at(place->source, place->line, &len);
	if (text_may_hold_secret(line, len))
		return EXCERPT_HIDDEN;
	return excerpt_show(arena, line, len, place->column);
}

static struct finding *
add(struct mistakes *mistakes, const char *id, const struct origin *origin,
	const struct place *place, const char *message)
{
	if (++mistakes->count > TEMPLATE_FINDINGS_MAX) {
		mistakes->stop = true;
		return finding_add(mistakes->findings, "template-error", origin,
			"more than %d mistakes in one template; the others are not shown",
			TEMPLATE_FINDINGS_MAX);
	}
	return finding_add(mistakes->findings, id, origin, "%s%s", message,
		excerpt(mistakes->findings->arena, place));
}

static struct origin
origin_of(const struct place *place)
{
	return (struct origin){.kind = ORIGIN_TEMPLATE,
		.name = place->source->file,
		.file = place->source->file,
		.line = place->line,
		.column = place->column};
}

struct finding *
mistake_add(struct mistakes *mistakes, const char *id, const struct place *place,
	const char *format, ...)
{
	struct origin origin = origin_of(place);
	const char *message;
	va_list args;

	va_start(args, format);
	message = arena_vprintf(mistakes->findings->arena, format, args);
	va_end(args);
	return add(mistakes, id, &origin, place, message);
}

struct finding *
mistake_warn(struct mistakes *mistakes, const char *id, const struct place *place,
	const char *format, ...)
{
	struct origin origin = origin_of(place);
	const char *message;
	va_list args;

	if (mistakes->warnings == TEMPLATE_FINDINGS_MAX)
		return NULL;
	mistakes->warnings++;
	va_start(args, format);
	message = arena_vprintf(mistakes->findings->arena, format, args);
	va_end(args);
	return finding_add(mistakes->findings, id, &origin, "%s%s", message,
		excerpt(mistakes->findings->arena, place));
}

struct finding *
mistake_add_value(struct mistakes *mistakes, const char *id, const struct origin *origin,
	const struct place *place, const char *format, ...)
{
	const char *message;
	va_list args;

	va_start(args, format);
	message = arena_vprintf(mistakes->findings->arena, format, args);
	va_end(args);
	return add(mistakes, id, origin, place, message);
}
