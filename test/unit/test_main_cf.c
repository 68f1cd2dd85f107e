/*
 * test_main_cf.c - main.cf as Postfix reads it
 *
 * With a file as argument it prints the entries of that file, for the test that
 * compares them with those of the image's own postconf. Exits 1 when Postfix
 * would die of the file.
 */
#include "unit.h"

#include "language/main_cf.h"
#include "faults_case.h"

static struct arena arena;
static struct main_cf cf;
static struct faults faults;

static void
parse_bytes(const char *text, size_t len)
{
	arena_free(&arena);
	arena_init(&arena);
	faults_init(&faults, &arena);
	main_cf_parse(&faults, text, len, &cf);
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
test_faults(void)
{
	static const struct {
		const char *text;
		size_t len;
		enum fault_kind kind;
		int line, column;
	} cases[] = {
		{"a b\n", 4, FAULT_SYNTAX, 1, 1},
		{"x = y\na\n", 8, FAULT_SYNTAX, 2, 1},
		{"= b\n", 4, FAULT_SYNTAX, 1, 1},
		{"\n  a = b\n", 9, FAULT_IGNORED, 2, 1},
		{"a = b\0c\n", 8, FAULT_IGNORED, 1, 1},
		{"a = b\nc = d\na = e\n", 18, FAULT_DUPLICATE, 1, 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse_bytes(cases[i].text, cases[i].len);
		CHECK(faults.count == 1 && faults.items[0].kind == cases[i].kind, "fault %zu", i);
		CHECK(faults.count == 1 && faults.items[0].line == cases[i].line &&
				faults.items[0].column == cases[i].column,
			"fault %zu is at %d:%d", i, cases[i].line, cases[i].column);
	}
	parse("a = b\na = b\n");
	CHECK(faults.count == 0, "the same entry twice is none, as Postfix has it");
	parse_bytes("a = b\0c\n", 8);
	CHECK_TEXT(value("a"), "b", "behind a NUL byte nothing is read");
	parse("= \033[31m\n\033x\n");
	CHECK(faults.count == 2 && strchr(faults.items[1].text, '\033') == NULL,
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
	CHECK(cf.count == 20000 && faults.count == FAULTS_MAX, "faults are bounded");
	CHECK_TEXT(value("p7"), "10007", "the last one counts among many");
	buffer_free(&text);
}

static int
print_entries(struct faults *of_file, const char *text, size_t len)
{
	main_cf_parse(of_file, text, len, &cf);
	if (fatal(of_file))
		return 1;
	for (size_t i = 0; i < cf.count; i++)
		if (cf.sorted[i]->later == NULL)
			printf("%s =%s%s\n", cf.sorted[i]->name,
				cf.sorted[i]->value[0] != '\0' ? " " : "", cf.sorted[i]->value);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 2)
		return print_file(argv[1], print_entries);
	arena_init(&arena);
	test_values();
	test_faults();
	test_places();
	test_many();
	arena_free(&arena);
	DONE();
}
