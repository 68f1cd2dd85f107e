/* plan_json.c - a plan for other programs; the keys are fixed, see docs/json.md */
#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "base/capability.h"
#include "report/finding_json.h"
#include "report/json.h"
#include "base/lines.h"
#include "report/present.h"

/* What a start would do with the files, counted while they are written. */
struct tally {
	size_t changes, removed;
};

static void
put_origins(const char *key, const struct origin *origins, size_t count, struct buffer *out)
{
	buffer_printf(out, ", \"%s\": [", key);
	for (size_t i = 0; i < count; i++) {
		buffer_puts(out, i > 0 ? ", " : "");
		finding_json_origin(&origins[i], out);
	}
	buffer_putc(out, ']');
}

static void
put_line(const struct plan *plan, const struct plan_file *file, const struct lines *lines, size_t i,
	struct buffer *out)
{
	static const struct plan_line plain = {0};
	const struct plan_line *line = i < file->line_count ? &file->lines[i] : &plain;

	buffer_puts(out, "{\"text\": ");
	if (file->secret || line->secret)
		buffer_puts(out, "null");
	else
		json_bytes(out, lines->start[i], lines->len[i]);
	buffer_puts(out, ", \"origin\": ");
	if (line->origin_count > 0)
		finding_json_origin(&line->origins[0], out);
	else
		buffer_puts(out, "null");
	if (line->origin_count > 1)
		put_origins("origins", line->origins, line->origin_count, out);
	buffer_puts(out, ", \"template\": ");
	json_string(out,
		line->template_file == NULL ? NULL
					    : arena_printf(plan->arena, "%s:%d",
						      line->template_file, line->template_line));
	put_origins("overrode", line->overrode, line->overrode_count, out);
	buffer_putc(out, '}');
}

static void
put_file(const struct plan *plan, const struct plan_file *file, enum present_action action,
	struct buffer *out)
{
	struct lines lines = lines_cut(plan->arena, buffer_text(&file->content), file->content.len);

	buffer_puts(out, "{\"path\": ");
	json_string(out, plan_shown_path(plan, file));
	buffer_printf(out,
		", \"action\": \"%s\", \"mode\": \"%04o\", \"owner\": \"%s:%s\", "
		"\"secret\": %s, \"deferred\": %s, \"lines\": [",
		present_action_name(action), (unsigned)file->mode, file->owner, file->group,
		file->secret ? "true" : "false", file->late != LATE_NOT ? "true" : "false");
	for (size_t i = 0; i < lines.count; i++) {
		buffer_puts(out, i > 0 ? ",\n    " : "\n    ");
		put_line(plan, file, &lines, i, out);
	}
	buffer_puts(out, "]}");
}

static void
put_service(const struct service_table *table, const struct service_spec *spec, struct buffer *out)
{
	const char *comma = "";
	char *argv[SERVICE_LIST_MAX], name[CAPABILITY_NAME_BYTES];
	int argc = service_get_argv(spec, argv, SERVICE_LIST_MAX);

	buffer_puts(out, "{\"name\": ");
	json_string(out, spec->name);
	buffer_puts(out, ", \"command\": [");
	for (int i = 0; i < argc; i++) {
		buffer_puts(out, i > 0 ? ", " : "");
		json_string(out, argv[i]);
	}
	buffer_puts(out, "], \"needs\": [");
	for (uint32_t i = 0; i < table->count; i++) {
		if ((spec->needs & (1u << i)) == 0)
			continue;
		buffer_puts(out, comma);
		json_string(out, table->services[i].name);
		comma = ", ";
	}
	buffer_puts(out, "], \"capabilities\": [");
	comma = "";
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++) {
		if ((spec->capabilities & CAPABILITY_BIT(i)) == 0)
			continue;
		buffer_printf(out, "%s\"%s\"", comma, capability_name(i, name));
		comma = ", ";
	}
	buffer_puts(out, "]}");
}

/* put_removed - a file of the present generation that the next one lacks; its content is not told */
static void
put_removed(const struct plan *plan, const char *name, struct buffer *out)
{
	buffer_puts(out, "{\"path\": ");
	json_string(out, arena_printf(plan->arena, PLAN_CURRENT "/%s", name));
	buffer_puts(out,
		", \"action\": \"remove\", \"mode\": null, \"owner\": null, "
		"\"secret\": true, \"deferred\": false, \"lines\": []}");
}

static void
put_files(const struct plan *plan, struct tally *tally, struct buffer *out)
{
	const char **removed;

	buffer_puts(out, " \"files\": [");
	for (size_t i = 0; i < plan->file_count; i++) {
		enum present_action action = present_action(plan, &plan->files[i]);

		buffer_puts(out, i > 0 ? ",\n  " : "\n  ");
		put_file(plan, &plan->files[i], action, out);
		tally->changes += action != PRESENT_KEEP;
	}
	tally->removed = present_removed(plan, &removed);
	for (size_t i = 0; i < tally->removed; i++) {
		buffer_puts(out, ",\n  ");
		put_removed(plan, removed[i], out);
	}
	tally->changes += tally->removed;
	buffer_puts(out, "],\n");
}

/* count_files - the same numbers, for who is not shown the files */
static void
count_files(const struct plan *plan, struct tally *tally)
{
	const char **removed;

	for (size_t i = 0; i < plan->file_count; i++)
		tally->changes += present_action(plan, &plan->files[i]) != PRESENT_KEEP;
	tally->removed = present_removed(plan, &removed);
	tally->changes += tally->removed;
}

static void
put_services(const struct plan *plan, struct buffer *out)
{
	buffer_puts(out, " \"services\": [");
	for (uint32_t i = 0; i < plan->services.count; i++) {
		buffer_puts(out, i > 0 ? ",\n  " : "\n  ");
		put_service(&plan->services, &plan->services.services[i], out);
	}
	buffer_puts(out, "],\n");
}

static void
put_deferred(const struct plan *plan, struct buffer *out)
{
	buffer_puts(out, " \"deferred\": [");
	for (size_t i = 0; i < plan->deferred_count; i++) {
		buffer_puts(out, i > 0 ? ", {\"name\": " : "{\"name\": ");
		json_string(out, plan->deferred[i].name);
		buffer_puts(out, ", \"reason\": ");
		json_string(out, plan->deferred[i].reason);
		buffer_puts(out, "}");
	}
	buffer_puts(out, "],\n");
}

static void
put_findings(const char *key, const struct finding *findings, size_t count, struct buffer *out)
{
	buffer_printf(out, " \"%s\": [", key);
	for (size_t i = 0; i < count; i++) {
		buffer_puts(out, i > 0 ? ",\n  " : "\n  ");
		finding_json(&findings[i], out);
	}
	buffer_puts(out, "],\n");
}

static bool
is_off(const char *id, const char *word)
{
	(void)id;
	return strcmp(word, "off") == 0;
}

/* is_lowered - below what the catalogue says; a rule that is off is told as that */
static bool
is_lowered(const char *id, const char *word)
{
	const struct rule *rule = rule_find(id);

	return rule != NULL &&
		((rule->severity == SEVERITY_ERROR && strcmp(word, "warning") == 0) ||
			(rule->severity > SEVERITY_NOTE && strcmp(word, "note") == 0));
}

/* put_checks - the rules that checks.ID changes so, whether they had anything to say or not */
static void
put_checks(const struct plan *plan, const char *key, bool (*is)(const char *id, const char *word),
	struct buffer *out)
{
	const struct node *checks = node_at(plan->settings, "checks");
	bool any = false;

	buffer_printf(out, "\"%s\": [", key);
	for (size_t i = 0; checks != NULL && i < checks->count; i++) {
		if (!is(checks->keys[i], checks->items[i]->text))
			continue;
		buffer_puts(out, any ? ", " : "");
		json_string(out, checks->keys[i]);
		any = true;
	}
	buffer_puts(out, "], ");
}

/* put_looked - of check --live: each thing that was looked at */
static void
put_looked(const struct plan *plan, struct buffer *out)
{
	buffer_puts(out, " \"live\": [");
	for (size_t i = 0; i < plan->looked_count; i++) {
		const struct plan_looked *looked = &plan->looked[i];

		buffer_puts(out, i > 0 ? ",\n  {\"subject\": " : "\n  {\"subject\": ");
		json_string(out, looked->subject);
		buffer_printf(out,
			", \"outcome\": \"%s\", \"detail\": ", plan_outcome_name(looked->outcome));
		json_string(out, looked->detail);
		buffer_puts(out, "}");
	}
	buffer_puts(out, "],\n");
}

void
report_plan_json(const struct plan *plan, bool findings_only, struct buffer *out)
{
	const struct findings *findings = plan->findings;
	struct tally tally = {0};

	buffer_puts(out, "{\"version\": 1,\n");
	if (findings_only) {
		count_files(plan, &tally);
	} else {
		put_files(plan, &tally, out);
		put_services(plan, out);
		put_deferred(plan, out);
	}
	put_findings("findings", findings->items, findings->count, out);
	put_findings("silenced", findings->silenced, findings->silenced_count, out);
	if (plan->looked_count > 0)
		put_looked(plan, out);
	buffer_printf(out, " \"summary\": {\"errors\": %zu, \"warnings\": %zu, \"notes\": %zu, ",
		findings_count(findings, SEVERITY_ERROR),
		findings_count(findings, SEVERITY_WARNING),
		findings_count(findings, SEVERITY_NOTE));
	put_checks(plan, "off", is_off, out);
	put_checks(plan, "lowered", is_lowered, out);
	buffer_printf(out,
		"\"files\": %zu, \"changes\": %zu, \"removed\": %zu, \"refused\": %s}}\n",
		plan->file_count + tally.removed, tally.changes, tally.removed,
		findings_refuse(findings) ? "true" : "false");
}
