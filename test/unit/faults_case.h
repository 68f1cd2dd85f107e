#ifndef FAULTS_CASE_H
#define FAULTS_CASE_H

/*
 * What the tests of the daemons' languages share: faults in few words, and a run
 * over a file, for the tests that hold our reading against the daemon's own.
 */
#include "base/buffer.h"
#include "base/file.h"
#include "language/fault.h"

#define FILE_BYTES_MAX 65536

/* told - "kind:line" of each fault, blanks between them; "" for none */
static inline const char *
told(const struct faults *faults)
{
	static const char *const kinds[] = {
		[FAULT_SYNTAX] = "syntax",
		[FAULT_UNKNOWN] = "unknown",
		[FAULT_RENAMED] = "renamed",
		[FAULT_NEWER] = "newer",
		[FAULT_VALUE] = "value",
		[FAULT_CONFLICT] = "conflict",
		[FAULT_UNVERIFIED] = "unverified",
		[FAULT_AMBIGUOUS] = "ambiguous",
		[FAULT_IGNORED] = "ignored",
		[FAULT_DUPLICATE] = "duplicate",
		[FAULT_UNSIGNED] = "unsigned",
		[FAULT_REFUSING] = "refusing",
	};
	const char *all = "";

	for (size_t i = 0; i < faults->count; i++)
		all = arena_printf(faults->arena, "%s%s%s:%d", all, i > 0 ? " " : "",
			kinds[faults->items[i].kind], faults->items[i].line);
	return all;
}

/* fatal - whether the daemon would end */
static inline bool
fatal(const struct faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		if (faults->items[i].kind == FAULT_SYNTAX)
			return true;
	return false;
}

/* print_file - PRINT gets the file's text, and gives the exit status; 2: it cannot be read */
static inline int
print_file(const char *path, int (*print)(struct faults *faults, const char *text, size_t len))
{
	struct buffer text = {0};
	struct faults faults;
	struct arena arena;
	int status = 2;

	arena_init(&arena);
	faults_init(&faults, &arena);
	if (file_read(path, FILE_BYTES_MAX, &text, NULL) == 0)
		status = print(&faults, buffer_text(&text), text.len);
	buffer_free(&text);
	arena_free(&arena);
	return status;
}

#endif
