/* postfix_source.c - the text of one lookup table */
#include "daemon/postfix_source.h"

#include <string.h>

#include "base/text.h"
#include "language/logical.h"

#define SOURCE_TOLD 10

struct source {
	struct plan *plan;
	const char *path;
	size_t wrong, twice;
	struct node *keys; /* in small letters: tables are asked so */
};

static struct origin
place(const struct source *source, int line)
{
	return (struct origin){
		.kind = ORIGIN_SYSTEM, .file = source->path, .line = line, .column = 1};
}

static void
tell_wrong(struct source *source, int line, const char *why)
{
	const struct origin origin = place(source, line);

	if (source->wrong++ < SOURCE_TOLD)
		finding_add(source->plan->findings, "map-line", &origin, "%s", why);
}

/* take_key - tells a key that was there before */
static void
take_key(struct source *source, const char *key, int line)
{
	const char *lower = text_lower(source->plan->arena, key);
	const struct origin origin = place(source, line);
	const struct node *before = node_get(source->keys, lower);

	if (before == NULL)
		node_set(source->plan->arena, source->keys, lower,
			node_new(source->plan->arena, NODE_NULL, &origin));
	else if (source->twice++ < SOURCE_TOLD)
		finding_add(source->plan->findings, "map-duplicate", &origin,
			"the key of this line stands in line %d already", before->origin.line);
}

/* key_len - up to the first white space; blanks within quotes belong to the key */
static size_t
key_len(const struct logical_line *line)
{
	bool quoted = false;
	size_t end = 0;

	while (end < line->len && (quoted || !logical_is_space(line->text[end]))) {
		if (line->text[end] == '\\' && end + 1 < line->len)
			end++;
		else if (line->text[end] == '"')
			quoted = !quoted;
		end++;
	}
	return end;
}

static bool
is_blank(const struct logical_line *line, size_t from)
{
	while (from < line->len && logical_is_space(line->text[from]))
		from++;
	return from == line->len;
}

static void
check_line(struct source *source, const struct logical_line *line)
{
	size_t end = key_len(line);

	if (logical_is_space(line->text[0]))
		tell_wrong(source, line->first, "the line begins with a blank and continues none");
	else if (line->has_nul)
		tell_wrong(source, line->first, "the line holds a NUL byte");
	else if (is_blank(line, end))
		tell_wrong(source, line->first, "a key without a value: \"key value\" is wanted");
	else if (line->text[end - 1] == ':')
		tell_wrong(source, line->first,
			"the key ends in a colon, as in a file for alias_maps: \"key value\" is "
			"wanted");
	else
		take_key(source, arena_strndup(source->plan->arena, line->text, end), line->first);
}

void
postfix_source_check(struct plan *plan, const char *path, const char *text, size_t len)
{
	struct source source = {
		.plan = plan, .path = path, .keys = node_new(plan->arena, NODE_MAP, NULL)};
	struct logical_reader reader;
	struct logical_line line;

	logical_begin(&reader, text, len);
	while (logical_next(plan->arena, &reader, &line))
		check_line(&source, &line);
}

/* alias - "name: value" as "name value"; a name in quotes, which may hold anything, is none here */
static void
alias(struct source *source, const struct logical_line *line, struct buffer *out)
{
	const char *colon = memchr(line->text, ':', line->len);
	size_t name = colon != NULL ? (size_t)(colon - line->text) : 0;

	while (name > 0 && logical_is_space(line->text[name - 1]))
		name--;
	if (name == 0 || logical_is_space(line->text[0]) || line->has_nul ||
		is_blank(line, (size_t)(colon - line->text) + 1)) {
		tell_wrong(source, line->first, "no alias: \"name: value\" is wanted");
		return;
	}
	for (size_t i = 0; i < name; i++)
		if (logical_is_space(line->text[i]) || line->text[i] == '"') {
			tell_wrong(source, line->first,
				"a name with quotes or blanks, which this table cannot have");
			return;
		}
	take_key(source, arena_strndup(source->plan->arena, line->text, name), line->first);
	buffer_puts(out,
		text_lower(
			source->plan->arena, arena_strndup(source->plan->arena, line->text, name)));
	for (colon++; logical_is_space(*colon); colon++)
		continue;
	buffer_printf(out, " %s\n", colon);
}

const char *
postfix_source_aliases(struct plan *plan, const char *path, const char *text, size_t *len)
{
	struct source source = {
		.plan = plan, .path = path, .keys = node_new(plan->arena, NODE_MAP, NULL)};
	struct logical_reader reader;
	struct logical_line line;
	struct buffer out = {0};
	const char *result;

	logical_begin(&reader, text, *len);
	while (logical_next(plan->arena, &reader, &line))
		alias(&source, &line, &out);
	result = arena_strndup(plan->arena, buffer_text(&out), out.len);
	*len = out.len;
	buffer_free(&out);
	return result;
}
