/*
 * drain.c - what is under way may end before a service is stopped
 *
 * Postfix's master ends every session when it is told to stop. Killing it alone
 * (`postfix drain`) does not do: the children that a session asks for its
 * answers leave with it, so that a client waits for the reply to its RCPT, or to
 * the end of its message, until all is over (docs/supervision.md has the trial).
 * A reload does: whoever is idle ends, whoever has a client or a message goes on
 * and ends after it, and the master makes the others anew where they are needed.
 *
 * So: look who of the named processes is there; if somebody is, reload; then
 * look until none of those is left. Processes that came later are not waited
 * for, or a busy server would never stop.
 */
#include <signal.h>
#include <string.h>

#include "supervise/group.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

#define DRAIN_LOOK_MS 25 /* they are no children of ours: nobody tells when they end */
/*
 * So many looks in a row must find nobody: the process that hands over the last
 * reply to the client (Postfix's smtpd) does it when the one that we wait for
 * (its cleanup) may have ended already, and the queue manager has yet to start the
 * one that delivers.
 */
#define DRAIN_QUIET 8
#define DRAIN_TELL 8 /* after so many looks people are told what we wait for */

void
drain_begin(struct supervisor *supervisor, uint32_t service)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];
	struct drain *drain = &runner->drain;

	memset(drain, 0, sizeof(*drain));
	drain->newest = UINT64_MAX;
	drain->look_at = STATE_NEVER;
	if (group_count(runner->group, spec->drain, &drain->newest) == 0) {
		drain->over = true;
		return;
	}
	if (spec->reload_signal > 0)
		kill(runner->pid, spec->reload_signal);
	drain->look_at = supervisor->now + DRAIN_LOOK_MS;
}

void
drain_end(struct drain *drain)
{
	memset(drain, 0, sizeof(*drain));
	drain->look_at = STATE_NEVER;
}

/* When the time has come, looks again. */
void
drain_tick(struct supervisor *supervisor, uint32_t service)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];
	struct drain *drain = &runner->drain;
	uint64_t newest = drain->newest;
	int count;

	if (drain->look_at > supervisor->now)
		return;
	if (!supervisor->fleet.machines[service].draining) {
		drain_end(drain);
		return;
	}
	count = group_count(runner->group, spec->drain, &newest);
	drain->quiet = count == 0 ? drain->quiet + 1 : 0;
	drain->over = drain->quiet >= DRAIN_QUIET;
	drain->look_at = drain->over ? STATE_NEVER : supervisor->now + DRAIN_LOOK_MS;
	if (++drain->looks == DRAIN_TELL && count > 0)
		say(LOG_LEVEL_INFO, "%s: waits for %d of its processes (%s) to end what they do",
			spec->name, count, spec->drain);
}
