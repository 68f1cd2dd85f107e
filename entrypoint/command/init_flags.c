/* init_flags.c - for lines that were written for tini or dumb-init */
#include "command/init_flags.h"

#include <stdio.h>
#include <string.h>

/* The letters of each flag, its long name if it has one, and what to do instead. */
static const struct {
	char letters[4];
	char word[13];
	char answer[103];
} flags[] = {
	{"g", "", "is not needed: every signal goes to the program's whole group"},
	{"s", "", "is not needed: what the program leaves behind is always reaped"},
	{"vw", "verbose", "does not exist: there is nothing to tell beside what the program says"},
	{"e", "", "does not exist: the program's exit code is passed on as it is"},
	{"p", "", "does not exist: write setpriv --pdeathsig SIGNAL mailinit -- PROGRAM"},
	{"c", "single-child",
		"does not exist: signals go to the program's group; setsid takes a process out of "
		"it"},
	{"r", "rewrite",
		"does not exist: signals are passed on as they are; a trap of a shell translates "
		"them"},
	{"V", "", "is --version here"},
	{"l", "", "does not exist; the license lies beside the source"},
};

bool
init_flags_explain(const char *word)
{
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		const char *name = flags[i].word;
		size_t len = strlen(name);
		bool is_long = len > 0 && strncmp(word, "--", 2) == 0 &&
			strncmp(word + 2, name, len) == 0 &&
			(word[2 + len] == '\0' || word[2 + len] == '=');

		if (!is_long &&
			(word[0] != '-' || word[1] == '\0' ||
				strchr(flags[i].letters, word[1]) == NULL))
			continue;
		fprintf(stderr,
			"mailinit: %s of other inits %s\n"
			"usage: mailinit -- PROGRAM [ARGUMENT...]\n",
			word, flags[i].answer);
		return true;
	}
	return false;
}
