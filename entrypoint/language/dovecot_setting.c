/* dovecot_setting.c - names of Dovecot's settings */
#include "language/dovecot_setting.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "language/table.h"

#define TABLE "dovecot"
#define NEAR_MAX 2
#define NAME_BYTES_MAX 64
#define SHORT_NAME_MAX 4 /* in a name of so few letters two wrong ones make another name */

enum { FIELD_NAME, FIELD_TYPE, FIELD_CHOICES, FIELD_INSTEAD };

/* type_of - from "b", "b3" or "x3k4", and what follows: the letter that holds for this release */
static enum dovecot_type
type_of(const char *field, bool is_2_3)
{
	while (isalpha((unsigned char)*field)) {
		if (!isdigit((unsigned char)field[1]))
			return (enum dovecot_type)field[0];
		if ((field[1] == '3') == is_2_3)
			return (enum dovecot_type)field[0];
		field += 2;
	}
	return DOVECOT_NONE;
}

static void
fill(struct arena *arena, const struct table_row *row, bool is_2_3, struct dovecot_setting *setting)
{
	const char *choices = row->fields[FIELD_CHOICES], *bar = strchr(choices, '|');

	setting->type = type_of(row->fields[FIELD_TYPE], is_2_3);
	setting->other = type_of(row->fields[FIELD_TYPE], !is_2_3);
	setting->instead = row->fields[FIELD_INSTEAD];
	if (bar != NULL)
		choices = is_2_3 ? arena_strndup(arena, choices, (size_t)(bar - choices)) : bar + 1;
	setting->choices = choices;
}

/* find_family - "sieve_*" for "sieve_global_path": the longest that the table has */
static bool
find_family(struct arena *arena, const char *name, struct table_row *row)
{
	char *family;
	size_t len = strlen(name);

	if (len > 100)
		return false;
	family = arena_alloc(arena, len + 2);
	memcpy(family, name, len);
	for (; len > 0; len--) {
		if (name[len - 1] != '_' && name[len - 1] != '/')
			continue;
		family[len] = '*';
		family[len + 1] = '\0';
		if (table_find(arena, TABLE, family, row))
			return true;
	}
	return false;
}

bool
dovecot_setting_find(
	struct arena *arena, const char *name, bool is_2_3, struct dovecot_setting *setting)
{
	struct table_row row;

	memset(setting, 0, sizeof(*setting));
	if (strchr(name, '*') != NULL)
		return false;
	if (!table_find(arena, TABLE, name, &row)) {
		if (!find_family(arena, name, &row))
			return false;
		setting->family = true;
	}
	fill(arena, &row, is_2_3, setting);
	return true;
}

/* distance - how far NAME is from REST of LEN bytes; more than NEAR_MAX: too far */
static int
distance(const char *name, const char *rest, size_t len)
{
	size_t have = strlen(name);
	char other[NAME_BYTES_MAX];
	int steps;

	/* most rows are of other lengths, and comparing letters is slow */
	if (len >= sizeof(other) || (have > len ? have - len : len - have) > NEAR_MAX)
		return NEAR_MAX + 1;
	memcpy(other, rest, len);
	other[len] = '\0';
	if (strpbrk(other, "*/") != NULL)
		return NEAR_MAX + 1;
	steps = text_distance(name, other);
	return have <= SHORT_NAME_MAX && steps > 1 ? NEAR_MAX + 1 : steps;
}

const char *
dovecot_setting_nearest(struct arena *arena, const char *prefix, const char *name, bool is_2_3)
{
	const char *at = table_text(TABLE), *nearest = NULL;
	size_t skip = strlen(prefix), nearest_len = 0;
	int best = NEAR_MAX + 1;

	while (*at != '\0') {
		size_t len = strcspn(at, "\t\n"), row = strcspn(at, "\n");
		int steps = NEAR_MAX + 1;

		if (len > skip && strncmp(at, prefix, skip) == 0)
			steps = distance(name, at + skip, len - skip);
		if (steps < best && type_of(at + len + 1, is_2_3) != DOVECOT_NONE) {
			best = steps;
			nearest = at + skip;
			nearest_len = len - skip;
		}
		at += row + (at[row] == '\n');
	}
	return nearest != NULL ? arena_strndup(arena, nearest, nearest_len) : NULL;
}

const char *
dovecot_setting_before(struct arena *arena, const char *name)
{
	const char *at = table_text(TABLE);
	size_t len = strlen(name);
	struct table_row row;

	while (table_next(arena, &at, &row)) {
		const char *instead = row.fields[FIELD_INSTEAD];

		if (strncmp(instead, name, len) == 0 && strchr(" ,", instead[len]) != NULL &&
			strchr(row.fields[FIELD_NAME], '/') == NULL)
			return row.fields[FIELD_NAME];
	}
	return NULL;
}
