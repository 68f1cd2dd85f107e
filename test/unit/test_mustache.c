/* test_mustache.c - the language: what a template and a view become */
#include "unit.h"

#include "template_job.h"

struct language {
	const char *what, *template, *want;
};

static const struct language values[] = {
	{"plain text stays", "a { b } c\n", "a { b } c\n"},
	{"empty template", "", ""},
	{"a value", "h = {{host}}\n", "h = mail.example.com\n"},
	{"blanks in the tag", "{{ host }}{{\thost\n}}", "mail.example.commail.example.com"},
	{"escaped", "{{marks}}", "&lt;&amp;&gt;&quot;&#39;"},
	{"raw by braces", "{{{marks}}}{{{ marks }}}", "<&>\"'<&>\"'"},
	{"raw by ampersand", "{{&marks}}{{& marks }}", "<&>\"'<&>\"'"},
	{"braces around raw", "{{{{marks}}}}", NULL},
	{"numbers keep their text", "{{level}}", "3.10"},
	{"bools print theirs", "{{yes}} {{off}}", "yes no"},
	{"null prints nothing", "[{{unset}}]", "[]"},
	{"unknown prints nothing when lenient", "[{{who}}{{a.who}}{{who.a.b}}]", "[]"},
	{"a value is never alone on its line", " {{empty}} \n{{unset}}\nx", "  \n\nx"},
	{"dotted", "{{a.c.d}} {{tls.key}}", "deep /k.pem"},
	{"no key with a dot", "[{{a.b}}]", "[]"},
	{"below null is null", "[{{unset.x.y}}]", "[]"},
	{"UTF-8 passes", "\xc3\xa4 {{host}}", "\xc3\xa4 mail.example.com"},
};

static const struct language sections[] = {
	{"true", "{{#yes}}x{{/yes}}", "x"},
	{"false, null, empty, absent",
		"{{#off}}x{{/off}}{{#unset}}x{{/unset}}{{#empty}}x{{/empty}}"
		"{{#nothing}}x{{/nothing}}{{#who}}x{{/who}}{{#who.a}}x{{/who.a}}",
		""},
	{"inverted of each",
		"{{^off}}1{{/off}}{{^unset}}2{{/unset}}{{^empty}}3{{/empty}}"
		"{{^nothing}}4{{/nothing}}{{^who}}5{{/who}}{{^a.who.b}}6{{/a.who.b}}{{^yes}}7{{/"
		"yes}}",
		"123456"},
	{"text is never coerced", "{{#zero}}0{{/zero}}{{#no}}no{{/no}}", "0no"},
	{"an empty map is true", "{{#blank_map}}x{{/blank_map}}", "x"},
	{"scalar becomes context", "{{#host}}{{.}}{{/host}}", "mail.example.com"},
	{"list", "{{#nets}}{{.}} {{/nets}}", "10.0.0.0/8 ::1/128 "},
	{"list of lists", "{{#rows}}({{#.}}{{.}}{{/.}}){{/rows}}", "(12)(12)"},
	{"item hides the outer name", "{{#people}}{{name}};{{/people}}{{name}}", "ann;bob;outer"},
	{"item without it sees outer", "{{#people}}{{box}};{{/people}}", "/a;/outer;"},
	{"later parts do not look outside", "{{#tls}}[{{a.name}}]{{/tls}}", "[]"},
	{"first part that is found hides outer ones", "{{#a}}{{#c}}[{{c.d}}][{{d}}]{{/c}}{{/a}}",
		"[deep][deep]"},
	{"same name nested", "{{#yes}}a{{#yes}}b{{/yes}}c{{/yes}}", "abc"},
	{"dotted section", "{{#a.c}}{{d}}{{/a.c}}", "deep"},
	{"blanks in section tags", "{{# yes }}x{{/ yes }}{{ ^off }}y{{ / off }}", "xy"},
	{"inverted keeps the context", "{{#people}}{{^box2}}{{name}}{{/box2}}{{/people}}",
		"annbob"},
};

static const struct language alone[] = {
	{"section lines vanish", "a\n{{#yes}}\nb\n{{/yes}}\nc\n", "a\nb\nc\n"},
	{"with blanks around", "a\n \t{{#yes}} \t\nb\n  {{/yes}}\nc\n", "a\nb\nc\n"},
	{"at the start", "{{#yes}}\nb\n{{/yes}}\n", "b\n"},
	{"at the end without newline", "a\n{{#yes}}\nb\n  {{/yes}}", "a\nb\n"},
	{"CRLF", "a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc\r\n", "a\r\nb\r\nc\r\n"},
	{"a lone CR is no line break", "{{!x}}\rb", "\rb"},
	{"inverted", "{{^off}}\n x\n{{/off}}\n", " x\n"},
	{"two tags on a line are not alone", "{{#yes}}{{/yes}}\n{{#yes}} {{!x}}\nb{{/yes}}",
		"\n \nb"},
	{"text before", "x {{#yes}}\nb\n{{/yes}}\n", "x \nb\n"},
	{"text after", "{{#yes}} x\nb\n{{/yes}}.\n", " x\nb\n.\n"},
	{"comment", "a\n  {{! b }}  \nc", "a\nc"},
	{"comment within a line", "a {{! b }} c", "a  c"},
	{"comment over lines", "a\n  {{! b\n {{#c\n d }}\ne", "a\ne"},
	{"comment over lines, with text behind", "a\n  {{! b\n }} x\ne", "a\n   x\ne"},
	{"delimiters", "a\n {{=<% %>=}} \n<%host%>\n", "a\nmail.example.com\n"},
	{"a value over lines is not", "a\n{{host\n}}\nb", "a\nmail.example.com\nb"},
	{"only blank lines around stay", "a\n\n{{!x}}\n\nb", "a\n\n\nb"},
	{"form feed is no blank of ours", "\f{{!x}}\nb", "\f\nb"},
};

static const struct language delimiters[] = {
	{"changed and changed back", "{{=<% %>=}}<%host%>{{host}}<%={{ }}=%>{{level}}",
		"mail.example.com{{host}}3.10"},
	{"blanks", "{{= \t| \n | =}}|level|", "3.10"},
	{"one byte, the same", "{{=| |=}}|#yes||level||/yes|", "3.10"},
	{"sections know changed ones", "{{#yes}}a{{=[ ]=}}b[/yes]c", "abc"},
	{"tags of the old ones are text", "{{#off}}{{=[ ]=}}{{/off}}[/off]x", "x"},
	{"raw with ampersand", "{{=[ ]=}}[&marks]", "<&>\"'"},
	{"three braces are text then", "{{=[ ]=}}{{{ marks }}}", "{{{ marks }}}"},
	{"not into partials", "{{=[ ]=}}[>plain] [level]", "mail.example.com 3.10"},
	{"nor out of them", "{{>changes}} {{level}}", "mail.example.com 3.10"},
};

static const struct part some_parts[] = {
	{"plain", "{{host}}"},
	{"changes", "{{=[ ]=}}[host]"},
	{"lines", "a\nb\n"},
	{"unended", "a\nb"},
	{"value", "a {{{block}}}\n{{{block}}}\n"},
	{"holes", "a\n\nb\n"},
	{"crlf", "a\r\n\r\nb\r\n"},
	{"sections", "{{#yes}}\nx\n{{/yes}}\n{{#nets}}{{.}}\n{{/nets}}\n"},
	{"outer", "o\n  {{>middle}}\np\n"},
	{"middle", "m\n\t{{>lines}}\nn\n"},
	{"inline", "i {{>unended}} j\n"},
	{"comment", "{{! nothing }}\nz\n"},
	{"dir/file.cf", "f"},
	{"tree", "{{name}}{{#kids}}({{>tree}}){{/kids}}"},
	{NULL, NULL},
};

static const struct language partials[] = {
	{"within a line", "[{{>plain}}]", "[mail.example.com]"},
	{"a path", "{{> dir/file.cf }}", "f"},
	{"alone: its line vanishes", "x\n{{>lines}}\ny", "x\na\nb\ny"},
	{"alone at the end", "x\n  {{>lines}}", "x\n  a\n  b\n"},
	{"no indent after the last newline", "  {{>lines}}\ny", "  a\n  b\ny"},
	{"unended goes on with the next line", "  {{>unended}}\ny", "  a\n  by"},
	{"within a line: no indent", "x {{>lines}}", "x a\nb\n"},
	{"blanks before a value on its line", "  {{>unended}} {{level}}", "  a\nb 3.10"},
	{"values keep their own lines", "  {{>value}}\n", "  a one\ntwo\n  one\ntwo\n"},
	{"empty lines stay empty", "  {{>holes}}\n", "  a\n\n  b\n"},
	{"so with CRLF", "  {{>crlf}}\r\n", "  a\r\n\r\n  b\r\n"},
	{"indent and sections", " {{>sections}}\n", " x\n 10.0.0.0/8\n::1/128\n"},
	{"indents add up", " {{>outer}}\n", " o\n   m\n   \ta\n   \tb\n   n\n p\n"},
	{"one within a line has none of its own", "  {{>inline}}\n", "  i a\nb j\n"},
	{"a comment alone in it prints no indent", "  {{>comment}}\n", "  z\n"},
	{"absent prints nothing when lenient", "[{{>who}}]\n  {{>who}}\n", "[]\n"},
	{"in the context of its place", "{{#people}}{{>tree}}{{/people}}", "annbob"},
};

static void
run_language(const struct language *cases, size_t count, const char *group)
{
	for (size_t i = 0; i < count; i++) {
		struct job job;

		job_run(&job, cases[i].template, usual_view, some_parts, false);
		if (cases[i].want == NULL) {
			CHECK(job.result == -1, "%s: %s: is refused", group, cases[i].what);
		} else {
			CHECK(job.result == 0, "%s: %s: renders", group, cases[i].what);
			CHECK_TEXT(buffer_text(&job.out.content), cases[i].want, "%s: %s", group,
				cases[i].what);
		}
		job_end(&job);
	}
}

static const struct node *
text_root(struct arena *arena)
{
	return text_node(arena, "ROOT", "world");
}

static const struct node *
list_root(struct arena *arena)
{
	return node_get(make_view(arena), "people");
}

static const struct node *
no_root(struct arena *arena)
{
	(void)arena;
	return NULL;
}

static const struct node *
tree_root(struct arena *arena)
{
	struct node *root = person(arena, "r", NULL), *kid = person(arena, "k", NULL);
	struct node *kids = node_new(arena, NODE_LIST, NULL);

	node_set(arena, kid, "kids", node_new(arena, NODE_LIST, NULL));
	node_add(arena, kids, kid);
	node_add(arena, kids, kid);
	node_set(arena, root, "kids", kids);
	return root;
}

static void
test_roots(void)
{
	const struct {
		const struct node *(*view)(struct arena *);
		const char *template, *want;
	} cases[] = {
		{text_root, "{{.}}{{#.}}!{{/.}}", "world!"},
		{list_root, "{{#.}}{{name}} {{/.}}", "ann bob "},
		{no_root, "[{{.}}{{x}}{{#x}}{{/x}}{{^x}}x{{/x}}]", "[x]"},
		{tree_root, "{{>tree}}", "r(k)(k)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct job job;

		job_run(&job, cases[i].template, cases[i].view, some_parts, false);
		CHECK(job.result == 0, "root %zu renders", i);
		CHECK_TEXT(buffer_text(&job.out.content), cases[i].want, "root %zu", i);
		job_end(&job);
	}
}

int
main(void)
{
#define RUN(table) run_language(table, sizeof(table) / sizeof(table[0]), #table)
	RUN(values);
	RUN(sections);
	RUN(alone);
	RUN(delimiters);
	RUN(partials);
	test_roots();
	DONE();
}
