/* schema.c - mailinit schema: every setting, from the one table */
#include "settings/schema.h"

#include <unistd.h>

#include "base/fatal.h"
#include "command/build.h"
#include "command/command.h"

int
command_schema(int argc, char **argv)
{
	struct options options;
	struct buffer text = {0};

	if (options_read(&options, argc, argv, NULL) != 0)
		return EXIT_USAGE;
	schema_print_table(&text);
	if (build_print(STDOUT_FILENO, &text) != 0)
		fatal_system("write", "standard output");
	buffer_free(&text);
	return EXIT_DONE;
}
