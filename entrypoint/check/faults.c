/* faults.c - from what a language found in a file to findings of the plan */
#include "check/faults.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 60 /* bytes of a value that a message repeats */
#define DEFERRED "{deferred:" /* begins the placeholder of a value that only the container has */

static const struct plan_line *
record(const struct plan_file *file, int line)
{
	if (file->lines == NULL || line < 1 || (size_t)line > file->line_count)
		return NULL;
	return &file->lines[line - 1];
}

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
	const struct plan_line *first = record(file, fault->line);

	for (int i = fault->last; i > 0 && i >= fault->line; i--) {
		const struct plan_line *from = record(file, i);
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

static bool
is_secret(const struct plan_file *file, const struct fault *fault)
{
	if (file->lines == NULL)
		return file->secret;
	for (int i = fault->line; i <= fault->last; i++) {
		const struct plan_line *from = record(file, i);

		if (from == NULL || from->secret)
			return true;
	}
	return false;
}

/* shown - the value as people may see it, behind a colon, or nothing */
static const char *
shown(struct plan *plan, const struct plan_file *file, const struct fault *fault)
{
	char *text;

	if (fault->value == NULL || fault->value[0] == '\0' || is_secret(file, fault))
		return "";
	text = arena_printf(plan->arena, ": \"%.*s%s\"", SHOWN_MAX, fault->value,
		strlen(fault->value) > SHOWN_MAX ? "…" : "");
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	return text;
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
		if (fault->line > 0)
			finding_add(plan->findings, rule_of(rule_list, rule_count, fault->kind),
				&origin, "%s:%d: %s%s", plan_shown_path(plan, file), fault->line,
				fault->text, shown(plan, file, fault));
		else
			finding_add(plan->findings, rule_of(rule_list, rule_count, fault->kind),
				&origin, "%s: %s", plan_shown_path(plan, file), fault->text);
	}
}
