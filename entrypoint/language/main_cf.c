/* main_cf.c - the entries of a main.cf */
#include "language/main_cf.h"

#include <stdlib.h>
#include <string.h>

const char *
main_cf_split(
	const char *text, size_t *name_at, size_t *name_len, size_t *value_at, size_t *value_len)
{
	size_t at = 0, end;

	while (logical_is_space(text[at]))
		at++;
	*name_at = at;
	while (text[at] != '\0' && !logical_is_space(text[at]) && text[at] != '=')
		at++;
	*name_len = at - *name_at;
	if (*name_len == 0)
		return "there is no name in front of the value";
	while (logical_is_space(text[at]))
		at++;
	if (text[at] != '=')
		return "there is no \"=\" behind the name";
	at++;
	while (logical_is_space(text[at]))
		at++;
	*value_at = at;
	end = at + strlen(text + at);
	while (end > at && logical_is_space(text[end - 1]))
		end--;
	*value_len = end - at;
	return NULL;
}

static struct main_cf_entry *
new_entry(struct arena *arena, struct main_cf *main_cf, size_t *room)
{
	if (main_cf->count == *room) {
		size_t more = *room != 0 ? *room * 2 : 32;

		main_cf->entries = arena_grow(arena, main_cf->entries,
			*room * sizeof(*main_cf->entries), more * sizeof(*main_cf->entries));
		*room = more;
	}
	return &main_cf->entries[main_cf->count++];
}

/* cut - NAME_LEN bytes for a message: no more than people can read */
static int
cut(size_t len)
{
	return len < 64 ? (int)len : 64;
}

static void
take_line(struct faults *faults, const struct logical_line *line, struct main_cf *main_cf,
	size_t *room)
{
	size_t name_at, name_len, value_at, value_len;
	struct main_cf_entry *entry;
	const char *wrong;

	wrong = main_cf_split(line->text, &name_at, &name_len, &value_at, &value_len);
	if (wrong != NULL) {
		int row, column;

		logical_place(line, name_at, &row, &column);
		fault_add_at(faults, FAULT_SYNTAX, row, column, "%s%s%.*s%s", wrong,
			name_len > 0 ? " \"" : "", cut(name_len), line->text + name_at,
			name_len > 0 ? "\"" : "");
		return;
	}
	entry = new_entry(faults->arena, main_cf, room);
	entry->name = arena_strndup(faults->arena, line->text + name_at, name_len);
	entry->value = arena_strndup(faults->arena, line->text + value_at, value_len);
	entry->name_at = name_at;
	entry->value_at = value_at;
	entry->line = *line;
}

static int
order(const void *a, const void *b)
{
	const struct main_cf_entry *const *left = a, *const *right = b;
	int names = strcmp((*left)->name, (*right)->name);

	return names != 0 ? names : (*left > *right) - (*left < *right);
}

/* link_names - sorts, and tells of names that stand there twice with different values */
static void
link_names(struct faults *faults, struct main_cf *main_cf)
{
	main_cf->sorted =
		arena_alloc(faults->arena, (main_cf->count + 1) * sizeof(*main_cf->sorted));
	for (size_t i = 0; i < main_cf->count; i++)
		main_cf->sorted[i] = &main_cf->entries[i];
	qsort(main_cf->sorted, main_cf->count, sizeof(*main_cf->sorted), order);
	for (size_t i = 0; i + 1 < main_cf->count; i++) {
		size_t place = (size_t)(main_cf->sorted[i] - main_cf->entries);
		struct main_cf_entry *entry = &main_cf->entries[place];
		const struct main_cf_entry *next = main_cf->sorted[i + 1];

		if (strcmp(entry->name, next->name) != 0)
			continue;
		entry->later = next;
		if (strcmp(entry->value, next->value) != 0)
			fault_add_at(faults, FAULT_DUPLICATE, entry->line.first,
				(int)entry->name_at + 1,
				"%.64s is set here, and set differently in line %d", entry->name,
				next->line.first);
	}
}

void
main_cf_parse(struct faults *faults, const char *text, size_t len, struct main_cf *main_cf)
{
	struct logical_reader reader;
	struct logical_line line;
	size_t room = 0;

	memset(main_cf, 0, sizeof(*main_cf));
	logical_begin(&reader, text, len);
	while (logical_next_entry(faults, &reader, &line))
		take_line(faults, &line, main_cf, &room);
	link_names(faults, main_cf);
}

const struct main_cf_entry *
main_cf_find(const struct main_cf *main_cf, const char *name)
{
	size_t low = 0, high = main_cf->count;

	/* behind the last one that is not greater */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(main_cf->sorted[middle]->name, name) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || strcmp(main_cf->sorted[low - 1]->name, name) != 0)
		return NULL;
	return main_cf->sorted[low - 1];
}

void
main_cf_place(const struct main_cf_entry *entry, size_t at, int *line, int *column)
{
	logical_place(&entry->line, entry->value_at + at, line, column);
}
