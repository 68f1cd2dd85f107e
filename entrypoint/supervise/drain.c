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
#include <unistd.h>

#include "supervise/process.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

#define DRAIN_LOOK_MS 25 /* they are no children of ours: nobody tells when they end */
/*
 * So many looks in a row must find nobody: the process that hands over the last
 * reply to the client (Postfix's smtpd) does it when the one that we wait for
 * (its cleanup) may have ended already.
 */
#define DRAIN_QUIET 3
#define DRAIN_TELL 8 /* after so many looks people are told what we wait for */

struct drain_look {
	pid_t group;
	const char *names;
	uint64_t newest; /* those that were made later do not count */
	uint64_t found_newest;
	int count;
};

/* Whether NAME is one of the blank-separated NAMES. */
static bool
is_named(const char *names, const char *name)
{
	size_t len = strlen(name);

	while (*(names += strspn(names, " ")) != '\0') {
		size_t one = strcspn(names, " ");

		if (one == len && memcmp(names, name, len) == 0)
			return true;
		names += one;
	}
	return false;
}

static void
look_at(void *context, pid_t pid)
{
	struct drain_look *look = context;
	struct process process;

	if (getpgid(pid) != look->group || process_read(pid, &process) == -1 ||
		!is_named(look->names, process.name) || process.start > look->newest)
		return;
	look->count++;
	if (process.start > look->found_newest)
		look->found_newest = process.start;
}

/* How many there are; 0 also where processes cannot be seen. Tells when the newest was made. */
static int
look_around(const struct service_spec *spec, const struct runner *runner, uint64_t *newest)
{
	struct drain_look look = {.group = runner->group, .names = spec->drain, .newest = *newest};

	if (runner->group <= 0 || process_each(look_at, &look) == -1)
		return 0;
	*newest = look.found_newest;
	return look.count;
}

void
drain_begin(struct supervisor *supervisor, uint32_t service)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];
	struct drain *drain = &runner->drain;

	memset(drain, 0, sizeof(*drain));
	drain->newest = UINT64_MAX;
	drain->look_at = STATE_NEVER;
	if (look_around(spec, runner, &drain->newest) == 0) {
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
	count = look_around(spec, runner, &newest);
	drain->quiet = count == 0 ? drain->quiet + 1 : 0;
	drain->over = drain->quiet >= DRAIN_QUIET;
	drain->look_at = drain->over ? STATE_NEVER : supervisor->now + DRAIN_LOOK_MS;
	if (++drain->looks == DRAIN_TELL && count > 0)
		say(LOG_LEVEL_INFO, "%s: waits for %d of its processes (%s) to end what they do",
			spec->name, count, spec->drain);
}
