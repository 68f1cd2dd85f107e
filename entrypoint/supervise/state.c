/*
 * state.c - the life of one service
 *
 * The table at the end names one small function for each state and event. An
 * event that means nothing in a state is written as `ignore`, so that no case
 * is forgotten; late events (an exit after we went on without the process) are
 * the reason why none of them may be an error.
 */
#include "supervise/state.h"

#include <string.h>

typedef unsigned state_handler(struct state_machine *, const struct state_rules *, int64_t);

static unsigned
ignore(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)machine;
	(void)rules;
	(void)now;
	return 0;
}

static void
enter(struct state_machine *machine, enum state state, int64_t now, int64_t deadline)
{
	if (machine->state != state)
		machine->since = now;
	machine->state = state;
	machine->deadline = deadline;
}

static unsigned
wait_for_needs(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	enter(machine, STATE_WAITING, now, now + rules->start_timeout_ms);
	return 0;
}

/* A person starts it: what it did before no longer counts against it. */
static unsigned
begin_afresh(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	machine->failure_count = 0;
	machine->unready = 0;
	machine->delay_ms = 0;
	return wait_for_needs(machine, rules, now);
}

/* Not a failure of this service: that is counted where it happens. */
static unsigned
waited(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	wait_for_needs(machine, rules, now);
	return ACTION_TELL_WAITED;
}

static unsigned
launch(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	machine->unready++;
	enter(machine, STATE_STARTING, now, now + rules->start_timeout_ms);
	return ACTION_START;
}

static unsigned
arrive(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	machine->unready = 0;
	enter(machine, STATE_READY, now, STATE_NEVER);
	return ACTION_END_PROBE | ACTION_TELL_READY;
}

static unsigned
halt(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	enter(machine, STATE_STOPPED, now, STATE_NEVER);
	return ACTION_TELL_STOPPED;
}

static unsigned
give_up(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	enter(machine, STATE_FAILED, now, STATE_NEVER);
	return ACTION_TELL_GIVEN_UP;
}

/* How many failures, this one included, lie within the window. */
static uint32_t
count_failure(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < machine->failure_count; i++)
		if (now - machine->failures[i] < rules->give_up_window_ms)
			machine->failures[kept++] = machine->failures[i];
	if (kept == STATE_FAILURES) {
		memmove(machine->failures, machine->failures + 1,
			sizeof(machine->failures) - sizeof(machine->failures[0]));
		kept--;
	}
	machine->failures[kept++] = now;
	machine->failure_count = kept;
	return kept;
}

/* The first retry is at once; then the delay doubles up to its maximum. */
static uint32_t
backoff_delay(const struct state_rules *rules, uint32_t failures)
{
	uint64_t delay = rules->restart_delay_ms;

	if (failures <= 1)
		return 0;
	for (uint32_t i = 2; i < failures && delay < rules->restart_max_delay_ms; i++)
		delay *= 2;
	return delay < rules->restart_max_delay_ms ? (uint32_t)delay : rules->restart_max_delay_ms;
}

static unsigned
fail(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	uint32_t failures = count_failure(machine, rules, now);
	uint32_t limit = rules->give_up_count;

	/*
	 * Starts that each run into their time-out are too far apart for the
	 * window to catch them; they count by their own number.
	 */
	if (machine->unready > failures)
		failures = machine->unready;
	if (limit > STATE_FAILURES)
		limit = STATE_FAILURES;
	if (limit > 0 && failures >= limit)
		return give_up(machine, rules, now);
	machine->restarts++;
	machine->delay_ms = backoff_delay(rules, failures);
	if (machine->delay_ms == 0)
		wait_for_needs(machine, rules, now);
	else
		enter(machine, STATE_BACKOFF, now, now + machine->delay_ms);
	return ACTION_TELL_RETRY;
}

static int64_t
sooner(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * Only one that works has anything under way that is worth waiting for, and only
 * a stop of all is final: a restart is to be over soon.
 */
static bool
may_drain(const struct state_machine *machine, const struct state_rules *rules)
{
	return rules->drains && machine->state == STATE_READY && machine->stop_limit != STATE_NEVER;
}

/* The main process is alive and is asked to end. */
static unsigned
stop_for(struct state_machine *machine, const struct state_rules *rules, int64_t now,
	enum state_then then, bool kill)
{
	int64_t limit = sooner(now + rules->stop_timeout_ms, machine->stop_limit);

	machine->then = then;
	machine->main_gone = false;
	machine->killed = kill || rules->kill_to_stop;
	machine->draining = !machine->killed && may_drain(machine, rules) &&
		limit - now >= STATE_DRAIN_LEAST_MS;
	machine->stop_by = limit;
	if (machine->draining) {
		enter(machine, STATE_STOPPING, now, limit - (limit - now) / STATE_DRAIN_REST);
		return ACTION_END_PROBE | ACTION_DRAIN;
	}
	/* KILL works at once, but even then its end has to be seen. */
	enter(machine, STATE_STOPPING, now, machine->killed ? now + STATE_KILL_GRACE_MS : limit);
	return ACTION_END_PROBE | (machine->killed ? ACTION_KILL_GROUP : ACTION_STOP);
}

/* Nothing is under way any more, or there is no time left for it. */
static unsigned
drained(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	if (!machine->draining)
		return 0;
	machine->draining = false;
	enter(machine, STATE_STOPPING, now, machine->stop_by);
	return ACTION_STOP;
}

static unsigned
stop(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	return stop_for(machine, rules, now, THEN_STOPPED, false);
}

static unsigned
stop_hard(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	return stop_for(machine, rules, now, THEN_STOPPED, true);
}

static unsigned
restart(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	machine->failure_count = 0;
	machine->unready = 0;
	return stop_for(machine, rules, now, THEN_AGAIN, false);
}

static unsigned
late(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	return ACTION_TELL_LATE | stop_for(machine, rules, now, THEN_RETRY, false);
}

/*
 * The main process died by itself. Its children may live on in the group and
 * hold its sockets (a busy smtpd keeps port 25): they go before a new start.
 */
static unsigned
crash_then(struct state_machine *machine, int64_t now, enum state_then then)
{
	machine->then = then;
	machine->main_gone = true;
	machine->killed = true;
	enter(machine, STATE_STOPPING, now, now + STATE_KILL_GRACE_MS);
	return ACTION_END_PROBE | ACTION_KILL_GROUP;
}

static unsigned
crash(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	return crash_then(machine, now, THEN_RETRY);
}

/*
 * A new try cannot mend a configuration. But one that ran well for a while has
 * proven its own: it gets a try, and if that says "configuration" too it ends.
 */
static unsigned
crash_final(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	bool proven = machine->state == STATE_READY && now - machine->since >= STATE_PROVEN_MS;

	(void)rules;
	return crash_then(machine, now, proven ? THEN_RETRY : THEN_FAILED);
}

/* Dovecot's children outlive their master by up to 30 s unless they are told. */
static unsigned
main_gone(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	machine->main_gone = true;
	if (machine->draining)
		enter(machine, STATE_STOPPING, now, machine->stop_by);
	machine->draining = false;
	return machine->killed ? ACTION_KILL_GROUP : ACTION_TERM_GROUP;
}

static unsigned
go_on(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	switch (machine->then) {
	case THEN_AGAIN:
		return wait_for_needs(machine, rules, now);
	case THEN_RETRY:
		return fail(machine, rules, now);
	case THEN_FAILED:
		return give_up(machine, rules, now);
	case THEN_STOPPED:
		break;
	}
	return halt(machine, rules, now);
}

static unsigned
emptied(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	if (!machine->main_gone)
		return 0;
	return go_on(machine, rules, now);
}

static unsigned
kill_group(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	machine->draining = false;
	machine->killed = true;
	enter(machine, STATE_STOPPING, now, now + STATE_KILL_GRACE_MS);
	return ACTION_KILL_GROUP;
}

static unsigned
overdue(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	if (machine->draining)
		return ACTION_TELL_CUT | drained(machine, rules, now);
	if (!machine->killed)
		return ACTION_TELL_OVERDUE | kill_group(machine, rules, now);
	/* A process in state D, or one that we may not signal: nothing more can be done. */
	return ACTION_TELL_LEFT | go_on(machine, rules, now);
}

static unsigned
hurry(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	machine->then = THEN_STOPPED;
	return kill_group(machine, rules, now);
}

static unsigned
then_stopped(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	(void)now;
	machine->then = THEN_STOPPED;
	if (!machine->killed)
		machine->deadline = sooner(machine->deadline, machine->stop_limit);
	return 0;
}

static unsigned
then_again(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	(void)rules;
	(void)now;
	machine->then = THEN_AGAIN;
	machine->failure_count = 0;
	machine->unready = 0;
	return 0;
}

/* clang-format off */
static state_handler *const table[STATE_COUNT][EVENT_COUNT] = {
	[STATE_WAITING] = {
		[EVENT_GO] = launch, [EVENT_READY] = ignore,
		[EVENT_EXIT] = ignore, [EVENT_EXIT_FINAL] = ignore, [EVENT_EMPTY] = ignore,
		[EVENT_DRAINED] = ignore, [EVENT_DEADLINE] = waited, [EVENT_HOPELESS] = give_up,
		[EVENT_STOP] = halt, [EVENT_HURRY] = halt,
		[EVENT_START] = begin_afresh, [EVENT_RESTART] = begin_afresh,
	},
	[STATE_STARTING] = {
		[EVENT_GO] = ignore, [EVENT_READY] = arrive,
		[EVENT_EXIT] = crash, [EVENT_EXIT_FINAL] = crash_final, [EVENT_EMPTY] = ignore,
		[EVENT_DRAINED] = ignore, [EVENT_DEADLINE] = late, [EVENT_HOPELESS] = ignore,
		[EVENT_STOP] = stop, [EVENT_HURRY] = stop_hard,
		[EVENT_START] = ignore, [EVENT_RESTART] = restart,
	},
	[STATE_READY] = {
		[EVENT_GO] = ignore, [EVENT_READY] = ignore,
		[EVENT_EXIT] = crash, [EVENT_EXIT_FINAL] = crash_final, [EVENT_EMPTY] = ignore,
		[EVENT_DRAINED] = ignore, [EVENT_DEADLINE] = ignore, [EVENT_HOPELESS] = ignore,
		[EVENT_STOP] = stop, [EVENT_HURRY] = stop_hard,
		[EVENT_START] = ignore, [EVENT_RESTART] = restart,
	},
	[STATE_STOPPING] = {
		[EVENT_GO] = ignore, [EVENT_READY] = ignore,
		[EVENT_EXIT] = main_gone, [EVENT_EXIT_FINAL] = main_gone, [EVENT_EMPTY] = emptied,
		[EVENT_DRAINED] = drained, [EVENT_DEADLINE] = overdue, [EVENT_HOPELESS] = ignore,
		[EVENT_STOP] = then_stopped, [EVENT_HURRY] = hurry,
		[EVENT_START] = then_again, [EVENT_RESTART] = then_again,
	},
	[STATE_STOPPED] = {
		[EVENT_GO] = ignore, [EVENT_READY] = ignore,
		[EVENT_EXIT] = ignore, [EVENT_EXIT_FINAL] = ignore, [EVENT_EMPTY] = ignore,
		[EVENT_DRAINED] = ignore, [EVENT_DEADLINE] = ignore, [EVENT_HOPELESS] = ignore,
		[EVENT_STOP] = ignore, [EVENT_HURRY] = ignore,
		[EVENT_START] = begin_afresh, [EVENT_RESTART] = begin_afresh,
	},
	[STATE_BACKOFF] = {
		[EVENT_GO] = ignore, [EVENT_READY] = ignore,
		[EVENT_EXIT] = ignore, [EVENT_EXIT_FINAL] = ignore, [EVENT_EMPTY] = ignore,
		[EVENT_DRAINED] = ignore, [EVENT_DEADLINE] = wait_for_needs, [EVENT_HOPELESS] = ignore,
		[EVENT_STOP] = halt, [EVENT_HURRY] = halt,
		[EVENT_START] = begin_afresh, [EVENT_RESTART] = begin_afresh,
	},
	[STATE_FAILED] = {
		[EVENT_GO] = ignore, [EVENT_READY] = ignore,
		[EVENT_EXIT] = ignore, [EVENT_EXIT_FINAL] = ignore, [EVENT_EMPTY] = ignore,
		[EVENT_DRAINED] = ignore, [EVENT_DEADLINE] = ignore, [EVENT_HOPELESS] = ignore,
		[EVENT_STOP] = halt, [EVENT_HURRY] = ignore,
		[EVENT_START] = begin_afresh, [EVENT_RESTART] = begin_afresh,
	},
};
/* clang-format on */

void
state_init(struct state_machine *machine, const struct state_rules *rules, int64_t now)
{
	memset(machine, 0, sizeof(*machine));
	machine->stop_limit = STATE_NEVER;
	machine->since = now;
	wait_for_needs(machine, rules, now);
}

unsigned
state_take(struct state_machine *machine, const struct state_rules *rules, enum state_event event,
	int64_t now)
{
	return table[machine->state][event](machine, rules, now);
}

const char *
state_name(enum state state)
{
	static const char *const names[STATE_COUNT] = {
		"waiting", "starting", "ready", "stopping", "stopped", "backoff", "failed"};

	return state < STATE_COUNT ? names[state] : "unknown";
}

bool
state_down(enum state state)
{
	return state == STATE_STOPPED || state == STATE_FAILED;
}
