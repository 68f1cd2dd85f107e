#ifndef DAEMON_SUPERVISED_H
#define DAEMON_SUPERVISED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

/* Capabilities that daemons need, by their numbers in capabilities(7). */
enum capability {
	CAPABILITY_CHOWN = 0,
	CAPABILITY_DAC_OVERRIDE = 1,
	CAPABILITY_SETGID = 6,
	CAPABILITY_SETUID = 7,
	CAPABILITY_NET_BIND_SERVICE = 10,
	CAPABILITY_SYS_CHROOT = 18,
};

#define CAPABILITY_BIT(capability) (UINT64_C(1) << (capability))

/* One daemon as PID 1 shall run it. Lists end with NULL or 0. */
struct supervised {
	const char *name;
	const char *const *argv;
	unsigned place; /* exit code 10 + place */
	uint64_t capabilities;
	int stop_signal, reload_signal;
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

/* Adds a probe to the service that was added last. */
void supervised_probe(struct plan *plan, enum probe_kind kind, const char *address);

/* The bit of the service NAME for plan_file.services; 0 when it is not in the plan. */
unsigned supervised_bit(const struct plan *plan, const char *name);

/* A time setting in milliseconds, cut to what the table holds. */
uint32_t supervised_ms(const struct plan *plan, const char *path, uint32_t otherwise);

#endif
