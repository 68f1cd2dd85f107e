#ifndef DAEMON_SUPERVISED_H
#define DAEMON_SUPERVISED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/capability.h"
#include "plan/plan.h"

/*
 * A capability that a service cannot do without. WHY goes on from "it needs NAME",
 * and FEWER says how to need it no more, or is NULL.
 */
struct supervised_capability {
	unsigned capability;
	const char *why, *fewer;
};

/* One daemon as PID 1 shall run it. Lists end with NULL or 0. */
struct supervised {
	const char *name;
	const char *const *argv;
	unsigned place; /* exit code 10 + place */
	const struct supervised_capability *capabilities; /* ended by a WHY of NULL; or NULL */
	uint64_t uses; /* bits of capabilities that it gets where the container has them */
	int stop_signal, reload_signal;
	const char *drain; /* names of processes that a stop lets end first, or NULL */
	const char *const *flush_argv; /* tries at once what it has put off, or NULL */
	const char *flush_after; /* names of processes that a reload replaces first */
	bool kill_to_stop, no_new_privs;
	uint8_t final_exits[SERVICE_FINAL_EXITS];
	const char *const *stale; /* pid files and sockets to remove before a start, or NULL */
	const char *const *needs; /* names of services that come before it, or NULL */
};

/*
 * Adds the service to the plan's table, with the time-outs of the settings.
 * Returns its bit for plan_file.services. What does not fit the table is the
 * finding service-table-full, and the result 0.
 */
unsigned supervised_add(struct plan *plan, const struct supervised *daemon);

/*
 * Adds a capability to what service NAME gets, and demands it. What is not in the plan
 * is passed over.
 */
void supervised_capability(
	struct plan *plan, const char *name, const struct supervised_capability *capability);

/*
 * The finding capability-missing when the container that is about to start lacks what
 * NAME needs, though NAME may not be the one that gets it. Of one capability there is
 * one finding, which names all that need it.
 */
void supervised_demand(
	struct plan *plan, const char *name, const struct supervised_capability *capability);

/* "NET_BIND_SERVICE", as the options of engines have it, in the arena. */
const char *supervised_capability_name(struct plan *plan, unsigned capability);

/*
 * As supervised_capability, NET_BIND_SERVICE for a service that listens on PORT, where
 * the kernel keeps that port to those who have it: Docker opens all of them.
 */
void supervised_binds(struct plan *plan, const char *name, long port);

/* Adds a probe to the service that was added last. */
void supervised_probe(struct plan *plan, enum probe_kind kind, const char *address);

/* The bit of the service NAME for plan_file.services; 0 when it is not in the plan. */
unsigned supervised_bit(const struct plan *plan, const char *name);

#define SUPERVISED_START_TIMEOUT_MS 30000 /* where the settings hold none */
#define SUPERVISED_STOP_TIMEOUT_MS 8000

/* The time at PATH below ROOT in milliseconds, cut to what the table holds. */
uint32_t supervised_ms(const struct node *root, const char *path, uint32_t otherwise);

#endif
