/* faults.c - from what a language found in a file to findings of the plan */
#include "check/faults.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define SHOWN_MAX 60 /* bytes of a value that a message repeats */
#define DEFERRED "{deferred:" /* begins the placeholder of a value that only the container has */

/* named_origin - the last value in a line that somebody gave, or NULL: a default teaches nothing */
static const struct origin *
named_origin(const struct plan_line *line)
{
	for (size_t i = line->origin_count; i > 0; i--)
		if (line->origins[i - 1].kind != ORIGIN_DEFAULT)
			return &line->origins[i - 1];
	return NULL;
}

/* fault_origin - the last value that flowed into its lines, else where the first one stands */
static struct origin
fault_origin(const struct plan *plan, const struct plan_file *file, const struct fault *fault)
{
	const struct plan_line *first = plan_line_at(file, fault->line);

	for (int i = fault->last; i > 0 && i >= fault->line; i--) {
		const struct plan_line *from = plan_line_at(file, i);
		const struct origin *named = from != NULL ? named_origin(from) : NULL;

		if (named != NULL)
			return *named;
	}
	if (first == NULL || first->template_file == NULL)
		return (struct origin){
			.kind = ORIGIN_TEMPLATE,
			.name = file->name,
			.file = plan_shown_path(plan, file),
			.line = fault->line,
		};
	return (struct origin){
		.kind = ORIGIN_TEMPLATE,
		.name = first->template_file,
		.file = first->template_file,
		.line = first->template_line,
	};
}

/* shown - the value as people may see it, behind a colon, or nothing */
static const char *
shown(struct plan *plan, const struct plan_file *file, const struct fault *fault)
{
	char *text;

	if (fault->value == NULL || fault->value[0] == '\0' ||
		plan_is_secret(file, fault->line, fault->last))
		return "";
	text = arena_printf(plan->arena, ": \"%.*s%s\"", SHOWN_MAX, fault->value,
		strlen(fault->value) > SHOWN_MAX ? "…" : "");
	return text_mask_controls(text);
}

/* place - "FILE:LINE:COLUMN", as far as it is known */
static const char *
place(struct plan *plan, const struct plan_file *file, const struct fault *fault)
{
	const char *path = plan_shown_path(plan, file);

	if (fault->line == 0)
		return path;
	if (fault->column == 0)
		return arena_printf(plan->arena, "%s:%d", path, fault->line);
	return arena_printf(plan->arena, "%s:%d:%d", path, fault->line, fault->column);
}

static const char *
rule_of(const struct fault_rule *rule_list, size_t rule_count, enum fault_kind kind)
{
	for (size_t i = 0; i < rule_count; i++)
		if (rule_list[i].kind == kind)
			return rule_list[i].id;
	abort(); /* the lists of the callers are whole */
}

void
faults_report(struct plan *plan, const struct plan_file *file, const struct faults *faults,
	const struct fault_rule *rule_list, size_t rule_count)
{
	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *fault = &faults->items[i];
		struct origin origin;

		if (fault->value != NULL && strstr(fault->value, DEFERRED) != NULL)
			continue;
		origin = fault_origin(plan, file, fault);
		finding_add(plan->findings, rule_of(rule_list, rule_count, fault->kind), &origin,
			"%s: %s%s", place(plan, file, fault), fault->text,
			shown(plan, file, fault));
	}
}
