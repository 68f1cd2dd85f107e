#ifndef LANGUAGE_OPENDKIM_H
#define LANGUAGE_OPENDKIM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * The lines of opendkim.conf and the parameters of OpenDKIM 2.11, from
 * tables/opendkim (opendkim.conf(5); opendkim/config.c). A line is a name, blanks
 * and a value, cut at the first # or carriage return; nothing can be quoted, and
 * nothing continues a line. Names are the same in any case. The last line of a
 * name counts.
 */
struct opendkim_reader {
	struct arena *arena; /* not owned */
	const char *text; /* not owned */
	size_t len, at;
	int line;
};

struct opendkim_line {
	int line; /* from 1 */
	const char *name, *value; /* of the arena; VALUE is "" where none stands */
};

void opendkim_reader_init(
	struct opendkim_reader *reader, struct arena *arena, const char *text, size_t len);

/* The next line that holds something; false at the end. A line ends at a NUL. */
bool opendkim_next(struct opendkim_reader *reader, struct opendkim_line *line);

enum opendkim_type {
	OPENDKIM_BOOL = 'b', /* the first letter counts: y, t or 1; n, f or 0 */
	OPENDKIM_INTEGER = 'i', /* as C has it: 010 is 8, 0x10 is 16 */
	OPENDKIM_DATASET = 'd',
	OPENDKIM_CHOICE = 'c', /* one of CHOICES, in any case */
	OPENDKIM_HANDLING = 'h', /* the same, but anything else is passed over */
	OPENDKIM_FILE = 'f',
	OPENDKIM_TEXT = 'x',
	OPENDKIM_CANONICALIZATION = 'C', /* header, or header/body */
	OPENDKIM_MODE = 'M', /* of s and v */
	OPENDKIM_SOCKET = 'S',
	OPENDKIM_MINIMUM = 'N', /* a number, and % or + */
	OPENDKIM_REFUSED = '-', /* this build does not know it: CHOICES says why */
};

struct opendkim_parameter {
	const char *name; /* as the manual spells it */
	enum opendkim_type type;
	const char *choices; /* parted by ":" */
};

/* Finds NAME, in any case. Returns false when there is none. */
bool opendkim_parameter_find(
	struct arena *arena, const char *name, struct opendkim_parameter *parameter);

/* The parameter that a misspelt NAME was meant to be, or NULL. */
const char *opendkim_parameter_nearest(struct arena *arena, const char *name);

/*
 * What is wrong with VALUE, in words that fit behind the name and hold nothing of
 * the value, or NULL.
 */
const char *opendkim_value_mistake(
	struct arena *arena, const struct opendkim_parameter *parameter, const char *value);

/* What a dataset is kept in (opendkim(8), "DATA SETS"). */
enum opendkim_dataset {
	OPENDKIM_DATASET_NONE, /* of no type that this build has: OpenDKIM ends */
	OPENDKIM_DATASET_LIST, /* csl: or no type at all: comma-separated */
	OPENDKIM_DATASET_FILE,
	OPENDKIM_DATASET_PATTERNS, /* refile: a file whose keys are patterns */
	OPENDKIM_DATASET_OTHER, /* db, dsn, ldap, lua: not looked into */
};

/* REST: what stands behind the type: the path of a file, a list's items. */
enum opendkim_dataset opendkim_dataset_of(const char *value, const char **rest);

#endif
