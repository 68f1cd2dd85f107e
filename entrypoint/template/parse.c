/*
 * parse.c - the text of a template becomes a list of tags
 *
 * A mistake is told and reading goes on, so that one run tells them all; it ends
 * where what follows would be guesswork: behind a tag without an end, wrong
 * delimiters, or a section without a name.
 */
#include "template/tag.h"

#include <string.h>

#include "template/span.h"

struct parser {
	struct arena *arena;
	struct mistakes *mistakes;
	struct tag_list *list;
	const struct template_source *source; /* of LIST */
	size_t at; /* what is before it has been taken */
	int line, column; /* of AT */
	struct delimiters delimiters;
	size_t sections[TEMPLATE_SECTION_DEPTH_MAX]; /* the open ones, by their place in LIST */
	size_t depth;
	bool lost; /* what follows cannot be understood */
};

/* parser_move - takes everything before TO, counting lines and characters */
static void
parser_move(struct parser *parser, size_t to)
{
	for (; parser->at < to; parser->at++) {
		unsigned char c = (unsigned char)parser->source->text[parser->at];

		if (c == '\n') {
			parser->line++;
			parser->column = 1;
		} else if ((c & 0xc0) != 0x80) { /* no continuation byte of UTF-8 */
			parser->column++;
		}
	}
}

static struct place
parser_place(const struct parser *parser)
{
	struct place place = {parser->source, parser->line, parser->column};

	return place;
}

static struct tag *
add_tag(struct parser *parser, enum tag_kind kind)
{
	struct tag *tag = tag_add(parser->arena, parser->list, kind);

	tag->line = parser->line;
	tag->column = parser->column;
	return tag;
}

/* take_text - everything before TO is text: one tag a line */
static void
take_text(struct parser *parser, size_t to)
{
	while (parser->at < to) {
		size_t from = parser->at, end = span_next(parser->source, from, "\n", 1) + 1;
		struct tag *tag;

		if (end > to)
			end = to;
		/* Empty lines get no indent: it would be trailing whitespace. */
		if (span_starts_line(parser->source, from) &&
			span_line_break(parser->source, from) == 0)
			add_tag(parser, TAG_LINE);
		tag = add_tag(parser, TAG_TEXT);
		tag->text = parser->source->text + from;
		tag->len = end - from;
		parser_move(parser, end);
	}
}

/* take_word - the next word of [AT, END) goes to WORD; returns its length, 0 when there is none */
static size_t
take_word(const struct parser *parser, size_t *at, size_t end, const char **word)
{
	const char *text = parser->source->text;
	size_t from;

	while (*at < end && span_is_space(text[*at]))
		(*at)++;
	from = *at;
	while (*at < end && !span_is_space(text[*at]))
		(*at)++;
	*word = text + from;
	return *at - from;
}

/* take_delimiters - {{=<% %>=}} */
static void
take_delimiters(struct parser *parser, const struct span *span)
{
	struct place place = parser_place(parser);
	struct delimiters new;
	const char *third;
	size_t at = span->name, len = span->name_end - span->name;

	new.open_len = take_word(parser, &at, span->name_end, &new.open);
	new.close_len = take_word(parser, &at, span->name_end, &new.close);
	if (new.close_len == 0 || take_word(parser, &at, span->name_end, &third) != 0 ||
		memchr(parser->source->text + span->name, '=', len) != NULL) {
		mistake_add(parser->mistakes, "template-error", &place,
			"delimiters are set as {{=<%% %%>=}}: two words without \"=\", and a blank "
			"between them");
		parser->lost = true;
		return;
	}
	parser->delimiters = new;
}

/* open_section - the section that is last in the list */
static void
open_section(struct parser *parser)
{
	struct place place = parser_place(parser);

	if (parser->depth == TEMPLATE_SECTION_DEPTH_MAX) {
		mistake_add(parser->mistakes, "template-error", &place,
			"sections are nested deeper than %d", TEMPLATE_SECTION_DEPTH_MAX);
		parser->lost = true;
		return;
	}
	parser->sections[parser->depth++] = parser->list->count - 1;
}

static void
tell_unclosed(struct parser *parser, const struct tag *open, const char *instead)
{
	struct place place = {parser->source, open->line, open->column};

	mistake_add(parser->mistakes, "template-error", &place,
		"the section \"%s\" that opens here has no {{/%s}} before %s", open->name,
		open->name, instead);
}

/* close_section - the end tag that is last in the list closes what its name says */
static void
close_section(struct parser *parser)
{
	struct place place = parser_place(parser);
	struct tag *items = parser->list->items;
	const struct tag *end = &items[parser->list->count - 1];
	size_t depth = parser->depth;

	while (depth > 0 && strcmp(items[parser->sections[depth - 1]].name, end->name) != 0)
		depth--;
	if (depth == 0 && parser->depth == 0) {
		mistake_add(parser->mistakes, "template-error", &place,
			"{{/%s}} closes a section that was never opened", end->name);
		return;
	}
	if (depth == 0) {
		const struct tag *open = &items[parser->sections[parser->depth - 1]];

		mistake_add(parser->mistakes, "template-error", &place,
			"{{/%s}} stands where \"%s\", opened at %s:%d:%d, is to be closed",
			end->name, open->name, place.source->file, open->line, open->column);
		return;
	}
	for (; parser->depth > depth; parser->depth--)
		tell_unclosed(parser, &items[parser->sections[parser->depth - 1]],
			arena_printf(parser->arena, "{{/%s}} at %s:%d:%d", end->name,
				place.source->file, place.line, place.column));
	items[parser->sections[--parser->depth]].end = parser->list->count - 1;
}

/* take_named - a tag that has a name and becomes part of the list */
static void
take_named(struct parser *parser, const struct span *span, enum tag_kind kind)
{
	const char *text = parser->source->text;
	struct place place = parser_place(parser);
	struct tag *tag = add_tag(parser, kind);
	bool section = kind == TAG_SECTION || kind == TAG_INVERTED;

	tag->alone = span->alone;
	tag->text = "";
	if (kind == TAG_PARTIAL && span->alone)
		tag->text = arena_strndup(
			parser->arena, text + span->line_from, span->from - span->line_from);
	if (tag_set_name(parser->arena, parser->mistakes, &place, tag, text + span->name,
		    span->name_end - span->name) < 0)
		/* Without its name a section cannot be matched with its end. */
		parser->lost = section || kind == TAG_END;
	else if (section)
		open_section(parser);
	else if (kind == TAG_END)
		close_section(parser);
}

static enum tag_kind
kind_of(char sigil)
{
	switch (sigil) {
	case '#':
		return TAG_SECTION;
	case '^':
		return TAG_INVERTED;
	case '/':
		return TAG_END;
	case '>':
		return TAG_PARTIAL;
	case '&':
	case '{':
		return TAG_RAW;
	default:
		return TAG_VALUE;
	}
}

/* take_tag - the tag whose opening delimiter is at FROM, and the text before it */
static void
take_tag(struct parser *parser, size_t from)
{
	struct span span;
	int found = span_find(parser->source, &parser->delimiters, from, &span);
	struct place place;

	take_text(parser, span.alone ? span.line_from : from);
	if (!span.alone && span_starts_line(parser->source, from))
		add_tag(parser, TAG_LINE);
	parser_move(parser, from);
	place = parser_place(parser);
	if (found < 0) {
		mistake_add(parser->mistakes, "template-error", &place,
			"a tag that is opened here and never closed");
		parser->lost = true;
		return;
	}
	if (span.sigil == '=')
		take_delimiters(parser, &span);
	else if (span.sigil != '!')
		take_named(parser, &span, kind_of(span.sigil));
	parser_move(parser, span.alone ? span.line_to : span.to);
}

/* fit_to_parse - size and bytes; a mistake otherwise */
static bool
fit_to_parse(struct parser *parser)
{
	struct place place = parser_place(parser);
	const char *nul = parser->source->len > 0
		? memchr(parser->source->text, '\0', parser->source->len)
		: NULL;

	if (parser->source->len > TEMPLATE_BYTES_MAX) {
		mistake_add(parser->mistakes, "template-error", &place,
			"the template is larger than %d bytes", TEMPLATE_BYTES_MAX);
		return false;
	}
	if (nul != NULL) {
		parser_move(parser, (size_t)(nul - parser->source->text));
		place = parser_place(parser);
		mistake_add(parser->mistakes, "template-error", &place,
			"a NUL byte, which no text file has");
		return false;
	}
	return true;
}

struct tag_list *
tag_parse(struct arena *arena, struct mistakes *mistakes, const struct template_source *source)
{
	struct tag_list *list = arena_alloc(arena, sizeof(*list));
	struct parser parser = {.arena = arena,
		.mistakes = mistakes,
		.list = list,
		.source = &list->source,
		.line = 1,
		.column = 1,
		.delimiters = {"{{", "}}", 2, 2}};

	list->source = *source;
	if (!fit_to_parse(&parser))
		return list;
	while (parser.at < source->len && !parser.lost && !mistakes->stop) {
		size_t from = span_next(
			source, parser.at, parser.delimiters.open, parser.delimiters.open_len);

		if (from == source->len)
			take_text(&parser, source->len);
		else
			take_tag(&parser, from);
	}
	for (; parser.depth > 0 && !parser.lost && !mistakes->stop; parser.depth--)
		tell_unclosed(&parser, &list->items[parser.sections[parser.depth - 1]],
			arena_printf(arena, "the end of the template, line %d", parser.line));
	return list;
}
