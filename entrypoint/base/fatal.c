/* fatal.c - the ends that a short-lived process may come to */
#include "base/fatal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void
fatal_out_of_memory(void)
{
	static const char text[] = "mailinit: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);

	(void)ignored; /* nothing is left to do when stderr is gone too */
	_exit(EXIT_SYSTEM);
}

void
fatal_system(const char *verb, const char *object)
{
	int saved = errno;

	fprintf(stderr, "mailinit: unable to %s %s: %s\n", verb, object, strerror(saved));
	fflush(stderr);
	_exit(EXIT_SYSTEM);
}
