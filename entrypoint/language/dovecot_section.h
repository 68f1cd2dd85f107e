#ifndef LANGUAGE_DOVECOT_SECTION_H
#define LANGUAGE_DOVECOT_SECTION_H

#include <stdbool.h>

#include "base/arena.h"
#include "language/dovecot_setting.h"

/*
 * What a name means within a section of dovecot.conf. 2.3 has a tree: a section
 * knows the names of its own alone. 2.4 has one flat set of names; within a section it
 * tries them with the section's name in front first (passdb static { password }
 * is passdb_static_password, or passdb_password, or password), and a section changes
 * any setting for its own scope. All strings are the caller's.
 */
enum dovecot_scope {
	DOVECOT_SCOPE_ALL, /* the file itself, protocol x { and the like */
	DOVECOT_SCOPE_OWN, /* names of the section's own; in 2.4 all others too */
	DOVECOT_SCOPE_LIST, /* any name at all */
	DOVECOT_SCOPE_NAMES, /* any name, and yes or no */
	DOVECOT_SCOPE_UNKNOWN, /* it is not known what may stand here */
};

struct dovecot_section {
	enum dovecot_scope scope;
	int line;
	const char *kind; /* "passdb"; in 2.3 the path of kinds, "service/inet_listener" */
	const char *name; /* what stands behind it, "" for nothing */
};

/* Finds the setting that NAME is in SECTION. Returns false when it is none there. */
bool dovecot_section_find(struct arena *arena, const struct dovecot_section *section, bool is_2_3,
	const char *name, struct dovecot_setting *setting);

/* The same for the other release; SETTING is as this release has it. */
bool dovecot_section_find_other(struct arena *arena, const struct dovecot_section *section,
	bool is_2_3, const char *name, struct dovecot_setting *setting);

/* The setting that a misspelt NAME in SECTION was meant to be, or NULL. */
const char *dovecot_section_nearest(
	struct arena *arena, const struct dovecot_section *section, bool is_2_3, const char *name);

/* The KIND of the section that begins with NAME within SECTION. */
const char *dovecot_section_kind(
	struct arena *arena, const struct dovecot_section *section, bool is_2_3, const char *name);

#endif
