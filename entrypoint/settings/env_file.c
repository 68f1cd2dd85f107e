/*
 * env_file.c - the env_file of a compose file
 *
 * Source: the Compose specification's section on env_file. Compose also
 * replaces $NAME outside single quotes by a variable of the machine that it
 * runs on; we do not know that machine, so we keep the text and say so.
 */
#include "settings/environment.h"

#include <string.h>

#include "base/buffer.h"
#include "base/text.h"

struct reader {
	struct loading *loading;
	const char *file, *at, *end;
	int line;
};

static bool
is_name_char(char c, bool first)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
		(!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
}

static struct origin
place(const struct reader *reader, int line)
{
	return (struct origin){.kind = ORIGIN_ENVIRONMENT, .file = reader->file, .line = line};
}

static void
skip_blanks(struct reader *reader)
{
	while (reader->at < reader->end &&
		(*reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r'))
		reader->at++;
}

static bool
at_line_end(const struct reader *reader)
{
	return reader->at >= reader->end || *reader->at == '\n';
}

static void
skip_line(struct reader *reader)
{
	while (!at_line_end(reader))
		reader->at++;
	if (reader->at < reader->end)
		reader->at++;
	reader->line++;
}

/* refuse - the text of the line is not shown: it may hold a secret */
static void
refuse(const struct reader *reader, const char *why)
{
	struct origin origin = place(reader, reader->line);

	finding_add(reader->loading->findings, "env-file-syntax", &origin, "%s", why);
}

static void
read_single_quoted(struct reader *reader, struct buffer *value)
{
	const char *quote = memchr(reader->at + 1, '\'', (size_t)(reader->end - reader->at) - 1);

	if (quote == NULL) {
		refuse(reader, "a single quote opens here and nothing closes it");
		reader->at = reader->end;
		return;
	}
	buffer_append(value, reader->at + 1, (size_t)(quote - reader->at) - 1);
	reader->at = quote + 1;
}

/* unescaped - what stands for \c in double quotes; 0: the backslash stays */
static char
unescaped(char c)
{
	switch (c) {
	case 'n':
		return '\n';
	case 'r':
		return '\r';
	case 't':
		return '\t';
	case '\\':
	case '"':
	case '$':
		return c;
	default:
		return '\0';
	}
}

static void
read_double_quoted(struct reader *reader, struct buffer *value, bool *dollar)
{
	for (reader->at++; reader->at < reader->end; reader->at++) {
		char c = *reader->at;

		if (c == '"') {
			reader->at++;
			return;
		}
		if (c == '\\' && reader->at + 1 < reader->end && unescaped(reader->at[1]) != '\0') {
			buffer_putc(value, unescaped(*++reader->at));
			continue;
		}
		*dollar = *dollar || c == '$';
		buffer_putc(value, c);
	}
	refuse(reader, "a double quote opens here and nothing closes it");
}

/* read_plain - up to the end of the line or a # behind a blank, less blanks at the end */
static void
read_plain(struct reader *reader, struct buffer *value, bool *dollar)
{
	const char *start = reader->at, *last = start;

	for (; !at_line_end(reader); reader->at++) {
		bool blank = *reader->at == ' ' || *reader->at == '\t' || *reader->at == '\r';

		if (*reader->at == '#' && reader->at > start &&
			(reader->at[-1] == ' ' || reader->at[-1] == '\t'))
			break;
		*dollar = *dollar || *reader->at == '$';
		if (!blank)
			last = reader->at + 1;
	}
	buffer_append(value, start, (size_t)(last - start));
}

static void
read_value(struct reader *reader, struct buffer *value, bool *dollar)
{
	bool quoted = !at_line_end(reader) && (*reader->at == '\'' || *reader->at == '"');

	if (!quoted) {
		read_plain(reader, value, dollar);
		return;
	}
	if (*reader->at == '\'')
		read_single_quoted(reader, value);
	else
		read_double_quoted(reader, value, dollar);
	skip_blanks(reader);
	if (!at_line_end(reader) && *reader->at != '#')
		refuse(reader, "something stands behind the closing quote");
}

static void
take_assignment(struct reader *reader, const char *name)
{
	struct origin origin = place(reader, reader->line);
	struct buffer value = {0};
	size_t before = reader->loading->findings->count;
	bool dollar = false;

	skip_blanks(reader);
	read_value(reader, &value, &dollar);
	if (reader->loading->findings->count != before) {
		buffer_free(&value);
		return;
	}
	if (value.len != 0 && memchr(value.data, '\0', value.len) != NULL) {
		refuse(reader, "a NUL byte stands here; is the file text?");
	} else if (environment_is_ours(name)) {
		environment_add(reader->loading, name, buffer_text(&value), &origin);
		origin.name = name;
		if (dollar)
			finding_add(reader->loading->findings, "env-file-dollar", &origin,
				"%s holds a $ outside single quotes", name);
	}
	buffer_free(&value);
}

static void
take_line(struct reader *reader)
{
	const char *start, *name;

	skip_blanks(reader);
	if (at_line_end(reader) || *reader->at == '#')
		return;
	if ((size_t)(reader->end - reader->at) > 7 && strncmp(reader->at, "export", 6) == 0 &&
		(reader->at[6] == ' ' || reader->at[6] == '\t')) {
		reader->at += 7;
		skip_blanks(reader);
	}
	start = reader->at;
	while (!at_line_end(reader) && is_name_char(*reader->at, reader->at == start))
		reader->at++;
	name = arena_strndup(reader->loading->arena, start, (size_t)(reader->at - start));
	skip_blanks(reader);
	if (name[0] == '\0') {
		refuse(reader, "no line of the form NAME=value");
	} else if (at_line_end(reader)) {
		/* compose takes the value from the machine that it runs on */
		if (environment_is_ours(name)) {
			struct origin origin = place(reader, reader->line);

			origin.name = name;
			finding_add(reader->loading->findings, "not-checked", &origin,
				"%s has no value here: compose takes it from the machine that it "
				"runs on",
				name);
		}
	} else if (*reader->at == '=') {
		reader->at++;
		take_assignment(reader, name);
	} else {
		refuse(reader, "no line of the form NAME=value");
	}
}

void
env_file_parse(struct loading *loading, const char *file, const char *text, size_t len)
{
	struct reader reader = {
		.loading = loading, .file = file, .at = text, .end = text + len, .line = 1};

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		reader.at += 3;
	while (reader.at < reader.end) {
		const char *start = reader.at;

		take_line(&reader);
		/* a quoted value may hold line breaks */
		for (; start < reader.at; start++)
			reader.line += *start == '\n';
		skip_line(&reader);
	}
}
