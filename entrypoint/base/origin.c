/* origin.c - where a value came from, in words */
#include "base/origin.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

const char *
origin_kind_name(enum origin_kind kind)
{
	switch (kind) {
	case ORIGIN_DEFAULT:
		return "default";
	case ORIGIN_YAML:
		return "yaml";
	case ORIGIN_ENVIRONMENT:
		return "environment";
	case ORIGIN_SECRET:
		return "secret";
	case ORIGIN_PASSTHROUGH:
		return "passthrough";
	case ORIGIN_COMPAT:
		return "compat";
	case ORIGIN_TEMPLATE:
		return "template";
	case ORIGIN_SYSTEM:
		return "system";
	}
	return "unknown";
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

bool
origin_same(const struct origin *a, const struct origin *b)
{
	return a->kind == b->kind && a->line == b->line && a->column == b->column &&
		same_text(a->name, b->name) && same_text(a->file, b->file);
}

char *
origin_text(const struct origin *origin, char *text, size_t size)
{
	const char *name = origin->name != NULL ? origin->name : "";

	if (origin->file != NULL && origin->line > 0 && origin->column > 0)
		snprintf(text, size, "%s:%d:%d", origin->file, origin->line, (int)origin->column);
	else if (origin->file != NULL && origin->line > 0)
		snprintf(text, size, "%s:%d", origin->file, origin->line);
	else if (origin->file != NULL && name[0] != '\0')
		snprintf(text, size, "%s (%s)", name, origin->file);
	else if (origin->file != NULL)
		snprintf(text, size, "%s", origin->file);
	else if (origin->kind == ORIGIN_DEFAULT && name[0] != '\0')
		snprintf(text, size, "%s (default)", name);
	else if (name[0] != '\0')
		snprintf(text, size, "%s", name);
	else
		snprintf(text, size, "%s", origin_kind_name(origin->kind));
	return text_mask_controls(text);
}
