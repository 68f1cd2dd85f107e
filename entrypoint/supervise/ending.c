/*
 * ending.c - the last part of a stop
 *
 * The services go in their order (fleet.c); then whoever else is in the
 * container is told, and then killed; then the logger writes what it has; then
 * we leave. Every step has a deadline, so a stop always ends.
 */
#include <signal.h>
#include <stddef.h>

#include "supervise/say.h"
#include "supervise/supervisor.h"

#define ENDING_TERM_MS 500 /* what strangers get between TERM and KILL */
#define ENDING_KILL_MS 200
#define ENDING_LOGGER_MS (LOG_DRAIN_MS + 400)
#define ENDING_LOOK_MS 10 /* strangers are no children of ours: nobody tells when they end */

static void
end_logger(struct supervisor *supervisor)
{
	supervisor->ending = ENDING_LOGGER;
	supervisor->ending_at = supervisor->now + ENDING_LOGGER_MS;
	say_flush();
	logger_end(&supervisor->logger);
	/* While it writes its last there is nothing more to ask us, and nobody to say things by. */
	say_to_logger(-1);
	control_close(supervisor);
}

/* The watcher was killed when the stop began: one that the kernel holds holds nobody up. */
static int
strangers(const struct supervisor *supervisor, int signal)
{
	return leftover_signal(supervisor->logger.pid, supervisor->watcher.pid, signal);
}

static void
tell_strangers(struct supervisor *supervisor, int signal, enum ending next, int64_t grace_ms)
{
	int count = strangers(supervisor, signal);

	if (count <= 0) {
		/* Nobody, or nobody that can be seen: the kernel ends those with us. */
		end_logger(supervisor);
		return;
	}
	say(LOG_LEVEL_INFO, "%d processes of no service are left: %s", count,
		signal == SIGKILL ? "killed" : "told to end");
	supervisor->ending = next;
	supervisor->ending_at = supervisor->now + grace_ms;
	/* The services may have used up the time of the whole stop; without a plan there is no limit. */
	if (supervisor->fleet.count > 0 && supervisor->ending_at > supervisor->fleet.stop_deadline)
		supervisor->ending_at = supervisor->fleet.stop_deadline;
}

static void
services_are_down(struct supervisor *supervisor)
{
	if (!supervisor->is_init)
		end_logger(supervisor); /* others of this machine are none of our business */
	else if (supervisor->at_once)
		tell_strangers(supervisor, SIGKILL, ENDING_KILL, ENDING_KILL_MS);
	else
		tell_strangers(supervisor, SIGTERM, ENDING_TERM, ENDING_TERM_MS);
}

static void
await_strangers(struct supervisor *supervisor)
{
	if (strangers(supervisor, 0) <= 0)
		end_logger(supervisor);
	else if (supervisor->now < supervisor->ending_at && !supervisor->at_once)
		return;
	else if (supervisor->ending == ENDING_TERM)
		tell_strangers(supervisor, SIGKILL, ENDING_KILL, ENDING_KILL_MS);
	else if (supervisor->now >= supervisor->ending_at)
		end_logger(supervisor);
}

static void
await_logger(struct supervisor *supervisor)
{
	struct logger *logger = &supervisor->logger;

	if (logger->pid == 0 || supervisor->now >= supervisor->ending_at) {
		if (logger->pid > 0)
			kill(logger->pid, SIGKILL);
		supervisor->ending = ENDING_DONE;
	}
}

void
ending_settle(struct supervisor *supervisor)
{
	if (supervisor->phase != PHASE_STOPPING)
		return;
	if (supervisor->ending == ENDING_SERVICES && supervisor->planning.pid == 0 &&
		fleet_down(&supervisor->fleet))
		services_are_down(supervisor);
	if (supervisor->ending == ENDING_TERM || supervisor->ending == ENDING_KILL)
		await_strangers(supervisor);
	if (supervisor->ending == ENDING_LOGGER)
		await_logger(supervisor);
}

/* When ending_settle has to look again though nothing was heard, or STATE_NEVER. */
int64_t
ending_deadline(const struct supervisor *supervisor)
{
	if (supervisor->phase != PHASE_STOPPING)
		return STATE_NEVER;
	switch (supervisor->ending) {
	case ENDING_TERM:
	case ENDING_KILL:
		return supervisor->now + ENDING_LOOK_MS;
	case ENDING_LOGGER:
		return supervisor->ending_at;
	default:
		return STATE_NEVER;
	}
}
