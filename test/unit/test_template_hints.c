/*
 * test_template_hints.c - what a template's author is told beside what is wrong
 *
 * The line with a caret behind a message, which must give no password away, and
 * the unknown names in sections that are not in use.
 */
#include "unit.h"

#include "base/excerpt.h"
#include "template_job.h"

static const struct part no_parts[] = {{NULL, NULL}};

/* ---- the line and the caret ---- */

struct shown {
	const char *template, *end; /* what the message of its first mistake must end with */
};

static const struct shown shown[] = {
	{"{{hots}}", "\n    {{hots}}\n    ^"},
	{"a\n  b = {{hots}} c\nd", "\n      b = {{hots}} c\n          ^"},
	{"a\r\n{{hots}}\r\n", "\n    {{hots}}\n    ^"},
	{"\xc3\xa4\xe2\x82\xac{{hots}}", "\n    \xc3\xa4\xe2\x82\xac{{hots}}\n      ^"},
	{"\t{{hots}}", "\n     {{hots}}\n     ^"},
	{"\x1b[2J{{hots}}", "\n     [2J{{hots}}\n        ^"},
	{"x {{", "\n    x {{\n      ^"},
	{"{{#yes}}\nx", "\n    {{#yes}}\n    ^"},
	{"pass = {{relay.password}}", EXCERPT_HIDDEN},
	{"{{hots}} PASSWD", EXCERPT_HIDDEN},
	{"{{! a Token: x }}{{hots}}", EXCERPT_HIDDEN},
	{"{{hots}}{{secret", EXCERPT_HIDDEN},
	{"{{tls.password}}", "\n    {{tls.password}}\n    ^"},
};

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static void
test_shown(void)
{
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		struct job job;
		const char *message;

		job_run(&job, shown[i].template, usual_view, no_parts, true);
		message = job.findings.count > 0 ? job.findings.items[0].message : "";
		CHECK(ends_with(message, shown[i].end), "excerpt %zu", i);
		if (!ends_with(message, shown[i].end))
			fprintf(stderr, "want the end\n%s\ngot\n%s\n", shown[i].end, message);
		job_end(&job);
	}
}

static void
test_long_line(void)
{
	struct arena arena;
	char line[1000];
	const char *text, *caret;

	arena_init(&arena);
	memset(line, 'x', sizeof(line));
	line[499] = '!';
	text = excerpt_show(&arena, line, sizeof(line), 500);
	CHECK(strlen(text) < 400, "a long line is cut");
	caret = strchr(text + 5, '\n');
	CHECK(caret != NULL && strchr(text, '!') - text == strchr(caret, '^') - caret,
		"and the caret stays under its character");
	CHECK_TEXT(excerpt_show(&arena, "abc", 3, 99), "\n    abc\n       ^",
		"no caret stands beyond the line's end");
	CHECK_TEXT(excerpt_show(&arena, "", 0, 1), "\n    \n    ^", "an empty line is one too");
	/* A line of continuation bytes alone has no place to be cut at. */
	memset(line, 0x80, sizeof(line));
	CHECK(excerpt_show(&arena, line, sizeof(line), 300) != NULL,
		"nor is a broken one too long");
	arena_free(&arena);
}

/* A value that its file cannot hold: the line of the template, and never the value. */
static void
test_value_line(void)
{
	const char *template = "a\n  p = {{block}}\n";
	struct template_source source = {"f.cf", template, strlen(template)};
	struct template_options options = {.escape = escape_maincf, .strict = true};
	struct job job;

	arena_init(&job.arena);
	findings_init(&job.findings, &job.arena);
	job.result = template_render(
		&job.arena, &job.findings, &source, make_view(&job.arena), &options, &job.out);
	CHECK(job.result == -1 && job.findings.count == 1, "a refused value is told");
	CHECK(ends_with(job.findings.items[0].message, "\n      p = {{block}}\n          ^"),
		"with the line of the template");
	job_end(&job);
}

/* ---- sections that are not in use ---- */

struct untaken {
	const char *template, *names; /* what is told, with a blank behind each */
};

static const struct untaken untaken[] = {
	{"{{#off}}{{hots}}{{/off}}", "hots "},
	{"{{^yes}}{{hots}}{{{hits}}}{{/yes}}", "hots hits "},
	{"{{^host}}{{hots}}{{/host}}{{#empty}}{{hots}}{{/empty}}", "hots hots "},
	{"{{#off}}{{host}}{{tls.key}}{{unset}}{{unset.x}}{{/off}}", ""},
	{"{{#off}}{{tls.kay}}{{#hots}}{{whatever}}{{/hots}}{{/off}}", "tls.kay hots "},
	{"{{#off}}{{#yes}}{{a1}}{{/yes}}{{^yes}}{{a2}}{{/yes}}{{#host}}{{a3}}{{/host}}{{/off}}",
		"a1 a2 a3 "},
	{"{{#yes}}{{#off}}{{hots}}{{/off}}{{/yes}}", "hots "},
	{"{{#tls}}{{#off}}{{kay}}{{key}}{{/off}}{{/tls}}", "kay "},
	/* Other names may be known where these come into use. */
	{"{{#unset}}{{x}}{{/unset}}{{#nothing}}{{x}}{{/nothing}}", ""},
	{"{{#off}}{{#people}}{{x}}{{/people}}{{#tls}}{{x}}{{/tls}}{{#unset}}{{x}}{{/unset}}{{/"
	 "off}}",
		""},
	{"{{#people}}{{#off}}{{x}}{{/off}}{{/people}}", ""},
	{"{{#people}}{{#tls}}{{#off}}{{x}}{{/off}}{{/tls}}{{/people}}", ""},
	{"{{#off}}{{POSTFIX_MYHOSTNAME}}{{>gone}}{{! x }}{{/off}}", ""},
	{"{{^nothing}}{{host}}{{/nothing}}", ""},
};

static void
check_untaken(size_t at, bool strict)
{
	struct job job;
	struct buffer got = {0};

	job_run(&job, untaken[at].template, usual_view, no_parts, strict);
	CHECK(job.result == 0, "untaken %zu: is no mistake", at);
	for (size_t i = 0; i < job.findings.count; i++) {
		const struct finding *finding = &job.findings.items[i];
		const char *name = strchr(finding->message, '"') + 1;

		CHECK_TEXT(finding->rule->id, "template-untaken-name", "untaken %zu: its rule", at);
		buffer_printf(&got, "%.*s ", (int)strcspn(name, "\""), name);
	}
	CHECK_TEXT(buffer_text(&got), strict ? untaken[at].names : "", "untaken %zu: %s", at,
		strict ? "what is told" : "nothing is told leniently");
	buffer_free(&got);
	job_end(&job);
}

static void
test_untaken(void)
{
	struct job job;
	struct buffer text = {0};

	for (size_t i = 0; i < sizeof(untaken) / sizeof(untaken[0]); i++) {
		check_untaken(i, true);
		check_untaken(i, false);
	}

	job_run(&job, "{{#off}}\n {{hots}}\n{{/off}}", usual_view, no_parts, true);
	CHECK(job.findings.count == 1 && job.findings.items[0].origin.line == 2 &&
			job.findings.items[0].origin.column == 2,
		"with its place");
	CHECK(job.findings.count == 1 && strstr(job.findings.items[0].help, "\"host\"") != NULL &&
			job.findings.items[0].severity == SEVERITY_WARNING,
		"and the nearest name, as a warning");
	job_end(&job);

	buffer_puts(&text, "{{#off}}");
	for (int i = 0; i < 1000; i++)
		buffer_printf(&text, "{{x%d}}", i);
	buffer_puts(&text, "{{/off}}");
	job_run(&job, buffer_text(&text), usual_view, no_parts, true);
	CHECK(job.result == 0 && job.findings.count == TEMPLATE_FINDINGS_MAX, "and not for ever");
	job_end(&job);
	buffer_free(&text);
}

int
main(void)
{
	test_shown();
	test_long_line();
	test_value_line();
	test_untaken();
	DONE();
}
