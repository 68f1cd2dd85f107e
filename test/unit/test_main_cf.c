/*
 * test_main_cf.c - main.cf as Postfix reads it
 *
 * With a file as argument it prints the entries of that file, for the test that
 * compares them with those of the image's own postconf. Exits 1 when Postfix
 * would die of the file.
 */
#include "unit.h"

#include "base/buffer.h"
#include "base/file.h"
#include "language/main_cf.h"

static struct arena arena;
static struct main_cf cf;
static struct flaws flaws;

static void
parse_bytes(const char *text, size_t len)
{
	arena_free(&arena);
	arena_init(&arena);
	flaws_init(&flaws, &arena);
	main_cf_parse(&arena, text, len, &cf, &flaws);
}

static void
parse(const char *text)
{
	parse_bytes(text, strlen(text));
}

static const char *
value(const char *name)
{
	const struct main_cf_entry *entry = main_cf_find(&cf, name);

	return entry != NULL ? entry->value : "(none)";
}

static void
test_values(void)
{
	static const struct {
		const char *text, *name, *value;
	} cases[] = {
		{"a = b\n", "a", "b"},
		{"a=b", "a", "b"},
		{"a\t=\t b \t\n", "a", "b"},
		{"a =\n", "a", ""},
		{"a = b c  d\n", "a", "b c  d"},
		{"a = b # c\n", "a", "b # c"},
		{"a = b = c\n", "a", "b = c"},
		{"# x\n\n  \na = b\n", "a", "b"},
		{"  # x\na = b\n", "a", "b"},
		{"a = b\n  c\n", "a", "b  c"},
		{"a =\n\tb,\n\tc\n", "a", "b,\tc"},
		/* what stands between the parts ends nothing */
		{"a = b\n\n  c\n#x\n d\n", "a", "b  c d"},
		{"a = b\n  # x\n  c\n", "a", "b  c"},
		{"a = b\n# x\nc = d\n", "a", "b"},
		{"a = b\r\nc = d\r\n", "a", "b"},
		{"a = b\r\n c\r\n", "a", "b\r c"},
		{"a = b\n\f\v\n c\n", "a", "b c"},
		{"\n\na = b\n\n", "a", "b"},
		{"a = b\na = c\n", "a", "c"},
		{"x-y.z = b\n", "x-y.z", "b"},
		{"a\n = b\n", "a", "b"},
		{"a = caf\xc3\xa9\n", "a", "caf\xc3\xa9"},
		{"  lost = x\n  more\na = b\n", "a", "b"},
		{"  lost = x\na = b\n", "lost", "(none)"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse(cases[i].text);
		CHECK_TEXT(value(cases[i].name), cases[i].value, "case %zu: %s", i, cases[i].name);
	}
}

static void
test_flaws(void)
{
	static const struct {
		const char *text;
		size_t len;
		enum flaw_kind kind;
		int line, column;
	} cases[] = {
		{"a b\n", 4, FLAW_FATAL, 1, 1},
		{"x = y\na\n", 8, FLAW_FATAL, 2, 1},
		{"= b\n", 4, FLAW_FATAL, 1, 1},
		{"\n  a = b\n", 9, FLAW_IGNORED, 2, 1},
		{"a = b\0c\n", 8, FLAW_IGNORED, 1, 1},
		{"a = b\nc = d\na = e\n", 18, FLAW_DUPLICATE, 1, 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse_bytes(cases[i].text, cases[i].len);
		CHECK(flaws.count == 1 && flaws.items[0].kind == cases[i].kind, "flaw %zu", i);
		CHECK(flaws.count == 1 && flaws.items[0].line == cases[i].line &&
				flaws.items[0].column == cases[i].column,
			"flaw %zu is at %d:%d", i, cases[i].line, cases[i].column);
	}
	parse("a = b\na = b\n");
	CHECK(flaws.count == 0, "the same entry twice is none, as Postfix has it");
	parse_bytes("a = b\0c\n", 8);
	CHECK_TEXT(value("a"), "b", "behind a NUL byte nothing is read");
	parse("= \033[31m\n\033x\n");
	CHECK(flaws.count == 2 && strchr(flaws.items[1].text, '\033') == NULL,
		"a message holds no control character");
}

static void
test_places(void)
{
	const struct main_cf_entry *entry;
	int line, column;

	parse("# x\nab =  cd\n# y\n  ef\n\n\tgh\n");
	entry = main_cf_find(&cf, "ab");
	CHECK_TEXT(value("ab"), "cd  ef\tgh", "a value of three lines");
	CHECK(entry->line.first == 2 && entry->line.last == 6, "which lines hold it");
	main_cf_place(entry, 0, &line, &column);
	CHECK(line == 2 && column == 7, "its first byte");
	main_cf_place(entry, 4, &line, &column);
	CHECK(line == 4 && column == 3, "its second part");
	main_cf_place(entry, 7, &line, &column);
	CHECK(line == 6 && column == 2, "its third part");
}

static void
test_many(void)
{
	struct buffer text = {0};

	for (int i = 0; i < 20000; i++)
		buffer_printf(&text, "p%d = %d\n", i % 10000, i);
	parse_bytes(text.data, text.len);
	CHECK(cf.count == 20000 && flaws.count == FLAWS_MAX, "flaws are bounded");
	CHECK_TEXT(value("p7"), "10007", "the last one counts among many");
	buffer_free(&text);
}

static int
print_file(const char *path)
{
	struct buffer text = {0};
	int status = 0;

	if (file_read(path, 65536, &text, NULL) != 0)
		return 2;
	parse_bytes(buffer_text(&text), text.len);
	buffer_free(&text);
	for (size_t i = 0; i < flaws.count; i++)
		if (flaws.items[i].kind == FLAW_FATAL)
			status = 1;
	for (size_t i = 0; status == 0 && i < cf.count; i++)
		if (cf.sorted[i]->later == NULL)
			printf("%s =%s%s\n", cf.sorted[i]->name,
				cf.sorted[i]->value[0] != '\0' ? " " : "", cf.sorted[i]->value);
	arena_free(&arena);
	return status;
}

int
main(int argc, char **argv)
{
	arena_init(&arena);
	if (argc == 2)
		return print_file(argv[1]);
	test_values();
	test_flaws();
	test_places();
	test_many();
	arena_free(&arena);
	DONE();
}
