/*
 * test_state.c - the pure machine: single services and fleets by hand
 *
 * test/simulation drives the same code through histories by chance.
 */
#include <stdint.h>

#include "base/fatal.h"
#include "supervise/fleet.h"
#include "supervise/state.h"
#include "unit.h"

static const struct state_rules rules = {
	.start_timeout_ms = 30000,
	.stop_timeout_ms = 5000,
	.restart_delay_ms = 500,
	.restart_max_delay_ms = 30000,
	.give_up_count = 8,
	.give_up_window_ms = 120000,
};

/* ---- by hand ---- */

static struct state_machine
machine_in(enum state state)
{
	struct state_machine machine;

	state_init(&machine, &rules, 0);
	if (state == STATE_WAITING)
		return machine;
	if (state == STATE_STOPPED) {
		state_take(&machine, &rules, EVENT_STOP, 0);
		return machine;
	}
	if (state == STATE_FAILED) {
		state_take(&machine, &rules, EVENT_HOPELESS, 0);
		return machine;
	}
	state_take(&machine, &rules, EVENT_GO, 0);
	if (state == STATE_STARTING)
		return machine;
	if (state == STATE_BACKOFF) {
		for (int i = 0; i < 2; i++) {
			state_take(&machine, &rules, EVENT_EXIT, 0);
			state_take(&machine, &rules, EVENT_EMPTY, 0);
			if (machine.state == STATE_WAITING)
				state_take(&machine, &rules, EVENT_GO, 0);
		}
		return machine;
	}
	state_take(&machine, &rules, EVENT_READY, 0);
	if (state == STATE_STOPPING)
		state_take(&machine, &rules, EVENT_STOP, 0);
	return machine;
}

static bool
deadline_fits(const struct state_machine *machine)
{
	switch (machine->state) {
	case STATE_WAITING:
	case STATE_STARTING:
	case STATE_STOPPING:
	case STATE_BACKOFF:
		return machine->deadline != STATE_NEVER;
	default:
		return machine->deadline == STATE_NEVER;
	}
}

static void
every_state_takes_every_event(void)
{
	for (int state = 0; state < STATE_COUNT; state++)
		for (int event = 0; event < EVENT_COUNT; event++) {
			struct state_machine machine = machine_in((enum state)state);
			unsigned actions;

			if (machine.state != (enum state)state) {
				CHECK(false, "a machine in %s can be made",
					state_name((enum state)state));
				continue;
			}
			actions = state_take(&machine, &rules, (enum state_event)event, 10);
			CHECK(deadline_fits(&machine),
				"%s, event %d: a deadline exactly where one is needed",
				state_name((enum state)state), event);
			CHECK((actions & ACTION_START) == 0 || machine.state == STATE_STARTING,
				"%s, event %d: started only to be in starting",
				state_name((enum state)state), event);
		}
}

static void
restarts_back_off_and_end(void)
{
	static const uint32_t delays[] = {0, 500, 1000, 2000, 4000, 8000, 16000};
	struct state_machine machine = machine_in(STATE_STARTING);
	int64_t now = 0;

	for (int i = 0; i < 7; i++) {
		unsigned actions = state_take(&machine, &rules, EVENT_EXIT, now);

		CHECK(actions & ACTION_KILL_GROUP, "failure %d: the group is swept", i + 1);
		CHECK(machine.state == STATE_STOPPING, "failure %d: until it is empty", i + 1);
		actions = state_take(&machine, &rules, EVENT_EMPTY, now);
		CHECK(actions & ACTION_TELL_RETRY, "failure %d is told", i + 1);
		CHECK(machine.delay_ms == delays[i], "failure %d waits %u ms, want %u", i + 1,
			machine.delay_ms, delays[i]);
		if (machine.state == STATE_BACKOFF) {
			now = machine.deadline;
			state_take(&machine, &rules, EVENT_DEADLINE, now);
		}
		state_take(&machine, &rules, EVENT_GO, now);
		state_take(&machine, &rules, EVENT_READY, now);
	}
	state_take(&machine, &rules, EVENT_EXIT, now);
	CHECK(state_take(&machine, &rules, EVENT_EMPTY, now) & ACTION_TELL_GIVEN_UP,
		"the eighth failure within the window is the last");
	CHECK(machine.state == STATE_FAILED, "and the state is failed");
	CHECK(machine.restarts == 7, "seven restarts are counted");
	state_take(&machine, &rules, EVENT_START, now);
	CHECK(machine.state == STATE_WAITING && machine.failure_count == 0,
		"a person may start it again, and it begins afresh");
}

static void
old_failures_are_forgiven(void)
{
	struct state_machine machine = machine_in(STATE_READY);
	int64_t now = 0;

	for (int i = 0; i < 40; i++) {
		now += rules.give_up_window_ms + 1;
		state_take(&machine, &rules, EVENT_EXIT, now);
		state_take(&machine, &rules, EVENT_EMPTY, now);
		if (machine.state != STATE_WAITING)
			break;
		state_take(&machine, &rules, EVENT_GO, now);
		state_take(&machine, &rules, EVENT_READY, now);
	}
	CHECK(machine.state == STATE_READY, "failures far apart are each the first one");
}

static void
starts_that_never_get_ready_end_too(void)
{
	struct state_machine machine = machine_in(STATE_STARTING);
	int64_t now = 0;
	int starts = 1;

	while (machine.state != STATE_FAILED && starts < 100) {
		now = machine.deadline;
		CHECK(state_take(&machine, &rules, EVENT_DEADLINE, now) & ACTION_TELL_LATE,
			"start %d: its time-out is told", starts);
		state_take(&machine, &rules, EVENT_EXIT, now);
		state_take(&machine, &rules, EVENT_EMPTY, now);
		if (machine.state == STATE_BACKOFF) {
			now = machine.deadline;
			state_take(&machine, &rules, EVENT_DEADLINE, now);
		}
		if (machine.state == STATE_WAITING) {
			state_take(&machine, &rules, EVENT_GO, now);
			starts++;
		}
	}
	CHECK(machine.state == STATE_FAILED && starts == 8,
		"time-outs count though the window is too short for them (%d starts)", starts);
}

static void
configuration_errors_do_not_loop(void)
{
	struct state_machine machine = machine_in(STATE_STARTING);

	state_take(&machine, &rules, EVENT_EXIT_FINAL, 0);
	state_take(&machine, &rules, EVENT_EMPTY, 0);
	CHECK(machine.state == STATE_FAILED, "a final exit code at a start is the end");
	machine = machine_in(STATE_READY);
	state_take(&machine, &rules, EVENT_EXIT_FINAL, STATE_PROVEN_MS - 1);
	state_take(&machine, &rules, EVENT_EMPTY, STATE_PROVEN_MS - 1);
	CHECK(machine.state == STATE_FAILED, "and shortly after it");
	machine = machine_in(STATE_READY);
	state_take(&machine, &rules, EVENT_EXIT_FINAL, STATE_PROVEN_MS);
	state_take(&machine, &rules, EVENT_EMPTY, STATE_PROVEN_MS);
	CHECK(machine.state == STATE_WAITING, "but one that worked for a while gets one more try");
}

static void
stops_are_kept_short(void)
{
	struct state_machine machine = machine_in(STATE_STOPPING);
	struct state_rules killed = rules;
	unsigned actions;

	CHECK(machine.deadline == 5000, "a stop has its time-out");
	actions = state_take(&machine, &rules, EVENT_EXIT, 10);
	CHECK(actions == ACTION_TERM_GROUP, "the rest of the group is told when its head is gone");
	CHECK(machine.state == STATE_STOPPING, "and waited for");
	actions = state_take(&machine, &rules, EVENT_DEADLINE, 5000);
	CHECK(actions == (ACTION_TELL_OVERDUE | ACTION_KILL_GROUP), "who does not end is killed");
	actions = state_take(&machine, &rules, EVENT_DEADLINE, 6000);
	CHECK(actions == (ACTION_TELL_LEFT | ACTION_TELL_STOPPED),
		"whom not even that ends is left behind");
	CHECK(machine.state == STATE_STOPPED, "and the stop ends");

	killed.kill_to_stop = true;
	killed.drains = true;
	machine = machine_in(STATE_READY);
	CHECK(state_take(&machine, &killed, EVENT_STOP, 0) & ACTION_KILL_GROUP,
		"without state to lose, KILL is the stop");
	machine = machine_in(STATE_STOPPING);
	state_take(&machine, &rules, EVENT_START, 10);
	state_take(&machine, &rules, EVENT_EXIT, 10);
	state_take(&machine, &rules, EVENT_EMPTY, 10);
	CHECK(machine.state == STATE_WAITING, "started while it stops, it comes up again");
}

static void
what_is_under_way_may_end_first(void)
{
	struct state_rules drains = rules;
	struct state_machine machine = machine_in(STATE_READY);
	unsigned actions;

	drains.drains = true;
	actions = state_take(&machine, &drains, EVENT_STOP, 0);
	CHECK(actions & ACTION_STOP, "a stop of one service does not drain it");

	machine = machine_in(STATE_READY);
	machine.stop_limit = 4000;
	actions = state_take(&machine, &drains, EVENT_STOP, 0);
	CHECK(actions == (ACTION_END_PROBE | ACTION_DRAIN), "a stop of all does");
	CHECK(machine.deadline == 3500, "and keeps a part of its time");
	actions = state_take(&machine, &drains, EVENT_DRAINED, 100);
	CHECK(actions == ACTION_STOP && machine.deadline == 4000, "then it is told to end");
	CHECK(state_take(&machine, &drains, EVENT_DRAINED, 110) == 0, "once");

	machine = machine_in(STATE_READY);
	machine.stop_limit = 4000;
	state_take(&machine, &drains, EVENT_STOP, 0);
	actions = state_take(&machine, &drains, EVENT_DEADLINE, 3500);
	CHECK(actions == (ACTION_TELL_CUT | ACTION_STOP),
		"it is told to end when the time is over");
	actions = state_take(&machine, &drains, EVENT_DEADLINE, 4000);
	CHECK(actions & ACTION_KILL_GROUP, "and killed when that did not help");

	machine = machine_in(STATE_READY);
	machine.stop_limit = 4000;
	state_take(&machine, &drains, EVENT_STOP, 0);
	actions = state_take(&machine, &drains, EVENT_EXIT, 10);
	CHECK(actions == ACTION_TERM_GROUP && machine.deadline == 4000,
		"one that ends meanwhile needs no signal; its group does");

	machine = machine_in(STATE_READY);
	machine.stop_limit = 4000;
	state_take(&machine, &drains, EVENT_STOP, 0);
	actions = state_take(&machine, &drains, EVENT_HURRY, 10);
	CHECK(actions & ACTION_KILL_GROUP, "a hurry ends a drain");
	CHECK(state_take(&machine, &drains, EVENT_DRAINED, 20) == 0, "which is then over");

	machine = machine_in(STATE_STARTING);
	machine.stop_limit = 4000;
	CHECK(state_take(&machine, &drains, EVENT_STOP, 0) & ACTION_STOP,
		"what never worked has nothing to drain");
}

/* ---- a fleet by hand ---- */

static void
three_services(struct service_table *table)
{
	service_table_init(table);
	table->count = 3;
	table->stop_timeout_ms = 8000;
	table->give_up_count = 8;
	table->give_up_window_ms = 120000;
	for (uint32_t i = 0; i < 3; i++)
		table->services[i] = (struct service_spec){
			.required = true, .place = (uint8_t)(2 - i), .needs = i == 2 ? 3 : 0};
}

static void
bring_up(struct fleet *fleet, const struct service_table *table)
{
	fleet_init(fleet, table, 0);
	for (uint32_t i = 0; i < table->count; i++) {
		fleet_event(fleet, i, EVENT_READY, 0);
		fleet->actions[i] = 0;
	}
}

static void
fleet_starts_and_stops_in_order(void)
{
	struct service_table table;
	struct fleet fleet;

	three_services(&table);
	fleet_init(&fleet, &table, 0);
	CHECK(fleet.machines[0].state == STATE_STARTING &&
			fleet.machines[1].state == STATE_STARTING &&
			fleet.machines[2].state == STATE_WAITING,
		"those that need nothing start together");
	fleet_event(&fleet, 0, EVENT_READY, 5);
	CHECK(fleet.machines[2].state == STATE_WAITING && fleet_missing(&fleet, 2) == 2,
		"one of two is not enough");
	fleet_event(&fleet, 1, EVENT_READY, 6);
	CHECK(fleet.machines[2].state == STATE_STARTING, "both are");
	fleet_event(&fleet, 2, EVENT_READY, 7);
	for (uint32_t i = 0; i < table.count; i++)
		(void)fleet_take_actions(&fleet, i);
	fleet_stop(&fleet, 100, 0);
	CHECK(fleet.machines[2].state == STATE_STOPPING && fleet.machines[0].state == STATE_READY &&
			fleet.machines[1].state == STATE_READY,
		"the dependent stops first");
	CHECK(fleet.machines[2].deadline <= 100 + 8000 - 2000, "and leaves time for the others");
	fleet_event(&fleet, 2, EVENT_EXIT, 110);
	fleet_event(&fleet, 2, EVENT_EMPTY, 110);
	CHECK(fleet.machines[0].state == STATE_STOPPING &&
			fleet.machines[1].state == STATE_STOPPING,
		"then the others, in parallel");
	CHECK(fleet.machines[0].deadline < fleet.stop_deadline, "within the whole time-out");
}

static void
stopped_needs_are_known(void)
{
	struct service_table table;
	struct fleet fleet;

	three_services(&table);
	bring_up(&fleet, &table);
	CHECK(fleet_halted(&fleet, 2) == 0, "all that it needs is there");
	fleet_event(&fleet, 1, EVENT_EXIT, 10);
	CHECK(fleet_missing(&fleet, 2) == 2 && fleet_halted(&fleet, 2) == 0,
		"one that comes back by itself is missing, and not halted");
	bring_up(&fleet, &table);
	fleet_event(&fleet, 1, EVENT_RESTART, 10);
	CHECK(fleet_halted(&fleet, 2) == 0, "nor is one that is restarted");
	bring_up(&fleet, &table);
	fleet_event(&fleet, 1, EVENT_STOP, 10);
	CHECK(fleet_halted(&fleet, 2) == 2, "one that is stopping is");
	fleet_event(&fleet, 1, EVENT_EXIT, 11);
	fleet_event(&fleet, 1, EVENT_EMPTY, 11);
	CHECK(fleet.machines[1].state == STATE_STOPPED && fleet_halted(&fleet, 2) == 2,
		"and one that was stopped");
	CHECK(fleet_halted(&fleet, 0) == 0, "of no concern to those that do not need it");
	fleet_event(&fleet, 1, EVENT_START, 12);
	CHECK(fleet_halted(&fleet, 2) == 0, "until it is started");
}

static void
dependents_hear_of_a_return(void)
{
	struct service_table table;
	struct fleet fleet;

	three_services(&table);
	bring_up(&fleet, &table);
	fleet_event(&fleet, 1, EVENT_EXIT, 10);
	fleet_event(&fleet, 1, EVENT_EMPTY, 10);
	CHECK(fleet.machines[2].state == STATE_READY,
		"a dependent does not stop with what it needs");
	CHECK(fleet.machines[1].state == STATE_STARTING, "which starts again at once");
	CHECK((fleet.actions[2] & ACTION_RELOAD) == 0, "and says nothing before it works");
	CHECK(fleet_take_returned(&fleet) == 0, "nor does it count as back");
	fleet_event(&fleet, 1, EVENT_READY, 20);
	CHECK(fleet.actions[2] & ACTION_RELOAD, "then the dependent is told");
	CHECK((fleet.actions[0] & ACTION_RELOAD) == 0, "and nobody else");
	CHECK(fleet_take_returned(&fleet) == 1 << 1, "it is back: what waited can be looked after");
	CHECK(fleet_take_returned(&fleet) == 0, "once");
	fleet_event(&fleet, 2, EVENT_EXIT, 30);
	fleet_event(&fleet, 2, EVENT_EMPTY, 30);
	fleet_event(&fleet, 2, EVENT_READY, 40);
	CHECK(fleet_take_returned(&fleet) == 0, "nobody waits for one that nobody needs");

	bring_up(&fleet, &table);
	fleet_event(&fleet, 2, EVENT_RESTART, 10);
	fleet_event(&fleet, 2, EVENT_EXIT, 10);
	fleet_event(&fleet, 2, EVENT_EMPTY, 10);
	fleet_event(&fleet, 1, EVENT_EXIT, 11);
	fleet_event(&fleet, 1, EVENT_EMPTY, 11);
	fleet_event(&fleet, 1, EVENT_READY, 12);
	CHECK((fleet.actions[2] & ACTION_RELOAD) == 0,
		"one that is starting could not hear a signal, it would die of it");
	fleet_event(&fleet, 2, EVENT_READY, 13);
	CHECK(fleet.actions[2] & ACTION_RELOAD, "so it is told once it is ready");
}

static void
a_required_failure_ends_the_container(void)
{
	struct service_table table;
	struct fleet fleet;

	three_services(&table);
	fleet_init(&fleet, &table, 0);
	fleet_event(&fleet, 0, EVENT_EXIT_FINAL, 5);
	fleet_event(&fleet, 0, EVENT_EMPTY, 5);
	CHECK(fleet.stopping && fleet.exit_code == EXIT_DAEMON + 2,
		"a required service that fails for good ends all, with its own exit code");

	table.give_up_stay = true;
	fleet_init(&fleet, &table, 0);
	fleet_event(&fleet, 0, EVENT_EXIT_FINAL, 5);
	fleet_event(&fleet, 0, EVENT_EMPTY, 5);
	CHECK(!fleet.stopping, "unless it is to stay for a look");

	table.give_up_stay = false;
	table.services[0].required = false;
	fleet_init(&fleet, &table, 0);
	fleet_event(&fleet, 0, EVENT_EXIT_FINAL, 5);
	fleet_event(&fleet, 0, EVENT_EMPTY, 5);
	CHECK(!fleet.stopping, "one that is not required ends nothing by itself");
	fleet_event(&fleet, 1, EVENT_READY, 6);
	fleet_tick(&fleet, 40000);
	CHECK(fleet.machines[2].state == STATE_FAILED && fleet.exit_code == EXIT_DAEMON,
		"but a required one that needs it cannot wait for ever");
}

static void
a_table_changes_under_a_fleet(void)
{
	struct service_table table, next;
	const int old_place[SERVICE_MAX] = {2, -1, 0};
	struct fleet fleet;

	three_services(&table);
	bring_up(&fleet, &table);
	service_table_init(&next);
	next.count = 3;
	next.services[0].needs = 4;
	fleet_event(&fleet, 1, EVENT_STOP, 5);
	fleet_event(&fleet, 1, EVENT_EXIT, 5);
	fleet_event(&fleet, 1, EVENT_EMPTY, 5);
	fleet_adopt(&fleet, &next, old_place, 10);
	CHECK(fleet.machines[0].state == STATE_READY && fleet.machines[2].state == STATE_READY,
		"those that stay keep their state at their new place");
	CHECK(fleet.machines[1].state == STATE_STARTING, "a new one starts");
	fleet_event(&fleet, 2, EVENT_EXIT, 20);
	fleet_event(&fleet, 2, EVENT_EMPTY, 20);
	fleet_event(&fleet, 2, EVENT_READY, 21);
	CHECK(fleet.actions[0] & ACTION_RELOAD, "what was ready before counts as known");
}

static void
circles_are_found(void)
{
	struct service_table table;

	three_services(&table);
	CHECK(fleet_orderable(&table), "a chain of needs has an order");
	table.services[0].needs = 4;
	CHECK(!fleet_orderable(&table), "a circle has none");
	table.services[0].needs = 1;
	CHECK(!fleet_orderable(&table), "nor has one that needs itself");
	table.count = 0;
	CHECK(fleet_orderable(&table), "nothing is in order");
}

int
main(void)
{
	every_state_takes_every_event();
	restarts_back_off_and_end();
	old_failures_are_forgiven();
	starts_that_never_get_ready_end_too();
	configuration_errors_do_not_loop();
	stops_are_kept_short();
	what_is_under_way_may_end_first();
	fleet_starts_and_stops_in_order();
	stopped_needs_are_known();
	dependents_hear_of_a_return();
	a_required_failure_ends_the_container();
	a_table_changes_under_a_fleet();
	circles_are_found();
	DONE();
}
