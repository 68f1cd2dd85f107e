/* dovecot_file.c - names and values of a dovecot.conf, in their sections */
#include "language/dovecot_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "language/dovecot.h"
#include "language/dovecot_section.h"
#include "language/dovecot_setting.h"
#include "language/dovecot_value.h"

#define DEPTH_MAX 32

struct check {
	struct arena *arena;
	struct faults *faults;
	const struct dovecot_line *line;
	const char *version;
	bool is_2_3;
	struct dovecot_section sections[DEPTH_MAX];
	size_t depth; /* of SECTIONS in use; at least one, the file */
	size_t beyond; /* sections deeper than DEPTH_MAX */
	bool version_seen, version_missed, storage_seen, includes;
};

static struct dovecot_section *
inner(struct check *check)
{
	return &check->sections[check->depth - 1];
}

/* tell - adds a fault of the line at hand */
#define tell(check, kind, ...) \
	fault_add((check)->faults, kind, (check)->line->line, (check)->line->last, NULL, \
		__VA_ARGS__)

/* newer - a name of 2.4 in a file for 2.3 */
static void
newer(struct check *check, const char *name, const char *what, bool family)
{
	const char *before = dovecot_setting_before(check->arena, name);

	if (before != NULL)
		before = arena_printf(check->arena, "in 2.3 it is %s", before);
	else if (family)
		before = "in 2.3 plugins have their settings in plugin { }";
	else
		before = "2.3 has none of that name";
	tell(check, FAULT_NEWER, "%s is a %s of Dovecot 2.4; %s", name, what, before);
}

/* unknown - tells why NAME is no setting here; WHAT is "setting" or "section" */
static void
unknown(struct check *check, const char *name, const char *what)
{
	const struct dovecot_section *section = inner(check);
	const char *here = check->is_2_3 ? "2.3" : "2.4", *near;
	struct dovecot_setting other;

	if (check->faults->count == FAULTS_MAX)
		return;
	if (dovecot_section_find_other(check->arena, section, check->is_2_3, name, &other)) {
		if (check->is_2_3)
			newer(check, name, what, other.family);
		else if (other.instead[0] != '\0')
			tell(check, FAULT_RENAMED,
				"%s is a %s of Dovecot 2.3; 2.4 has in its place: %s", name, what,
				other.instead);
		else
			tell(check, FAULT_RENAMED,
				"%s is a %s of Dovecot 2.3; 2.4 has none of that name", name, what);
		return;
	}
	near = dovecot_section_nearest(check->arena, section, check->is_2_3, name);
	if (near != NULL)
		tell(check, FAULT_UNKNOWN, "%s is no %s of Dovecot %s; did you mean %s?", name,
			what, here, near);
	else if (section->scope == DOVECOT_SCOPE_OWN && check->is_2_3)
		/* no plugin adds to the sections of 2.3 */
		tell(check, FAULT_UNKNOWN, "%s is no %s of Dovecot 2.3 within %s { }", name, what,
			section->kind);
	else
		tell(check, FAULT_UNVERIFIED,
			"%s is no %s of Dovecot %s itself; is it a plugin's, and is that there?",
			name, what, here);
}

/* check_in_list - a name of a list, which may be any, and its value */
static void
check_in_list(struct check *check, enum dovecot_scope scope)
{
	static const struct dovecot_setting yes_or_no = {.type = DOVECOT_BOOL};
	static const struct dovecot_setting anything = {.type = DOVECOT_TEXT};

	dovecot_value_check(check->faults, check->line, check->is_2_3,
		scope == DOVECOT_SCOPE_NAMES ? &yes_or_no : &anything, check->line->name);
}

static void
check_setting(struct check *check, const char *name)
{
	struct dovecot_setting setting;

	if (!dovecot_section_find(check->arena, inner(check), check->is_2_3, name, &setting))
		unknown(check, name, "setting");
	else
		dovecot_value_check(check->faults, check->line, check->is_2_3, &setting, name);
}

/* check_path - list/name = value, or section/name/setting = value: what a raw setting can say */
static void
check_path(struct check *check)
{
	const char *name = check->line->name, *slash = strchr(name, '/');
	const char *first = arena_strndup(check->arena, name, (size_t)(slash - name));
	struct dovecot_setting setting;
	struct dovecot_section *section;

	if (!dovecot_section_find(check->arena, inner(check), check->is_2_3, first, &setting)) {
		unknown(check, first, "section");
		return;
	}
	if (setting.type == DOVECOT_LIST || setting.type == DOVECOT_NAMES) {
		check_in_list(check,
			setting.type == DOVECOT_NAMES ? DOVECOT_SCOPE_NAMES : DOVECOT_SCOPE_LIST);
		return;
	}
	if (setting.type != DOVECOT_FILTER && setting.type != DOVECOT_FILTERS) {
		tell(check, FAULT_SYNTAX, "%s is no section, but %s stands in it", first,
			slash + 1);
		return;
	}
	if (check->is_2_3 || check->depth == DEPTH_MAX)
		return; /* 2.3 knows its sections by numbers in such a path */
	section = &check->sections[check->depth];
	*section = (struct dovecot_section){.scope = DOVECOT_SCOPE_OWN, .kind = first, .name = ""};
	name = slash + 1;
	if (setting.type == DOVECOT_FILTERS && (slash = strchr(name, '/')) != NULL) {
		section->name = arena_strndup(check->arena, name, (size_t)(slash - name));
		name = slash + 1;
	}
	if (strchr(name, '/') != NULL)
		return; /* sections within sections: rare, and Dovecot says enough */
	check->depth++;
	check_setting(check, name);
	check->depth--;
}

/* check_version - dovecot_config_version, which has to be the first of all in 2.4 */
static void
check_version(struct check *check)
{
	const char *value = check->line->value;
	const char *patch = text_starts(value, "2.4.") ? value + 4 : "";
	size_t digits = strspn(patch, "0123456789");
	bool is_2_4 = digits > 0 && digits < 4 && patch[digits] == '\0';

	check->version_seen = true;
	if (check->line->type != DOVECOT_VALUE || !is_2_4)
		fault_add(check->faults, FAULT_VALUE, check->line->line, check->line->last, value,
			"dovecot_config_version is no version of the 2.4 series");
	else if (!dovecot_version_at_least(check->version, 2, 4, (int)strtol(patch, NULL, 10)))
		/* Debian's 2.4.1 knows some later ones */
		fault_add(check->faults, FAULT_UNVERIFIED, check->line->line, check->line->last,
			value, "dovecot_config_version is newer than this Dovecot, %s",
			check->version);
}

static void
check_line(struct check *check)
{
	const char *name = check->line->name;
	enum dovecot_scope scope = inner(check)->scope;

	if (strcmp(name, "dovecot_config_version") == 0 && scope == DOVECOT_SCOPE_ALL) {
		if (check->is_2_3)
			newer(check, name, "setting", false);
		else
			check_version(check);
		return;
	}
	if (strcmp(name, "dovecot_storage_version") == 0)
		check->storage_seen = true;
	if (scope == DOVECOT_SCOPE_UNKNOWN || (!check->is_2_3 && name[0] == '@'))
		return;
	if (scope == DOVECOT_SCOPE_LIST || scope == DOVECOT_SCOPE_NAMES)
		check_in_list(check, scope);
	else if (name[0] == '\0')
		tell(check, FAULT_SYNTAX, "a setting without a name");
	else if (strchr(name, '/') != NULL && name[0] != '/')
		check_path(check);
	else
		check_setting(check, name);
}

/* is_condition - protocol x { and its like: the same settings, under a condition */
static bool
is_condition(const char *name)
{
	return strcmp(name, "protocol") == 0 || strcmp(name, "local") == 0 ||
		strcmp(name, "remote") == 0 || strcmp(name, "local_name") == 0;
}

/* scope_of - what may stand in the section that the line begins; tells what is wrong with it */
static enum dovecot_scope
scope_of(struct check *check, const char **kind)
{
	const struct dovecot_line *line = check->line;
	struct dovecot_setting setting;

	*kind = line->name;
	if (inner(check)->scope == DOVECOT_SCOPE_UNKNOWN)
		return DOVECOT_SCOPE_UNKNOWN;
	if (line->type == DOVECOT_GROUP || is_condition(line->name))
		return DOVECOT_SCOPE_ALL;
	if (!dovecot_section_find(
		    check->arena, inner(check), check->is_2_3, line->name, &setting)) {
		unknown(check, line->name, "section");
		return DOVECOT_SCOPE_UNKNOWN;
	}
	*kind = dovecot_section_kind(check->arena, inner(check), check->is_2_3, line->name);
	switch (setting.type) {
	case DOVECOT_LIST:
		return DOVECOT_SCOPE_LIST;
	case DOVECOT_NAMES:
		return DOVECOT_SCOPE_NAMES;
	case DOVECOT_FILTER:
		if (line->value[0] != '\0')
			tell(check, FAULT_SYNTAX, "%s { takes no name", line->name);
		return DOVECOT_SCOPE_OWN;
	case DOVECOT_FILTERS:
		/* in 2.3 a section without a name is numbered */
		if (line->value[0] == '\0' && !line->quoted && !check->is_2_3)
			tell(check, FAULT_SYNTAX, "%s { lacks a name, as in %s NAME {", line->name,
				line->name);
		return DOVECOT_SCOPE_OWN;
	default:
		/* 2.4 minds what stands in it, and not before */
		if (!setting.family)
			tell(check, check->is_2_3 ? FAULT_SYNTAX : FAULT_AMBIGUOUS,
				"%s is no section: it takes a value, %s = …", line->name,
				line->name);
		return DOVECOT_SCOPE_UNKNOWN;
	}
}

static void
enter(struct check *check)
{
	struct dovecot_section section = {.line = check->line->line, .name = check->line->value};

	section.scope = scope_of(check, &section.kind);
	if (check->depth == DEPTH_MAX) {
		if (check->beyond++ == 0)
			tell(check, FAULT_AMBIGUOUS,
				"more than %d sections within each other: the rest is not looked "
				"at",
				DEPTH_MAX - 1);
		return;
	}
	check->sections[check->depth++] = section;
}

static void
leave(struct check *check)
{
	if (check->beyond > 0)
		check->beyond--;
	else if (check->depth > 1)
		check->depth--;
	else
		tell(check, FAULT_SYNTAX, "} closes nothing: no section is open");
}

static void
look_at(struct check *check)
{
	const struct dovecot_line *line = check->line;

	if (line->type == DOVECOT_DROPPED) {
		tell(check, FAULT_AMBIGUOUS,
			"this comes to nothing: an empty line, a comment or the end of the file "
			"follows the \\");
		return;
	}
	if (!check->is_2_3 && !check->version_seen && !check->version_missed &&
		line->type != DOVECOT_ERROR && strcmp(line->name, "dovecot_config_version") != 0) {
		check->version_missed = true;
		tell(check, FAULT_SYNTAX,
			"the first setting of the file must be dovecot_config_version");
	}
	if (line->hash)
		tell(check, FAULT_AMBIGUOUS,
			"a # in the middle of a word begins a comment; a value with # needs "
			"quotes");
	if (line->type == DOVECOT_END)
		leave(check);
	else if (line->type == DOVECOT_ERROR)
		tell(check, FAULT_SYNTAX, "%s", line->value);
	else if (line->type == DOVECOT_SECTION || line->type == DOVECOT_GROUP)
		enter(check);
	else if (line->type == DOVECOT_INCLUDE)
		check->includes = true;
	else if (check->beyond == 0)
		check_line(check);
}

static void
look_at_whole(struct check *check)
{
	if (check->depth > 1)
		fault_add(check->faults, FAULT_SYNTAX, inner(check)->line, inner(check)->line, NULL,
			"this section has no end: a } is missing");
	if (!check->is_2_3 && !check->storage_seen && !check->includes)
		fault_add(check->faults, FAULT_SYNTAX, 0, 0, NULL,
			"dovecot_storage_version is not set");
}

void
dovecot_file_check(struct faults *faults, const char *version, const char *text, size_t len)
{
	struct check check = {
		.arena = faults->arena, .faults = faults, .version = version, .depth = 1};
	struct dovecot_reader reader;
	struct dovecot_line line;

	check.sections[0] =
		(struct dovecot_section){.scope = DOVECOT_SCOPE_ALL, .kind = "", .name = ""};
	dovecot_reader_init(&reader, check.arena, version, text, len);
	check.is_2_3 = reader.is_2_3;
	while (dovecot_next(&reader, &line)) {
		check.line = &line;
		look_at(&check);
	}
	look_at_whole(&check);
}
