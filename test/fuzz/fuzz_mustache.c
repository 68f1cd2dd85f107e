/*
 * fuzz_mustache.c - any bytes as a template, with partials, against a fixed view
 *
 * The first byte chooses strictness and the kind of file; NUL bytes part the
 * rest into the template and its partials "a", "b" and "c". Beside what the
 * sanitizers see, each rendering must keep the promises of mustache.h and
 * escape.h:
 *   - it fails exactly when it adds a finding that is an error;
 *   - no message holds a value;
 *   - every line of output has its entry, with a place in a template;
 *   - a value adds no line, unless the kind of file allows what it likes;
 *   - what renders strictly renders the same leniently.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "template/mustache.h"

/* Bytes that are in the view, and there alone: an input that has them is passed over. */
#define SECRET "\xfe" /* must be in no message */
#define BREAK "\xfd" /* a line break follows it */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct parts {
	struct template_source source[4];
	size_t count;
};

static bool
find(void *context, const char *name, struct template_source *source)
{
	const struct parts *parts = context;
	size_t place = (size_t)(name[0] - 'a') + 1;

	if (name[0] < 'a' || name[1] != '\0' || place >= parts->count)
		return false;
	*source = parts->source[place];
	return true;
}

static struct node *
make_view(struct arena *arena)
{
	const struct origin origin = {.kind = ORIGIN_ENVIRONMENT, .name = "MAIL_X"};
	struct node *view = node_new(arena, NODE_MAP, &origin);
	struct node *list = node_new(arena, NODE_LIST, &origin);
	struct node *secret = node_scalar(arena, SECRET "$ #\" %", &origin);

	secret->secret = true;
	secret->overrode = node_scalar(arena, "old", &origin);
	for (int i = 0; i < 3; i++) {
		struct node *item = node_new(arena, NODE_MAP, &origin);

		node_set(arena, item, "x", node_scalar(arena, "item", &origin));
		node_set(arena, item, "l", list);
		node_add(arena, list, i == 1 ? node_scalar(arena, " i{", &origin) : item);
	}
	node_set(arena, view, "s", node_scalar(arena, "two" BREAK "\nlines", &origin));
	node_set(arena, view, "t", node_scalar(arena, "text", &origin));
	node_set(arena, view, "e", node_scalar(arena, "", &origin));
	node_set(arena, view, "n", node_new(arena, NODE_NULL, &origin));
	node_set(arena, view, "y", node_bool(arena, true, &origin));
	node_set(arena, view, "f", node_bool(arena, false, &origin));
	node_set(arena, view, "p", secret);
	node_set(arena, view, "l", list);
	node_set_path(arena, view, "m.x.z", node_scalar(arena, "deep", &origin));
	return view;
}

static void
must(bool promise)
{
	if (!promise)
		abort();
}

static void
check(const struct template_output *out, const struct findings *findings, int result)
{
	size_t lines = 0;

	must((result == 0) == (findings_count(findings, SEVERITY_ERROR) == 0));
	for (size_t i = 0; i < findings->count; i++)
		must(strstr(findings->items[i].message, SECRET) == NULL);
	if (result != 0)
		return;
	for (size_t i = 0; i < out->content.len; i++)
		lines += out->content.data[i] == '\n' || i + 1 == out->content.len;
	must(lines == out->line_count);
	for (size_t i = 0; i < out->line_count; i++)
		must(out->lines[i].file != NULL && out->lines[i].line > 0);
	if (out->content.len > 0 && strstr(out->content.data, SECRET) != NULL)
		must(out->secret);
}

/* check_kind - no value has brought a line break into a file where that means something */
static void
check_kind(const struct template_output *out, const struct template_options *options)
{
	bool free_form = options->escape == escape_none || options->escape == escape_html;

	if (!free_form && options->raw == escape_line && out->content.len > 0)
		must(strstr(out->content.data, BREAK) == NULL);
}

/* check_lenient - what rendered strictly, to STRICT, is the same when rendered leniently */
static void
check_lenient(struct arena *arena, const struct parts *parts, const struct node *view,
	struct template_options options, const struct template_output *strict)
{
	struct findings findings;
	struct template_output out;

	options.strict = false;
	findings_init(&findings, arena);
	must(template_render(arena, &findings, &parts->source[0], view, &options, &out) == 0);
	must(findings.count == 0 && out.content.len == strict->content.len);
	must(strcmp(buffer_text(&out.content), buffer_text(&strict->content)) == 0);
	template_output_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	escape_function *const kinds[] = {escape_none, escape_html, escape_line, escape_maincf,
		escape_mastercf, escape_dovecot, escape_opendkim, escape_passwd, escape_table};
	struct arena arena;
	struct findings findings;
	struct template_output out;
	struct parts parts = {.count = 0};
	struct template_options options = {
		.find = find, .context = &parts, .steps_max = 20000, .output_bytes_max = 100000};
	const char *names[] = {"main", "a", "b", "c"};
	const struct node *view;
	int result;

	/* A template that spells the secret out is no leak of ours. */
	if (size == 0 || memchr(data, SECRET[0], size) != NULL ||
		memchr(data, BREAK[0], size) != NULL)
		return 0;
	options.strict = data[0] & 1;
	options.escape = kinds[(data[0] >> 1) % (sizeof(kinds) / sizeof(kinds[0]))];
	options.raw = data[0] & 0x80 ? escape_line : NULL;
	for (size_t from = 1, i = 0; i < 4 && from <= size; i++) {
		const uint8_t *end = from < size ? memchr(data + from, '\0', size - from) : NULL;
		size_t len = end != NULL && i < 3 ? (size_t)(end - data) - from : size - from;

		parts.source[i] =
			(struct template_source){names[i], (const char *)data + from, len};
		parts.count++;
		from += len + 1;
	}
	arena_init(&arena);
	findings_init(&findings, &arena);
	view = make_view(&arena);
	result = template_render(&arena, &findings, &parts.source[0], view, &options, &out);
	check(&out, &findings, result);
	if (result == 0)
		check_kind(&out, &options);
	if (result == 0 && options.strict)
		check_lenient(&arena, &parts, view, options, &out);
	template_output_free(&out);
	arena_free(&arena);
	return 0;
}
