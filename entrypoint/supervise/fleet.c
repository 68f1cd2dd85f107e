/*
 * fleet.c - all services together
 *
 * After every event the fleet settles: whoever waits and has what it needs
 * goes; during a stop, whoever nobody depends on any more stops. An event may
 * cause others; each changes a state towards its end, so settling ends.
 */
#include "supervise/fleet.h"

#include <string.h>

#include "base/fatal.h"

#define FLEET_START_TIMEOUT_MS 30000 /* where the table says 0 */
#define FLEET_STOP_TIMEOUT_MS 5000
#define FLEET_RESTART_DELAY_MS 500
#define FLEET_RESTART_MAX_DELAY_MS 30000
#define FLEET_WHOLE_STOP_MS 8000

/* Of the whole stop: what stays for the processes that belong to no service. */
#define FLEET_STOP_RESERVE 16
/* Of the whole stop: what each row of services below a service must still get. */
#define FLEET_STOP_ROW 4

static uint32_t
bit(uint32_t service)
{
	return UINT32_C(1) << service;
}

static uint32_t
given(uint32_t value, uint32_t otherwise)
{
	return value != 0 ? value : otherwise;
}

static void
read_table(struct fleet *fleet, const struct service_table *table)
{
	fleet->count = table->count;
	fleet->give_up_stay = table->give_up_stay;
	fleet->stop_timeout_ms = given(table->stop_timeout_ms, FLEET_WHOLE_STOP_MS);
}

static void
read_service(struct fleet *fleet, const struct service_table *table, uint32_t i)
{
	const struct service_spec *spec = &table->services[i];
	struct state_rules *rules = &fleet->rules[i];

	fleet->needs[i] = spec->needs;
	fleet->required[i] = spec->required;
	fleet->place[i] = spec->place;
	rules->start_timeout_ms = given(spec->start_timeout_ms, FLEET_START_TIMEOUT_MS);
	rules->stop_timeout_ms = given(spec->stop_timeout_ms, FLEET_STOP_TIMEOUT_MS);
	rules->restart_delay_ms = given(table->restart_delay_ms, FLEET_RESTART_DELAY_MS);
	rules->restart_max_delay_ms =
		given(table->restart_max_delay_ms, FLEET_RESTART_MAX_DELAY_MS);
	rules->give_up_count = table->give_up_count;
	rules->give_up_window_ms = table->give_up_window_ms;
	rules->kill_to_stop = spec->kill_to_stop;
	rules->drains = spec->drain[0] != '\0';
}

bool
fleet_orderable(const struct service_table *table)
{
	uint32_t placed = 0;

	for (uint32_t round = 0; round < table->count; round++)
		for (uint32_t i = 0; i < table->count; i++)
			if ((table->services[i].needs & ~placed) == 0)
				placed |= bit(i);
	return placed == bit(table->count) - 1;
}

/* How many rows of services lie below this one: those that stop after it. */
static uint32_t
height(const struct fleet *fleet, uint32_t service)
{
	uint32_t row = fleet->needs[service], rows = 0;

	while (row != 0 && rows < fleet->count) {
		uint32_t below = 0;
		for (uint32_t i = 0; i < fleet->count; i++)
			if (row & bit(i))
				below |= fleet->needs[i];
		row = below;
		rows++;
	}
	return rows;
}

uint32_t
fleet_missing(const struct fleet *fleet, uint32_t service)
{
	uint32_t missing = 0;

	for (uint32_t i = 0; i < fleet->count; i++)
		if ((fleet->needs[service] & bit(i)) && fleet->machines[i].state != STATE_READY)
			missing |= bit(i);
	return missing;
}

uint32_t
fleet_halted(const struct fleet *fleet, uint32_t service)
{
	uint32_t halted = 0;

	for (uint32_t i = 0; i < fleet->count; i++) {
		const struct state_machine *machine = &fleet->machines[i];

		if ((fleet->needs[service] & bit(i)) &&
			(state_down(machine->state) ||
				(machine->state == STATE_STOPPING &&
					machine->then == THEN_STOPPED)))
			halted |= bit(i);
	}
	return halted;
}

void
fleet_reload(struct fleet *fleet, uint32_t service)
{
	switch (fleet->machines[service].state) {
	case STATE_READY:
		fleet->actions[service] |= ACTION_RELOAD;
		break;
	case STATE_STARTING:
		/* Before its handlers stand, a reload signal would end it. */
		fleet->reload_when_ready |= bit(service);
		break;
	default:
		break; /* whoever starts later reads everything anew */
	}
}

static bool
needed(const struct fleet *fleet, uint32_t service)
{
	for (uint32_t i = 0; i < fleet->count; i++)
		if (fleet->needs[i] & bit(service))
			return true;
	return false;
}

/*
 * Postfix keeps a service throttled for up to a minute after its SASL or milter
 * socket was gone for a moment; a reload ends that. Hence dependents are told
 * when what they need comes back, but not when it comes up for the first time.
 */
static void
became_ready(struct fleet *fleet, uint32_t service)
{
	if (fleet->seen_ready & bit(service))
		for (uint32_t i = 0; i < fleet->count; i++)
			if (fleet->needs[i] & bit(service))
				fleet_reload(fleet, i);
	if ((fleet->seen_ready & bit(service)) && needed(fleet, service))
		fleet->returned |= bit(service);
	fleet->seen_ready |= bit(service);
	if (fleet->reload_when_ready & bit(service))
		fleet->actions[service] |= ACTION_RELOAD;
	fleet->reload_when_ready &= ~bit(service);
}

static void
take(struct fleet *fleet, uint32_t service, enum state_event event, int64_t now)
{
	struct state_machine *machine = &fleet->machines[service];
	unsigned actions = state_take(machine, &fleet->rules[service], event, now);

	/* Stopped before the holder came to start it: then there is nothing to start. */
	if (actions & (ACTION_STOP | ACTION_KILL_GROUP))
		fleet->actions[service] &= ~(unsigned)ACTION_START;
	if (machine->state != STATE_READY)
		fleet->actions[service] &= ~(unsigned)ACTION_RELOAD;
	fleet->actions[service] |= actions;
	if (actions & ACTION_START)
		fleet->reload_when_ready &= ~bit(service);
	if (actions & ACTION_TELL_READY)
		became_ready(fleet, service);
	if ((actions & ACTION_TELL_GIVEN_UP) && fleet->required[service] && !fleet->give_up_stay) {
		uint32_t place = fleet->place[service];
		int code = place < EXIT_OTHER_DAEMON - EXIT_DAEMON ? EXIT_DAEMON + (int)place
								   : EXIT_OTHER_DAEMON;
		fleet_stop(fleet, now, code);
	}
}

static bool
depended_on(const struct fleet *fleet, uint32_t service)
{
	for (uint32_t i = 0; i < fleet->count; i++)
		if ((fleet->needs[i] & bit(service)) && !state_down(fleet->machines[i].state))
			return true;
	return false;
}

static bool
to_stop_now(const struct fleet *fleet, uint32_t service)
{
	const struct state_machine *machine = &fleet->machines[service];

	switch (machine->state) {
	case STATE_WAITING:
	case STATE_BACKOFF:
		return true;
	case STATE_STOPPING:
		return machine->then != THEN_STOPPED;
	case STATE_STARTING:
	case STATE_READY:
		/* One that the holder has yet to start carries nobody. */
		return (fleet->actions[service] & ACTION_START) || !depended_on(fleet, service);
	default:
		return false;
	}
}

static bool
settle_one(struct fleet *fleet, uint32_t service, int64_t now)
{
	if (fleet->stopping) {
		if (!to_stop_now(fleet, service))
			return false;
		take(fleet, service, EVENT_STOP, now);
		return true;
	}
	if (fleet->machines[service].state != STATE_WAITING || fleet_missing(fleet, service) != 0)
		return false;
	take(fleet, service, EVENT_GO, now);
	return true;
}

static void
settle(struct fleet *fleet, int64_t now)
{
	bool changed = true;

	while (changed) {
		changed = false;
		for (uint32_t i = 0; i < fleet->count; i++)
			changed |= settle_one(fleet, i, now);
	}
}

void
fleet_init(struct fleet *fleet, const struct service_table *table, int64_t now)
{
	memset(fleet, 0, sizeof(*fleet));
	read_table(fleet, table);
	fleet->stop_deadline = STATE_NEVER;
	for (uint32_t i = 0; i < table->count; i++) {
		read_service(fleet, table, i);
		state_init(&fleet->machines[i], &fleet->rules[i], now);
	}
	settle(fleet, now);
}

static uint32_t
moved_bit(uint32_t bits, int old_place, uint32_t new_place)
{
	return old_place >= 0 && (bits & bit((uint32_t)old_place)) ? bit(new_place) : 0;
}

void
fleet_adopt(struct fleet *fleet, const struct service_table *next, const int old_place[SERVICE_MAX],
	int64_t now)
{
	struct fleet old = *fleet;

	read_table(fleet, next);
	fleet->seen_ready = 0;
	fleet->returned = 0;
	fleet->reload_when_ready = 0;
	for (uint32_t i = 0; i < next->count; i++) {
		read_service(fleet, next, i);
		fleet->actions[i] = 0;
		fleet->seen_ready |= moved_bit(old.seen_ready, old_place[i], i);
		fleet->returned |= moved_bit(old.returned, old_place[i], i);
		fleet->reload_when_ready |= moved_bit(old.reload_when_ready, old_place[i], i);
		if (old_place[i] >= 0) {
			fleet->machines[i] = old.machines[old_place[i]];
			fleet->actions[i] = old.actions[old_place[i]];
		} else {
			state_init(&fleet->machines[i], &fleet->rules[i], now);
		}
		/*
		 * What it failed for may have been corrected; and what was not
		 * required before may be so now, and must not stay failed.
		 */
		if (fleet->machines[i].state == STATE_FAILED)
			take(fleet, i, EVENT_START, now);
	}
	settle(fleet, now);
}

void
fleet_event(struct fleet *fleet, uint32_t service, enum state_event event, int64_t now)
{
	if (fleet->stopping && (event == EVENT_START || event == EVENT_RESTART))
		return;
	take(fleet, service, event, now);
	settle(fleet, now);
}

static bool
hopeless(const struct fleet *fleet, uint32_t service)
{
	for (uint32_t i = 0; i < fleet->count; i++)
		if ((fleet->needs[service] & bit(i)) && fleet->machines[i].state == STATE_FAILED)
			return true;
	return false;
}

void
fleet_tick(struct fleet *fleet, int64_t now)
{
	for (uint32_t i = 0; i < fleet->count; i++) {
		const struct state_machine *machine = &fleet->machines[i];

		if (machine->deadline > now)
			continue;
		take(fleet, i,
			machine->state == STATE_WAITING && hopeless(fleet, i) ? EVENT_HOPELESS
									      : EVENT_DEADLINE,
			now);
	}
	settle(fleet, now);
}

int64_t
fleet_deadline(const struct fleet *fleet)
{
	int64_t nearest = STATE_NEVER;

	for (uint32_t i = 0; i < fleet->count; i++)
		if (fleet->machines[i].deadline < nearest)
			nearest = fleet->machines[i].deadline;
	return nearest;
}

/*
 * Every row of services gets its share of the time, so that a service which
 * does not stop cannot eat the time of those that stop after it.
 */
static int64_t
stop_limit(const struct fleet *fleet, uint32_t service)
{
	uint32_t whole = fleet->stop_timeout_ms;
	uint32_t kept =
		whole / FLEET_STOP_RESERVE + height(fleet, service) * (whole / FLEET_STOP_ROW);

	return fleet->stop_deadline - (kept < whole ? kept : whole);
}

void
fleet_stop(struct fleet *fleet, int64_t now, int exit_code)
{
	if (fleet->stopping)
		return;
	fleet->stopping = true;
	fleet->exit_code = exit_code;
	fleet->stop_deadline = now + fleet->stop_timeout_ms;
	for (uint32_t i = 0; i < fleet->count; i++) {
		fleet->machines[i].stop_limit = stop_limit(fleet, i);
		/* One that was already stopping for a reason of its own. */
		if (fleet->machines[i].state == STATE_STOPPING)
			take(fleet, i, EVENT_STOP, now);
	}
	settle(fleet, now);
}

void
fleet_hurry(struct fleet *fleet, int64_t now)
{
	for (uint32_t i = 0; i < fleet->count; i++)
		take(fleet, i, EVENT_HURRY, now);
	settle(fleet, now);
}

bool
fleet_down(const struct fleet *fleet)
{
	for (uint32_t i = 0; i < fleet->count; i++)
		if (!state_down(fleet->machines[i].state))
			return false;
	return true;
}

unsigned
fleet_take_actions(struct fleet *fleet, uint32_t service)
{
	unsigned actions = fleet->actions[service];

	fleet->actions[service] = 0;
	return actions;
}

uint32_t
fleet_take_returned(struct fleet *fleet)
{
	uint32_t returned = fleet->returned;

	fleet->returned = 0;
	return returned;
}
