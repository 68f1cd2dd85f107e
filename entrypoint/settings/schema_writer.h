#ifndef SETTINGS_SCHEMA_WRITER_H
#define SETTINGS_SCHEMA_WRITER_H

#include <stdbool.h>

#include "base/buffer.h"

/*
 * Writes a JSON object key by key, one a line, for texts of the tables: they hold
 * neither line breaks nor other control characters (RFC 8259 section 7).
 * Zero it but for OUT, which is not owned.
 */
struct writer {
	struct buffer *out;
	unsigned depth;
	bool first; /* of its object: no comma before it */
};

/* Begins an object, as the value of KEY unless that is NULL; ends it. */
void writer_open(struct writer *writer, const char *key);
void writer_close(struct writer *writer);

/* A key, whose value the caller appends; with a text; with a value that is JSON already. */
void writer_key(struct writer *writer, const char *key);
void writer_pair(struct writer *writer, const char *key, const char *text);
void writer_raw(struct writer *writer, const char *key, const char *json);

/* A list of texts: WORDS, parted by blanks or commas, each shorter than SCHEMA_NAME_BYTES. */
void writer_words(struct writer *writer, const char *key, const char *words);

#endif
