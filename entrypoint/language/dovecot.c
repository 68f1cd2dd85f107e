/* dovecot.c - the lines of dovecot.conf */
#include "language/dovecot.h"

#include <stdlib.h>
#include <string.h>

bool
dovecot_version_at_least(const char *version, int major, int minor, int patch)
{
	const long want[] = {major, minor, patch};

	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		char *end;
		long have = strtol(version, &end, 10);

		if (have != want[i])
			return have > want[i];
		version = *end == '.' ? end + 1 : "";
	}
	return true;
}

void
dovecot_reader_init(struct dovecot_reader *reader, struct arena *arena, const char *version,
	const char *text, size_t len)
{
	memset(reader, 0, sizeof(*reader));
	reader->arena = arena;
	reader->text = text;
	reader->len = len;
	reader->is_2_3 = !dovecot_version_at_least(version, 2, 4, 0);
	reader->here = dovecot_version_at_least(version, 2, 4, 5);
}

/* is_white - 2.4 takes all of isspace() for a blank, 2.3 these two alone */
static bool
is_white(const struct dovecot_reader *reader, char c)
{
	return c == ' ' || c == '\t' || (!reader->is_2_3 && c >= '\n' && c <= '\r');
}

static char *
skip_white(const struct dovecot_reader *reader, char *at)
{
	while (is_white(reader, *at))
		at++;
	return at;
}

static char *
skip_word(const struct dovecot_reader *reader, char *at)
{
	while (*at != '\0' && !is_white(reader, *at))
		at++;
	return at;
}

/* cut_white - takes the blanks off the end. Returns the length that is left. */
static size_t
cut_white(const struct dovecot_reader *reader, char *text, size_t len)
{
	while (len > 0 && is_white(reader, text[len - 1]))
		len--;
	text[len] = '\0';
	return len;
}

/* cut_comment - ends TEXT at its comment. Returns whether a word stands right before it. */
static bool
cut_comment(const struct dovecot_reader *reader, char *text)
{
	for (char *at = text; *at != '\0'; at++) {
		if (*at == '\'' || *at == '"') {
			char quote = *at++;

			for (; *at != quote && *at != '\0'; at++)
				if (*at == '\\' && at[1] != '\0')
					at++;
			if (*at == '\0')
				return false;
		} else if (*at == '#') {
			*at = '\0';
			return !is_white(reader, at[-1]);
		}
	}
	return false;
}

/* unescape - takes a backslash off each byte that has one, in place */
static char *
unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		if (*from == '\\' && from[1] != '\0')
			from++;
		*to++ = *from;
	}
	*to = '\0';
	return text;
}

/* read_physical - a copy of the next line of the file, without its end; NULL behind the last */
static char *
read_physical(struct dovecot_reader *reader)
{
	const char *from = reader->text + reader->at, *end;
	size_t len;

	if (reader->at >= reader->len)
		return NULL;
	end = memchr(from, '\n', reader->len - reader->at);
	len = end != NULL ? (size_t)(end - from) : reader->len - reader->at;
	reader->at += len + 1;
	reader->line++;
	if (len > 0 && from[len - 1] == '\r')
		len--;
	return arena_strndup(reader->arena, from, strnlen(from, len));
}

static void
fail(struct dovecot_line *line, const char *why)
{
	line->type = DOVECOT_ERROR;
	line->value = why;
}

/* read_here - passes over the lines up to the one that is MARK alone */
static void
read_here(struct dovecot_reader *reader, struct dovecot_line *line, const char *mark)
{
	char *text;

	line->type = DOVECOT_VALUE_HERE;
	line->value = "";
	while ((text = read_physical(reader)) != NULL)
		if (strcmp(text, mark) == 0)
			return;
	fail(line, "the text after << has no end: no line is its mark alone");
}

/* take_value - what stands behind the "=" */
static void
take_value(struct dovecot_reader *reader, struct dovecot_line *line, char *at)
{
	size_t len;

	at = skip_white(reader, at);
	len = strlen(at);
	line->type = DOVECOT_VALUE;
	line->value = at;
	if (*at == '<' && at[1] == '<' && reader->here) {
		read_here(reader, line, skip_white(reader, at + 2));
	} else if (*at == '<') {
		line->type = DOVECOT_VALUE_FILE;
		line->value = skip_white(reader, at + 1);
	} else if (*at != '\'' && *at != '"') {
		if (strchr(at, '$') != NULL)
			line->type = DOVECOT_VALUE_REFERENCE;
	} else if (at[len - 1] == *at) {
		/* a quote that is alone is both ends for Dovecot: nothing is left of it */
		at[len - 1] = '\0';
		line->value = len > 1 ? unescape(at + 1) : "";
		line->quoted = true;
	}
}

static void
take_brace(struct dovecot_line *line, const char *at)
{
	if (*at != '{')
		fail(line, "neither = nor { follows the name");
	else if (at[1] != '\0')
		fail(line, "something stands behind {, which must end its line");
}

/* take_group - group @name value { */
static void
take_group(struct dovecot_reader *reader, struct dovecot_line *line, char *at)
{
	char *end = skip_word(reader, at);

	line->type = DOVECOT_GROUP;
	line->name = at;
	at = skip_white(reader, end);
	*end = '\0';
	line->value = at;
	end = skip_word(reader, at);
	at = skip_white(reader, end);
	*end = '\0';
	take_brace(line, at);
}

/* take_section - the name of a section, which may be missing, and its brace */
static void
take_section(struct dovecot_reader *reader, struct dovecot_line *line, char *at)
{
	char *end;

	line->type = DOVECOT_SECTION;
	line->value = "";
	if (*at == '"') {
		char *value = ++at;

		while (*at != '"' && *at != '\0')
			at++;
		if (*at == '"') {
			*at++ = '\0';
			at = skip_white(reader, at);
			line->value = unescape(value);
			line->quoted = true;
		}
	} else if (*at != '{') {
		line->value = at;
		end = skip_word(reader, at);
		at = skip_white(reader, end);
		*end = '\0';
	}
	take_brace(line, at);
}

/* end_of_name - where the name at AT ends; quotes around it are a thing of 2.4 */
static char *
end_of_name(const struct dovecot_reader *reader, struct dovecot_line *line, char *at)
{
	if (*at != '"' || reader->is_2_3) {
		line->name = at;
		while (*at != '\0' && *at != '=' && !is_white(reader, *at))
			at++;
		return at;
	}
	line->name = ++at;
	for (; *at != '\0'; at++) {
		if (*at == '\\' && at[1] != '\0') {
			at++;
		} else if (*at == '"') {
			*at++ = '\0';
			break;
		}
	}
	return at;
}

/* take - a whole logical line, its comment gone, in TEXT, which is changed */
static void
take(struct dovecot_reader *reader, struct dovecot_line *line, char *text)
{
	char *end = end_of_name(reader, line, text), *at = skip_white(reader, end);
	char next = *at;

	line->value = at;
	if (at > end || next == '=')
		*end = '\0';
	if (strcmp(line->name, "!include") == 0 || strcmp(line->name, "!include_try") == 0)
		line->type = DOVECOT_INCLUDE;
	else if (next == '=')
		take_value(reader, line, at + 1);
	else if (strcmp(line->name, "}") == 0 && next == '\0')
		line->type = DOVECOT_END;
	else if (next == '\0')
		fail(line, "neither = nor { follows the name");
	else if (!reader->is_2_3 && strcmp(line->name, "group") == 0 && next != '{')
		take_group(reader, line, at);
	else
		take_section(reader, line, at);
}

/* join - whether the line goes on with the next one, to which TEXT is then put aside */
static bool
join(struct dovecot_reader *reader, char *text, size_t len)
{
	if (len == 0 || text[len - 1] != '\\')
		return false;
	if (reader->joined_line == 0)
		reader->joined_line = reader->line;
	len = cut_white(reader, text, len - 1);
	if (len > 0) {
		buffer_append(&reader->joined, text, len);
		buffer_putc(&reader->joined, ' ');
	}
	return true;
}

/* drop - forgets what was joined. Returns whether that was something, which LINE then says. */
static bool
drop(struct dovecot_reader *reader, struct dovecot_line *line)
{
	bool something = reader->joined.len > 0;

	line->type = DOVECOT_DROPPED;
	line->line = reader->joined_line;
	buffer_clear(&reader->joined);
	reader->joined_line = 0;
	reader->joined_hash = false;
	return something;
}

bool
dovecot_next(struct dovecot_reader *reader, struct dovecot_line *line)
{
	char *text;

	while ((text = read_physical(reader)) != NULL) {
		size_t len;

		memset(line, 0, sizeof(*line));
		line->name = line->value = "";
		line->last = reader->line;
		text = skip_white(reader, text);
		if (*text == '#' || *text == '\0') {
			if (drop(reader, line))
				return true;
			continue;
		}
		reader->joined_hash = cut_comment(reader, text) || reader->joined_hash;
		len = cut_white(reader, text, strlen(text));
		if (join(reader, text, len))
			continue;
		if (reader->joined.len > 0) {
			buffer_append(&reader->joined, text, len);
			text = arena_strndup(
				reader->arena, reader->joined.data, reader->joined.len);
		}
		line->line = reader->joined_line != 0 ? reader->joined_line : reader->line;
		line->hash = reader->joined_hash;
		buffer_clear(&reader->joined);
		reader->joined_line = 0;
		reader->joined_hash = false;
		take(reader, line, text);
		line->last = reader->line;
		return true;
	}
	memset(line, 0, sizeof(*line));
	line->name = line->value = "";
	line->last = reader->line;
	if (drop(reader, line))
		return true;
	buffer_free(&reader->joined);
	return false;
}
