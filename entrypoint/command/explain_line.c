/* explain_line.c - lines of rendered files: what they are made of; Dovecot's and OpenDKIM's */
#include "command/explain.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "language/dovecot.h"

/* came_from - whether a setting's value came from there: it, or an item of it */
static bool
came_from(const struct node *node, const struct origin *origin)
{
	if (node == NULL)
		return false;
	if (origin_same(&node->origin, origin))
		return true;
	for (size_t i = 0; node->type == NODE_LIST && i < node->count; i++)
		if (origin_same(&node->items[i]->origin, origin))
			return true;
	return false;
}

/* setting_from - the one row whose value came from there; NULL when there is none, or several */
static const struct schema_row *
setting_from(const struct explain *explain, const struct origin *origin)
{
	const struct schema_row *found = NULL;

	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		if ((row->flags & SCHEMA_FIELD) != 0 ||
			!came_from(node_at(explain->plan->settings, row->path), origin))
			continue;
		if (found != NULL)
			return NULL;
		found = row;
	}
	return found;
}

static void
put_origin(struct explain *explain, const struct origin *origin)
{
	const struct schema_row *row = setting_from(explain, origin);
	struct arena *arena = explain->plan->arena;
	char variable[SCHEMA_NAME_BYTES], text[512];

	if (origin->kind == ORIGIN_DEFAULT && row == NULL)
		return; /* the template, or what the roles ask for */
	explain_word(explain, "from", origin_text(origin, text, sizeof(text)));
	if (row == NULL || (row->flags & SCHEMA_NO_VARIABLE) != 0)
		return;
	explain_word(explain, "setting", row->path);
	explain_word(explain, "change",
		arena_printf(arena, "set %s, or %s in mailinit.yaml",
			schema_variable(row, variable, sizeof(variable)), row->path));
}

void
explain_made_of(struct explain *explain, const struct plan_file *file, int first, int last)
{
	struct arena *arena = explain->plan->arena;
	const struct plan_line *from = NULL;
	char text[512];

	explain_text(explain, "file",
		arena_printf(arena, "%s:%d", plan_shown_path(explain->plan, file), first));
	for (int i = first; i <= last; i++) {
		const struct plan_line *line = plan_line_at(file, i);

		if (line == NULL)
			continue;
		if (line->template_file != NULL) {
			from = from != NULL ? from : line;
			explain_text(explain, "template",
				from->template_line == line->template_line
					? arena_printf(arena, "%s:%d", from->template_file,
						  from->template_line)
					: arena_printf(arena, "%s:%d-%d", from->template_file,
						  from->template_line, line->template_line));
		}
		for (size_t j = 0; j < line->origin_count; j++)
			put_origin(explain, &line->origins[j]);
		for (size_t j = 0; j < line->overrode_count; j++)
			explain_word(explain, "lost",
				origin_text(&line->overrode[j], text, sizeof(text)));
	}
}

static bool
explain_dovecot(struct explain *explain, const char *name)
{
	const struct plan_file *file = plan_find_file(explain->plan, "dovecot/dovecot.conf");
	struct arena *arena = explain->plan->arena;
	struct dovecot_line line, found = {.line = 0};
	struct dovecot_reader reader;
	int depth = 0;

	if (file == NULL)
		return false;
	dovecot_reader_init(&reader, arena, explain->plan->target.dovecot_version,
		buffer_text(&file->content), file->content.len);
	while (dovecot_next(&reader, &line)) {
		depth += line.type == DOVECOT_SECTION || line.type == DOVECOT_GROUP;
		depth -= line.type == DOVECOT_END;
		/* within sections a name means something else; of two the later one counts */
		if (depth == 0 && line.type <= DOVECOT_VALUE_HERE && strcmp(line.name, name) == 0)
			found = line;
	}
	if (found.line == 0)
		return false;
	explain_begin(explain, name, "setting of Dovecot");
	node_set(arena, explain->facts, "value",
		explain_value(explain,
			plan_is_secret(file, found.line, found.last) ? NULL : found.value, NULL));
	explain_made_of(explain, file, found.line, found.last);
	explain_text(explain, "documentation",
		arena_printf(
			arena, "the manual of Dovecot %s", explain->plan->target.dovecot_version));
	explain_word(explain, "change",
		arena_printf(arena,
			"DOVECOT_%s=…, or dovecot.settings.%s in mailinit.yaml, wins over all else",
			name, name));
	return true;
}

/* find_opendkim - "Name value" in any case: the number of its line, and the value; or 0 */
static int
find_opendkim(
	struct explain *explain, const struct plan_file *file, const char *name, const char **value)
{
	const char *at = buffer_text(&file->content);
	size_t len = strlen(name);
	int found = 0;

	for (int number = 1; *at != '\0'; number++) {
		size_t line = strcspn(at, "\n");

		if (line > len && strncasecmp(at, name, len) == 0 &&
			(at[len] == ' ' || at[len] == '\t')) {
			*value = text_trim(explain->plan->arena,
				arena_strndup(explain->plan->arena, at + len, line - len));
			found = number;
		}
		at += line + (at[line] == '\n');
	}
	return found;
}

static bool
explain_opendkim(struct explain *explain, const char *name)
{
	const struct plan_file *file = plan_find_file(explain->plan, "opendkim/opendkim.conf");
	struct arena *arena = explain->plan->arena;
	const char *value = "";
	int line = file != NULL ? find_opendkim(explain, file, name, &value) : 0;

	if (line == 0)
		return false;
	explain_begin(explain, name, "parameter of OpenDKIM");
	node_set(arena, explain->facts, "value",
		explain_value(explain, plan_is_secret(file, line, line) ? NULL : value, NULL));
	explain_made_of(explain, file, line, line);
	explain_text(explain, "documentation", arena_printf(arena, "opendkim.conf(5), %s", name));
	explain_word(explain, "change",
		arena_printf(arena,
			"OPENDKIM_%s=…, or opendkim.settings.%s in mailinit.yaml, wins over all "
			"else",
			name, name));
	return true;
}

bool
explain_line(struct explain *explain, const char *name)
{
	return explain_dovecot(explain, name) || explain_opendkim(explain, name);
}
