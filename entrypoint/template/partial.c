/* partial.c - templates within templates */
#include "template/partial.h"

#include <string.h>

struct partial {
	struct partial *older;
	const char *name;
	const struct tag_list *list; /* NULL: there is none, or there are mistakes in it */
};

void
partials_init(struct partials *partials, struct arena *arena, struct mistakes *mistakes,
	const struct template_options *options)
{
	memset(partials, 0, sizeof(*partials));
	partials->arena = arena;
	partials->mistakes = mistakes;
	partials->options = options;
}

static struct place
tag_place(const struct include *include, const struct tag *tag)
{
	struct place place = {&include->list->source, tag->line, tag->column};

	return place;
}

/* load - finds and parses a partial that was not met before */
static const struct tag_list *
load(struct partials *partials, const struct include *outer, const struct tag *tag)
{
	const struct template_options *options = partials->options;
	struct template_source source = {.file = tag->name, .text = "", .len = 0};
	struct place place = tag_place(outer, tag);
	size_t mistakes = partials->mistakes->count;
	const struct tag_list *list;

	if (options->find == NULL || !options->find(options->context, tag->name, &source)) {
		if (options->strict)
			mistake_add(partials->mistakes, "template-error", &place,
				"there is no partial \"%s\"", tag->name);
		return NULL;
	}
	list = tag_parse(partials->arena, partials->mistakes, &source);
	return partials->mistakes->count == mistakes ? list : NULL;
}

static const struct tag_list *
find(struct partials *partials, const struct include *outer, const struct tag *tag)
{
	struct place place = tag_place(outer, tag);
	struct partial *partial;

	for (partial = partials->newest; partial != NULL; partial = partial->older)
		if (strcmp(partial->name, tag->name) == 0)
			return partial->list;
	if (partials->count == PARTIAL_COUNT_MAX) {
		mistake_add(partials->mistakes, "template-error", &place,
			"more than %d different partials", PARTIAL_COUNT_MAX);
		partials->mistakes->stop = true;
		return NULL;
	}
	partial = arena_alloc(partials->arena, sizeof(*partial));
	partial->name = tag->name;
	partial->list = load(partials, outer, tag);
	partial->older = partials->newest;
	partials->newest = partial;
	partials->count++;
	return partial->list;
}

/* tell_depth - the chain of includes, from the outside in, ends the rendering */
static void
tell_depth(struct partials *partials, const struct include *outer, const struct tag *tag)
{
	struct place place = tag_place(outer, tag);
	const char *chain = tag->name;

	for (const struct include *include = outer; include != NULL; include = include->outer)
		chain = arena_printf(partials->arena, "%s > %s", include->list->source.file, chain);
	mistake_add(partials->mistakes, "template-error", &place,
		"partials are nested deeper than %d: %s", TEMPLATE_PARTIAL_DEPTH_MAX, chain);
	partials->mistakes->stop = true;
}

/* set_indent - a partial alone on its line adds that line's indent; another one has none */
static int
set_indent(struct partials *partials, const struct include *outer, const struct tag *tag,
	struct include *inner)
{
	struct place place = tag_place(outer, tag);
	size_t around = strlen(outer->indent), own = strlen(tag->text);

	if (!tag->alone)
		return 0;
	if (around + own > PARTIAL_INDENT_BYTES_MAX) {
		mistake_add(partials->mistakes, "template-error", &place,
			"a partial is indented by more than %d characters",
			PARTIAL_INDENT_BYTES_MAX);
		partials->mistakes->stop = true;
		return -1;
	}
	memcpy(inner->indent, outer->indent, around);
	memcpy(inner->indent + around, tag->text, own + 1);
	return 0;
}

int
partial_enter(struct partials *partials, const struct include *outer, struct tag *tag,
	struct include *inner)
{
	if (tag->partial == NULL && !tag->told)
		tag->partial = find(partials, outer, tag);
	if (tag->partial == NULL) {
		tag->told = true;
		return -1;
	}
	if (outer->depth == TEMPLATE_PARTIAL_DEPTH_MAX) {
		tell_depth(partials, outer, tag);
		return -1;
	}
	memset(inner, 0, sizeof(*inner));
	inner->list = tag->partial;
	inner->outer = outer;
	inner->tag = tag;
	inner->depth = outer->depth + 1;
	return set_indent(partials, outer, tag, inner);
}
