/* status_machine.c - what PID 1 knows, for programs: JSON (RFC 8259) and Prometheus' text form */
#include <string.h>

#include "command/status_facts.h"
#include "command/status_findings.h"
#include "command/status_print.h"
#include "base/capability.h"
#include "report/json.h"
#include "supervise/clock.h"
#include "supervise/state.h"

static void
json_time(struct buffer *out, int64_t wall_ms)
{
	char text[CLOCK_TEXT_BYTES];

	json_string(out, clock_text_seconds(wall_ms, text));
}

static void
json_reload(const struct status_snapshot *snapshot, struct buffer *out)
{
	static const char *const results[] = {NULL, "applied", "unchanged", "refused"};

	buffer_puts(out, "\"last_reload\": ");
	if (snapshot->reload == RELOAD_NONE || snapshot->reload > RELOAD_REFUSED) {
		buffer_puts(out, "null");
		return;
	}
	buffer_puts(out, "{\"at\": ");
	json_time(out, snapshot->reload_at);
	buffer_printf(out, ", \"result\": \"%s\", \"findings\": ", results[snapshot->reload]);
	if (snapshot->reload_findings < 0)
		buffer_puts(out, "null}");
	else
		buffer_printf(out, "%d}", snapshot->reload_findings);
}

static void
json_service(const struct status_service *service, struct buffer *out)
{
	buffer_puts(out, "{\"name\": ");
	json_string(out, service->name);
	buffer_printf(
		out, ", \"state\": \"%s\", \"pid\": ", state_name((enum state)service->state));
	if (service->pid > 0)
		buffer_printf(out, "%d", service->pid);
	else
		buffer_puts(out, "null");
	buffer_puts(out, ", \"since\": ");
	json_time(out, service->since);
	buffer_printf(out, ", \"required\": %s, \"restarts\": %u, \"last_exit\": ",
		service->required ? "true" : "false", service->restarts);
	if (service->exit_kind == EXITED_CODE)
		buffer_printf(out, "{\"code\": %d}}", service->exit_value);
	else if (service->exit_kind == EXITED_SIGNAL)
		buffer_printf(out, "{\"signal\": %d}}", service->exit_value);
	else if (service->exit_kind == EXITED_UNSTARTED)
		buffer_printf(out, "{\"errno\": %d}}", service->exit_value);
	else
		buffer_puts(out, "null}");
}

static void
json_certificate(const struct service_certificate *certificate, struct buffer *out)
{
	const char *name = certificate->names;
	const char *before = "";

	buffer_puts(out, "{\"path\": ");
	json_string(out, certificate->path);
	buffer_puts(out, ", \"names\": [");
	while (*(name += strspn(name, " ")) != '\0') {
		size_t len = strcspn(name, " ");

		buffer_puts(out, before);
		json_bytes(out, name, len);
		before = ", ";
		name += len;
	}
	buffer_puts(out, "], \"not_after\": ");
	json_time(out, certificate->not_after * 1000);
	buffer_printf(out, ", \"days_left\": %ld, \"trouble\": ", status_days_left(certificate));
	if (certificate->trouble[0] != '\0')
		json_string(out, certificate->trouble);
	else
		buffer_puts(out, "null");
	buffer_puts(out, "}");
}

static void
json_certificates(const struct status_snapshot *snapshot, struct buffer *out)
{
	const char *before = "\n  ";

	for (int i = 0; i < SERVICE_CERTIFICATES; i++) {
		if (snapshot->certificates[i].path[0] == '\0')
			continue;
		buffer_puts(out, before);
		json_certificate(&snapshot->certificates[i], out);
		before = ",\n  ";
	}
}

/* What PID 1 has kept: a list of names. */
static void
json_capabilities(const struct status_snapshot *snapshot, struct buffer *out)
{
	char name[CAPABILITY_NAME_BYTES];
	const char *before = "";

	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		if (snapshot->capabilities & CAPABILITY_BIT(i)) {
			buffer_printf(out, "%s\"%s\"", before, capability_name(i, name));
			before = ", ";
		}
}

static void
json_watches(const struct status_snapshot *snapshot, struct buffer *out)
{
	buffer_printf(out, "\"watches\": {\"paths\": %u, \"by\": ", snapshot->watched);
	if (snapshot->watch_error == -1)
		buffer_puts(out, "null}");
	else
		buffer_printf(out, "\"%s\"}", snapshot->watch_error == 0 ? "events" : "poll");
}

void
status_print_json(
	const struct status_snapshot *snapshot, const struct in_force *in_force, struct buffer *out)
{
	static const char *const phases[] = {"preparing", "running", "stopping"};

	buffer_printf(out, "{\"version\": 1, \"generation\": %u, \"phase\": \"%s\",\n ",
		snapshot->generation, phases[snapshot->phase % 3]);
	json_reload(snapshot, out);
	buffer_puts(out, ",\n \"services\": [");
	for (uint32_t i = 0; i < snapshot->service_count; i++) {
		buffer_puts(out, i > 0 ? ",\n  " : "\n  ");
		json_service(&snapshot->services[i], out);
	}
	buffer_puts(out, "],\n \"certificates\": [");
	json_certificates(snapshot, out);
	buffer_printf(out,
		"],\n \"certificates_more\": %u,\n \"findings\": {\"errors\": %u, \"warnings\": "
		"%u, \"notes\": %u, ",
		snapshot->certificates_more, snapshot->findings_errors, snapshot->findings_warnings,
		snapshot->findings_notes);
	status_findings_json(in_force, out);
	buffer_puts(out, "},\n");
	buffer_puts(out, " \"capabilities\": {\"kept\": [");
	json_capabilities(snapshot, out);
	buffer_printf(out, "], \"bounded\": %s},\n", snapshot->cannot_bound ? "false" : "true");
	buffer_printf(out, " \"log\": {\"lines\": %llu, \"dropped\": %llu, \"facts\": ",
		(unsigned long long)snapshot->log_lines, (unsigned long long)snapshot->log_dropped);
	status_facts_json(snapshot, out);
	buffer_puts(out, "},\n ");
	json_watches(snapshot, out);
	buffer_printf(out, ",\n \"orphans\": %llu}\n", (unsigned long long)snapshot->orphans);
}

static void
metric(struct buffer *out, const char *name, const char *type, const char *help)
{
	buffer_printf(
		out, "# HELP mailinit_%s %s\n# TYPE mailinit_%s %s\n", name, help, name, type);
}

/* A label's value: backslash, quote and line break are escaped, and nothing else is special. */
static void
label(struct buffer *out, const char *value)
{
	for (; *value != '\0'; value++) {
		if (*value == '\\' || *value == '"')
			buffer_putc(out, '\\');
		if (*value == '\n')
			buffer_puts(out, "\\n");
		else
			buffer_putc(out, *value);
	}
}

static void
sample(struct buffer *out, const char *name, const char *key, const char *value, long long number)
{
	buffer_printf(out, "mailinit_%s{%s=\"", name, key);
	label(out, value);
	buffer_printf(out, "\"} %lld\n", number);
}

static void
service_metrics(const struct status_snapshot *snapshot, struct buffer *out)
{
	metric(out, "service_ready", "gauge", "Whether the service works.");
	for (uint32_t i = 0; i < snapshot->service_count; i++)
		sample(out, "service_ready", "service", snapshot->services[i].name,
			snapshot->services[i].state == STATE_READY);
	metric(out, "service_restarts_total", "counter", "Restarts after failures.");
	for (uint32_t i = 0; i < snapshot->service_count; i++)
		sample(out, "service_restarts_total", "service", snapshot->services[i].name,
			snapshot->services[i].restarts);
	metric(out, "service_since_timestamp_seconds", "gauge",
		"When the service entered its present state.");
	for (uint32_t i = 0; i < snapshot->service_count; i++)
		sample(out, "service_since_timestamp_seconds", "service",
			snapshot->services[i].name, (long long)snapshot->services[i].since / 1000);
}

void
status_print_prometheus(
	const struct status_snapshot *snapshot, const struct in_force *in_force, struct buffer *out)
{
	service_metrics(snapshot, out);
	metric(out, "certificate_not_after_timestamp_seconds", "gauge",
		"When the certificate ends.");
	for (int i = 0; i < SERVICE_CERTIFICATES; i++)
		if (snapshot->certificates[i].path[0] != '\0')
			sample(out, "certificate_not_after_timestamp_seconds", "path",
				snapshot->certificates[i].path,
				(long long)snapshot->certificates[i].not_after);
	metric(out, "certificate_kept_last_good", "gauge",
		"Whether the last good certificate stands in for the configured one.");
	for (int i = 0; i < SERVICE_CERTIFICATES; i++)
		if (snapshot->certificates[i].path[0] != '\0')
			sample(out, "certificate_kept_last_good", "path",
				snapshot->certificates[i].path,
				snapshot->certificates[i].trouble[0] != '\0');
	metric(out, "generation", "gauge", "The generation of the configuration in use.");
	buffer_printf(out, "mailinit_generation %u\n", snapshot->generation);
	metric(out, "last_reload_refused", "gauge", "Whether the newest plan was refused.");
	buffer_printf(out, "mailinit_last_reload_refused %d\n", snapshot->reload == RELOAD_REFUSED);
	metric(out, "findings", "gauge", "Findings of the plan in use.");
	sample(out, "findings", "severity", "error", snapshot->findings_errors);
	sample(out, "findings", "severity", "warning", snapshot->findings_warnings);
	sample(out, "findings", "severity", "note", snapshot->findings_notes);
	status_findings_prometheus(in_force, out);
	metric(out, "log_lines_total", "counter", "Log lines written.");
	buffer_printf(
		out, "mailinit_log_lines_total %llu\n", (unsigned long long)snapshot->log_lines);
	metric(out, "log_dropped_total", "counter", "Log lines that found no reader.");
	buffer_printf(out, "mailinit_log_dropped_total %llu\n",
		(unsigned long long)snapshot->log_dropped);
	status_facts_prometheus(snapshot, out);
	metric(out, "orphans_reaped_total", "counter", "Processes of no service that ended.");
	buffer_printf(
		out, "mailinit_orphans_reaped_total %llu\n", (unsigned long long)snapshot->orphans);
}
