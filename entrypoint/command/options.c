/* options.c - the flags that commands share */
#include "command/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

const char *
options_value(const char *flag, int argc, char **argv, int *at)
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
	static const char *const words[] = {
		[FORMAT_TEXT] = "text",
		[FORMAT_JSON] = "json",
		[FORMAT_SARIF] = "sarif",
		[FORMAT_GITHUB] = "github",
		[FORMAT_MERMAID] = "mermaid",
		[FORMAT_SVG] = "svg",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i]) == 0)
			return options->format = (enum output_format)i, 0;
	fprintf(stderr,
		"mailinit: --format is \"%s\"; it is text, json, sarif or github; of map, "
		"text, mermaid or svg\n",
		word);
	return -1;
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

/* set_timeout - seconds, as in 20 or 20s */
static int
set_timeout(struct options *options, const char *word)
{
	char *end;
	long seconds = strtol(word, &end, 10);

	if (word[0] >= '0' && word[0] <= '9' && (*end == '\0' || strcmp(end, "s") == 0) &&
		seconds >= 1 && seconds <= OPTIONS_TIMEOUT_MAX_S)
		return options->timeout_ms = (int)seconds * 1000, 0;
	fprintf(stderr, "mailinit: --timeout is \"%s\"; it is seconds, 1 to %d\n", word,
		OPTIONS_TIMEOUT_MAX_S);
	return -1;
}

/* add_file - one more of a flag that may come several times; 1, or -1 when there are too many */
static int
add_file(const char *flag, const char **files, size_t *count, const char *file)
{
	if (*count == OPTIONS_FILES_MAX) {
		fprintf(stderr, "mailinit: %s may be given %d times at most\n", flag,
			OPTIONS_FILES_MAX);
		return -1;
	}
	files[(*count)++] = file;
	return 1;
}

/* refuse_second_compose - what several files come to, docker compose alone knows */
static int
refuse_second_compose(const char *first, const char *second)
{
	fprintf(stderr,
		"mailinit: --compose takes one file; merge them with: docker compose -f %s -f %s "
		"config | mailinit check --compose -\n",
		first, second);
	return -1;
}

/* read_flag - one flag with a value; 1 when it was one, 0 when not, -1 when it was wrong */
static int
read_flag(struct options *options, int argc, char **argv, int *at)
{
	const struct {
		const char *flag;
		const char **room;
	} flags[] = {
		{"--compose", &options->compose},
		{"--root", &options->root},
		{"--out", &options->out},
		{"--against", &options->against},
		{"--templates", &options->templates},
		{"--target", &options->target},
	};
	const char *value;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		value = options_value(flags[i].flag, argc, argv, at);
		if (value != NULL && flags[i].room == &options->compose && *flags[i].room != NULL)
			return refuse_second_compose(*flags[i].room, value);
		if (value != NULL) {
			*flags[i].room = value;
			return 1;
		}
	}
	value = options_value("--config", argc, argv, at);
	if (value != NULL)
		return add_file("--config", options->configs, &options->config_count, value);
	value = options_value("--env-file", argc, argv, at);
	if (value != NULL)
		return add_file("--env-file", options->env_files, &options->env_file_count, value);
	value = options_value("--format", argc, argv, at);
	if (value != NULL)
		return set_format(options, value) == 0 ? 1 : -1;
	value = options_value("--timeout", argc, argv, at);
	if (value != NULL)
		return set_timeout(options, value) == 0 ? 1 : -1;
	value = options_value("--color", argc, argv, at);
	if (value != NULL)
		return set_color(options, value) == 0 ? 1 : -1;
	return 0;
}

static const char *const all_flags[] = {"--config", "--env-file", "--compose", "--root", "--out",
	"--against", "--templates", "--target", "--format", "--color", "--strict", "--zone",
	"--dry-run", "--live", "--timeout"};

bool
options_tell_near(const char *argument, const char *const *flags, size_t count)
{
	const char *near = text_nearest(argument, flags, count);

	if (near == NULL)
		return false;
	if (strcmp(near, argument) == 0)
		fprintf(stderr, "mailinit: %s needs a value\n", argument);
	else
		fprintf(stderr, "mailinit: unknown flag \"%s\"; did you mean %s?\n", argument,
			near);
	return true;
}

static int
refuse(const char *argument)
{
	if (!options_tell_near(argument, all_flags, sizeof(all_flags) / sizeof(all_flags[0])))
		fprintf(stderr, "mailinit: unknown argument \"%s\"; see mailinit --help\n",
			argument);
	return -1;
}

/* check_directory - a directory that is not there would look like one that is empty */
static int
check_directory(const char *flag, const char *path)
{
	struct stat status;

	if (path == NULL)
		return 0;
	if (stat(path, &status) != 0)
		fprintf(stderr, "mailinit: %s: unable to use %s: %s\n", flag,
			path[0] != '\0' ? path : "\"\"", strerror(errno));
	else if (!S_ISDIR(status.st_mode))
		fprintf(stderr, "mailinit: %s: %s is no directory\n", flag, path);
	else
		return 0;
	return -1;
}

int
options_allow(const struct options *options, const char *command, bool out, const char *formats)
{
	static const char *const words[] = {"text", "json", "sarif", "github", "mermaid", "svg"};

	if (options->out != NULL && !out) {
		fprintf(stderr, "mailinit: %s writes no files: --out is for --dry-run\n", command);
		return -1;
	}
	if (options->against != NULL && !out) {
		fprintf(stderr, "mailinit: %s shows no files: --against is for --dry-run\n",
			command);
		return -1;
	}
	if (strstr(formats, words[options->format]) != NULL)
		return 0;
	fprintf(stderr, "mailinit: %s has no --format %s; it is %s\n", command,
		words[options->format], formats);
	return -1;
}

int
options_read(struct options *options, int argc, char **argv, const char **operand)
{
	memset(options, 0, sizeof(*options));
	options->color = getenv("NO_COLOR") == NULL && isatty(STDOUT_FILENO);
	for (int at = 1; at < argc; at++) {
		int found;

		if (strcmp(argv[at], "--strict") == 0)
			options->strict = true;
		else if (strcmp(argv[at], "--zone") == 0)
			options->zone = true;
		else if (strcmp(argv[at], "--live") == 0)
			options->live = true;
		else if (strcmp(argv[at], "--dry-run") == 0)
			continue;
		else if ((found = read_flag(options, argc, argv, &at)) < 0)
			return -1;
		else if (found == 0 && argv[at][0] != '-' && operand != NULL && *operand == NULL)
			*operand = argv[at];
		else if (found == 0)
			return refuse(argv[at]);
	}
	if (check_directory("--root", options->root) != 0 ||
		check_directory("--templates", options->templates) != 0 ||
		check_directory("--against", options->against) != 0)
		return -1;
	if (options->root == NULL || strcmp(options->root, "/") == 0)
		options->root = "";
	return 0;
}
