#ifndef LANGUAGE_BUILTIN_H
#define LANGUAGE_BUILTIN_H

#include <stddef.h>

/*
 * The files of language/tables/, built into the binary by tools/embed.c: one
 * line a name, fields parted by tabs, sorted by name in the order of bytes, so that
 * a name is found by bisection. Lines that begin with # say where the table is
 * from; they stand at its head.
 */
struct language_builtin {
	const char *name; /* "postfix" */
	const char *data; /* NUL-terminated */
	size_t len;
};

extern const struct language_builtin language_builtins[];
extern const size_t language_builtins_count;

#endif
