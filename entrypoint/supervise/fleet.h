#ifndef SUPERVISE_FLEET_H
#define SUPERVISE_FLEET_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/service.h"
#include "supervise/state.h"

/*
 * All services together: who may start, who must wait, in which order they
 * stop, and when the container ends because one of them is given up. As pure
 * as state.h: events go in, actions come out, nothing is done here. Indexes are
 * places in the service table. Nothing is allocated; the holder owns the struct.
 */
struct fleet {
	uint32_t count;
	uint32_t needs[SERVICE_MAX]; /* bit i: needs service i */
	bool required[SERVICE_MAX];
	uint8_t place[SERVICE_MAX];
	struct state_rules rules[SERVICE_MAX];
	struct state_machine machines[SERVICE_MAX];
	unsigned actions[SERVICE_MAX]; /* to be done; see fleet_take_actions */
	uint32_t seen_ready; /* bit i: was ready at least once */
	uint32_t returned; /* bit i: is ready again, and others need it; see fleet_take_returned */
	uint32_t reload_when_ready; /* bit i: has to be told something once it can hear it */
	bool give_up_stay;
	uint32_t stop_timeout_ms;
	bool stopping;
	int64_t stop_deadline; /* all services are down by then */
	int exit_code; /* once stopping */
};

/* From a valid, orderable table: every service waits for what it needs. */
void fleet_init(struct fleet *fleet, const struct service_table *table, int64_t now);

/*
 * Whether the needs of the table can be met in some order. A circle, or a
 * service that needs itself, would wait for ever.
 */
bool fleet_orderable(const struct service_table *table);

/*
 * Goes over to NEXT. OLD_PLACE[i] is the place in the old table of NEXT's
 * service i, or -1: that one is new. A service that NEXT no longer has must be
 * down before. Changed services are told (or restarted) by the caller.
 */
void fleet_adopt(struct fleet *fleet, const struct service_table *next,
	const int old_place[SERVICE_MAX], int64_t now);

void fleet_event(struct fleet *fleet, uint32_t service, enum state_event event, int64_t now);

/* What deadlines lead to. Called when fleet_deadline has come; early calls do no harm. */
void fleet_tick(struct fleet *fleet, int64_t now);

/* The next moment at which fleet_tick has something to do, or STATE_NEVER. */
int64_t fleet_deadline(const struct fleet *fleet);

/* Its files changed, or what it needs came back: it is told as soon as it can hear. */
void fleet_reload(struct fleet *fleet, uint32_t service);

/* Stops all, dependents first, within the table's time-out. The first call decides the exit code. */
void fleet_stop(struct fleet *fleet, int64_t now, int exit_code);

/* Stops all at once, without order or grace. Only after fleet_stop. */
void fleet_hurry(struct fleet *fleet, int64_t now);

/* Whether no service has or will have a process. */
bool fleet_down(const struct fleet *fleet);

/*
 * Hands over the actions of one service and forgets them. A service in stopping
 * that has no process (never had one, or lost it) gets EVENT_EXIT from the
 * holder, and EVENT_EMPTY once its group is empty.
 */
unsigned fleet_take_actions(struct fleet *fleet, uint32_t service);

/*
 * Hands over the services that others need and that became ready again since the last
 * call, as bits, and forgets them.
 */
uint32_t fleet_take_returned(struct fleet *fleet);

/* The needs of SERVICE that are not ready, as bits. */
uint32_t fleet_missing(const struct fleet *fleet, uint32_t service);

/* Those of them that nobody starts unasked: stopped, or being so, or given up. */
uint32_t fleet_halted(const struct fleet *fleet, uint32_t service);

#endif
