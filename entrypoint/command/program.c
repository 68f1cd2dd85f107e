/* program.c - from a name to the program that runs */
#include "command/program.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM_SHELL "/bin/sh"
#define PROGRAM_PATH "/usr/local/bin:/usr/bin:/bin" /* without a PATH */

static void
execute_by_shell(const char *path, char **argv)
{
	char shell[] = PROGRAM_SHELL, *script = strdup(path), **words;
	size_t count = 0;
	int error;

	while (argv[count] != NULL)
		count++;
	words = calloc(count + 2, sizeof(*words));
	if (words != NULL && script != NULL) {
		words[0] = shell;
		words[1] = script;
		memcpy(words + 2, argv + 1, count * sizeof(*words));
		execv(shell, words);
	}
	error = errno;
	free(words);
	free(script);
	errno = error;
}

static void
execute_at(const char *path, char **argv)
{
	execv(path, argv);
	if (errno == ENOEXEC)
		execute_by_shell(path, argv);
}

/* Whether another directory may have it still. */
static bool
is_elsewhere(int error)
{
	return error == ENOENT || error == ENOTDIR || error == EACCES || error == ENAMETOOLONG ||
		error == ESTALE || error == ENODEV || error == ETIMEDOUT;
}

/* An empty directory of PATH is the one that we are in. */
static void
execute_below(const char *directory, size_t len, char **argv)
{
	char path[PATH_MAX];
	int size = snprintf(
		path, sizeof(path), "%.*s%s%s", (int)len, directory, len > 0 ? "/" : "", argv[0]);

	if (size < 0 || size >= (int)sizeof(path))
		errno = ENAMETOOLONG;
	else
		execute_at(path, argv);
}

void
program_execute(char **argv)
{
	const char *path = getenv("PATH");
	bool forbidden = false;

	if (argv[0][0] == '\0') {
		errno = ENOENT;
		return;
	}
	if (strchr(argv[0], '/') != NULL) {
		execute_at(argv[0], argv);
		return;
	}
	for (path = path != NULL ? path : PROGRAM_PATH; path != NULL;) {
		size_t len = strcspn(path, ":");

		execute_below(path, len, argv);
		if (!is_elsewhere(errno))
			return;
		forbidden |= errno == EACCES;
		path = path[len] == ':' ? path + len + 1 : NULL;
	}
	errno = forbidden ? EACCES : ENOENT;
}
