/* status_print.c - what PID 1 knows, for people */
#include "command/status_print.h"

#include <stdio.h>
#include <string.h>

#include "base/capability.h"
#include "command/status_facts.h"
#include "command/status_findings.h"
#include "supervise/clock.h"
#include "supervise/state.h"

#define STATUS_DAY_MS INT64_C(86400000)
#define STATUS_GREEN "\033[32m"
#define STATUS_YELLOW "\033[33m"
#define STATUS_RED "\033[31m"
#define STATUS_PLAIN "\033[0m"

long
status_days_left(const struct service_certificate *certificate)
{
	int64_t left = certificate->not_after * 1000 - clock_wall();

	return (long)(left / STATUS_DAY_MS) - (left < 0);
}

static const char *
phase_text(const struct status_snapshot *snapshot)
{
	static const char *const names[] = {"preparing", "running", "stopping"};

	return snapshot->phase <= PHASE_STOPPING ? names[snapshot->phase] : "unknown";
}

bool
status_healthy(const struct status_snapshot *snapshot, struct buffer *why)
{
	if (snapshot->phase != PHASE_RUNNING) {
		buffer_printf(why, "unhealthy: mailinit is %s", phase_text(snapshot));
		return false;
	}
	for (uint32_t i = 0; i < snapshot->service_count; i++) {
		const struct status_service *service = &snapshot->services[i];

		if (!service->required || service->state == STATE_READY)
			continue;
		buffer_printf(why, "unhealthy: %s is %s", service->name,
			state_name((enum state)service->state));
		return false;
	}
	buffer_puts(why, "healthy");
	return true;
}

/* "3 d 4 h", "2 min 5 s": the two largest units */
static void
print_age(struct buffer *out, int64_t ms)
{
	char text[48];
	long long s = ms > 0 ? ms / 1000 : 0;

	if (s >= 86400)
		snprintf(text, sizeof(text), "%lld d %lld h", s / 86400, s / 3600 % 24);
	else if (s >= 3600)
		snprintf(text, sizeof(text), "%lld h %lld min", s / 3600, s / 60 % 60);
	else if (s >= 60)
		snprintf(text, sizeof(text), "%lld min %lld s", s / 60, s % 60);
	else
		snprintf(text, sizeof(text), "%lld s", s);
	buffer_printf(out, "%-14s", text);
}

static void
print_exit(struct buffer *out, const struct status_service *service)
{
	switch (service->exit_kind) {
	case EXITED_CODE:
		buffer_printf(out, "code %d", service->exit_value);
		break;
	case EXITED_SIGNAL:
		buffer_printf(out, "signal %d", service->exit_value);
		break;
	case EXITED_UNSTARTED:
		buffer_printf(out, "not started: %s", strerror(service->exit_value));
		break;
	default:
		buffer_puts(out, "-");
	}
}

static const char *
state_color(const struct status_service *service)
{
	switch (service->state) {
	case STATE_READY:
		return STATUS_GREEN;
	case STATE_FAILED:
	case STATE_BACKOFF:
		return STATUS_RED;
	default:
		return STATUS_YELLOW;
	}
}

static void
print_missing(struct buffer *out, const struct status_snapshot *snapshot,
	const struct status_service *service)
{
	const char *before = "  needs: ";

	if (service->state != STATE_WAITING)
		return;
	for (uint32_t i = 0; i < snapshot->service_count; i++)
		if (service->missing >> i & 1) {
			buffer_printf(out, "%s%s", before, snapshot->services[i].name);
			before = ", ";
		}
}

static void
print_service(struct buffer *out, const struct status_snapshot *snapshot,
	const struct status_service *service, bool color)
{
	buffer_printf(out, "%-16s %s%-9s%s ", service->name, color ? state_color(service) : "",
		state_name((enum state)service->state), color ? STATUS_PLAIN : "");
	if (service->pid > 0)
		buffer_printf(out, "%7d  ", service->pid);
	else
		buffer_puts(out, "      -  ");
	print_age(out, clock_wall() - service->since);
	buffer_printf(out, " %8u  ", service->restarts);
	print_exit(out, service);
	print_missing(out, snapshot, service);
	buffer_puts(out, "\n");
}

static const char *
reload_text(const struct status_snapshot *snapshot)
{
	static const char *const names[] = {"none", "applied", "unchanged", "refused"};

	return snapshot->reload <= RELOAD_REFUSED ? names[snapshot->reload] : "unknown";
}

static void
print_capabilities(const struct status_snapshot *snapshot, struct buffer *out)
{
	char name[CAPABILITY_NAME_BYTES];

	buffer_puts(out, "capabilities kept:");
	for (unsigned i = 0; i < CAPABILITY_COUNT; i++)
		if (snapshot->capabilities & CAPABILITY_BIT(i))
			buffer_printf(out, " %s", capability_name(i, name));
	buffer_puts(out,
		snapshot->cannot_bound
			? "\ncapabilities: without SETPCAP the services' bounding sets stay whole\n"
			: "\n");
}

static void
print_watches(const struct status_snapshot *snapshot, struct buffer *out)
{
	if (snapshot->watch_error == -1)
		buffer_puts(out, "watches: none; a change needs `mailinit reload`\n");
	else if (snapshot->watch_error == 0)
		buffer_printf(
			out, "watches: %u files and directories, by events\n", snapshot->watched);
	else
		buffer_printf(out,
			"watches: %u files and directories, some by a look every minute alone: "
			"%s\n",
			snapshot->watched, strerror(snapshot->watch_error));
}

static void
print_count(uint32_t count, const char *what, const char *then, struct buffer *out)
{
	buffer_printf(out, "%u %s%s%s", count, what, count == 1 ? "" : "s", then);
}

static void
print_summary(const struct status_snapshot *snapshot, struct buffer *out)
{
	char at[CLOCK_TEXT_BYTES];

	buffer_printf(out, "generation %u, %s", snapshot->generation, phase_text(snapshot));
	if (snapshot->reload != RELOAD_NONE)
		buffer_printf(out, "; plan %s %s", reload_text(snapshot),
			clock_text_seconds(snapshot->reload_at, at));
	buffer_puts(out, "; findings: ");
	print_count(snapshot->findings_errors, "error", ", ", out);
	print_count(snapshot->findings_warnings, "warning", ", ", out);
	print_count(snapshot->findings_notes, "note", "\n", out);
	buffer_printf(out, "log: %llu lines, %llu dropped; %llu orphans reaped\n",
		(unsigned long long)snapshot->log_lines, (unsigned long long)snapshot->log_dropped,
		(unsigned long long)snapshot->orphans);
	print_watches(snapshot, out);
	print_capabilities(snapshot, out);
}

static void
print_certificates(const struct status_snapshot *snapshot, bool color, struct buffer *out)
{
	for (int i = 0; i < SERVICE_CERTIFICATES; i++) {
		const struct service_certificate *certificate = &snapshot->certificates[i];
		char at[CLOCK_TEXT_BYTES];

		if (certificate->path[0] == '\0')
			continue;
		buffer_printf(out, "certificate %s: %s; ends %s, in %ld days\n", certificate->path,
			certificate->names, clock_text_seconds(certificate->not_after * 1000, at),
			status_days_left(certificate));
		if (certificate->trouble[0] != '\0')
			buffer_printf(out, "    %slast good%s: %s\n", color ? STATUS_RED : "",
				color ? STATUS_PLAIN : "", certificate->trouble);
	}
	if (snapshot->certificates_more > 0)
		buffer_printf(out, "certificates: and %u more, which end later\n",
			snapshot->certificates_more);
}

void
status_in_force(
	struct arena *arena, const struct status_snapshot *snapshot, struct in_force *in_force)
{
	bool refused = snapshot->reload == RELOAD_REFUSED && snapshot->reload_findings >= 0;

	in_force_read(arena, STATUS_RUN_DIRECTORY, refused, in_force);
}

void
status_print_text(const struct status_snapshot *snapshot, const struct in_force *in_force,
	bool color, struct buffer *out)
{
	buffer_puts(
		out, "SERVICE          STATE         PID  SINCE          RESTARTS  LAST EXIT\n");
	for (uint32_t i = 0; i < snapshot->service_count; i++)
		print_service(out, snapshot, &snapshot->services[i], color);
	buffer_puts(out, "\n");
	print_certificates(snapshot, color, out);
	print_summary(snapshot, out);
	status_findings_text(in_force, color, out);
	status_facts_text(snapshot, color, out);
}
