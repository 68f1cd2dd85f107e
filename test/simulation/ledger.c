/* ledger.c - what is seen from outside, and the invariants over it */
#include <string.h>

#include "base/fatal.h"
#include "world.h"

void
world_want(struct world *world, bool holds, const char *invariant)
{
	if (!holds && world->broken == NULL)
		world->broken = invariant;
}

void
ledger_forget(struct ledger *ledger)
{
	ledger->retry_count = 0;
	ledger->unready = 0;
	ledger->person = true;
	ledger->owes_verdict = false;
	ledger->final = false;
}

/* Tries that followed a failure, within the window that ends now. */
static uint32_t
recent_retries(const struct world *world, const struct ledger *ledger)
{
	uint32_t recent = 0;

	for (uint32_t i = 0; i < ledger->retry_count; i++)
		recent += world->now - ledger->retries[i] < world->table.give_up_window_ms;
	return recent;
}

static void
note_retry(struct world *world, struct ledger *ledger)
{
	if (ledger->retry_count == STATE_FAILURES)
		memmove(ledger->retries, ledger->retries + 1,
			--ledger->retry_count * sizeof(ledger->retries[0]));
	ledger->retries[ledger->retry_count++] = world->now;
	ledger->retry_at = world->now;
	ledger->person = false;
	ledger->owes_verdict = false;
	world_want(world, !world->stopping, "no try is announced during a stop");
	world_want(world, recent_retries(world, ledger) < world->table.give_up_count,
		"no restart loop beats the rule of giving up");
	world_want(world, !ledger->final, "what no new try can mend is not tried again");
}

/* What the pause before this start must have been at least. */
static int64_t
due_pause(const struct world *world, const struct ledger *ledger, uint32_t service)
{
	const struct state_rules *rules = &world->fleet.rules[service];
	uint32_t failures = 0;
	int64_t pause = rules->restart_delay_ms;

	for (uint32_t i = 0; i < ledger->retry_count; i++)
		failures += ledger->retry_at - ledger->retries[i] < rules->give_up_window_ms;
	if (ledger->unready > failures)
		failures = ledger->unready;
	if (ledger->person || failures <= 1)
		return 0;
	for (uint32_t i = 2; i < failures && pause < rules->restart_max_delay_ms; i++)
		pause *= 2;
	return pause < rules->restart_max_delay_ms ? pause : rules->restart_max_delay_ms;
}

static void
do_start(struct world *world, uint32_t service)
{
	struct ledger *ledger = &world->ledgers[service];

	world_want(world, fleet_missing(&world->fleet, service) == 0,
		"nothing starts before what it needs is ready");
	world_want(world, !ledger->main && !ledger->group,
		"nothing starts while a process of its earlier life is left");
	world_want(world, !world->fleet.stopping, "nothing starts during a stop");
	world_want(world, !ledger->wanted_down, "what a person stopped stays down");
	world_want(world, !ledger->owes_verdict, "a failure is told before the next try");
	world_want(world, world->now - ledger->retry_at >= due_pause(world, ledger, service),
		"repeated failures wait longer and longer");
	ledger->unready++;
	world_want(world, ledger->unready <= world->table.give_up_count,
		"starts that never become ready end too");
	ledger->attempted = true;
	ledger->asked = ledger->hurried = ledger->crashed = false;
	ledger->draining = ledger->drained = false;
	ledger->told_group = ledger->killed = false;
	ledger->owes_reload = false; /* it reads everything anew */
	ledger->main = ledger->group = world_draw(world, 10) != 0; /* or fork failed */
	ledger->stubborn = world_draw(world, 5) == 0;
}

/* Whoever needs SERVICE and still runs would lose what it stands on. */
static bool
carries_somebody(const struct world *world, uint32_t service)
{
	for (uint32_t i = 0; i < world->fleet.count; i++)
		if ((world->fleet.needs[i] >> service & 1) && world->ledgers[i].main &&
			/* one that not even KILL ended is given up, and no longer waited for */
			!state_down(world->fleet.machines[i].state))
			return true;
	return false;
}

static void
do_stop(struct world *world, uint32_t service, bool late)
{
	struct ledger *ledger = &world->ledgers[service];

	world_want(world,
		!world->fleet.stopping || !ledger->main || ledger->wanted_down || ledger->hurried ||
			late || !carries_somebody(world, service),
		"a stop goes from the dependents down");
	ledger->asked = true;
	ledger->draining = false;
	ledger->asked_at = world->now;
	if (!ledger->stubborn && world_draw(world, 2) == 0)
		ledger->main = false;
}

/* What is under way may end first; that is a part of the stop, and comes before the signal. */
static void
do_drain(struct world *world, uint32_t service)
{
	struct ledger *ledger = &world->ledgers[service];
	const struct state_machine *machine = &world->fleet.machines[service];

	world_want(world, world->fleet.stopping && ledger->main && !ledger->asked,
		"only what runs drains, only in a stop of all, and before it is told to end");
	world_want(world, world->fleet.rules[service].drains, "only what can drains");
	world_want(world, ledger->wanted_down || !carries_somebody(world, service),
		"a stop goes from the dependents down");
	world_want(world, machine->deadline < machine->stop_by || machine->stop_by <= world->now,
		"a drain leaves time to end");
	ledger->draining = true;
	/* Nothing was under way: that is told as soon as the holder has looked. */
	ledger->drained = false;
}

static void
do_kill(struct world *world, uint32_t service)
{
	struct ledger *ledger = &world->ledgers[service];
	const struct state_rules *rules = &world->fleet.rules[service];

	if (ledger->main && !rules->kill_to_stop && !ledger->hurried) {
		world_want(world, ledger->asked, "nobody is killed who was not asked first");
		world_want(world,
			world->fleet.stopping ||
				world->now - ledger->asked_at >= rules->stop_timeout_ms,
			"who is asked has the time to end");
	}
	world_want(world,
		ledger->main || !ledger->group || ledger->attempted || ledger->crashed ||
			ledger->hurried || ledger->told_group || ledger->killed ||
			rules->kill_to_stop,
		"the rest of a group is asked before it is killed");
	ledger->killed = true;
	ledger->draining = false;
	/* Now and then a process is in state D, and not even KILL helps. */
	ledger->main = ledger->main && world_draw(world, 50) == 0;
	ledger->group = ledger->main;
}

/* Those that need SERVICE hear that it is back, but not that it came. */
static void
came_up(struct world *world, uint32_t service)
{
	struct ledger *ledger = &world->ledgers[service];

	ledger->unready = 0;
	for (uint32_t i = 0; ledger->seen_ready && i < world->fleet.count; i++) {
		enum state state = world->fleet.machines[i].state;

		if (world->fleet.needs[i] >> service & 1)
			world->ledgers[i].owes_reload |=
				state == STATE_READY || state == STATE_STARTING;
	}
	ledger->seen_ready = true;
}

void
world_do(struct world *world, uint32_t service, unsigned actions)
{
	struct ledger *ledger = &world->ledgers[service];

	if (actions & ACTION_TELL_RETRY)
		note_retry(world, ledger);
	if (actions & (ACTION_TELL_GIVEN_UP | ACTION_TELL_STOPPED))
		ledger->owes_verdict = false;
	if (actions & ACTION_TELL_LATE)
		ledger->owes_verdict = true;
	if (actions & ACTION_TELL_READY)
		came_up(world, service);
	if (actions & ACTION_DRAIN)
		do_drain(world, service);
	if (actions & ACTION_STOP)
		do_stop(world, service, actions & ACTION_TELL_LATE);
	if (actions & ACTION_TERM_GROUP) {
		ledger->told_group = true;
		ledger->group = ledger->group && (ledger->main || ledger->stubborn);
	}
	if (actions & ACTION_KILL_GROUP)
		do_kill(world, service);
	if (actions & ACTION_TELL_LEFT) {
		world_want(world, ledger->killed, "nobody is left behind who was not killed");
		world_want(
			world, ledger->main || ledger->group, "only who is there is left behind");
		ledger->main = ledger->group = ledger->attempted = false;
	}
	if (actions & ACTION_START)
		do_start(world, service);
	if (actions & ACTION_RELOAD) {
		world_want(world, world->fleet.machines[service].state == STATE_READY,
			"only a ready service is told to reload");
		ledger->owes_reload = false;
	}
}

static void
note_event(struct world *world, uint32_t service, enum state_event event)
{
	struct ledger *ledger = &world->ledgers[service];
	enum state state = world->fleet.machines[service].state;
	bool runs = state == STATE_STARTING || state == STATE_READY;

	switch (event) {
	case EVENT_EXIT:
	case EVENT_EXIT_FINAL:
		world_want(world, ledger->attempted || state == STATE_STOPPING,
			"what is to be started is started");
		ledger->attempted = false;
		ledger->owes_verdict |= runs;
		ledger->crashed |= runs;
		ledger->final |= event == EVENT_EXIT_FINAL && state == STATE_STARTING;
		break;
	case EVENT_DRAINED:
		ledger->drained |= ledger->draining;
		break;
	case EVENT_STOP:
		ledger->wanted_down = true;
		ledger->owes_verdict = ledger->final = false;
		break;
	case EVENT_START:
	case EVENT_RESTART:
		if (world->fleet.stopping)
			break;
		ledger->wanted_down = false;
		if (event == EVENT_RESTART || !runs)
			ledger_forget(ledger);
		break;
	default:
		break;
	}
}

void
world_event(struct world *world, uint32_t service, enum state_event event)
{
	note_event(world, service, event);
	fleet_event(&world->fleet, service, event, world->now);
}

static int64_t
longest(const struct state_rules *rules, enum state state)
{
	uint32_t stop = rules->stop_timeout_ms;

	switch (state) {
	case STATE_WAITING:
	case STATE_STARTING:
		return rules->start_timeout_ms;
	case STATE_BACKOFF:
		return rules->restart_max_delay_ms;
	case STATE_STOPPING:
		return stop > STATE_KILL_GRACE_MS ? stop : STATE_KILL_GRACE_MS;
	default:
		return -1;
	}
}

static void
check_service(struct world *world, uint32_t service)
{
	const struct state_machine *machine = &world->fleet.machines[service];
	const struct ledger *ledger = &world->ledgers[service];
	enum state state = machine->state;
	int64_t most = longest(&world->fleet.rules[service], state);

	world_want(world, (most < 0) == (machine->deadline == STATE_NEVER),
		"each is up, or waits with a deadline, or is down for good");
	world_want(world, most < 0 || machine->deadline > world->now, "no deadline is left behind");
	world_want(world, most < 0 || machine->deadline - world->now <= most,
		"no deadline is further away than its rule says");
	world_want(world,
		!ledger->main || state == STATE_STARTING || state == STATE_READY ||
			state == STATE_STOPPING,
		"a process exists only in starting, ready and stopping");
	world_want(world, !ledger->drained || ledger->asked || ledger->killed || !ledger->main,
		"what has drained is told to end");
	world_want(world, (state != STATE_READY && state != STATE_STARTING) || ledger->main,
		"what is up has a process");
	world_want(world, state != STATE_READY || !ledger->owes_reload,
		"a ready service has heard all that it was to be told");
	world_want(world,
		state != STATE_WAITING || world->fleet.stopping ||
			fleet_missing(&world->fleet, service) != 0,
		"what can start starts");
	world_want(world,
		!world->fleet.stopping || (state != STATE_WAITING && state != STATE_BACKOFF),
		"a stop leaves nobody waiting");
	world_want(world,
		state != STATE_FAILED || !world->fleet.required[service] ||
			world->fleet.give_up_stay || world->fleet.stopping,
		"a required service that is given up ends the container");
	world_want(world, !ledger->wanted_down || state == STATE_STOPPING || state == STATE_STOPPED,
		"what a person stopped is down or on its way");
	world_want(world, state != STATE_STOPPED || ledger->wanted_down || world->fleet.stopping,
		"nothing is down that nobody stopped");
}

static bool
is_code_of_a_failed_one(const struct world *world)
{
	for (uint32_t i = 0; i < world->fleet.count; i++)
		if (world->fleet.machines[i].state == STATE_FAILED && world->fleet.required[i] &&
			world->fleet.exit_code ==
				(i < EXIT_OTHER_DAEMON - EXIT_DAEMON ? EXIT_DAEMON + (int)i
								     : EXIT_OTHER_DAEMON))
			return true;
	return false;
}

void
world_check(struct world *world)
{
	for (uint32_t i = 0; i < world->fleet.count; i++)
		check_service(world, i);
	if (!world->stopping && world->fleet.stopping) {
		world->exit_code = world->fleet.exit_code;
		world_want(world, is_code_of_a_failed_one(world),
			"a stop that nobody asked for has the code of a service given up");
	}
	world_want(world, !world->stopping || world->fleet.stopping, "a stop is not taken back");
	world_want(world, !world->stopping || world->fleet.exit_code == world->exit_code,
		"the exit code is decided once");
	world->stopping = world->fleet.stopping;
}
