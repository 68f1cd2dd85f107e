/*
 * fuzz_mustache.c - any bytes as a template, with partials, against a fixed view
 *
 * The first byte chooses strictness and the kind of file; NUL bytes part the
 * rest into the template and its partials "a", "b" and "c". Beside what the
 * sanitizers see, each rendering must keep the promises of mustache.h.
 *
 *   clang -g -O1 -fsanitize=fuzzer,address,undefined -std=c11 -D_GNU_SOURCE -Ientrypoint \
 *       test/fuzz/fuzz_mustache.c entrypoint/template/[!b]*.c entrypoint/base/[a-z]*.c
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "template/mustache.h"

#define SECRET "\xfe" /* in the view, and there alone; must be in no message */

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
	node_set(arena, view, "s", node_scalar(arena, "two\nlines", &origin));
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

	must((result == 0) == (findings->count == 0));
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
	int result;

	/* A template that spells the secret out is no leak of ours. */
	if (size == 0 || memchr(data, SECRET[0], size) != NULL)
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
	result = template_render(
		&arena, &findings, &parts.source[0], make_view(&arena), &options, &out);
	check(&out, &findings, result);
	template_output_free(&out);
	arena_free(&arena);
	return 0;
}
