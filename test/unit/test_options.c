/* test_options.c - the flags that all plan-building commands share */
#include "command/options.h"

#include <stdarg.h>

#include "unit.h"

static int
read_them(struct options *options, int argc, ...)
{
	char *argv[8] = {"check"};
	va_list args;

	va_start(args, argc);
	for (int i = 1; i <= argc; i++)
		argv[i] = va_arg(args, char *);
	va_end(args);
	return options_read(options, argc + 1, argv, NULL);
}

static void
test_compose(void)
{
	struct options options;

	CHECK(read_them(&options, 2, "--compose", "a.yaml") == 0, "one file");
	CHECK_TEXT(options.compose, "a.yaml", "which is taken");
	CHECK(read_them(&options, 2, "--compose", "-") == 0, "standard input");
	CHECK(read_them(&options, 4, "--compose", "a.yaml", "--compose", "b.yaml") == -1,
		"of two the last one does not win silently");
	CHECK(read_them(&options, 2, "--compose=a.yaml", "--compose=b.yaml") == -1,
		"nor in the other form");
	CHECK(read_them(&options, 4, "--env-file", "a", "--env-file", "b") == 0,
		"files of variables may be several");
}

int
main(void)
{
	test_compose();
	DONE();
}
