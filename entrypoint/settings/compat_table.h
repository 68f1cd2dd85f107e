#ifndef SETTINGS_COMPAT_TABLE_H
#define SETTINGS_COMPAT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

/*
 * The variables of other mail images, and what each becomes: one text table, from
 * which come the reader of the environment, `explain` and docs/variables.md.
 *
 * Names and meanings are those of the images' own documentation and start scripts.
 * A row belongs to the images that its letters stand for; the first letter is the
 * one whose users are told about it.
 */
enum compat_act {
	COMPAT_SET, /* its value becomes TARGET as it is */
	COMPAT_WORD, /* TARGET is "path value=new value=new"; see compat_word */
	COMPAT_OWN, /* code of its own (compat_own.c); WORDS says what it does */
	COMPAT_SCOPE, /* known, and no work of these daemons: a note */
	COMPAT_HAND, /* what it asks for must be said in another way: a warning */
	COMPAT_QUIET, /* known, and nothing need be said */
};

struct compat_row {
	const char
		*names; /* blank-separated; one that ends in * stands for all with that beginning */
	const char *peers; /* letters, see compat_peer */
	bool weak; /* too common a name: counts only beside another variable of that image */
	enum compat_act act;
	/* a path of the schema, or one below postfix.main, dovecot.settings; of SCOPE and
	 * HAND: the values that ask for nothing */
	const char *target;
	const char *words; /* for people; no full stop at its end */
};

/* Goes through the table: *AT begins as NULL. Strings belong to ARENA. False at the end. */
bool compat_row_next(struct arena *arena, const char **at, struct compat_row *row);

/* Finds the row of a variable, its _FILE forms not counted; an exact name before a beginning. */
bool compat_row_find(struct arena *arena, const char *name, struct compat_row *row);

/* Whether the table has NAME, or has it with _FILE or __FILE behind it. Needs no memory. */
bool compat_is_known(const char *name);

/*
 * What VALUE becomes by a WORD row's TARGET; *PATH is the setting. A star on the
 * right is VALUE itself, one on the left any other value. "" asks for nothing;
 * NULL: the row has no word for it.
 */
const char *compat_word(struct arena *arena, const char *target, const char *value, char **path);

/* The image that a letter stands for, or NULL. */
const char *compat_peer(char letter);

/* What a row becomes, in Markdown: "`relay.host`", or its words. */
void compat_print_becomes(struct buffer *buffer, const struct compat_row *row);

/* docs/variables.md, whole. */
void compat_print_table(struct buffer *buffer);

#endif
