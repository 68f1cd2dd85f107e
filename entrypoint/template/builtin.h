#ifndef TEMPLATE_BUILTIN_H
#define TEMPLATE_BUILTIN_H

#include <stddef.h>

/* The files of templates/, built into the binary by tools/embed.c. */
struct template_builtin {
	const char *name; /* "postfix/main.cf.mustache" */
	const char *data; /* NUL-terminated */
	size_t len;
};

extern const struct template_builtin template_builtins[];
extern const size_t template_builtins_count;

#endif
