/*
 * parse.c - the text of a template becomes a list of tags
 *
 * Whether a tag stands alone on its line is seen from the source itself: only
 * blanks between the line's start and the tag, and only blanks between the tag
 * and the line's end. Two tags on one line are thus never alone, and a comment
 * over several lines is, if both of its ends are. Values never are.
 */
#include "template/tag.h"

#include <string.h>

struct parser {
	struct arena *arena;
	struct mistakes *mistakes;
	struct tag_list *list;
	const char *text;
	size_t len;
	size_t at; /* what is before it has been taken */
	int line, column; /* of AT */
	const char *open, *close; /* delimiters; not NUL-terminated */
	size_t open_len, close_len;
	size_t sections[TEMPLATE_SECTION_DEPTH_MAX]; /* the open ones, by their place in LIST */
	size_t depth;
	bool lost; /* what follows cannot be understood */
};

/* One tag as it was found: [FROM, TO) with its delimiters, [NAME, NAME_END) inside. */
struct span {
	size_t from, to, name, name_end;
	char sigil; /* of # ^ / > ! = & {, or 0 */
	bool alone;
	size_t line_from, line_to; /* when alone: its line, with the line break */
	struct place place;
};

/* parser_move - takes everything before TO, counting lines and characters */
static void
parser_move(struct parser *parser, size_t to)
{
	for (; parser->at < to; parser->at++) {
		unsigned char c = (unsigned char)parser->text[parser->at];

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
	struct place place = {parser->list->file, parser->line, parser->column};

	return place;
}

/* parser_find - where the LEN bytes of WHAT are next, at or after FROM; or the text's length */
static size_t
parser_find(const struct parser *parser, size_t from, const char *what, size_t len)
{
	const char *found;

	if (from >= parser->len)
		return parser->len;
	found = memmem(parser->text + from, parser->len - from, what, len);
	return found != NULL ? (size_t)(found - parser->text) : parser->len;
}

static bool
starts_line(const struct parser *parser, size_t at)
{
	return at == 0 || parser->text[at - 1] == '\n';
}

/* line_break - the length of the line break at AT: 0 when there is none */
static size_t
line_break(const struct parser *parser, size_t at)
{
	if (at < parser->len && parser->text[at] == '\n')
		return 1;
	if (at + 1 < parser->len && parser->text[at] == '\r' && parser->text[at + 1] == '\n')
		return 2;
	return 0;
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
		size_t from = parser->at, end = parser_find(parser, from, "\n", 1) + 1;
		struct tag *tag;

		if (end > to)
			end = to;
		/* Empty lines get no indent: it would be trailing whitespace. */
		if (starts_line(parser, from) && line_break(parser, from) == 0)
			add_tag(parser, TAG_LINE);
		tag = add_tag(parser, TAG_TEXT);
		tag->text = parser->text + from;
		tag->len = end - from;
		parser_move(parser, end);
	}
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* find_line - whether the span is alone on its line, and where that begins and ends */
static void
find_line(const struct parser *parser, struct span *span)
{
	size_t from = span->from, to = span->to;

	while (from > 0 && is_blank(parser->text[from - 1]))
		from--;
	while (to < parser->len && is_blank(parser->text[to]))
		to++;
	span->alone =
		starts_line(parser, from) && (to == parser->len || line_break(parser, to) > 0);
	span->line_from = from;
	span->line_to = to + line_break(parser, to);
}

/*
 * find_span - measures the tag whose opening delimiter is at FROM. Returns -1
 * when it never ends.
 */
static int
find_span(const struct parser *parser, size_t from, struct span *span)
{
	size_t at = from + parser->open_len, end;
	bool changed = parser->open_len != 2 || memcmp(parser->open, "{{", 2) != 0 ||
		parser->close_len != 2 || memcmp(parser->close, "}}", 2) != 0;

	memset(span, 0, sizeof(*span));
	span->from = from;
	while (at < parser->len && is_space(parser->text[at]))
		at++;
	/* The third brace belongs to the usual delimiters alone. */
	if (at < parser->len && parser->text[at] != '\0' &&
		strchr(changed ? "#^/>!=&" : "#^/>!=&{", parser->text[at]) != NULL)
		span->sigil = parser->text[at++];
	span->name = at;
	for (end = parser_find(parser, at, parser->close, parser->close_len); end < parser->len;
		end = parser_find(parser, end + 1, parser->close, parser->close_len)) {
		span->name_end = end;
		span->to = end + parser->close_len;
		if (span->sigil == '=') {
			/* "=" must stand before the closing delimiter, and not be the first one. */
			if (end == at || parser->text[end - 1] != '=')
				continue;
			span->name_end = end - 1;
		} else if (span->sigil == '{') {
			if (span->to >= parser->len || parser->text[span->to] != '}')
				continue;
			span->to++; /* the first brace of the three ends the name */
		}
		break;
	}
	if (end >= parser->len)
		return -1;
	if (span->sigil != '\0' && strchr("#^/>!=", span->sigil) != NULL)
		find_line(parser, span);
	return 0;
}

/* take_delimiters - {{=<% %>=}} */
static void
take_delimiters(struct parser *parser, const struct span *span)
{
	size_t words[4], at = span->name, count = 0;

	while (at < span->name_end && count < 4) {
		while (at < span->name_end && is_space(parser->text[at]))
			at++;
		if (at == span->name_end)
			break;
		words[count++] = at;
		while (at < span->name_end && !is_space(parser->text[at]))
			at++;
		words[count++] = at;
	}
	while (at < span->name_end && is_space(parser->text[at]))
		at++;
	if (count != 4 || at != span->name_end ||
		memchr(parser->text + span->name, '=', span->name_end - span->name) != NULL) {
		mistake_add(parser->mistakes, "template-error", &span->place,
			"delimiters are set as {{=<%% %%>=}}: two words without \"=\", and a blank "
			"between them");
		parser->lost = true;
		return;
	}
	parser->open = parser->text + words[0];
	parser->open_len = words[1] - words[0];
	parser->close = parser->text + words[2];
	parser->close_len = words[3] - words[2];
}

static void
open_section(struct parser *parser, const struct span *span)
{
	if (parser->depth == TEMPLATE_SECTION_DEPTH_MAX) {
		mistake_add(parser->mistakes, "template-error", &span->place,
			"sections are nested deeper than %d", TEMPLATE_SECTION_DEPTH_MAX);
		parser->lost = true;
		return;
	}
	parser->sections[parser->depth++] = parser->list->count - 1;
}

static void
tell_unclosed(struct parser *parser, const struct tag *open, const char *instead)
{
	struct place place = {parser->list->file, open->line, open->column};

	mistake_add(parser->mistakes, "template-error", &place,
		"the section \"%s\" that opens here has no {{/%s}} before %s", open->name,
		open->name, instead);
}

/* close_section - the end tag that is last in the list closes what its name says */
static void
close_section(struct parser *parser, const struct place *place)
{
	struct tag *items = parser->list->items;
	const struct tag *end = &items[parser->list->count - 1];
	size_t depth = parser->depth;

	while (depth > 0 && strcmp(items[parser->sections[depth - 1]].name, end->name) != 0)
		depth--;
	if (depth == 0 && parser->depth == 0) {
		mistake_add(parser->mistakes, "template-error", place,
			"{{/%s}} closes a section that was never opened", end->name);
		return;
	}
	if (depth == 0) {
		const struct tag *open = &items[parser->sections[parser->depth - 1]];

		mistake_add(parser->mistakes, "template-error", place,
			"{{/%s}} stands where \"%s\", opened at %s:%d:%d, is to be closed",
			end->name, open->name, place->file, open->line, open->column);
		return;
	}
	for (; parser->depth > depth; parser->depth--)
		tell_unclosed(parser, &items[parser->sections[parser->depth - 1]],
			arena_printf(parser->arena, "{{/%s}} at %s:%d:%d", end->name, place->file,
				place->line, place->column));
	items[parser->sections[--parser->depth]].end = parser->list->count - 1;
}

/* take_named - any tag that has a name and becomes part of the list */
static void
take_named(struct parser *parser, const struct span *span, enum tag_kind kind, size_t indent_from)
{
	struct tag *tag = add_tag(parser, kind);

	tag->alone = span->alone;
	tag->line = span->place.line;
	tag->column = span->place.column;
	tag->text = "";
	if (kind == TAG_PARTIAL && span->alone)
		tag->text = arena_strndup(
			parser->arena, parser->text + indent_from, span->from - indent_from);
	if (tag_set_name(parser->arena, parser->mistakes, &span->place, tag,
		    parser->text + span->name, span->name_end - span->name) < 0) {
		/* Without its name a section cannot be matched with its end. */
		parser->lost = kind == TAG_SECTION || kind == TAG_INVERTED || kind == TAG_END;
		return;
	}
	if (kind == TAG_SECTION || kind == TAG_INVERTED)
		open_section(parser, span);
	else if (kind == TAG_END)
		close_section(parser, &span->place);
}

/* take_tag - the tag whose opening delimiter is at FROM, and the text before it */
static void
take_tag(struct parser *parser, size_t from)
{
	struct span span;
	int found = find_span(parser, from, &span);

	take_text(parser, span.alone ? span.line_from : from);
	if (!span.alone && starts_line(parser, from))
		add_tag(parser, TAG_LINE);
	parser_move(parser, from);
	span.place = parser_place(parser);
	if (found < 0) {
		mistake_add(parser->mistakes, "template-error", &span.place,
			"a tag that is opened here and never closed");
		parser->lost = true;
		return;
	}
	switch (span.sigil) {
	case '!':
		break;
	case '=':
		take_delimiters(parser, &span);
		break;
	case '#':
		take_named(parser, &span, TAG_SECTION, 0);
		break;
	case '^':
		take_named(parser, &span, TAG_INVERTED, 0);
		break;
	case '/':
		take_named(parser, &span, TAG_END, 0);
		break;
	case '>':
		take_named(parser, &span, TAG_PARTIAL, span.line_from);
		break;
	case '&':
	case '{':
		take_named(parser, &span, TAG_RAW, 0);
		break;
	default:
		take_named(parser, &span, TAG_VALUE, 0);
		break;
	}
	parser_move(parser, span.alone ? span.line_to : span.to);
}

/* fit_to_parse - size and bytes; a mistake otherwise */
static bool
fit_to_parse(struct parser *parser)
{
	struct place place = parser_place(parser);
	const char *nul = parser->len > 0 ? memchr(parser->text, '\0', parser->len) : NULL;

	if (parser->len > TEMPLATE_BYTES_MAX) {
		mistake_add(parser->mistakes, "template-error", &place,
			"the template is larger than %d bytes", TEMPLATE_BYTES_MAX);
		return false;
	}
	if (nul != NULL) {
		parser_move(parser, (size_t)(nul - parser->text));
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
		.text = source->text,
		.len = source->len,
		.line = 1,
		.column = 1,
		.open = "{{",
		.close = "}}",
		.open_len = 2,
		.close_len = 2};

	list->file = source->file;
	if (!fit_to_parse(&parser))
		return list;
	while (parser.at < parser.len && !parser.lost && !mistakes->stop) {
		size_t from = parser_find(&parser, parser.at, parser.open, parser.open_len);

		if (from == parser.len)
			take_text(&parser, parser.len);
		else
			take_tag(&parser, from);
	}
	for (; parser.depth > 0 && !parser.lost && !mistakes->stop; parser.depth--)
		tell_unclosed(&parser, &list->items[parser.sections[parser.depth - 1]],
			arena_printf(arena, "the end of the template, line %d", parser.line));
	return list;
}
