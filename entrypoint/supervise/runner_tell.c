/*
 * runner_tell.c - what people read about the services
 *
 * One line an event: the service, what happened, why, and what happens next.
 */
#include <stdio.h>
#include <string.h>

#include "base/fatal.h"
#include "supervise/probe.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

#define TELL_BYTES 400

/* "exited with code 1", "unable to execute /x: No such file or directory" */
static const char *
exit_text(const struct supervisor *supervisor, uint32_t service, char text[TELL_BYTES])
{
	const struct runner *runner = &supervisor->runners[service];
	const char *program = supervisor->table.services[service].argv;

	if (runner->failure.error != 0)
		snprintf(text, TELL_BYTES, "unable to %s %s: %s",
			spawn_stage_name(runner->failure.stage), program,
			strerror(runner->failure.error));
	else if (runner->exit_kind == EXITED_UNSTARTED)
		snprintf(text, TELL_BYTES, "unable to make a process for %s: %s%s", program,
			strerror(runner->exit_value), spawn_advice(runner->exit_value));
	else if (runner->exit_kind == EXITED_SIGNAL)
		snprintf(text, TELL_BYTES, "ended by signal %d (%s)", runner->exit_value,
			strsignal(runner->exit_value));
	else
		snprintf(text, TELL_BYTES, "exited with code %d", runner->exit_value);
	return text;
}

/* "opendkim (milter /path), dovecot (notification)" */
static const char *
missing_text(const struct supervisor *supervisor, uint32_t service, char text[TELL_BYTES])
{
	uint32_t missing = fleet_missing(&supervisor->fleet, service);
	size_t len = 0;

	text[0] = '\0';
	for (uint32_t i = 0; i < supervisor->table.count; i++) {
		const struct service_spec *spec = &supervisor->table.services[i];
		char probes[TELL_BYTES];
		int more;

		if (!(missing >> i & 1))
			continue;
		probe_text(spec, probes, sizeof(probes));
		more = snprintf(text + len, TELL_BYTES - len, "%s%s%s%s%s", len > 0 ? ", " : "",
			spec->name, probes[0] != '\0' ? " (" : "", probes,
			probes[0] != '\0' ? ")" : "");
		if (more < 0 || (size_t)more >= TELL_BYTES - len)
			break;
		len += (size_t)more;
	}
	return text;
}

static void
tell_late(const struct supervisor *supervisor, uint32_t service)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	const struct runner *runner = &supervisor->runners[service];
	char probes[TELL_BYTES];

	probe_text(spec, probes, sizeof(probes));
	say(LOG_LEVEL_ERROR, "%s: not ready after %lld ms; it waited for: %s%s", spec->name,
		(long long)(supervisor->now - runner->started_at),
		runner->runs ? probes : "its program to run",
		runner->told ? " (the notification came)" : "");
}

static void
tell_retry(const struct supervisor *supervisor, uint32_t service)
{
	const char *name = supervisor->table.services[service].name;
	const struct state_machine *machine = &supervisor->fleet.machines[service];
	char why[TELL_BYTES];

	exit_text(supervisor, service, why);
	if (machine->delay_ms == 0)
		say(LOG_LEVEL_ERROR, "%s: %s; started again at once", name, why);
	else
		say(LOG_LEVEL_ERROR, "%s: %s; retry %u in %u ms", name, why, machine->restarts,
			machine->delay_ms);
}

static void
tell_given_up(const struct supervisor *supervisor, uint32_t service)
{
	const char *name = supervisor->table.services[service].name;
	const struct fleet *fleet = &supervisor->fleet;
	char why[TELL_BYTES];

	if (fleet_missing(fleet, service) != 0 &&
		supervisor->runners[service].exit_kind == EXITED_NEVER)
		say(LOG_LEVEL_ERROR, "%s: given up: it needs %s, which was given up", name,
			missing_text(supervisor, service, why));
	else
		say(LOG_LEVEL_ERROR, "%s: given up: %s", name, exit_text(supervisor, service, why));
	if (fleet->stopping && fleet->exit_code >= EXIT_DAEMON)
		say(LOG_LEVEL_ERROR, "the container stops with exit code %d", fleet->exit_code);
	else if (!fleet->required[service])
		say(LOG_LEVEL_WARNING, "%s is not required: the others go on without it", name);
}

void
runner_tell(struct supervisor *supervisor, uint32_t service, unsigned actions)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	const struct state_rules *rules = &supervisor->fleet.rules[service];
	char text[TELL_BYTES];

	if (actions & ACTION_TELL_READY)
		say(LOG_LEVEL_INFO, "%s: ready after %lld ms", spec->name,
			(long long)(supervisor->now - supervisor->runners[service].started_at));
	if (actions & ACTION_TELL_WAITED)
		say(LOG_LEVEL_WARNING, "%s waited %u s for: %s", spec->name,
			rules->start_timeout_ms / 1000, missing_text(supervisor, service, text));
	if (actions & ACTION_TELL_LATE)
		tell_late(supervisor, service);
	if (actions & ACTION_TELL_CUT)
		say(LOG_LEVEL_WARNING,
			"%s: its time to end what is under way (%s) is over; clients that got no "
			"answer will try again",
			spec->name, spec->drain);
	if (actions & ACTION_TELL_OVERDUE)
		say(LOG_LEVEL_WARNING, "%s: did not stop in time; killed", spec->name);
	if (actions & ACTION_TELL_LEFT)
		say(LOG_LEVEL_ERROR, "%s: a process of it is left that KILL did not end",
			spec->name);
	if (actions & ACTION_TELL_RETRY)
		tell_retry(supervisor, service);
	if (actions & ACTION_TELL_GIVEN_UP)
		tell_given_up(supervisor, service);
	if (actions & ACTION_TELL_STOPPED)
		say(LOG_LEVEL_INFO, "%s: stopped", spec->name);
}
