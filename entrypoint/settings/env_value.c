/* env_value.c - the value of one line: plain, in single or in double quotes */
#include "settings/env_value.h"

#include <string.h>

#include "settings/dollar.h"
#include "settings/environment.h"

static struct origin
place(const struct env_reader *reader)
{
	return (struct origin){.kind = ORIGIN_ENVIRONMENT,
		.file = reader->file,
		.line = reader->line,
		.name = reader->name};
}

void
env_reader_refuse(const struct env_reader *reader, const char *why)
{
	struct origin origin = place(reader);

	finding_add(reader->scope->loading->findings, "env-file-syntax", &origin, "%s", why);
}

static const char *
find(void *context, const char *name)
{
	const struct env_reader *reader = context;
	const char *outside = env_scope_outside(reader->scope, name);
	const struct node *own = node_get(reader->scope->values, name);

	if (outside != NULL)
		return outside;
	return own != NULL ? own->text : NULL;
}

static void
tell_unset(void *context, const char *name)
{
	const struct env_reader *reader = context;
	struct origin origin = place(reader);

	struct env_scope *scope = reader->scope;
	const char *text = arena_printf(scope->loading->arena,
		"%s, outside single quotes: an empty text stands for it",
		dollar_unset(scope->loading->arena, reader->name, reader->text, name));

	if (scope->dollars != NULL)
		node_set(scope->loading->arena, scope->dollars, reader->name,
			node_scalar(scope->loading->arena, text, &origin));
	else if (environment_is_ours(reader->name))
		finding_add(scope->loading->findings, "env-file-dollar", &origin, "%s", text);
}

static int
expand(struct env_reader *reader, const char *text, struct buffer *value)
{
	const struct interpolation how = {.find = find, .unset = tell_unset, .context = reader};
	struct interpolation_error error;
	struct origin origin = place(reader);

	reader->text = text;
	if (interpolate(&how, text, value, &error) == 0)
		return 0;
	reader->scope->loading->incomplete = true; /* what is missing may be what stands here */
	dollar_refuse(reader->scope->loading, &origin, reader->name, text, &error);
	return -1;
}

/* put_escape - the character that stands for \c in double quotes; true when it is one */
static bool
put_escape(struct buffer *text, const char **at, const char *end)
{
	static const char letters[] = "abfnrtv", codes[] = "\a\b\f\n\r\t\v";
	const char *found, *c = *at + 1;
	unsigned code = 0;

	found = c < end && *c != '\0' ? strchr(letters, *c) : NULL;
	if (found != NULL) {
		buffer_putc(text, codes[found - letters]);
	} else if (c < end && *c == '$') {
		buffer_puts(text, "$$"); /* which interpolation turns into one */
	} else if (c < end && (*c == '\\' || *c == '"')) {
		buffer_putc(text, *c);
	} else if (end - c > 3 && c[0] == '0' && strspn(c, "01234567") > 3) {
		for (size_t i = 1; i < 4; i++)
			code = code * 8 + (unsigned)(c[i] - '0');
		if (code == 0 || code > 0xff)
			return false;
		buffer_putc(text, (char)code);
		c += 3;
	} else {
		return false;
	}
	*at = c;
	return true;
}

/* closing_quote - where the quote that the reader stands at is closed; a backslash guards one */
static const char *
closing_quote(struct env_reader *reader)
{
	char quote = *reader->at;

	for (const char *at = reader->at + 1; at < reader->end; at++) {
		if (*at == quote)
			return at;
		if (*at == '\\' && at + 1 < reader->end)
			at++;
	}
	env_reader_refuse(reader,
		quote == '"' ? "a double quote opens here and nothing closes it"
			     : "a single quote opens here and nothing closes it");
	reader->at = reader->end;
	return NULL;
}

static int
read_double_quoted(struct env_reader *reader, const char *end, struct buffer *value)
{
	struct buffer text = {0};
	int result;

	for (const char *at = reader->at + 1; at < end; at++)
		if (*at != '\\' || !put_escape(&text, &at, end))
			buffer_putc(&text, *at);
	result = expand(reader, buffer_text(&text), value);
	buffer_free(&text);
	return result;
}

static void
read_single_quoted(const struct env_reader *reader, const char *end, struct buffer *value)
{
	for (const char *at = reader->at + 1; at < end; at++) {
		if (*at == '\\' && at + 1 < end && at[1] == '\'')
			at++;
		buffer_putc(value, *at);
	}
}

static int
read_quoted(struct env_reader *reader, struct buffer *value)
{
	const char *end = closing_quote(reader);
	int result = 0;

	if (end == NULL)
		return -1;
	if (*reader->at == '"')
		result = read_double_quoted(reader, end, value);
	else
		read_single_quoted(reader, end, value);
	for (reader->at = end + 1; reader->at < reader->end && strchr(" \t\r", *reader->at);)
		reader->at++;
	if (reader->at >= reader->end || *reader->at == '\n' || *reader->at == '#')
		return result;
	env_reader_refuse(reader, "something stands behind the closing quote");
	return -1;
}

/* read_plain - up to the end of the line or a " #", less blanks at the end */
static int
read_plain(struct env_reader *reader, struct buffer *value)
{
	const char *start = reader->at, *last = start;
	struct buffer text = {0};
	int result;

	for (; reader->at < reader->end && *reader->at != '\n'; reader->at++) {
		if (*reader->at == '#' && reader->at > start && reader->at[-1] == ' ')
			break;
		if (strchr(" \t\r\v\f", *reader->at) == NULL)
			last = reader->at + 1;
	}
	buffer_append(&text, start, (size_t)(last - start));
	result = expand(reader, buffer_text(&text), value);
	buffer_free(&text);
	return result;
}

int
env_value_read(struct env_reader *reader, struct buffer *value)
{
	if (reader->at < reader->end && (*reader->at == '\'' || *reader->at == '"'))
		return read_quoted(reader, value);
	return read_plain(reader, value);
}
