/*
 * runner.c - the processes of the services
 *
 * Does what the fleet decides (start, signal, kill), and turns what happens to
 * processes (exec worked, a probe answered, a process ended, a group is empty)
 * into the fleet's events.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervise/probe.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

#define RUNNER_PROBE_PAUSE_MS 200 /* until a probe that could not be made is tried again */

/* With its group: a command that it runs may have children. */
static void
end_probe(struct runner *runner)
{
	if (runner->probe > 0)
		kill(-runner->probe, SIGKILL);
	runner->probe_at = STATE_NEVER;
}

/* Whoever is left of an earlier life holds its sockets: he goes first. */
static void
sweep(struct supervisor *supervisor, uint32_t service)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];

	end_probe(runner);
	if (runner->group > 0)
		kill(-runner->group, SIGKILL);
	for (int i = 0; i < SERVICE_STALE; i++) {
		if (spec->stale[i][0] == '\0')
			continue;
		if (unlink(spec->stale[i]) == 0)
			say(LOG_LEVEL_INFO, "%s: removed %s, left by an earlier life", spec->name,
				spec->stale[i]);
		else if (errno != ENOENT)
			say(LOG_LEVEL_WARNING, "%s: unable to remove the stale %s: %s", spec->name,
				spec->stale[i], strerror(errno));
	}
}

static void
start_probe(struct supervisor *supervisor, uint32_t service)
{
	struct runner *runner = &supervisor->runners[service];
	pid_t pid = probe_start(&supervisor->table, &supervisor->table.services[service]);

	runner->probe_at = STATE_NEVER;
	runner->probe = pid > 0 ? pid : 0;
	if (pid == -1)
		runner->probe_at = supervisor->now + RUNNER_PROBE_PAUSE_MS;
}

static void
start(struct supervisor *supervisor, uint32_t service)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];
	pid_t pid;

	sweep(supervisor, service);
	runner->runs = runner->answered = runner->told = false;
	runner->failure.error = 0;
	drain_end(&runner->drain);
	runner->started_at = supervisor->now;
	pid = runner_spawn(supervisor, service);
	if (pid == -1) {
		runner->exit_kind = EXITED_UNSTARTED;
		runner->exit_value = errno;
		return; /* runner_settle sees a service in starting without a process */
	}
	runner->pid = runner->group = pid;
	supervisor->logger.share->pids[service] = pid;
	if (probe_wanted(spec))
		start_probe(supervisor, service);
}

static void
send_stop(const struct service_spec *spec, const struct runner *runner)
{
	if (runner->pid <= 0)
		return;
	kill(runner->pid, spec->stop_signal > 0 ? spec->stop_signal : SIGTERM);
	/* One that somebody stopped with STOP hears nothing else. */
	kill(runner->pid, SIGCONT);
}

static void
send_reload(struct supervisor *supervisor, uint32_t service)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	const struct runner *runner = &supervisor->runners[service];
	uint64_t newest = flush_newest(supervisor, service);

	if (runner->pid <= 0 || spec->reload_signal <= 0)
		return;
	if (kill(runner->pid, spec->reload_signal) == 0)
		say(LOG_LEVEL_INFO, "%s: told to reload", spec->name);
	flush_start(supervisor, service, newest);
}

static void
signal_group(const struct runner *runner, int signal)
{
	if (runner->group <= 0)
		return;
	kill(-runner->group, signal);
	if (signal != SIGKILL)
		kill(-runner->group, SIGCONT);
}

static void
act(struct supervisor *supervisor, uint32_t service, unsigned actions)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];

	runner_tell(supervisor, service, actions);
	if (actions & ACTION_END_PROBE)
		end_probe(runner);
	if (actions & ACTION_DRAIN)
		drain_begin(supervisor, service);
	if (actions & ACTION_STOP) {
		flush_end(runner);
		send_stop(spec, runner);
	}
	if (actions & ACTION_TERM_GROUP)
		signal_group(runner, SIGTERM);
	if (actions & ACTION_KILL_GROUP)
		signal_group(runner, SIGKILL);
	if (actions & ACTION_TELL_LEFT)
		runner->pid = runner->group = 0; /* from now on an orphan like others */
	if (actions & ACTION_START)
		start(supervisor, service);
	if (actions & ACTION_RELOAD)
		send_reload(supervisor, service);
	else if (actions & ACTION_TELL_READY)
		flush_start(supervisor, service, 0); /* all its processes are new */
}

static bool
group_is_empty(struct runner *runner)
{
	if (runner->group > 0 && (kill(-runner->group, 0) == 0 || errno != ESRCH))
		return false;
	runner->group = 0;
	return true;
}

static bool
is_ready(const struct service_spec *spec, const struct runner *runner)
{
	return runner->runs && (runner->told || !probe_told(spec)) &&
		(runner->answered || !probe_wanted(spec));
}

/* What the present processes mean for a service. Returns whether there was an event. */
static bool
observe(struct supervisor *supervisor, uint32_t service)
{
	const struct state_machine *machine = &supervisor->fleet.machines[service];
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];
	enum state_event event;

	/* It was just told to start and has no process yet: that comes first. */
	if (supervisor->fleet.actions[service] != 0)
		return false;
	if (machine->state == STATE_STARTING && runner->pid == 0)
		event = EVENT_EXIT;
	else if (machine->state == STATE_STARTING && is_ready(spec, runner))
		event = EVENT_READY;
	else if (machine->state == STATE_STOPPING && !machine->main_gone && runner->pid == 0)
		event = EVENT_EXIT;
	else if (machine->state == STATE_STOPPING && machine->main_gone && group_is_empty(runner))
		event = EVENT_EMPTY;
	else if (machine->draining && runner->drain.over)
		event = EVENT_DRAINED;
	else
		return false;
	fleet_event(&supervisor->fleet, service, event, supervisor->now);
	return true;
}

/*
 * Does what is decided and decides on what is done, until nothing is left to
 * do. Returns whether it has to be called again without waiting.
 */
bool
runner_settle(struct supervisor *supervisor)
{
	bool changed = true;

	/* Each round moves some service one state on; the bound keeps signals heard whatever happens. */
	for (int round = 0; changed && round < 8 * SERVICE_MAX; round++) {
		changed = false;
		for (uint32_t i = 0; i < supervisor->fleet.count; i++) {
			unsigned actions = fleet_take_actions(&supervisor->fleet, i);

			if (actions != 0)
				act(supervisor, i, actions);
			changed |= actions != 0;
		}
		for (uint32_t i = 0; i < supervisor->fleet.count; i++)
			changed |= observe(supervisor, i);
	}
	return changed;
}

static bool
exits_for_good(const struct service_spec *spec, int status)
{
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 0)
		return false;
	for (int i = 0; i < SERVICE_FINAL_EXITS; i++)
		if (spec->final_exits[i] == WEXITSTATUS(status))
			return true;
	return false;
}

static void
main_process_ended(struct supervisor *supervisor, uint32_t service, int status)
{
	struct runner *runner = &supervisor->runners[service];
	bool final = exits_for_good(&supervisor->table.services[service], status);

	runner_read(supervisor, service); /* why exec failed, if it did */
	runner->pid = 0;
	supervisor->logger.share->pids[service] = 0;
	runner->exit_kind = WIFSIGNALED(status) ? EXITED_SIGNAL : EXITED_CODE;
	runner->exit_value = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	fleet_event(&supervisor->fleet, service, final ? EVENT_EXIT_FINAL : EVENT_EXIT,
		supervisor->now);
}

static void
probe_ended(struct supervisor *supervisor, struct runner *runner, uint32_t service, int status)
{
	if (runner->probe > 0)
		kill(-runner->probe, SIGKILL); /* what a command of it may have left */
	runner->probe = 0;
	if (supervisor->fleet.machines[service].state != STATE_STARTING)
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		runner->answered = true;
	else
		runner->probe_at = supervisor->now + RUNNER_PROBE_PAUSE_MS;
}

/* Whether PID was a process of some service; then it is dealt with. */
bool
runner_reaped(struct supervisor *supervisor, pid_t pid, int status)
{
	for (uint32_t i = 0; i < supervisor->table.count; i++) {
		struct runner *runner = &supervisor->runners[i];

		if (pid == runner->pid) {
			main_process_ended(supervisor, i, status);
			return true;
		}
		if (pid == runner->flush) {
			flush_gone(supervisor, i, status);
			return true;
		}
		if (pid == runner->probe) {
			probe_ended(supervisor, runner, i, status);
			return true;
		}
	}
	return false;
}

void
runner_tick(struct supervisor *supervisor)
{
	for (uint32_t i = 0; i < supervisor->table.count; i++) {
		if (supervisor->runners[i].probe_at <= supervisor->now)
			start_probe(supervisor, i);
		drain_tick(supervisor, i);
	}
}

int64_t
runner_deadline(const struct supervisor *supervisor)
{
	int64_t nearest = STATE_NEVER;

	for (uint32_t i = 0; i < supervisor->table.count; i++) {
		const struct runner *runner = &supervisor->runners[i];

		if (runner->probe_at < nearest)
			nearest = runner->probe_at;
		if (runner->drain.look_at < nearest)
			nearest = runner->drain.look_at;
	}
	return nearest;
}

/* No state is asked: everything that can be killed is. */
void
runner_kill_all(struct supervisor *supervisor)
{
	for (uint32_t i = 0; i < supervisor->table.count; i++) {
		end_probe(&supervisor->runners[i]);
		flush_end(&supervisor->runners[i]);
		signal_group(&supervisor->runners[i], SIGKILL);
	}
}
