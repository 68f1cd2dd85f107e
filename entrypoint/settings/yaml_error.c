/*
 * yaml_error.c - the parser's complaints in words that say what to do
 *
 * libyaml names its own states ("while parsing a block mapping"). What people
 * did wrong is nearly always one of a few things, and the place where it began
 * helps more than the place where the parser noticed.
 */
#include "settings/yaml_lint.h"

#include <string.h>

#include "base/text.h"

/*
 * Pairs of how the problem begins and what to say of it. '>' in front: the place
 * is where the construct began; '<': that place is named too.
 */
static const char words[] =
	"could not find expected ':'\0"
	">this is neither \"key: value\" nor a part of the line above: is a colon and a blank "
	"missing, or is the line indented wrongly?\0"
	"mapping values are\0"
	"the line above has no colon and blank behind its key, or this one is indented further "
	"than it\0"
	"block sequence entries\0"
	"a list entry (- ) cannot stand here: it begins a line of its own, below its key\0"
	"mapping keys are\0"
	"a value that starts with \"? \" needs quotes\0"
	"found unexpected end of stream\0"
	">a quote opens here and nothing closes it\0"
	"found unexpected document\0"
	">a quote opens here and is not closed before the end of the document\0"
	"found unknown escape\0"
	"a backslash means nothing before this letter; in single quotes it is a plain character\0"
	"did not find expected hex\0"
	"hexadecimal digits must follow this \\x, \\u or \\U; in single quotes a backslash is a "
	"plain character\0"
	"found invalid Unicode\0"
	"no character has this number\0"
	"did not find expected key\0"
	"<the line is indented otherwise than the keys of its map\0"
	"did not find expected '-'\0"
	"<the line is indented otherwise than the entries of its list\0"
	"did not find expected ',' or ']'\0"
	"<the list in [ ] goes on without a comma, or is not closed\0"
	"did not find expected ',' or '}'\0"
	"<the map in { } goes on without a comma, or is not closed\0"
	"did not find expected node\0"
	"a value is missing here, or a comma stands where none may\0"
	"did not find expected <doc\0"
	"the map of settings ended above, and this does not belong to it: is the line indented "
	"wrongly, or a bracket too many?\0"
	"found unexpected ':'\0"
	"a text with \":\" in it needs quotes inside [ ] and { }\0"
	"found a tab\0"
	"a tab stands here; YAML indents with blanks only\0"
	"found an indentation\0"
	"behind | or > may stand a number from 1 to 9, + or -\0"
	"did not find expected comment\0"
	"behind | or > may stand a number from 1 to 9, + or -; the text begins in the next line\0";

/* find_words - what the table says of PROBLEM, or NULL */
static const char *
find_words(const char *problem)
{
	for (const char *at = words; *at != '\0';) {
		const char *text = at + strlen(at) + 1;

		if (text_starts(problem, at))
			return text;
		at = text + strlen(text) + 1;
	}
	return NULL;
}

/* begins_line - whether a key, or nothing, is all that stands in the line before the place */
static bool
begins_line(const struct yaml_text *text, const yaml_mark_t *mark)
{
	struct yaml_cursor cursor = {0};

	for (size_t column = 0; column < mark->column; column++) {
		char c = yaml_char_at(text, &cursor, mark->line, column);

		if (c == ':' || c == '"' || c == '\'' || c == ']' || c == '}' || c == '\0')
			return false;
	}
	return true;
}

/* value_words - C, at the problem's place, or what stands before it, tells what was meant */
static const char *
value_words(struct arena *arena, const char *context, const char *problem, char c, bool begins)
{
	if (c == '\t')
		return "a tab stands here; YAML indents with blanks only";
	if (strcmp(context, "while scanning an alias") == 0)
		return "a value that starts with * needs quotes, as in \"*@example.com\"";
	if (strcmp(context, "while scanning an anchor") == 0)
		return "a value that starts with & needs quotes";
	if (strstr(context, "directive") != NULL)
		return "a line that starts with % needs quotes around it";
	if (strstr(context, " tag") != NULL || strstr(problem, " tag") != NULL)
		return "a value that starts with ! needs quotes";
	if (!begins && strcmp(problem, "did not find expected key") == 0)
		return "something stands behind a value that ended before it";
	if (!begins && text_starts(problem, "mapping values are"))
		return "a value with \": \" in it needs quotes";
	if (strcmp(problem, "found character that cannot start any token") != 0)
		return NULL;
	return c > ' ' && c < 0x7f
		? arena_printf(arena, "a value that starts with %c needs quotes", c)
		: "a value that starts with this character needs quotes";
}

/* yaml_lint_offset - a byte that is no UTF-8 has an offset and no mark */
void
yaml_lint_offset(const struct yaml_text *text, size_t offset, struct origin *origin)
{
	int line = 1, column = 1;

	for (size_t i = yaml_mark_bytes(text); i < offset && i < text->len; i++) {
		if (text->data[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)text->data[i] & 0xc0) != 0x80) {
			column++;
		}
	}
	yaml_place(text, line, column, origin);
}

static void
tell_no_text(struct arena *arena, struct findings *findings, const struct yaml_text *text,
	const yaml_parser_t *parser, struct origin *origin)
{
	yaml_lint_offset(text, parser->problem_offset + yaml_mark_bytes(text), origin);
	finding_add(findings, "yaml-syntax", origin, "%s%s",
		parser->problem != NULL && strstr(parser->problem, "control") != NULL
			? "a control character stands here"
			: "this is no text in UTF-8; save the file as UTF-8",
		yaml_excerpt(arena, text, 0, origin->line, origin->column));
}

void
yaml_lint_error(struct arena *arena, struct findings *findings, const struct yaml_text *text,
	const yaml_parser_t *parser)
{
	struct origin origin = {.kind = ORIGIN_YAML, .file = text->file};
	const char *context = parser->context != NULL ? parser->context : "";
	const char *problem = parser->problem != NULL ? parser->problem : "no memory left";
	yaml_mark_t mark = parser->problem_mark;
	struct yaml_cursor cursor = {0};
	struct origin began = origin;
	int from_line;
	const char *say, *where = "";

	yaml_place(text, (int)parser->context_mark.line + 1, 1, &began);
	if (parser->error == YAML_READER_ERROR) {
		tell_no_text(arena, findings, text, parser, &origin);
		return;
	}
	say = value_words(arena, context, problem,
		yaml_char_at(text, &cursor, mark.line, mark.column), begins_line(text, &mark));
	if (say == NULL)
		say = find_words(problem);
	if (say == NULL)
		say = problem;
	from_line = text_starts(context, "while scanning") ? began.line : 0;
	if (*say == '>')
		mark = parser->context_mark;
	else if (*say == '<' && parser->context_mark.line < mark.line)
		where = arena_printf(arena, " (it began in line %d)", began.line);
	say += *say == '>' || *say == '<';
	yaml_place(text, (int)mark.line + 1, (int)mark.column + 1, &origin);
	finding_add(findings, "yaml-syntax", &origin, "%s%s%s", say, where,
		yaml_excerpt(arena, text, from_line, origin.line, origin.column));
}
