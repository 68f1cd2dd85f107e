/* table.c - bisection of a sorted text of lines */
#include "language/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "language/builtin.h"

/* Names further away than this are other names, not misspelt ones. */
#define NEAR_MAX 2

static const struct language_builtin *
builtin(const char *table)
{
	for (size_t i = 0; i < language_builtins_count; i++)
		if (strcmp(language_builtins[i].name, table) == 0)
			return &language_builtins[i];
	abort(); /* the tables are part of the binary */
}

/* line_len - of the line at TEXT; every line of a table ends with a line break */
static size_t
line_len(const char *text)
{
	const char *end = strchr(text, '\n');

	return end != NULL ? (size_t)(end - text) : strlen(text);
}

const char *
table_text(const char *table)
{
	const char *text = builtin(table)->data;

	while (*text == '#')
		text += line_len(text) + 1;
	return text;
}

/* compare - NAME with the name that the line at TEXT begins with */
static int
compare(const char *name, const char *text)
{
	while (*name != '\0' && *name == *text) {
		name++;
		text++;
	}
	if (*text == '\t' || *text == '\n')
		return *name != '\0';
	return (unsigned char)*name - (unsigned char)*text;
}

static void
split(struct arena *arena, const char *line, size_t len, struct table_row *row)
{
	char *text = arena_strndup(arena, line, len);

	row->count = 0;
	for (size_t i = 0; i < TABLE_FIELDS_MAX; i++)
		row->fields[i] = "";
	while (row->count < TABLE_FIELDS_MAX) {
		char *tab = strchr(text, '\t');

		row->fields[row->count++] = text;
		if (tab == NULL)
			break;
		*tab = '\0';
		text = tab + 1;
	}
}

bool
table_next(struct arena *arena, const char **at, struct table_row *row)
{
	size_t len = line_len(*at);

	if (len == 0)
		return false;
	split(arena, *at, len, row);
	*at += len + ((*at)[len] == '\n');
	return true;
}

bool
table_find(struct arena *arena, const char *table, const char *name, struct table_row *row)
{
	const struct language_builtin *whole = builtin(table);
	const char *text = table_text(table);
	size_t low = 0, high = whole->len - (size_t)(text - whole->data);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order;

		while (middle > low && text[middle - 1] != '\n')
			middle--;
		order = compare(name, text + middle);
		if (order == 0) {
			split(arena, text + middle, line_len(text + middle), row);
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + line_len(text + middle) + 1;
	}
	return false;
}

const char *
table_nearest(struct arena *arena, const char *table, const char *name,
	bool (*accept)(const struct table_row *row, const void *context), const void *context)
{
	const char *at = table_text(table), *nearest = NULL;
	int best = NEAR_MAX + 1;
	struct table_row row;

	while (table_next(arena, &at, &row)) {
		int distance = text_distance(name, row.fields[0]);

		if (distance < best && (accept == NULL || accept(&row, context))) {
			best = distance;
			nearest = row.fields[0];
		}
	}
	return nearest;
}
