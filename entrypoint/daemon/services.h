#ifndef DAEMON_SERVICES_H
#define DAEMON_SERVICES_H

#include "plan/plan.h"

/*
 * Adds the services of the setting `services` to the plan's table, behind the mail
 * daemons, and their wishes to the needs of others. Findings, each with its place in
 * YAML: names that are taken or unknown, circles, programs and users that are not in
 * the container (looked for in the container or under a root alone), capabilities
 * that it lacks, and what does not fit the table.
 */
void services_contribute(struct plan *plan);

/* The circle of needs that goes through service FROM, as bits; 0 when there is none. */
uint32_t services_circle(const struct service_table *table, uint32_t from);

#endif
