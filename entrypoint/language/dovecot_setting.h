#ifndef LANGUAGE_DOVECOT_SETTING_H
#define LANGUAGE_DOVECOT_SETTING_H

#include <stdbool.h>

#include "base/arena.h"

/*
 * The settings of Dovecot 2.3 and 2.4, from tables/dovecot: which release has a
 * name, of which type it is, and what 2.4 has in place of one of 2.3. Names of 2.3
 * within sections are SECTION/NAME; 2.4 has one name for each, SECTION_NAME.
 */
enum dovecot_type {
	DOVECOT_NONE = 0, /* this release has no such setting */
	DOVECOT_BOOL = 'b', /* yes, y, 1 or no */
	DOVECOT_UNSIGNED = 'u',
	DOVECOT_OCTAL = 'o', /* a mode: octal when it begins with 0 */
	DOVECOT_TIME = 't', /* a number and a unit; only 0 may be without one */
	DOVECOT_TIME_MS = 'm', /* the same, down to milliseconds */
	DOVECOT_SIZE = 's', /* a number and B, K, M, G or T */
	DOVECOT_PORT = 'p',
	DOVECOT_CHOICE = 'e', /* one of CHOICES, in that spelling */
	DOVECOT_FILE = 'f', /* a path: Dovecot reads the file itself */
	DOVECOT_TEXT = 'x',
	DOVECOT_LIST = 'l', /* a section of name = value, where any name goes */
	DOVECOT_NAMES = 'k', /* names, parted by blanks or commas; or a section of name = yes */
	DOVECOT_FILTER = 'F', /* a section without a name of its own */
	DOVECOT_FILTERS = 'A', /* a section with one */
};

struct dovecot_setting {
	enum dovecot_type type;
	enum dovecot_type other; /* of the other release */
	const char *choices; /* parted by ":" */
	const char *instead; /* what 2.4 has in place of it, "" if nothing is known */
	bool family; /* a whole family of names is known, but not this one */
};

/* Finds NAME among the settings of 2.3 (IS_2_3) or 2.4. Returns false when neither has it. */
bool dovecot_setting_find(
	struct arena *arena, const char *name, bool is_2_3, struct dovecot_setting *setting);

/*
 * What is wrong with VALUE, in words that fit behind the name and hold nothing of the
 * value, or NULL. What Dovecot expands later (%{…}) is not looked at.
 * src/config/config-parser.c, settings_value_check; src/lib/str-parse.c.
 */
const char *dovecot_value_mistake(
	struct arena *arena, const struct dovecot_setting *setting, bool is_2_3, const char *value);

/*
 * The setting that a misspelt NAME was meant to be, or NULL. PREFIX is what
 * stands before the names of the section that it is in ("" or "passdb_"; "passdb/" in
 * 2.3); the result is without it.
 */
const char *
dovecot_setting_nearest(struct arena *arena, const char *prefix, const char *name, bool is_2_3);

/* The setting of 2.3 which NAME of 2.4 took the place of, or NULL. */
const char *dovecot_setting_before(struct arena *arena, const char *name);

#endif
