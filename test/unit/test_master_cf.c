/*
 * test_master_cf.c - master.cf as Postfix's master reads it
 *
 * With a file as argument it prints the fields and options of that file, for the
 * test that compares them with those of the image's own postconf. Exits 1 when
 * master would die of the file.
 */
#include "unit.h"

#include "language/master_cf.h"
#include "faults_case.h"

static struct arena arena;
static struct master_cf cf;
static struct faults faults;

static void
parse(const char *text)
{
	arena_free(&arena);
	arena_init(&arena);
	faults_init(&faults, &arena);
	master_cf_parse(&faults, text, strlen(text), &cf);
}

static const struct master_cf_service *
only(void)
{
	return cf.count == 1 ? &cf.services[0] : NULL;
}

static void
test_fields(void)
{
	const struct master_cf_service *service;

	parse("# x\nqmgr\tunix n - y 300? 1 qmgr\n");
	service = only();
	CHECK(service != NULL && faults.count == 0, "a service is read");
	CHECK_TEXT(service->name, "qmgr", "its name");
	CHECK_TEXT(service->type, "unix", "its type");
	CHECK(service->private == 'n' && service->unprivileged == '-' && service->chroot == 'y',
		"its flags");
	CHECK_TEXT(service->wakeup, "300?", "its wakeup time");
	CHECK_TEXT(service->maxproc, "1", "its process limit");
	CHECK_TEXT(service->command, "qmgr", "its command");
	parse("smtp inet n - n - - smtpd\n  -v\n# x\n\n  -o a=b\n");
	service = only();
	CHECK(service != NULL && service->argument_count == 3 && service->option_count == 1,
		"arguments on further lines");
	parse("smtp inet n - n - - smtpd\r\nsmtp inet n - n - - smtpd\n");
	CHECK(faults.count == 1 && faults.items[0].kind == FAULT_DUPLICATE &&
			cf.services[0].overridden && !cf.services[1].overridden,
		"of two services of one name the last counts");
	CHECK(master_cf_find(&cf, "smtp", "inet") == &cf.services[1], "and is found");
	CHECK(master_cf_find(&cf, "smtp", "unix") == NULL, "the type is part of the name");
}

static void
test_options(void)
{
	static const struct {
		const char *arguments, *name, *value;
		size_t count;
	} cases[] = {
		{"-o a=b", "a", "b", 1},
		{"-oa=b", "a", "b", 1},
		{"-o a=", "a", "", 1},
		{"-o { a = b c }", "a", "b c", 1},
		{"-o {a=b}", "a", "b", 1},
		{"-o { a = {b} {c} }", "a", "{b} {c}", 1},
		{"-o a={b c}", "a", "{b c}", 1},
		{"-o a={ b }c", "a", "{ b }c", 1},
		{"-v -o a=b -o c=d", "c", "d", 2},
		{"-vo a=b", "a", "b", 1},
		{"-o a=b -o a=c", "a", "c", 2},
		{"-o a=b=c", "a", "b=c", 1},
		{"-o a=b } c", "a", "b", 1},
		{"-o \"a=b", "\"a", "b", 1},
		{"-- -o a=b", "a", NULL, 0},
		{"flags=R -o a=b", "a", NULL, 0},
		{"-v", "a", NULL, 0},
		{"{ -o } a=b", "a", "b", 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[128];
		const struct master_cf_option *option;

		snprintf(line, sizeof(line), "x unix - - n - - smtp %s\n", cases[i].arguments);
		parse(line);
		option = only() != NULL ? master_cf_option(only(), cases[i].name) : NULL;
		CHECK(only() != NULL && only()->option_count == cases[i].count, "options of \"%s\"",
			cases[i].arguments);
		if (cases[i].value == NULL)
			CHECK(option == NULL, "no option in \"%s\"", cases[i].arguments);
		else
			CHECK_TEXT(option != NULL ? option->value : "(none)", cases[i].value,
				"value in \"%s\"", cases[i].arguments);
	}
	parse("x unix - - n - - smtp -o {  a  =  b }\n");
	CHECK(strncmp(only()->line.text + only()->options[0].name_at, "a ", 2) == 0 &&
			strncmp(only()->line.text + only()->options[0].value_at, "b ", 2) == 0,
		"offsets of name and value");
}

static void
test_faults(void)
{
	static const struct {
		const char *text;
		int column;
	} cases[] = {
		{"smtp inet n - n - -", 1},
		{"smtp inet", 1},
		{"smtp tcp n - n - - smtpd", 6},
		{"smtp inet - - n - - smtpd", 11},
		{"smtp inet y - n - - smtpd", 11},
		{"smtp inet N - n - - smtpd", 11},
		{"smtp inet n - yes - - smtpd", 15},
		{"smtp inet n - n x - smtpd", 17},
		{"smtp inet n - n 1x - smtpd", 17},
		{"smtp inet n - n ? - smtpd", 17},
		{"smtp inet n - n - 1? smtpd", 19},
		{"smtp inet n - n - 99999999999 smtpd", 19},
		{"smtp inet n - n - - -", 21},
		{"[::1 inet n - n - - smtpd", 1},
		{"[::1]25 inet n - n - - smtpd", 1},
		{"host: inet n - n - - smtpd", 1},
		{"99999 inet n - n - - smtpd", 1},
		{"25x inet n - n - - smtpd", 1},
		{"smtp inet n - n - - smtpd -o", 27},
		{"smtp inet n - n - - smtpd -o a", 30},
		{"smtp inet n - n - - smtpd -o a = b", 30},
		{"smtp inet n - n - - smtpd -o =b", 30},
		{"smtp inet n - n - - smtpd -o { a = b", 30},
		{"smtp inet n - n - - smtpd -o { a = b }c", 39},
		{"smtp inet n - n - - smtpd -o { a b }", 32},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		parse(cases[i].text);
		CHECK(cf.count == 0 && faults.count == 1 && faults.items[0].kind == FAULT_SYNTAX &&
				faults.items[0].line == 1 &&
				faults.items[0].column == cases[i].column,
			"%s", cases[i].text);
		if (faults.count == 1 && faults.items[0].column != cases[i].column)
			printf("# column %d: %s\n", faults.items[0].column, faults.items[0].text);
	}
	parse("[::1]:25 inet n - n - - smtpd\n127.0.0.1:smtp inet n - n - - smtpd\n:25 inet n - n "
	      "- - smtpd\n");
	CHECK(cf.count == 3 && faults.count == 0, "endpoints with an address");
	parse("  smtp inet n - n - - smtpd\n");
	CHECK(cf.count == 0 && faults.count == 1 && faults.items[0].kind == FAULT_IGNORED,
		"a first line that is indented is passed over");
	parse("x unix - - n - - smtp\n    -o a=b\n    -o {\n");
	CHECK(faults.count == 1 && faults.items[0].line == 3 && faults.items[0].column == 8,
		"a fault on a further line has its place");
}

static void
print_service(const struct master_cf_service *service)
{
	const struct {
		const char *title, *value;
		char flag;
	} fields[] = {
		{"chroot", NULL, service->chroot},
		{"private", NULL, service->private},
		{"process_limit", service->maxproc, 0},
		{"service", service->name, 0},
		{"type", service->type, 0},
		{"unprivileged", NULL, service->unprivileged},
		{"wakeup", service->wakeup, 0},
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		printf("%s/%s/%s = ", service->name, service->type, fields[i].title);
		if (fields[i].value != NULL)
			printf("%s\n", fields[i].value);
		else
			printf("%c\n", fields[i].flag);
	}
	for (size_t i = 0; i < service->option_count; i++) {
		const struct master_cf_option *option = &service->options[i];

		if (master_cf_option(service, option->name) == option)
			printf("%s/%s/%s =%s%s\n", service->name, service->type, option->name,
				option->value[0] != '\0' ? " " : "", option->value);
	}
}

static int
print_services(struct faults *of_file, const char *text, size_t len)
{
	master_cf_parse(of_file, text, len, &cf);
	for (size_t i = 0; i < cf.count; i++)
		print_service(&cf.services[i]);
	return fatal(of_file);
}

int
main(int argc, char **argv)
{
	if (argc == 2)
		return print_file(argv[1], print_services);
	arena_init(&arena);
	test_fields();
	test_options();
	test_faults();
	arena_free(&arena);
	DONE();
}
