/* plan_json.c - a plan for other programs; the keys are fixed, see docs/json.md */
#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "report/json.h"
#include "report/lines.h"

static void
put_origin(const struct origin *origin, struct buffer *out)
{
	buffer_puts(out, "{\"kind\": ");
	json_string(out, origin_kind_name(origin->kind));
	buffer_puts(out, ", \"name\": ");
	json_string(out, origin->name);
	buffer_puts(out, ", \"file\": ");
	json_string(out, origin->file);
	if (origin->line > 0)
		buffer_printf(out, ", \"line\": %d, \"column\": %d}", origin->line, origin->column);
	else
		buffer_puts(out, ", \"line\": null, \"column\": null}");
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
		put_origin(&line->origins[0], out);
	else
		buffer_puts(out, "null");
	buffer_puts(out, ", \"template\": ");
	json_string(out,
		line->template_file == NULL ? NULL
					    : arena_printf(plan->arena, "%s:%d",
						      line->template_file, line->template_line));
	buffer_puts(out, ", \"overrode\": [");
	for (size_t k = 0; k < line->overrode_count; k++) {
		buffer_puts(out, k > 0 ? ", " : "");
		put_origin(&line->overrode[k], out);
	}
	buffer_puts(out, "]}");
}

static void
put_file(const struct plan *plan, const struct plan_file *file, struct buffer *out)
{
	struct lines lines = lines_cut(plan->arena, buffer_text(&file->content), file->content.len);

	buffer_puts(out, "{\"path\": ");
	json_string(out, plan_shown_path(plan, file));
	buffer_printf(out,
		", \"action\": \"%s\", \"mode\": \"%04o\", \"owner\": \"%s:%s\", "
		"\"secret\": %s, \"deferred\": %s, \"lines\": [",
		report_action(plan, file), (unsigned)file->mode, file->owner, file->group,
		file->secret ? "true" : "false", file->late != LATE_NOT ? "true" : "false");
	for (size_t i = 0; i < lines.count; i++) {
		buffer_puts(out, i > 0 ? ",\n    " : "\n    ");
		put_line(plan, file, &lines, i, out);
	}
	buffer_puts(out, "]}");
}

static const char *const capability_names[] = {"chown", "dac_override", "dac_read_search", "fowner",
	"fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable", "net_bind_service",
	"net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio",
	"sys_chroot"};

static void
put_service(const struct service_table *table, const struct service_spec *spec, struct buffer *out)
{
	const char *comma = "";
	char *argv[32];
	int argc = service_get_argv(spec, argv, 32);

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
	for (size_t i = 0; i < sizeof(capability_names) / sizeof(capability_names[0]); i++) {
		if ((spec->capabilities & (1ull << i)) == 0)
			continue;
		buffer_printf(out, "%s\"%s\"", comma, capability_names[i]);
		comma = ", ";
	}
	buffer_puts(out, "]}");
}

static void
put_finding(const struct finding *finding, struct buffer *out)
{
	buffer_puts(out, "{\"id\": ");
	json_string(out, finding->rule->id);
	buffer_printf(out, ", \"severity\": \"%s\", \"refuses\": %s, \"waived\": %s, \"message\": ",
		severity_name(finding->severity), finding->refuses ? "true" : "false",
		finding->waived ? "true" : "false");
	json_string(out, finding->message);
	buffer_puts(out, ", \"origin\": ");
	put_origin(&finding->origin, out);
	buffer_puts(out, ", \"effect\": ");
	json_string(out, finding->effect);
	buffer_puts(out, ", \"help\": ");
	json_string(out, finding->help);
	buffer_puts(out, "}");
}

static void
put_plan(const struct plan *plan, struct buffer *out)
{
	buffer_puts(out, " \"files\": [");
	for (size_t i = 0; i < plan->file_count; i++) {
		buffer_puts(out, i > 0 ? ",\n  " : "\n  ");
		put_file(plan, &plan->files[i], out);
	}
	buffer_puts(out, "],\n \"services\": [");
	for (uint32_t i = 0; i < plan->services.count; i++) {
		buffer_puts(out, i > 0 ? ",\n  " : "\n  ");
		put_service(&plan->services, &plan->services.services[i], out);
	}
	buffer_puts(out, "],\n \"deferred\": [");
	for (size_t i = 0; i < plan->deferred_count; i++) {
		buffer_puts(out, i > 0 ? ", {\"name\": " : "{\"name\": ");
		json_string(out, plan->deferred[i].name);
		buffer_puts(out, ", \"reason\": ");
		json_string(out, plan->deferred[i].reason);
		buffer_puts(out, "}");
	}
	buffer_puts(out, "],\n");
}

void
report_plan_json(const struct plan *plan, bool findings_only, struct buffer *out)
{
	size_t changes = 0;

	buffer_puts(out, "{\"version\": 1,\n");
	if (!findings_only)
		put_plan(plan, out);
	buffer_puts(out, " \"findings\": [");
	for (size_t i = 0; i < plan->findings->count; i++) {
		buffer_puts(out, i > 0 ? ",\n  " : "\n  ");
		put_finding(&plan->findings->items[i], out);
	}
	for (size_t i = 0; i < plan->file_count; i++)
		changes += strcmp(report_action(plan, &plan->files[i]), "keep") != 0;
	buffer_printf(out,
		"],\n \"summary\": {\"errors\": %zu, \"warnings\": %zu, \"notes\": %zu, "
		"\"files\": %zu, \"changes\": %zu}}\n",
		findings_count(plan->findings, SEVERITY_ERROR),
		findings_count(plan->findings, SEVERITY_WARNING),
		findings_count(plan->findings, SEVERITY_NOTE), plan->file_count, changes);
}
