/*
 * returned.c - a service that others need is back
 *
 * What waited for it elsewhere is looked after in a short-lived child: it may parse,
 * and it may take its time. One at a time; whoever comes back meanwhile has the next.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

#define RETURNED_TIMEOUT_MS 120000

static _Noreturn void
look_after(struct supervisor *supervisor, uint32_t services, pid_t parent)
{
	const struct supervise_options *options = supervisor->options;

	if (spawn_helper(parent, supervisor->logger.planning[1]) == -1)
		_exit(EXIT_SYSTEM);
	for (uint32_t i = 0; i < supervisor->table.count; i++)
		if (services >> i & 1)
			options->returned(options->context, supervisor->table.services[i].name);
	_exit(fflush(NULL) == EOF ? EXIT_SYSTEM : EXIT_DONE);
}

static void
start(struct supervisor *supervisor)
{
	struct returning *returning = &supervisor->returning;
	pid_t parent = getpid(), pid = fork();

	if (pid == 0)
		look_after(supervisor, returning->services, parent);
	returning->services = 0;
	if (pid == -1) {
		say(LOG_LEVEL_WARNING, "unable to look after what waited for a service: %s%s",
			strerror(errno), spawn_advice(errno));
		return;
	}
	/* The child does the same; whoever comes first, a kill finds the group. */
	(void)setpgid(pid, pid);
	returning->pid = pid;
	returning->deadline = supervisor->now + RETURNED_TIMEOUT_MS;
}

void
returned_settle(struct supervisor *supervisor)
{
	struct returning *returning = &supervisor->returning;

	returning->services |= fleet_take_returned(&supervisor->fleet);
	if (supervisor->options->returned == NULL || supervisor->phase != PHASE_RUNNING)
		returning->services = 0;
	if (returning->services != 0 && returning->pid == 0)
		start(supervisor);
}

void
returned_reaped(struct supervisor *supervisor)
{
	supervisor->returning.pid = 0;
	supervisor->returning.deadline = STATE_NEVER;
}

void
returned_kill(struct supervisor *supervisor)
{
	if (supervisor->returning.pid > 0)
		kill(-supervisor->returning.pid, SIGKILL);
	supervisor->returning.deadline = STATE_NEVER;
}

void
returned_tick(struct supervisor *supervisor)
{
	if (supervisor->returning.deadline > supervisor->now)
		return;
	say(LOG_LEVEL_WARNING, "looking after what waited for a service takes too long: ended");
	returned_kill(supervisor);
}
