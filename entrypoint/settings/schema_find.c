/* schema_find.c - looking things up in the table of settings */
#include "settings/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

const struct schema_row *
schema_find(const char *path)
{
	for (size_t i = 0; i < schema_count; i++)
		if (strcmp(schema_rows[i].path, path) == 0)
			return &schema_rows[i];
	return NULL;
}

bool
schema_has_variable(const struct schema_row *row)
{
	return (row->flags & (SCHEMA_FIELD | SCHEMA_NO_VARIABLE)) == 0;
}

char *
schema_variable(const struct schema_row *row, char *text, size_t size)
{
	const char *path = row->path;

	if (strcmp(path, "mailboxes.list") == 0)
		path = "mailboxes";
	snprintf(text, size, "MAIL_%s", path);
	for (char *c = text; *c != '\0'; c++) {
		if (*c == '.')
			*c = '_';
		else if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	}
	return text;
}

char *
schema_file_variable(const struct schema_row *row, char *text, size_t size)
{
	size_t len = strlen(schema_variable(row, text, size));

	snprintf(text + len, size - len, "_FILE");
	if (schema_find_variable(text) != NULL)
		snprintf(text + len, size - len, "__FILE");
	return text;
}

const struct schema_row *
schema_find_variable(const char *name)
{
	char variable[SCHEMA_NAME_BYTES];

	for (size_t i = 0; i < schema_count; i++)
		if ((schema_rows[i].flags & SCHEMA_FIELD) == 0 &&
			strcmp(schema_variable(&schema_rows[i], variable, sizeof(variable)),
				name) == 0)
			return &schema_rows[i];
	return NULL;
}

/* is_below - whether ROW is a setting, not a field, somewhere below PATH ("" is the top) */
static const char *
is_below(const struct schema_row *row, const char *path)
{
	size_t len = strlen(path);

	if (len == 0)
		return row->path;
	if (strncmp(row->path, path, len) != 0 || row->path[len] != '.')
		return NULL;
	return row->path + len + 1;
}

bool
schema_is_group(const char *path)
{
	for (size_t i = 0; i < schema_count; i++)
		if ((schema_rows[i].flags & SCHEMA_FIELD) == 0 &&
			is_below(&schema_rows[i], path) != NULL)
			return true;
	return false;
}

size_t
schema_keys_below(const char *path, char (*names)[SCHEMA_NAME_BYTES], const char **keys, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < schema_count && count < max; i++) {
		const char *rest = is_below(&schema_rows[i], path);
		size_t len;

		if (rest == NULL)
			continue;
		len = strcspn(rest, ".");
		/* rows of one group stand together, but for postfix.chroot and its like */
		for (size_t j = 0; j < count; j++)
			if (strlen(keys[j]) == len && strncmp(keys[j], rest, len) == 0)
				len = 0;
		if (len == 0 || len >= SCHEMA_NAME_BYTES)
			continue;
		memcpy(names[count], rest, len);
		names[count][len] = '\0';
		keys[count] = names[count];
		count++;
	}
	return count;
}

/* field_name - the name of ROW as a field of RECORDS, or NULL when it is none */
static const char *
field_name(const struct schema_row *row, const struct schema_row *records)
{
	const char *rest = is_below(row, records->path);
	const char *dot = rest != NULL ? strchr(rest, '.') : NULL;

	return dot != NULL && (row->flags & SCHEMA_FIELD) != 0 ? dot + 1 : NULL;
}

const struct schema_row *
schema_find_field(const struct schema_row *records, const char *key)
{
	/* fields follow their records in the table */
	for (const struct schema_row *row = records + 1; row < schema_rows + schema_count; row++) {
		const char *name = field_name(row, records);

		if (name == NULL)
			return NULL;
		if (strcmp(name, key) == 0)
			return row;
	}
	return NULL;
}

size_t
schema_fields(const struct schema_row *records, const char **keys, size_t max)
{
	size_t count = 0;

	for (const struct schema_row *row = records + 1; row < schema_rows + schema_count; row++) {
		const char *name = field_name(row, records);

		if (name == NULL || count == max)
			break;
		keys[count++] = name;
	}
	return count;
}
