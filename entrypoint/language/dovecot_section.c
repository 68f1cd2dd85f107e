/* dovecot_section.c - what a name means within a section */
#include "language/dovecot_section.h"

#include <string.h>

/* find_own - NAME with PREFIX in front, as 2.4 tries it */
static bool
find_own(struct arena *arena, const char *prefix, const char *name, struct dovecot_setting *setting)
{
	const char *full = arena_printf(arena, "%s_%s", prefix, name);

	/* as config_key_can_autoprefix has it */
	return dovecot_setting_find(arena, full, false, setting) && setting->type != DOVECOT_NONE &&
		setting->type != DOVECOT_FILTER && !setting->family;
}

/* find_family - when no setting of that name is known, perhaps its family is */
static bool
find_family(struct arena *arena, const struct dovecot_section *section, const char *name,
	struct dovecot_setting *setting)
{
	if (section->scope == DOVECOT_SCOPE_OWN &&
		dovecot_setting_find(
			arena, arena_printf(arena, "%s_%s", section->kind, name), false, setting) &&
		setting->type != DOVECOT_NONE)
		return true;
	return dovecot_setting_find(arena, name, false, setting) && setting->type != DOVECOT_NONE;
}

/* find_2_4 - as config_apply_line_full does */
static bool
find_2_4(struct arena *arena, const struct dovecot_section *section, const char *name,
	struct dovecot_setting *setting)
{
	if (section->scope == DOVECOT_SCOPE_OWN) {
		const char *full = arena_printf(arena, "%s_%s", section->kind, section->name);

		if (section->name[0] != '\0' && find_own(arena, full, name, setting))
			return true;
		if (find_own(arena, section->kind, name, setting))
			return true;
	}
	if (dovecot_setting_find(arena, name, false, setting) && setting->type != DOVECOT_NONE &&
		!setting->family)
		return true;
	return find_family(arena, section, name, setting);
}

bool
dovecot_section_find(struct arena *arena, const struct dovecot_section *section, bool is_2_3,
	const char *name, struct dovecot_setting *setting)
{
	memset(setting, 0, sizeof(*setting));
	if (!is_2_3)
		return find_2_4(arena, section, name, setting);
	if (section->scope == DOVECOT_SCOPE_OWN)
		name = arena_printf(arena, "%s/%s", section->kind, name);
	return dovecot_setting_find(arena, name, true, setting) && setting->type != DOVECOT_NONE;
}

bool
dovecot_section_find_other(struct arena *arena, const struct dovecot_section *section, bool is_2_3,
	const char *name, struct dovecot_setting *setting)
{
	if (section->scope == DOVECOT_SCOPE_OWN) {
		const char *full =
			arena_printf(arena, "%s%c%s", section->kind, is_2_3 ? '_' : '/', name);

		if (dovecot_setting_find(arena, full, is_2_3, setting) &&
			setting->other != DOVECOT_NONE)
			return true;
		/* 2.4 takes any name within a section; in 2.3 its own names are elsewhere */
		if (is_2_3)
			return dovecot_setting_find(arena, name, true, setting) &&
				setting->type == DOVECOT_NONE;
	}
	return dovecot_setting_find(arena, name, is_2_3, setting) && setting->other != DOVECOT_NONE;
}

const char *
dovecot_section_nearest(
	struct arena *arena, const struct dovecot_section *section, bool is_2_3, const char *name)
{
	if (section->scope == DOVECOT_SCOPE_OWN) {
		const char *prefix = arena_printf(arena, "%s%c", section->kind, is_2_3 ? '/' : '_');
		const char *near = dovecot_setting_nearest(arena, prefix, name, is_2_3);

		if (near != NULL || is_2_3)
			return near;
	}
	return dovecot_setting_nearest(arena, "", name, is_2_3);
}

const char *
dovecot_section_kind(
	struct arena *arena, const struct dovecot_section *section, bool is_2_3, const char *name)
{
	struct dovecot_setting setting;

	if (section->scope != DOVECOT_SCOPE_OWN)
		return name;
	if (is_2_3)
		return arena_printf(arena, "%s/%s", section->kind, name);
	if (find_own(arena, section->kind, name, &setting))
		return arena_printf(arena, "%s_%s", section->kind, name);
	return name;
}
