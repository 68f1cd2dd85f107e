/* postfix_say.c - findings about main.cf and master.cf, each with the origin of what it is about */
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

#define SHOWN_MAX 60 /* bytes of a value that a message repeats */

/* line_origin - the last value in a line, else its place in the template; false when neither is known */
static bool
line_origin(const struct plan_file *file, int line, struct origin *origin)
{
	const struct plan_line *from = plan_line_at(file, line);

	if (from == NULL)
		return false;
	if (from->origin_count > 0) {
		*origin = from->origins[from->origin_count - 1];
		return true;
	}
	if (from->template_file == NULL)
		return false;
	*origin = (struct origin){
		.kind = ORIGIN_TEMPLATE,
		.name = from->template_file,
		.file = from->template_file,
		.line = from->template_line,
	};
	return true;
}

static struct origin
file_origin(const struct plan *plan, const struct plan_file *file, int line)
{
	struct origin origin;

	if (line_origin(file, line, &origin))
		return origin;
	return (struct origin){
		.kind = ORIGIN_TEMPLATE,
		.name = file->name,
		.file = plan_shown_path(plan, file),
		.line = line,
	};
}

struct origin
postfix_origin(const struct plan *plan, const struct plan_file *file,
	const struct logical_line *line, size_t at)
{
	int row, column;

	logical_place(line, at, &row, &column);
	/* a line without a value of its own, such as "mynetworks =": one of its other parts has it */
	for (int i = row; i <= line->last; i++) {
		const struct plan_line *from = plan_line_at(file, i);

		if (from != NULL && from->origin_count > 0)
			return file_origin(plan, file, i);
	}
	return file_origin(plan, file, row);
}

/* tally_of - the tally of rule ID, a new one where it has none */
static struct postfix_tally *
tally_of(struct postfix_check *check, const char *id)
{
	size_t i = 0;

	while (i < POSTFIX_TALLIES - 1 && check->tallies[i].id != NULL &&
		strcmp(check->tallies[i].id, id) != 0)
		i++;
	check->tallies[i].id = id;
	return &check->tallies[i];
}

bool
postfix_told_enough(const struct postfix_check *check, const char *id)
{
	for (size_t i = 0; i < POSTFIX_TALLIES && check->tallies[i].id != NULL; i++)
		if (strcmp(check->tallies[i].id, id) == 0)
			return check->tallies[i].count >= POSTFIX_TOLD_MAX;
	return false;
}

void
postfix_say_surplus(struct postfix_check *check)
{
	for (size_t i = 0; i < POSTFIX_TALLIES && check->tallies[i].id != NULL; i++)
		if (check->tallies[i].count > POSTFIX_TOLD_MAX)
			finding_add(check->plan->findings, check->tallies[i].id, NULL,
				"%zu more findings of this rule are not shown",
				check->tallies[i].count - POSTFIX_TOLD_MAX);
}

__attribute__((format(printf, 7, 0))) static struct finding *
say(struct postfix_check *check, const char *id, const struct plan_file *file,
	const struct origin *origin, int line, int column, const char *format, va_list args)
{
	struct postfix_tally *tally = tally_of(check, id);
	const char *text;

	if (tally->count++ >= POSTFIX_TOLD_MAX)
		return &check->surplus;
	text = arena_vprintf(check->plan->arena, format, args);
	return finding_add(check->plan->findings, id, origin, "%s:%d:%d: %s",
		plan_shown_path(check->plan, file), line, column, text);
}

struct finding *
postfix_say_at(struct postfix_check *check, const char *id, const struct plan_file *file, int line,
	int column, const char *format, ...)
{
	struct origin origin = file_origin(check->plan, file, line);
	struct finding *finding;
	va_list args;

	va_start(args, format);
	finding = say(check, id, file, &origin, line, column, format, args);
	va_end(args);
	return finding;
}

struct finding *
postfix_say(struct postfix_check *check, const char *id, const struct postfix_setting *setting,
	size_t at, const char *format, ...)
{
	struct origin origin = postfix_origin(check->plan, setting->file, setting->line, at);
	struct finding *finding;
	int line, column;
	va_list args;

	logical_place(setting->line, at, &line, &column);
	va_start(args, format);
	finding = say(check, id, setting->file, &origin, line, column, format, args);
	va_end(args);
	return finding;
}

const char *
postfix_shown(struct postfix_check *check, const struct postfix_setting *setting)
{
	size_t len = strlen(setting->value);
	char *text;

	if (setting->secret)
		return "";
	text = arena_printf(check->plan->arena, " = %.*s%s", SHOWN_MAX, setting->value,
		len > SHOWN_MAX ? "…" : "");
	return text_mask_controls(text);
}
