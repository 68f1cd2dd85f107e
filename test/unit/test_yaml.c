/* test_yaml.c - YAML with positions, its traps, its bombs */
#include "settings/yaml.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "unit.h"

static struct arena arena;
static struct findings findings;

static struct node *
parse_bytes(const char *data, size_t len)
{
	struct yaml_text *text = arena_alloc(&arena, sizeof(*text));

	findings_init(&findings, &arena);
	*text = (struct yaml_text){.file = "m.yaml", .data = data, .len = len};
	return yaml_parse(&arena, &findings, text);
}

static struct node *
parse(const char *data)
{
	return parse_bytes(data, strlen(data));
}

static const char *
place(const struct origin *origin)
{
	static char text[256];

	return origin_text(origin, text, sizeof(text));
}

struct bad {
	const char *yaml, *id, *place, *says;
};

static const struct bad bads[] = {
	{"a: b: c\n", "yaml-syntax", "m.yaml:1:5", "    a: b: c\n        ^"},
	{"a:\n\tb: c\n", "yaml-syntax", "m.yaml:2:1", "a tab stands here"},
	{"a: [1, 2\nb: c\n", "yaml-syntax", "m.yaml:2:2", "\n    b: c"},
	{"a: \"open\nb: c\n", "yaml-syntax", "m.yaml:1:4", "nothing closes it"},
	{"a: @x\n", "yaml-syntax", "m.yaml:1:4", "needs quotes"},
	{"a: `x\n", "yaml-syntax", "m.yaml:1:4", "needs quotes"},
	{"a: %x\n", "yaml-syntax", "m.yaml:1:4", "needs quotes"},
	{"a: *@example.com\n", "yaml-syntax", "m.yaml:1:5", "\"*@example.com\""},
	{"a: 1\nb\n", "yaml-syntax", "m.yaml:2:1", "a colon and a blank missing"},
	{"a 1\nb: 2\n", "yaml-syntax", "m.yaml:2:2", "the line above has no colon"},
	{"a: 1\n  b: 2\n", "yaml-syntax", "m.yaml:2:4", "indented further"},
	{"a:\n  b: 1\n c: 2\n", "yaml-syntax", "m.yaml:3:2", "(it began in line 1)"},
	{"a: 'it's'\n", "yaml-syntax", "m.yaml:1:8", "behind a value that ended"},
	{"a: [b]]\n", "yaml-syntax", "m.yaml:1:7", "behind a value that ended"},
	{"a: - b\n", "yaml-syntax", "m.yaml:1:4", "a line of its own"},
	{"a: \"\\y\"\n", "yaml-syntax", "m.yaml:1:5", "in single quotes"},
	{"a: |x\n b\n", "yaml-syntax", "m.yaml:1:5", "behind | or >"},
	{"a: x\x01y\n", "yaml-syntax", "m.yaml:1:5", "control character"},
	{"a: 1\n...\nb\n", "yaml-syntax", "m.yaml:3:1", "the map of settings ended"},
	{"%x: a\n", "yaml-syntax", "m.yaml:1:3", "starts with % needs quotes"},
	{"a: 1\n---\nb: 2\n", "yaml-syntax", "m.yaml:2:1", "second document"},
	{"- a\n- b\n", "yaml-syntax", "m.yaml:1:1", "must hold a map"},
	{"just text\n", "yaml-syntax", "m.yaml:1:1", "must hold a map"},
	{"a: !secret x\n", "yaml-syntax", "m.yaml:1:4", "a tag"},
	{"[a]: b\n", "yaml-syntax", "m.yaml:1:1", "where a key must be"},
	{"? {a: b}\n: c\n", "yaml-syntax", "m.yaml:1:3", "where a key must be"},
	{"a: \xff\n", "yaml-syntax", "m.yaml:1:4", "UTF-8"},
	{"\xff\xfe", "yaml-syntax", "m.yaml:1:1", "UTF-16"},
	{"a: &x 1\n", "yaml-alias", "m.yaml:1:4", "an anchor"},
	{"a: 1\nb: *a1\n", "yaml-alias", "m.yaml:2:4", "an alias"},
	{"a: &x {b: c}\n", "yaml-alias", "m.yaml:1:4", "an anchor"},
	{"a: &x [b]\n", "yaml-alias", "m.yaml:1:4", "an anchor"},
	{"a:\n  <<: {b: c}\n", "yaml-alias", "m.yaml:2:3", "merge key"},
	{"*a : b\n", "yaml-alias", "m.yaml:1:1", "an alias"},
	{"a: 1\nb: 2\na: 3\n", "yaml-duplicate-key", "m.yaml:3:1", "line 1 already"},
	{"x: {a: 1, a: 2}\n", "yaml-duplicate-key", "m.yaml:1:11", "\"a\""},
	{"a: \"x\\0y\"\n", "value-newline", "m.yaml:1:4", "NUL"},
	{"\"x\\0y\": 1\n", "value-newline", "m.yaml:1:1", "NUL"},
	{"a: 0600\n", "yaml-number-lookalike", "m.yaml:1:4", "octal"},
	{"a: 25:30\n", "yaml-number-lookalike", "m.yaml:1:4", "base 60"},
	{"a: abc #def\n", "yaml-comment-in-value", "m.yaml:1:4", "comment"},
};

static void
test_bads(void)
{
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		const struct bad *bad = &bads[i];
		const struct finding *finding;

		parse(bad->yaml);
		finding = findings.count > 0 ? &findings.items[0] : NULL;
		CHECK(findings.count == 1, "bad %zu: one finding, not %zu", i, findings.count);
		CHECK_TEXT(finding ? finding->rule->id : "", bad->id, "bad %zu: rule", i);
		CHECK_TEXT(finding ? place(&finding->origin) : "", bad->place, "bad %zu: place", i);
		CHECK(finding && strstr(finding->message, bad->says) != NULL, "bad %zu: says why",
			i);
		if (finding != NULL && strstr(finding->message, bad->says) == NULL)
			printf("# %s\n", finding->message);
	}
}

static void
test_tree(void)
{
	struct node *root = parse("\xef\xbb\xbf# c\r\na: 0x10 # fine\r\nb:\r\n  c: \"~\"\r\n"
				  "  d: ~\r\n  e:\r\n  f: [x, 'null', 3.10]\r\ng: |\r\n  two\r\n"
				  "  lines\r\nh: a#b\r\n");
	const struct node *list = node_at(root, "b.f");

	CHECK(root != NULL && findings.count == 0, "a good file has no findings");
	CHECK_TEXT(node_text(root, "a", ""), "0x10", "text stays as it is");
	CHECK_TEXT(place(&node_at(root, "a")->origin), "m.yaml:2:4", "the value's place");
	CHECK_TEXT(place(&root->key_origins[1]), "m.yaml:3:1", "the key's place");
	CHECK(node_at(root, "b.c")->type == NODE_SCALAR && node_at(root, "b.c")->quoted,
		"a quoted ~ is text");
	CHECK(node_at(root, "b.d")->type == NODE_NULL, "~ is null");
	CHECK(node_at(root, "b.e")->type == NODE_NULL, "nothing is null");
	CHECK(list != NULL && list->type == NODE_LIST && list->count == 3, "a list of three");
	CHECK_TEXT(list->items[1]->text, "null", "a quoted null is text");
	CHECK_TEXT(list->items[2]->text, "3.10", "a number keeps its zero");
	CHECK_TEXT(node_text(root, "g", ""), "two\nlines\n", "a block keeps its lines");
	CHECK_TEXT(node_text(root, "h", ""), "a#b", "# inside a word is text");
	root = parse("\xef\xbb\xbf"
		     "a: 1\nb: 2\n");
	CHECK(root != NULL && findings.count == 0 && root->count == 2,
		"a byte order mark is no part of the first key");
	CHECK_TEXT(root != NULL ? place(&node_at(root, "a")->origin) : "", "m.yaml:1:4",
		"and no column");
	parse("\xef\xbb\xbf"
	      "ab: 1\nab: 2\n");
	CHECK(findings.count == 1 && strstr(findings.items[0].message, "\n    ab\n    ^") != NULL,
		"nor is it shown");
	CHECK(parse("")->count == 0 && findings.count == 0, "an empty file is an empty map");
	CHECK(parse("# only\n")->count == 0 && findings.count == 0, "and so is a comment");
}

static void
test_all_at_once(void)
{
	parse("a: &x 1\nb: *x\nc: 1\nc: 2\nd: 010\n");
	CHECK(findings.count == 4, "four faults, %zu findings", findings.count);
}

static void
test_no_secret(void)
{
	static const char *const texts[] = {
		"password: \"canary\nb: c\n",
		"relay:\n  password: canary: x\n",
		"mailboxes: [{address: a, password: canary, password: x}, @]\n",
		"password: >\n  x\n  canary\n b: [\n",
		"password: *canary\n",
		"password: &canary\n",
		"password: !canary x\n",
		"password: @canary\n",
		"password: canary1 #canary\n",
		"m: [{address: a, password: canary, address: b}]\n",
		"password: |\n  abc\n\tcanary\n canary: [\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		bool shown = false;

		parse(texts[i]);
		for (size_t j = 0; j < findings.count; j++)
			shown = shown || strstr(findings.items[j].message, "canary") != NULL;
		CHECK(findings.count > 0, "canary %zu: is a fault", i);
		CHECK(!shown, "canary %zu: no message shows it", i);
	}
}

static void
test_limits(void)
{
	size_t len = 10000, big = 15 * 1024 * 1024;
	char *text = malloc(big + 1);
	struct rusage before, after;

	memset(text, '[', len);
	CHECK(parse_bytes(text, len) == NULL, "10,000 levels are refused");
	CHECK_TEXT(findings.items[0].rule->id, "yaml-limit", "as too deep");
	for (size_t i = 0; i < len; i += 2)
		memcpy(text + i, "- ", 2);
	CHECK(parse_bytes(text, len) == NULL, "5,000 levels of dashes are refused");
	for (size_t i = 0; i + 5 <= len; i += 5)
		memcpy(text + i, "{a: ", 5);
	CHECK(parse_bytes(text, len) == NULL && findings.count == 1, "and so are maps");
	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < big; i += 3)
		memcpy(text + i, "*a,", 3);
	text[0] = '[';
	CHECK(parse_bytes(text, big) == NULL, "five million aliases are refused");
	CHECK(findings.count < 110, "with %zu findings", findings.count);
	for (size_t i = 0; i < big; i += 3)
		memcpy(text + i, ", a", 3);
	memcpy(text, "[ a", 3);
	CHECK(parse_bytes(text, big) == NULL, "five million values are refused");
	CHECK_TEXT(findings.items[0].rule->id, "yaml-limit", "as too many");
	getrusage(RUSAGE_SELF, &after);
	printf("# bombs took %ld ms\n",
		(after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1000 +
			(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1000);
	free(text);
}

static void
test_excerpt(void)
{
	struct yaml_text text = {.file = "f", .data = "a: 1\n\tb: \xc3\xa4\xc3\xb6x\n", .len = 15};
	struct yaml_text wide = {.file = "f"};
	char line[1001];

	CHECK_TEXT(yaml_excerpt(&arena, &text, 0, 2, 7), "\n     b: \xc3\xa4\xc3\xb6x\n          ^",
		"the caret counts characters");
	CHECK_TEXT(yaml_excerpt(&arena, &text, 0, 9, 1), "", "no such line");
	memset(line, 'x', 1000);
	line[1000] = '\0';
	wide.data = line;
	wide.len = 1000;
	CHECK(strlen(yaml_excerpt(&arena, &wide, 0, 1, 900)) < 350, "long lines are cut");
	CHECK_TEXT(yaml_excerpt_key(&arena, &text, 1, 1, 1), "\n    a\n    ^", "up to the key");
}

int
main(void)
{
	arena_init(&arena);
	test_bads();
	test_tree();
	test_all_at_once();
	test_no_secret();
	test_limits();
	test_excerpt();
	arena_free(&arena);
	DONE();
}
