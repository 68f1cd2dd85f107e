/* env_file.c - the lines of a file of variables */
#include "settings/env_file.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "settings/env_value.h"
#include "settings/environment.h"
#include "settings/input.h"

static bool
is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(unsigned char)c >= 0x80 || (c != '\0' && strchr("_.-[]", c) != NULL);
}

static bool
at_line_end(const struct env_reader *reader)
{
	return reader->at >= reader->end || *reader->at == '\n';
}

static void
skip_blanks(struct env_reader *reader)
{
	while (reader->at < reader->end && strchr(" \t\r\v\f", *reader->at) != NULL &&
		*reader->at != '\0')
		reader->at++;
}

static void
skip_line(struct env_reader *reader)
{
	while (!at_line_end(reader))
		reader->at++;
	if (reader->at < reader->end)
		reader->at++;
	reader->line++;
}

/* take - one value that is whole; the later of two counts */
static void
take(struct env_reader *reader, const char *name, const char *value, int line)
{
	struct env_scope *scope = reader->scope;
	struct origin origin = {
		.kind = ORIGIN_ENVIRONMENT, .file = reader->file, .line = line, .name = name};

	scope->loading->value_bytes += strlen(value) + ENV_VALUE_COST;
	if (scope->loading->value_bytes > ENV_VALUES_BYTES) {
		env_reader_refuse(reader, "more than 4 MB of variables up to here");
		reader->at = reader->end;
		return;
	}
	node_set(scope->loading->arena, scope->values, name,
		node_scalar(scope->loading->arena, value, &origin));
}

static void
take_assignment(struct env_reader *reader, const char *name)
{
	struct buffer value = {0};
	int line = reader->line;

	reader->name = name;
	skip_blanks(reader);
	if (env_value_read(reader, &value) == 0)
		take(reader, name, buffer_text(&value), line);
	buffer_free(&value);
}

/* take_inherited - NAME alone: the value is the machine's, or there is none */
static void
take_inherited(struct env_reader *reader, const char *name)
{
	struct loading *loading = reader->scope->loading;
	const char *value = env_scope_outside(reader->scope, name);
	struct origin origin = {.kind = ORIGIN_ENVIRONMENT,
		.file = reader->file,
		.line = reader->line,
		.name = name};

	if (value != NULL)
		take(reader, name, value, reader->line);
	else if (environment_is_ours(name))
		finding_add(loading->findings, "not-checked", &origin,
			"%s has no value here: compose takes it from the machine that it runs on, "
			"and it is not set on this one",
			name);
}

static void
skip_export(struct env_reader *reader)
{
	size_t left = (size_t)(reader->end - reader->at);

	if (left > 7 && strncmp(reader->at, "export", 6) == 0 &&
		(reader->at[6] == ' ' || reader->at[6] == '\t')) {
		reader->at += 7;
		skip_blanks(reader);
	}
}

static void
take_line(struct env_reader *reader)
{
	const char *start, *name;
	size_t len;

	skip_blanks(reader);
	if (at_line_end(reader) || *reader->at == '#')
		return;
	skip_export(reader);
	start = reader->at;
	while (!at_line_end(reader) && is_name_char(*reader->at))
		reader->at++;
	len = (size_t)(reader->at - start);
	name = arena_strndup(reader->scope->loading->arena, start, len);
	skip_blanks(reader);
	if (len == 0 || !(at_line_end(reader) || *reader->at == '=' || *reader->at == ':')) {
		env_reader_refuse(reader, "no line of the form NAME=value");
	} else if (at_line_end(reader)) {
		take_inherited(reader, name);
	} else {
		reader->at++;
		take_assignment(reader, name);
	}
}

/* take_raw_line - no quotes, no $, no comment behind a value */
static void
take_raw_line(struct env_reader *reader)
{
	struct arena *arena = reader->scope->loading->arena;
	const char *start = reader->at, *line, *equals, *name;

	while (!at_line_end(reader))
		reader->at++;
	line = text_trim(arena, arena_strndup(arena, start, (size_t)(reader->at - start)));
	equals = strchr(line, '=');
	if (line[0] == '\0' || line[0] == '#')
		return;
	name = arena_strndup(arena, line, strcspn(line, "="));
	if (environment_is_no_name(reader->scope->loading, name,
		    &(struct origin){.file = reader->file, .line = reader->line}))
		return;
	if (equals == NULL)
		take_inherited(reader, name);
	else
		take(reader, name, equals + 1, reader->line);
}

/* is_compose - whether somebody took --env-file for --compose */
static bool
is_compose(const char *text)
{
	const char *next;

	while (!text_starts(text, "services:")) {
		next = strchr(text, '\n');
		if (next == NULL)
			return false;
		text = next + 1;
	}
	return true;
}

static void
read_lines(struct env_reader *reader, bool raw)
{
	size_t before = reader->scope->loading->findings->count;

	while (reader->at < reader->end) {
		const char *start = reader->at;

		if (raw)
			take_raw_line(reader);
		else
			take_line(reader);
		/* a quoted value may hold line breaks */
		for (; start < reader->at; start++)
			reader->line += *start == '\n';
		skip_line(reader);
		if (reader->scope->loading->findings->count - before > ENV_FILE_FAULTS) {
			env_reader_refuse(reader,
				"more than 100 findings up to here; the rest was "
				"not read");
			return;
		}
	}
}

const char *
env_scope_outside(const struct env_scope *scope, const char *name)
{
	const struct node *node = node_get(scope->earlier, name);
	size_t len = strlen(name);

	if (node != NULL)
		return node->text;
	for (char *const *entry = scope->loading->source->environment;
		entry != NULL && *entry != NULL; entry++)
		if (strncmp(*entry, name, len) == 0 && (*entry)[len] == '=')
			return *entry + len + 1;
	node = node_get(scope->project, name);
	return node != NULL ? node->text : NULL;
}

void
env_scope_used(const struct env_scope *scope, const char *name)
{
	struct node *dollar = node_get(scope->dollars, name);
	const struct node *own = node_get(scope->project, name);

	/* the process wins over .env */
	if (dollar == NULL || dollar->type != NODE_SCALAR || own == NULL ||
		env_scope_outside(scope, name) != own->text)
		return;
	dollar->type = NODE_NULL;
	finding_add(
		scope->loading->findings, "env-file-dollar", &dollar->origin, "%s", dollar->text);
}

int
env_file_read(struct env_scope *scope, const char *path, bool streams, bool raw)
{
	struct env_reader reader = {.scope = scope, .file = path, .line = 1};
	struct buffer content = {0};
	const char *nul;

	if (input_read(path, ENV_FILE_BYTES, streams, &content) != 0) {
		int error = errno;

		buffer_free(&content);
		errno = error;
		return -1;
	}
	reader.at = buffer_text(&content);
	reader.end = reader.at + content.len;
	nul = content.len != 0 ? memchr(reader.at, '\0', content.len) : NULL;
	for (const char *at = reader.at; nul != NULL && at < nul; at++)
		reader.line += *at == '\n';
	if (nul != NULL) {
		env_reader_refuse(&reader, "a NUL byte stands here; is the file text?");
		scope->loading->incomplete = true;
	} else if (is_compose(reader.at)) {
		env_reader_refuse(&reader, "this is a compose file: use --compose");
		scope->loading->incomplete = true;
	} else {
		if (text_starts(reader.at, "\xef\xbb\xbf"))
			reader.at += 3;
		read_lines(&reader, raw);
	}
	if (content.data != NULL)
		explicit_bzero(content.data, content.size);
	buffer_free(&content);
	return 0;
}
