#ifndef SETTINGS_ENV_VALUE_H
#define SETTINGS_ENV_VALUE_H

#include "settings/env_file.h"
#include "settings/interpolate.h"

/* What the parts of the reader of env_file.h share. Private to them. */
struct env_reader {
	struct env_scope *scope;
	const char *file, *at, *end;
	const char *name; /* of the variable whose value is read */
	const char *text; /* of that value, before its variables are replaced */
	int line;
};

/* Adds an env-file-syntax finding at the reader's line; the text itself is not shown. */
void env_reader_refuse(const struct env_reader *reader, const char *why);

/*
 * The value that starts at the reader's place, up to the end of its line or the
 * quote that closes it. Returns 0, or -1 after a finding.
 */
int env_value_read(struct env_reader *reader, struct buffer *value);

#endif
