/*
 * tag.c - the list of tags, and the names in them
 *
 * A name is a word, or words between dots. It holds no blanks, for a blank is
 * mostly a forgotten sigil or a lost delimiter, and no braces, for these are
 * delimiters that do not match.
 */
#include "template/tag.h"

#include <string.h>

#define TAG_FIRST_ROOM 32

struct tag *
tag_add(struct arena *arena, struct tag_list *list, enum tag_kind kind)
{
	struct tag *tag;

	if (list->count == list->room) {
		size_t room = list->room != 0 ? list->room * 2 : TAG_FIRST_ROOM;
		list->items = arena_grow(arena, list->items, list->count * sizeof(*list->items),
			room * sizeof(*list->items));
		list->room = room;
	}
	tag = &list->items[list->count++];
	memset(tag, 0, sizeof(*tag));
	tag->kind = kind;
	return tag;
}

static bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* name_fault - why NAME cannot be one, or NULL */
static const char *
name_fault(const struct tag *tag, const char *name)
{
	if (name[0] == '\0')
		return "a tag without a name; write the name of a setting, as in {{hostname}}";
	for (const char *p = name; *p != '\0'; p++) {
		if (is_blank(*p))
			return "a blank within the name of a tag; a name is one word, as in "
			       "{{tls.key}}";
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return "a control character within the name of a tag";
		if (*p == '{' || *p == '}')
			return "a brace within the name of a tag; the delimiters around it do not "
			       "match ({{x}} or {{{x}}}; with changed delimiters, & instead of "
			       "the third brace)";
	}
	if (tag->kind == TAG_PARTIAL)
		return name[0] == '*' ? "a partial by a dynamic name, which is not supported"
				      : NULL;
	if (name[0] == '<' || name[0] == '$')
		return "a tag of template inheritance ({{<x}}, {{$x}}), which is not supported";
	if (strcmp(name, ".") == 0)
		return NULL;
	if (name[0] == '.' || name[strlen(name) - 1] == '.' || strstr(name, "..") != NULL)
		return "a dotted name with an empty part; dots stand between words, as in "
		       "{{tls.key}}";
	return NULL;
}

static void
split_name(struct arena *arena, struct tag *tag)
{
	char *rest = arena_strdup(arena, tag->name), *dot;
	size_t count = 1;

	if (strcmp(tag->name, ".") == 0)
		return;
	for (const char *p = rest; *p != '\0'; p++)
		count += *p == '.';
	tag->parts = arena_alloc(arena, count * sizeof(*tag->parts));
	while ((dot = strchr(rest, '.')) != NULL) {
		*dot = '\0';
		tag->parts[tag->part_count++] = rest;
		rest = dot + 1;
	}
	tag->parts[tag->part_count++] = rest;
}

int
tag_set_name(struct arena *arena, struct mistakes *mistakes, const struct place *place,
	struct tag *tag, const char *text, size_t len)
{
	const char *fault;

	while (len > 0 && is_blank(text[0])) {
		text++;
		len--;
	}
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	tag->name = arena_strndup(arena, text, len);
	fault = name_fault(tag, tag->name);
	if (fault != NULL) {
		mistake_add(mistakes, "template-error", place, "%s", fault);
		return -1;
	}
	if (tag->kind != TAG_PARTIAL)
		split_name(arena, tag);
	return 0;
}
