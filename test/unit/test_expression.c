/*
 * test_expression.c - "$" in the values of main.cf
 *
 * With a file as argument it prints the expanded entries of that main.cf, for the
 * test that compares them with those of the image's own postconf. Exits 1 when
 * Postfix would die of one.
 */
#include "unit.h"

#include "language/expression.h"
#include "language/main_cf.h"
#include "faults_case.h"

static struct arena arena;

/* look_up - a few values; "later" is one that is not known yet */
static bool
look_up(void *context, const char *name, const char **value)
{
	static const struct {
		const char *name, *value;
	} values[] = {
		{"a", "A"},
		{"b", "$a-$a"},
		{"empty", ""},
		{"level", "3.10"},
		{"ten", "10"},
		{"loop", "x$loop"},
		{"here", "$there"},
		{"there", "$here"},
		{"wrong", "${a"},
		{"many", "$some$some$some$some$some$some$some$some"},
		{"some", "$few$few$few$few$few$few$few$few"},
		{"few", "$two$two$two$two$two$two$two$two"},
		{"two", "$one$one$one$one$one$one$one$one"},
		{"one", "$a$a$a$a$a$a$a$a"},
	};

	(void)context;
	*value = NULL;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].name, name) == 0)
			*value = values[i].value;
	return strcmp(name, "later") != 0;
}

static void
test_expand(void)
{
	static const struct {
		const char *value, *expanded;
	} cases[] = {
		{"", ""},
		{"plain", "plain"},
		{"$a", "A"},
		{"x${a}y$(a)z", "xAyAz"},
		{"$a.$b", "A.A-A"},
		{"${ a }", "A"},
		{"$$a $$", "$a $"},
		{"[$none]", "[]"},
		{"${a?yes}${empty?no}${none?no}", "yes"},
		{"${a:no}${empty:yes}${none:Yes}", "yesYes"},
		{"${a?$b}", "A-A"},
		{"${a? x }", " x "},
		{"${a?{x}:{y}}${empty?{x}:{y}}", "xy"},
		{"${a?{ x }:{y}}", " x "},
		{"${a ? {x} : {y}}", "x"},
		{"${empty?{x}:y}", "y"},
		{"${empty?{x}: y}", " y"},
		{"${a??b}", "?b"},
		{"${a?b:c}", "b:c"},
		{"${a?{}}", ""},
		{"${{$a} == {A} ? {yes} : {no}}", "yes"},
		{"${{$a}=={B}?{yes}:{no}}", "no"},
		{"${{$a} != {A} ? {yes} : {no}}", "no"},
		{"${{9} < {10}?{yes}}", "yes"},
		{"${{9x} < {10}?{yes}:{no}}", "no"},
		{"${{09} <= {9}?{yes}}${{9} >= {10}?{no}}${{b} > {a}?{yes}}", "yesyes"},
		{"${{99999999999999999999} > {1}?{yes}}", "yes"},
		{"${{$level} <level {3.9} ? {old} : {new}}", "new"},
		{"${{$level} >=level {3.10.0} ? {new}}", "new"},
		{"${{$level} ==level {3.10}}", "true"},
		{"${{$level} < {3.9} ? {text}}", "text"},
		{"${{a} == {b}}", ""},
		{"${{a} == {b}:no}", "no"},
		{"${{${a?{x}}} == {x} ? {yes}}", "yes"},
		{"${a?{${empty?{1}:{$ten}}}:{3}}", "10"},
		{"${empty?{${}}:{fine}}", "fine"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *expanded = "(not expanded)";

		expression_expand(&arena, cases[i].value, look_up, NULL, &expanded);
		CHECK_TEXT(expanded, cases[i].expanded, "%s", cases[i].value);
	}
}

static void
test_ends(void)
{
	static const struct {
		const char *value;
		enum expression_result result;
	} cases[] = {
		{"$later", EXPRESSION_UNKNOWN},
		{"${later?x}", EXPRESSION_UNKNOWN},
		{"${{$later} == {x}?{a}:{b}}", EXPRESSION_UNKNOWN},
		{"${empty?$later}", EXPRESSION_DONE},
		{"$loop", EXPRESSION_CIRCLE},
		{"$here", EXPRESSION_CIRCLE},
		{"$wrong", EXPRESSION_MISTAKE},
		{"${", EXPRESSION_MISTAKE},
		{"${{$a} <level {3.6}?{x}}", EXPRESSION_MISTAKE},
		{"$many", EXPRESSION_UNKNOWN},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *expanded;

		CHECK(expression_expand(&arena, cases[i].value, look_up, NULL, &expanded) ==
				cases[i].result,
			"how %s ends", cases[i].value);
	}
}

static void
test_mistakes(void)
{
	static const struct {
		const char *value;
		size_t at;
	} cases[] = {
		{"ab$", 2},
		{"$ a", 0},
		{"$-", 0},
		{"x${a", 1},
		{"x$(a", 1},
		{"${a)", 0},
		{"${}", 0},
		{"$()", 0},
		{"${a-b}", 3},
		{"${a b}", 3},
		{"${a?${b}", 0},
		{"${a?{b}c}", 7},
		{"${a?{b}:{c}d}", 11},
		{"${a?$}", 4},
		{"${a:{$-}}", 5},
		{"${{a} ~ {b}?c}", 6},
		{"${{a} === {b}?c}", 6},
		{"${{a} <foo {b}?c}", 6},
		{"${{a} == b?c}", 9},
		{"${{a} == {b} c}", 13},
		{"${{a$} == {b}?c}", 4},
		{"$ok ${fine} $(good) $$ $", 23},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct expression_mistake mistake = {0};
		bool right = expression_scan(&arena, cases[i].value, NULL, &mistake);

		CHECK(!right && mistake.text != NULL && mistake.at == cases[i].at,
			"the mistake in %s is at %zu", cases[i].value, cases[i].at);
		if (mistake.at != cases[i].at)
			printf("# at %zu: %s\n", mistake.at, mistake.text);
	}
}

static void
test_names(void)
{
	struct expression_names names = {0};
	struct expression_mistake mistake;
	struct buffer all = {0};

	CHECK(expression_scan(&arena, "$a ${b?{$c}:{$d}} ${{$e} == {${f}} ? {$g} : $h} $(i:$j) $$k",
		      &names, &mistake),
		"every side of every condition is visited");
	for (size_t i = 0; i < names.count; i++)
		buffer_printf(&all, "%s%zu ", names.items[i].name, names.items[i].at);
	CHECK_TEXT(buffer_text(&all), "a1 b5 c9 d14 e22 f31 g39 h45 i50 j53 ",
		"names, and where they stand");
	buffer_free(&all);
}

static void
test_depth(void)
{
	struct buffer value = {0};
	struct expression_mistake mistake;

	for (int i = 0; i < 5000; i++)
		buffer_puts(&value, "${a?{");
	for (int i = 0; i < 5000; i++)
		buffer_puts(&value, "}}");
	CHECK(!expression_scan(&arena, buffer_text(&value), NULL, &mistake), "nesting is bounded");
	buffer_free(&value);
}

static bool
look_up_entry(void *context, const char *name, const char **value)
{
	const struct main_cf_entry *entry = main_cf_find(context, name);

	*value = entry != NULL ? entry->value : NULL;
	return true;
}

static int
print_expanded(struct faults *faults, const char *text, size_t len)
{
	struct main_cf cf;
	const char *expanded;
	int status = 0;

	main_cf_parse(faults, text, len, &cf);
	for (size_t i = 0; i < cf.count; i++) {
		if (cf.sorted[i]->later != NULL)
			continue;
		if (expression_expand(faults->arena, cf.sorted[i]->value, look_up_entry, &cf,
			    &expanded) != EXPRESSION_DONE)
			status = 1;
		else
			printf("%s =%s%s\n", cf.sorted[i]->name, expanded[0] != '\0' ? " " : "",
				expanded);
	}
	return status;
}

int
main(int argc, char **argv)
{
	if (argc == 2)
		return print_file(argv[1], print_expanded);
	arena_init(&arena);
	test_expand();
	test_ends();
	test_mistakes();
	test_names();
	test_depth();
	arena_free(&arena);
	DONE();
}
