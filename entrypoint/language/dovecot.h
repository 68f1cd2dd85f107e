#ifndef LANGUAGE_DOVECOT_H
#define LANGUAGE_DOVECOT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

/*
 * The lines of a dovecot.conf, read as Dovecot reads them
 * (src/config/config-parser.c of 2.3.19 and 2.4.1): a "#" outside of quotes
 * begins a comment, in the middle of a word as well; quotes that go around the
 * whole value are taken off; a "\" at the end of a line joins the next one to it with
 * one blank, but when that is empty or a comment, what was joined is dropped;
 * "<path" is the content of a file, a "$" outside of quotes a reference.
 *
 * Names and values are the reader's arena's. A line ends at a NUL, as it does
 * for Dovecot. Files that !include names are not opened.
 */
enum dovecot_line_type {
	DOVECOT_VALUE, /* name = value */
	DOVECOT_VALUE_FILE, /* name = <path: VALUE is the path */
	DOVECOT_VALUE_REFERENCE, /* name = value with a $ in it */
	DOVECOT_VALUE_HERE, /* name = <<MARK, and lines up to MARK: 2.4.5 and later */
	DOVECOT_SECTION, /* name value { */
	DOVECOT_GROUP, /* group @name value { */
	DOVECOT_END, /* } */
	DOVECOT_INCLUDE, /* !include or !include_try */
	DOVECOT_DROPPED, /* a continued line that comes to nothing */
	DOVECOT_ERROR, /* VALUE says what is wrong */
};

struct dovecot_line {
	enum dovecot_line_type type;
	int line, last; /* from 1: the first and the last line of the file that it took */
	const char *name, *value; /* never NULL */
	bool quoted; /* the value, or the section's name, was in quotes */
	bool hash; /* a comment was cut off in the middle of a word */
};

struct dovecot_reader {
	struct arena *arena; /* not owned */
	const char *text; /* not owned */
	size_t len, at;
	int line;
	bool is_2_3; /* else 2.4 or later */
	bool here; /* "<<" begins lines of text */
	int joined_line; /* 0: nothing was joined yet */
	bool joined_hash;
	struct buffer joined;
};

/*
 * VERSION: that of the Dovecot which will read it, "2.4.1". TEXT of LEN bytes
 * must outlive the reader.
 */
void dovecot_reader_init(struct dovecot_reader *reader, struct arena *arena, const char *version,
	const char *text, size_t len);

/* The next line that means something; false at the end, when the reader's memory is freed too. */
bool dovecot_next(struct dovecot_reader *reader, struct dovecot_line *line);

/* Whether the Dovecot of VERSION is not older than MAJOR.MINOR.PATCH. */
bool dovecot_version_at_least(const char *version, int major, int minor, int patch);

#endif
