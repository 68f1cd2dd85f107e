/* schema.c - mailinit schema: what documents and editors take from the tables */
#include "settings/schema.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/text.h"
#include "command/build.h"
#include "command/command.h"
#include "command/rules.h"
#include "settings/compat_table.h"

static const struct {
	const char *word;
	void (*print)(struct buffer *buffer);
} formats[] = {
	{"json", schema_print_json},
	{"markdown", schema_print_table},
	{"settings", schema_print_page},
	{"man", schema_print_man},
	{"variables", compat_print_table},
	{"rules", rules_print_page},
};

static int
refuse(const char *argument)
{
	fprintf(stderr,
		"mailinit: schema takes --format=WORD, and WORD is json (a JSON Schema of "
		"mailinit.yaml), markdown, settings, man, variables or rules; not \"%s\"\n",
		argument);
	return EXIT_USAGE;
}

static int
print(const char *word)
{
	struct buffer text = {0};
	int result;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].word, word) != 0)
			continue;
		formats[i].print(&text);
		result = build_print(STDOUT_FILENO, &text);
		buffer_free(&text);
		if (result != 0)
			fatal_system("write", "standard output");
		return EXIT_DONE;
	}
	return refuse(word);
}

int
command_schema(int argc, char **argv)
{
	const char *word = "json";

	for (int at = 1; at < argc; at++) {
		if (strcmp(argv[at], "--format") == 0 && at + 1 < argc)
			word = argv[++at];
		else if (text_starts(argv[at], "--format="))
			word = argv[at] + strlen("--format=");
		else
			return refuse(argv[at]);
	}
	return print(word);
}
