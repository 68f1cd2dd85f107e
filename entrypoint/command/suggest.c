/* suggest.c - "mailinit dryrun" is neither a verb nor a program */
#include "command/suggest.h"

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* is_program - whether execvp would find it */
static bool
is_program(const char *word)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	if (strchr(word, '/') != NULL)
		return true;
	if (path == NULL)
		path = "/bin:/usr/bin";
	for (;;) {
		size_t len = strcspn(path, ":");

		if (snprintf(file, sizeof(file), "%.*s%s%s", (int)len, path, len > 0 ? "/" : "",
			    word) < (int)sizeof(file) &&
			access(file, X_OK) == 0)
			return true;
		if (path[len] == '\0')
			return false;
		path += len + 1;
	}
}

void
suggest_verb(const char *word, const char *const *verbs, size_t count)
{
	const char *bare[64] = {NULL}, *near;

	/* people leave the dashes out, which counts as no mistake */
	for (size_t i = 0; i < count && i < 64; i++)
		bare[i] = verbs[i] + strspn(verbs[i], "-");
	near = text_nearest(word, bare, count < 64 ? count : 64);
	for (size_t i = 0; near != NULL && i < count && i < 64; i++)
		if (bare[i] == near && !is_program(word)) {
			fprintf(stderr,
				"mailinit: \"%s\" is no command; did you mean mailinit %s?\n", word,
				verbs[i]);
			return;
		}
}
