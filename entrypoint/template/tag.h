#ifndef TEMPLATE_TAG_H
#define TEMPLATE_TAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "template/mistake.h"
#include "template/mustache.h"

/*
 * What a template is once it has been read: a flat list of text and tags, in
 * which each section knows where it ends. Comments, changes of delimiters and
 * the whitespace around tags that stand alone on their line are gone.
 */
enum tag_kind {
	TAG_TEXT, /* at most one line of it */
	TAG_LINE, /* a line of the template begins here: an indented partial puts its indent */
	TAG_VALUE, /* {{x}} */
	TAG_RAW, /* {{{x}}}, {{&x}} */
	TAG_SECTION, /* {{#x}} */
	TAG_INVERTED, /* {{^x}} */
	TAG_END, /* {{/x}} */
	TAG_PARTIAL, /* {{>x}} */
};

struct tag_list;

struct tag {
	enum tag_kind kind;
	int line, column; /* of its first byte; columns count characters */
	bool alone; /* nothing else was on its line, which therefore prints nothing */
	bool told; /* a mistake in it was reported: once is enough, in a loop */
	const char *text; /* TEXT: the bytes; PARTIAL: the indent when alone */
	size_t len; /* of TEXT */
	const char *name; /* as written, without blanks */
	const char **parts; /* of the name between dots */
	size_t part_count; /* 0: the name is "." */
	size_t end; /* SECTION, INVERTED: where its TAG_END is */
	const struct tag_list *partial; /* PARTIAL: once it was looked for and found */
};

/* All in the arena, but for the file name and text of SOURCE, which stay the caller's. */
struct tag_list {
	struct template_source source;
	struct tag *items;
	size_t count, room;
};

/*
 * Reads SOURCE. What is wrong goes to MISTAKES, all of it as far as a mistake
 * does not hide what follows. Never NULL; with mistakes, not fit to be rendered.
 */
struct tag_list *
tag_parse(struct arena *arena, struct mistakes *mistakes, const struct template_source *source);

/* Appends an empty tag. The pointer is good until the next call. */
struct tag *tag_add(struct arena *arena, struct tag_list *list, enum tag_kind kind);

/*
 * Sets NAME and PARTS of TAG, whose kind is set, from LEN bytes of TEXT, less the
 * blanks around them. Returns 0, or -1 after a mistake at PLACE.
 */
int tag_set_name(struct arena *arena, struct mistakes *mistakes, const struct place *place,
	struct tag *tag, const char *text, size_t len);

#endif
