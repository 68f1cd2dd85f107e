/* options.c - the flags that commands share */
#include "command/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* take_value - the value of "--flag VALUE" or "--flag=VALUE" */
static const char *
take_value(const char *flag, int argc, char **argv, int *at)
{
	const char *argument = argv[*at];
	size_t len = strlen(flag);

	if (argument == NULL || strncmp(argument, flag, len) != 0)
		return NULL;
	if (argument[len] == '=')
		return argument + len + 1;
	if (argument[len] != '\0' || *at + 1 >= argc)
		return NULL;
	return argv[++*at];
}

static int
set_format(struct options *options, const char *word)
{
	if (strcmp(word, "text") == 0)
		options->format = FORMAT_TEXT;
	else if (strcmp(word, "json") == 0)
		options->format = FORMAT_JSON;
	else
		return fprintf(stderr, "mailinit: --format is \"%s\"; it is text or json\n", word),
		       -1;
	return 0;
}

static int
set_color(struct options *options, const char *word)
{
	if (strcmp(word, "always") == 0)
		options->color = true;
	else if (strcmp(word, "never") == 0)
		options->color = false;
	else if (strcmp(word, "auto") != 0)
		return fprintf(stderr, "mailinit: --color is \"%s\"; it is auto, always or never\n",
			       word),
		       -1;
	return 0;
}

/* read_flag - one flag with a value; 1 when it was one, 0 when not, -1 when it was wrong */
static int
read_flag(struct options *options, int argc, char **argv, int *at)
{
	const struct {
		const char *flag;
		const char **room;
	} flags[] = {
		{"--config", &options->config},
		{"--env-file", &options->env_file},
		{"--root", &options->root},
		{"--out", &options->out},
		{"--templates", &options->templates},
		{"--target", &options->target},
	};
	const char *value;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		value = take_value(flags[i].flag, argc, argv, at);
		if (value != NULL) {
			*flags[i].room = value;
			return 1;
		}
	}
	value = take_value("--format", argc, argv, at);
	if (value != NULL)
		return set_format(options, value) == 0 ? 1 : -1;
	value = take_value("--color", argc, argv, at);
	if (value != NULL)
		return set_color(options, value) == 0 ? 1 : -1;
	return 0;
}

static const char *const all_flags[] = {"--config", "--env-file", "--root", "--out", "--templates",
	"--target", "--format", "--color", "--strict", "--zone", "--dry-run"};

static int
refuse(const char *argument)
{
	const char *near =
		text_nearest(argument, all_flags, sizeof(all_flags) / sizeof(all_flags[0]));

	if (near != NULL && strcmp(near, argument) == 0)
		fprintf(stderr, "mailinit: %s needs a value\n", argument);
	else if (near != NULL)
		fprintf(stderr, "mailinit: unknown flag \"%s\"; did you mean %s?\n", argument,
			near);
	else
		fprintf(stderr, "mailinit: unknown argument \"%s\"; see mailinit --help\n",
			argument);
	return -1;
}

int
options_read(struct options *options, int argc, char **argv, const char **operand)
{
	memset(options, 0, sizeof(*options));
	options->root = "";
	options->config = getenv("MAIL_CONFIG");
	options->color = getenv("NO_COLOR") == NULL && isatty(STDOUT_FILENO);
	for (int at = 1; at < argc; at++) {
		int found;

		if (strcmp(argv[at], "--strict") == 0)
			options->strict = true;
		else if (strcmp(argv[at], "--zone") == 0)
			options->zone = true;
		else if (strcmp(argv[at], "--dry-run") == 0)
			continue;
		else if ((found = read_flag(options, argc, argv, &at)) < 0)
			return -1;
		else if (found == 0 && argv[at][0] != '-' && operand != NULL && *operand == NULL)
			*operand = argv[at];
		else if (found == 0)
			return refuse(argv[at]);
	}
	if (strcmp(options->root, "/") == 0)
		options->root = "";
	return 0;
}
