/* world.c - what happens, by chance */
#include "world.h"

#include <string.h>

#define SETTLE_MAX 200
#define GIVE_UP_COUNT 5
#define GIVE_UP_WINDOW_MS 120000

uint64_t
world_draw(struct world *world, uint64_t below)
{
	/* xorshift64*: small, and the same everywhere */
	world->seed ^= world->seed >> 12;
	world->seed ^= world->seed << 25;
	world->seed ^= world->seed >> 27;
	return (world->seed * UINT64_C(2685821657736338717) >> 33) % below;
}

void
world_draw_table(struct world *world, struct service_table *table)
{
	service_table_init(table);
	table->count = 1 + (uint32_t)world_draw(world, 5);
	if (world_draw(world, 8) == 0)
		table->count = SERVICE_MAX;
	table->stop_timeout_ms = 1000 + (uint32_t)world_draw(world, 20000);
	table->give_up_count = GIVE_UP_COUNT;
	table->give_up_window_ms = GIVE_UP_WINDOW_MS;
	table->give_up_stay = world_draw(world, 2) == 0;
	for (uint32_t i = 0; i < table->count; i++) {
		struct service_spec *spec = &table->services[i];

		spec->place = (uint8_t)i;
		spec->required = world_draw(world, 3) != 0;
		spec->kill_to_stop = world_draw(world, 4) == 0;
		if (world_draw(world, 3) == 0)
			service_set_text(spec->drain, sizeof(spec->drain), "worker");
		if (i > 0)
			spec->needs = (uint32_t)world_draw(world, UINT64_C(1) << i) &
				(uint32_t)world_draw(world, UINT64_C(1) << i);
	}
}

/* What the present processes mean for a service, as runner.c sees it. */
static bool
observe(struct world *world, uint32_t service)
{
	const struct state_machine *machine = &world->fleet.machines[service];
	const struct ledger *ledger = &world->ledgers[service];

	if (world->fleet.actions[service] != 0)
		return false;
	if (!ledger->main &&
		(machine->state == STATE_STARTING ||
			(machine->state == STATE_STOPPING && !machine->main_gone)))
		world_event(world, service, EVENT_EXIT);
	else if (machine->state == STATE_STOPPING && machine->main_gone && !ledger->group)
		world_event(world, service, EVENT_EMPTY);
	else
		return false;
	return true;
}

/* What the holder of a fleet does after each event. */
static void
settle(struct world *world)
{
	bool changed = true;
	int rounds = 0;

	while (changed && rounds++ < SETTLE_MAX) {
		changed = false;
		for (uint32_t i = 0; i < world->fleet.count; i++) {
			unsigned actions = fleet_take_actions(&world->fleet, i);

			world_do(world, i, actions);
			changed |= actions != 0;
		}
		for (uint32_t i = 0; i < world->fleet.count; i++)
			changed |= observe(world, i);
	}
	world_want(world, rounds < SETTLE_MAX, "settling ends");
}

void
world_begin(struct world *world, uint64_t seed)
{
	memset(world, 0, sizeof(*world));
	world->seed = seed * 2 + 1;
	for (int i = 0; i < 8; i++)
		world_draw(world, 2);
	world_draw_table(world, &world->table);
	fleet_init(&world->fleet, &world->table, 0);
	settle(world);
	world_check(world);
}

/* A reload brought another table: services leave, come, and change their places. */
static void
adopt(struct world *world)
{
	struct service_table next;
	struct ledger old[SERVICE_MAX];
	int old_place[SERVICE_MAX];
	uint32_t taken = 0;

	world_draw_table(world, &next);
	memcpy(old, world->ledgers, sizeof(old));
	for (uint32_t i = 0; i < SERVICE_MAX; i++)
		old_place[i] = -1;
	for (uint32_t i = 0; i < next.count; i++) {
		uint32_t from = (uint32_t)world_draw(world, SERVICE_MAX);

		if (from < world->fleet.count && (taken >> from & 1) == 0) {
			old_place[i] = (int)from;
			taken |= UINT32_C(1) << from;
		}
	}
	for (uint32_t i = 0; i < world->fleet.count; i++)
		if ((taken >> i & 1) == 0 && !state_down(world->fleet.machines[i].state))
			return; /* who leaves is stopped first */
	world->table = next;
	for (uint32_t i = 0; i < next.count; i++)
		if (old_place[i] >= 0)
			world->ledgers[i] = old[old_place[i]];
		else
			memset(&world->ledgers[i], 0, sizeof(world->ledgers[i]));
	for (uint32_t i = 0; i < next.count; i++)
		if (old_place[i] >= 0 && world->fleet.machines[old_place[i]].state == STATE_FAILED)
			ledger_forget(&world->ledgers[i]);
	fleet_adopt(&world->fleet, &next, old_place, world->now);
}

static void
tell_reload(struct world *world, uint32_t service)
{
	enum state state = world->fleet.machines[service].state;

	world->ledgers[service].owes_reload |= state == STATE_READY || state == STATE_STARTING;
	fleet_reload(&world->fleet, service);
}

static void
stop_all(struct world *world, int exit_code)
{
	bool first = !world->fleet.stopping;

	fleet_stop(&world->fleet, world->now, exit_code);
	if (first) {
		world->stopping = true;
		world->exit_code = exit_code;
	}
}

static void
hurry(struct world *world)
{
	for (uint32_t i = 0; i < world->fleet.count; i++)
		world->ledgers[i].hurried = true;
	fleet_hurry(&world->fleet, world->now);
}

/* A process ends by itself, or its group gets empty. */
static void
die(struct world *world, uint32_t service)
{
	struct ledger *ledger = &world->ledgers[service];
	bool runs = ledger->main;

	ledger->main = false;
	ledger->group = ledger->group && world_draw(world, 2) == 0;
	if (runs)
		world_event(
			world, service, world_draw(world, 20) == 0 ? EVENT_EXIT_FINAL : EVENT_EXIT);
}

static void
pass_time(struct world *world)
{
	int64_t deadline = fleet_deadline(&world->fleet);

	if (deadline != STATE_NEVER && deadline > world->now)
		world->now = deadline;
	/* The kernel may wake us late, and a machine may have slept. */
	if (world_draw(world, 4) == 0)
		world->now += (int64_t)world_draw(world, 3000);
	if (world_draw(world, 200) == 0)
		world->now += GIVE_UP_WINDOW_MS;
}

static void
happen(struct world *world)
{
	uint32_t service = (uint32_t)world_draw(world, world->fleet.count);
	const struct state_machine *machine = &world->fleet.machines[service];

	switch (world_draw(world, 20)) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4:
		if (world->ledgers[service].main && machine->state == STATE_STARTING)
			world_event(world, service, EVENT_READY);
		break;
	case 5:
	case 6:
	case 7:
		die(world, service);
		break;
	case 8:
		if (world->ledgers[service].draining)
			world_event(world, service, EVENT_DRAINED);
		world->ledgers[service].group = world->ledgers[service].main;
		break;
	case 9:
		world_event(world, service, EVENT_STOP);
		break;
	case 10:
		world_event(world, service, EVENT_START);
		break;
	case 11:
		if (world_draw(world, 3) == 0)
			world_event(world, service, EVENT_RESTART);
		break;
	case 12:
		tell_reload(world, service);
		break;
	case 13:
		if (world_draw(world, 10) == 0)
			stop_all(world, 0);
		else if (world->fleet.stopping && world_draw(world, 4) == 0)
			hurry(world);
		else if (!world->fleet.stopping)
			adopt(world);
		break;
	default:
		pass_time(world);
		break;
	}
}

/* The loop of the holder: a deadline that lies in the past already is due at once. */
static void
catch_up(struct world *world)
{
	int rounds = 0;

	do {
		fleet_tick(&world->fleet, world->now);
		settle(world);
	} while (fleet_deadline(&world->fleet) <= world->now && rounds++ < SETTLE_MAX);
	world_want(world, rounds < SETTLE_MAX, "no deadline is due for ever");
	world_check(world);
}

void
world_step(struct world *world)
{
	/* Two things at once: somebody is to be told, and has not been yet. */
	if (world_draw(world, 4) == 0)
		tell_reload(world, (uint32_t)world_draw(world, world->fleet.count));
	happen(world);
	settle(world); /* what happened counts before what is overdue */
	catch_up(world);
}

void
world_end(struct world *world)
{
	int64_t limit = world->now + world->fleet.stop_timeout_ms;

	/* One that goes on already, unless the machine slept through its time. */
	if (world->fleet.stopping)
		limit = world->fleet.stop_deadline > world->now ? world->fleet.stop_deadline
								: world->now;
	stop_all(world, 0);
	settle(world);
	/* Each row of services that has to be killed takes the grace after KILL. */
	limit += (int64_t)(world->fleet.count + 2) * STATE_KILL_GRACE_MS;
	while (!fleet_down(&world->fleet) && world->broken == NULL) {
		int64_t deadline = fleet_deadline(&world->fleet);

		world_want(world, deadline != STATE_NEVER, "a stop never waits without a deadline");
		if (deadline > world->now)
			world->now = deadline;
		world_want(world, world->now <= limit, "a stop ends within its time");
		catch_up(world);
	}
	for (uint32_t i = 0; i < world->fleet.count; i++)
		world_want(world, !world->ledgers[i].main && !world->ledgers[i].group,
			"a stop leaves no process");
}
