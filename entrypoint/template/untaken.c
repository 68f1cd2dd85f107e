/* untaken.c - unknown names in sections that are not rendered */
#include "template/untaken.h"

#include <stdbool.h>

/* is_variable - POSTFIX_MYHOSTNAME and its like: whether one is there depends on who starts it */
static bool
is_variable(const struct tag *tag)
{
	for (const char *p = tag->name; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			return false;
	return true;
}

static void
tell(struct mistakes *mistakes, const struct include *include, struct tag *tag,
	const struct frame *frame, const struct found *found)
{
	struct place place = {&include->list->source, tag->line, tag->column};
	struct arena *arena = mistakes->findings->arena;
	struct finding *finding;
	const char *nearest;

	if (tag->told || is_variable(tag))
		return;
	tag->told = true;
	finding = mistake_warn(mistakes, "template-untaken-name", &place,
		"nothing defines \"%s\"; the section around it is not in use now", tag->name);
	nearest = finding != NULL ? lookup_nearest(arena, frame, tag, found) : NULL;
	if (nearest != NULL)
		finding->help = arena_printf(arena, "Correct the name. Was \"%s\" meant?", nearest);
}

/* adds_no_names - whether the names within a section of it are those around it */
static bool
adds_no_names(const struct node *node)
{
	return node != NULL && (node->type == NODE_BOOL || node->type == NODE_SCALAR);
}

void
untaken_check(struct mistakes *mistakes, const struct include *include, size_t from, size_t to,
	const struct frame *frame)
{
	for (size_t i = from; i < to; i++) {
		struct tag *tag = &include->list->items[i];
		bool section = tag->kind == TAG_SECTION, inverted = tag->kind == TAG_INVERTED;
		struct found found;

		if (!section && !inverted && tag->kind != TAG_VALUE && tag->kind != TAG_RAW)
			continue;
		found = lookup_name(frame, tag);
		if (found.node == NULL)
			tell(mistakes, include, tag, frame, &found);
		if (section && !adds_no_names(found.node))
			i = tag->end;
	}
}
