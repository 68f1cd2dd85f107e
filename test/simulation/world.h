#ifndef SIMULATION_WORLD_H
#define SIMULATION_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "supervise/fleet.h"

/*
 * A world around a fleet, with the processes as the kernel would know them, and
 * a ledger: what must hold, written down a second time from what can be seen
 * outside, so that a fault of the machine cannot hide behind its own books.
 * docs/supervision.md has the invariants in words.
 */
struct ledger {
	bool main, group; /* the main process lives; some process of its group lives */
	bool stubborn; /* ignores its stop signal */
	bool attempted; /* a start was tried, and its end was not yet told to the fleet */
	bool asked; /* its stop signal was sent */
	bool draining; /* what it has under way may end first */
	bool drained; /* that has ended, and was told */
	bool told_group; /* the rest of its group was asked to end */
	bool killed, hurried, crashed;
	bool wanted_down; /* a person stopped it */
	bool person; /* a person acted on it since the newest failure */
	bool owes_verdict; /* it failed: either another try or giving up must be told */
	bool owes_reload; /* it was to be told something, and was not yet */
	bool seen_ready;
	bool final; /* it ended with an exit code that says "configuration" */
	int64_t asked_at, retry_at;
	int64_t retries[STATE_FAILURES]; /* when a failure was followed by another try */
	uint32_t retry_count;
	uint32_t unready; /* starts in a row that never became ready */
};

struct world {
	uint64_t seed;
	int64_t now;
	struct service_table table;
	struct fleet fleet;
	struct ledger ledgers[SERVICE_MAX];
	bool stopping; /* as we last saw it */
	int exit_code;
	const char *broken; /* the first invariant that did not hold, or NULL */
};

/* A number below BELOW; the same seed gives the same numbers everywhere. */
uint64_t world_draw(struct world *world, uint64_t below);

void world_begin(struct world *world, uint64_t seed);

/* One thing happens, the holder of the fleet does what follows, and all is checked. */
void world_step(struct world *world);

/* Everything is stopped, and must be down in time. */
void world_end(struct world *world);

/* A drawn table in which a service needs only services before it. */
void world_draw_table(struct world *world, struct service_table *table);

/* A person, or a reload, began anew with it: its failures no longer count. */
void ledger_forget(struct ledger *ledger);

/* What the fleet wants done is done. */
void world_do(struct world *world, uint32_t service, unsigned actions);

/* An event of a service, with the books kept. */
void world_event(struct world *world, uint32_t service, enum state_event event);

void world_check(struct world *world);

/* INVARIANT is broken unless HOLDS. */
void world_want(struct world *world, bool holds, const char *invariant);

#endif
