/*
 * postfix_sources.c - text tables of the user's own: texthash, regexp, pcre, cidr
 *
 * Of the types that postmap compiles Postfix notices a change by itself.
 */
#include "daemon/postfix.h"

#include <string.h>

#include "base/text.h"

/* type_ends_at - whether one of the types stands before the colon AT, as a word of its own */
static bool
type_ends_at(const char *text, const char *at)
{
	static const char *const types[] = {"texthash", "regexp", "pcre", "cidr"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t len = strlen(types[i]);

		if ((size_t)(at - text) >= len && strncmp(at - len, types[i], len) == 0 &&
			((size_t)(at - text) == len || strchr(" \t\n,=:{", at[-1 - (long)len])))
			return true;
	}
	return false;
}

static void
add(struct plan *plan, const char *path)
{
	if (text_starts(path, PLAN_RUN_DIRECTORY "/"))
		return;
	for (size_t i = 0; i < plan->text_table_count; i++)
		if (strcmp(plan->text_tables[i], path) == 0)
			return;
	if (plan->text_table_count == plan->text_table_room) {
		size_t room = plan->text_table_room == 0 ? 8 : plan->text_table_room * 2;

		plan->text_tables = arena_grow(plan->arena, plan->text_tables,
			plan->text_table_room * sizeof(*plan->text_tables),
			room * sizeof(*plan->text_tables));
		plan->text_table_room = room;
	}
	plan->text_tables[plan->text_table_count++] = path;
	watches_add(plan->watches, plan_path(plan, path));
}

void
postfix_add_sources(struct plan *plan, const struct plan_file *file)
{
	const char *text = buffer_text(&file->content);

	for (const char *at = strstr(text, ":/"); at != NULL; at = strstr(at + 1, ":/"))
		if (type_ends_at(text, at))
			add(plan, arena_strndup(plan->arena, at + 1, strcspn(at + 1, " \t\n,}\"")));
}
