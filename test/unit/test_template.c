/* test_template.c - what is refused, what is bounded, and what each line came from */
#include "unit.h"

#include "template_job.h"

static const struct part no_parts[] = {{NULL, NULL}};

struct refusal {
	const char *template, *id, *words, *help; /* WORDS and HELP: must be among theirs */
	int line, column;
	bool lenient_too;
};

static const struct refusal refusals[] = {
	{"a\n  {{hots}}", "template-unknown-name", "\"hots\"", "Was \"host\" meant", 2, 3, false},
	{"{{tls.kay}}", "template-unknown-name", "\"tls.kay\"", "Was \"tls.key\" meant", 1, 1,
		false},
	{"{{host.x}}", "template-unknown-name", "before \".x\" has no parts", "", 1, 1, false},
	{"{{a.b}}", "template-unknown-name", "\"a.b\"", "", 1, 1, false},
	{"\xc3\xa4\xc3\xb6 {{#whoever}}x{{/whoever}}", "template-unknown-name", "\"whoever\"", "",
		1, 4, false},
	{"{{^whoever}}x{{/whoever}}", "template-unknown-name", "\"whoever\"", "", 1, 1, false},
	{"x\r\n\r\n {{>gone}}", "template-error", "no partial \"gone\"", "", 3, 2, false},
	{"a\n {{nets}}", "template-error", "\"nets\" is a list", "", 2, 2, true},
	{"{{tls}}", "template-error", "\"tls\" is a map", "", 1, 1, true},
	{"a\n b {{host", "template-error", "never closed", "", 2, 4, true},
	{"{{! a", "template-error", "never closed", "", 1, 1, true},
	{"{{{host}}", "template-error", "never closed", "", 1, 1, true},
	{"{{#yes}}\n\n", "template-error", "no {{/yes}} before the end of the template, line 3", "",
		1, 1, true},
	{"x{{/yes}}", "template-error", "never opened", "", 1, 2, true},
	{"{{#yes}}\n{{/off}}{{/yes}}", "template-error", "where \"yes\", opened at t:1:1, is to be",
		"", 2, 1, true},
	{"{{#yes}}\n {{#host}}\n{{/yes}}", "template-error",
		"\"host\" that opens here has no {{/host}} before {{/yes}} at t:3:1", "", 2, 2,
		true},
	{"{{}}", "template-error", "without a name", "", 1, 1, true},
	{"{{# }}{{/ }}", "template-error", "without a name", "", 1, 1, true},
	{"{{a b}}", "template-error", "a blank within", "", 1, 1, true},
	{"{{a..c}}", "template-error", "empty part", "", 1, 1, true},
	{"{{.a}}", "template-error", "empty part", "", 1, 1, true},
	{"{{a.}}", "template-error", "empty part", "", 1, 1, true},
	{"{{=[ ]=}}[{host}]", "template-error", "a brace within", "", 1, 10, true},
	{"{{=<%=}}", "template-error", "delimiters are set as", "", 1, 1, true},
	{"{{=a b c=}}", "template-error", "delimiters are set as", "", 1, 1, true},
	{"{{=a= =b=}}", "template-error", "delimiters are set as", "", 1, 1, true},
	{"{{= =}}", "template-error", "delimiters are set as", "", 1, 1, true},
	{"{{=}}", "template-error", "never closed", "", 1, 1, true},
	{"{{==}}", "template-error", "delimiters are set as", "", 1, 1, true},
	{"x {{=<% %>=}}<%host", "template-error", "never closed", "", 1, 14, true},
	{"{{=<% %>=}}\n<%={{ }}=%>\n{{hots", "template-error", "never closed", "", 3, 1, true},
	{"{{=<% %>=}}<%={{ }}%>", "template-error", "never closed", "", 1, 12, true},
	{"\xff\xfe\xff {{host", "template-error", "never closed", "", 1, 5, true},
	{"{{>*x}}", "template-error", "dynamic name", "", 1, 1, true},
	{"{{<x}}", "template-error", "inheritance", "", 1, 1, true},
};

static void
check_refusal(const struct refusal *want, bool strict)
{
	struct job job;
	const struct finding *got;

	job_run(&job, want->template, usual_view, no_parts, strict);
	CHECK(job.result == -1 && job.findings.count == 1, "refusal at line %d, %s: one finding",
		want->line, want->words);
	if (job.findings.count > 0) {
		got = &job.findings.items[0];
		CHECK_TEXT(got->rule->id, want->id, "%s: its rule", want->words);
		CHECK(strstr(got->message, want->words) != NULL, "it says %s", want->words);
		CHECK(strstr(got->help, want->help) != NULL, "%s: its help", want->words);
		CHECK(got->origin.kind == ORIGIN_TEMPLATE && got->origin.line == want->line &&
				got->origin.column == want->column &&
				strcmp(got->origin.file, "t") == 0,
			"%s: at %d:%d, got %d:%d", want->words, want->line, want->column,
			got->origin.line, got->origin.column);
	}
	job_end(&job);
}

static void
test_refusals(void)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct job job;

		check_refusal(&refusals[i], true);
		if (refusals[i].lenient_too) {
			check_refusal(&refusals[i], false);
			continue;
		}
		job_run(&job, refusals[i].template, usual_view, no_parts, false);
		CHECK(job.result == 0, "%s: renders when lenient", refusals[i].words);
		job_end(&job);
	}
}

/* What strict rendering forgives, and how often it tells. */
static void
test_strict(void)
{
	struct job job;

	job_run(&job, "{{unset}}{{unset.x}}{{#unset}}{{typo}}{{/unset}}{{^unset}}-{{/unset}}",
		usual_view, no_parts, true);
	CHECK(job.result == 0, "a null is known, and so is all below it");
	CHECK_TEXT(buffer_text(&job.out.content), "-", "and prints nothing");
	job_end(&job);

	job_run(&job, "{{#nets}}{{typo}}{{/nets}}{{typo}}{{#typo}}{{/typo}}", usual_view, no_parts,
		true);
	CHECK(job.findings.count == 3, "each place is told once, however often it is rendered");
	job_end(&job);

	job_run(&job, "{{a b}}{{}}{{>x y}}", usual_view, no_parts, true);
	CHECK(job.findings.count == 3, "all mistakes of one reading are told");
	job_end(&job);
}

static void
test_partial_mistakes(void)
{
	const struct part parts[] = {
		{"broken", "x\n {{#yes}}\n"}, {"typo", "\n\n  {{hots}}\n"}, {NULL, NULL}};
	struct job job;

	job_run(&job, "{{>broken}}{{>typo}}{{>broken}}", usual_view, parts, true);
	CHECK(job.findings.count == 2, "mistakes in partials are told once");
	CHECK_TEXT(job.findings.items[0].origin.file, "broken", "with the partial's file");
	CHECK(job.findings.items[0].origin.line == 2, "and its line");
	CHECK(job.findings.items[1].origin.line == 3 && job.findings.items[1].origin.column == 3,
		"and column");
	job_end(&job);
}

static const struct node *
secret_view(struct arena *arena)
{
	const struct origin yaml = {
		.kind = ORIGIN_YAML, .name = "x", .file = "m.yaml", .line = 3, .column = 5};
	struct node *view = make_view(arena), *word = text_node(arena, "WORD", "hunter2\n");
	struct node *late = text_node(arena, "LATE", "<late>"), *old, *older;
	struct node *vault = node_new(arena, NODE_MAP, NULL);

	word->secret = true;
	late->deferred = true;
	old = node_scalar(arena, "old", &yaml);
	older = node_scalar(arena, "older", NULL);
	old->overrode = older;
	node_get(view, "host")->overrode = old;
	vault->secret = true;
	node_set(arena, vault, "inner", text_node(arena, "INNER", "in"));
	node_set(arena, view, "word", word);
	node_set(arena, view, "late", late);
	node_set(arena, view, "vault", vault);
	return view;
}

/* One output line as text: "FILE:LINE origins<overrode secret deferred". */
static void
describe(const struct template_line *line, char *text, size_t size)
{
	char origin[64];
	size_t len = (size_t)snprintf(text, size, "%s:%d", line->file, line->line);

	for (size_t i = 0; i < line->origin_count && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, " %s",
			origin_text(&line->origins[i], origin, sizeof(origin)));
	for (size_t i = 0; i < line->overrode_count && len < size; i++)
		len += (size_t)snprintf(text + len, size - len, " <%s",
			origin_text(&line->overrode[i], origin, sizeof(origin)));
	if (len < size)
		snprintf(text + len, size - len, "%s%s", line->secret ? " secret" : "",
			line->deferred ? " deferred" : "");
}

static void
test_lines(void)
{
	const struct part parts[] = {{"p", "{{! first }}\np {{level}}\n"}, {NULL, NULL}};
	const struct {
		const char *template, *lines; /* one description a line */
	} cases[] = {
		{"", ""},
		{"a\n\nb", "t:1\nt:2\nt:3\n"},
		{"a {{host}}\nb\n", "t:1 HOST <m.yaml:3:5 <default\nt:2\n"},
		{"{{#yes}}\na\n{{/yes}}\nb {{level}}{{level}}{{zero}}\n", "t:2\nt:4 LEVEL ZERO\n"},
		{"{{#nets}}\n{{.}}\n{{/nets}}\n", "t:2 NETS\nt:2 NETS\n"},
		{"x{{#zero}}y{{/zero}}{{^empty}}z{{/empty}}\n", "t:1 ZERO EMPTY\n"},
		{"n = {{unset}}\n", "t:1 default\n"},
		{"{{{block}}}{{level}}\n", "t:1 BLOCK\nt:1 BLOCK LEVEL\n"},
		{"a\n  {{>p}}\nb\n", "t:1\np:2 LEVEL\nt:3\n"},
		{"a {{{word}}}\nb\n", "t:1 WORD secret\nt:1\nt:2\n"},
		{"{{late}}\n{{vault.inner}}\n{{#vault}}{{inner}}{{/vault}}",
			"t:1 LATE deferred\nt:2 INNER secret\nt:3 default INNER secret\n"},
		{"x\n{{empty}}", "t:1\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct job job;
		struct buffer got = {0};
		char text[256];

		job_run(&job, cases[i].template, secret_view, parts, true);
		CHECK(job.result == 0, "lines %zu: renders", i);
		for (size_t k = 0; k < job.out.line_count; k++) {
			describe(&job.out.lines[k], text, sizeof(text));
			buffer_printf(&got, "%s\n", text);
		}
		CHECK(strcmp(buffer_text(&got), cases[i].lines) == 0, "lines %zu: their origins",
			i);
		if (strcmp(buffer_text(&got), cases[i].lines) != 0)
			fprintf(stderr, "want\n%sgot\n%s", cases[i].lines, buffer_text(&got));
		CHECK(job.out.secret == (strstr(cases[i].lines, "secret") != NULL),
			"lines %zu: secrecy of the whole", i);
		buffer_free(&got);
		job_end(&job);
	}
}

/* A value that its file cannot hold: told with its own origin, never with its text. */
static void
test_refused_values(void)
{
	const char *template = "a\n  p = {{word}}\nq = {{{word}}}{{host}}\n";
	struct template_source source = {"f.cf", template, strlen(template)};
	struct template_options options = {
		.escape = escape_maincf, .raw = escape_line, .strict = true};
	struct job job;
	const struct finding *finding;
	struct node *view;

	arena_init(&job.arena);
	findings_init(&job.findings, &job.arena);
	view = make_view(&job.arena);
	node_set(&job.arena, view, "word", text_node(&job.arena, "WORD", "hunter2\nx"));
	node_set(&job.arena, view, "host", text_node(&job.arena, "HOST", " a"));
	job.result = template_render(&job.arena, &job.findings, &source, view, &options, &job.out);
	CHECK(job.result == -1 && job.findings.count == 3, "each refused value is told");
	finding = &job.findings.items[0];
	CHECK_TEXT(finding->rule->id, "value-newline", "a line break");
	CHECK_TEXT(finding->origin.name, "WORD", "with the origin of the value");
	CHECK(finding->origin.kind == ORIGIN_ENVIRONMENT, "and its kind");
	CHECK(strstr(finding->message, "f.cf:2:7") != NULL, "with the place in the template");
	CHECK(strstr(finding->message, "hunter2") == NULL, "without the value");
	CHECK_TEXT(job.findings.items[1].rule->id, "value-newline", "raw within its line too");
	CHECK_TEXT(job.findings.items[2].rule->id, "value-unsafe", "a leading blank");
	job_end(&job);
}

/* put_times - TEXT, COUNT times */
static void
put_times(struct buffer *buffer, const char *text, size_t count)
{
	while (count-- > 0)
		buffer_puts(buffer, text);
}

static void
check_limit(
	const char *template, size_t len, const struct template_options *options, const char *words)
{
	struct template_source source = {"t", template, len};
	struct job job;

	arena_init(&job.arena);
	findings_init(&job.findings, &job.arena);
	job.result = template_render(
		&job.arena, &job.findings, &source, make_view(&job.arena), options, &job.out);
	if (words == NULL) {
		CHECK(job.result == 0, "just within the limit");
	} else {
		CHECK(job.result == -1 && job.findings.count > 0, "a limit holds: %s", words);
		CHECK(job.findings.count > 0 &&
				strstr(job.findings.items[job.findings.count - 1].message, words) !=
					NULL,
			"and says so");
	}
	job_end(&job);
}

static void
test_limits(void)
{
	const struct part endless[] = {{"a", "{{>b}}"}, {"b", "x\n {{>a}}"}, {NULL, NULL}};
	const struct part *parts = endless;
	struct template_options plain = {.strict = true, .find = find_part, .context = &parts};
	struct template_options few = plain;
	struct buffer text = {0};

	few.steps_max = 20;
	check_limit("{{>a}}", 6, &plain, "deeper than 32: t > a > b > a");
	check_limit("{{#nets}}{{#nets}}{{#nets}}{{/nets}}{{/nets}}{{/nets}}", 54, &few,
		"too many steps");
	few.output_bytes_max = strlen("mail.example.com");
	check_limit("{{host}}", 8, &few, NULL);
	check_limit("{{host}}x", 9, &few, "larger than 16 bytes");
	check_limit("a\n\0b", 4, &plain, "NUL byte");

	put_times(&text, "{{#yes}}", TEMPLATE_SECTION_DEPTH_MAX);
	put_times(&text, "{{/yes}}", TEMPLATE_SECTION_DEPTH_MAX);
	check_limit(text.data, text.len, &plain, NULL);
	buffer_clear(&text);
	put_times(&text, "{{#yes}}", TEMPLATE_SECTION_DEPTH_MAX + 1);
	check_limit(text.data, text.len, &plain, "nested deeper than 64");
	buffer_clear(&text);
	put_times(&text, "{{}}", 1000);
	check_limit(text.data, text.len, &plain, "the others are not shown");
	buffer_clear(&text);
	put_times(&text, " ", 256);
	buffer_puts(&text, "{{>b}}");
	check_limit(text.data, text.len, &plain, "indented by more than");
	buffer_clear(&text);
	put_times(&text, "x", TEMPLATE_BYTES_MAX + 1);
	check_limit(text.data, text.len - 1, &plain, NULL);
	check_limit(text.data, text.len, &plain, "larger than 1048576");
	buffer_clear(&text);
	put_times(&text, "{{^off}}\r\n{{/off}}\r\n", TEMPLATE_BYTES_MAX / 20);
	check_limit(text.data, text.len, &plain, NULL);
	buffer_clear(&text);
	put_times(&text, "\n", TEMPLATE_BYTES_MAX - 4);
	buffer_puts(&text, "{{x}");
	check_limit(text.data, text.len, &plain, "never closed");
	buffer_free(&text);
}

int
main(void)
{
	test_refusals();
	test_strict();
	test_partial_mistakes();
	test_lines();
	test_refused_values();
	test_limits();
	DONE();
}
