/* mistake.c - the findings of one rendering */
#include "template/mistake.h"

#include <stdarg.h>

#include "template/mustache.h"

static struct finding *
add(struct mistakes *mistakes, const char *id, const struct origin *origin, const char *message)
{
	if (++mistakes->count > TEMPLATE_FINDINGS_MAX) {
		mistakes->stop = true;
		return finding_add(mistakes->findings, "template-error", origin,
			"more than %d mistakes in one template; the others are not shown",
			TEMPLATE_FINDINGS_MAX);
	}
	return finding_add(mistakes->findings, id, origin, "%s", message);
}

struct finding *
mistake_add(struct mistakes *mistakes, const char *id, const struct place *place,
	const char *format, ...)
{
	struct origin origin = {.kind = ORIGIN_TEMPLATE,
		.name = place->file,
		.file = place->file,
		.line = place->line,
		.column = place->column};
	const char *message;
	va_list args;

	va_start(args, format);
	message = arena_vprintf(mistakes->findings->arena, format, args);
	va_end(args);
	return add(mistakes, id, &origin, message);
}

struct finding *
mistake_add_value(struct mistakes *mistakes, const char *id, const struct origin *origin,
	const char *format, ...)
{
	const char *message;
	va_list args;

	va_start(args, format);
	message = arena_vprintf(mistakes->findings->arena, format, args);
	va_end(args);
	return add(mistakes, id, origin, message);
}
