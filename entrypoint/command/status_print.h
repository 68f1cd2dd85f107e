#ifndef COMMAND_STATUS_PRINT_H
#define COMMAND_STATUS_PRINT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "command/in_force.h"
#include "supervise/status.h"

/*
 * A snapshot of PID 1, and the findings in force, in the three forms of `mailinit
 * status`. All append to OUT. The keys of the JSON form and the names of the metrics
 * are fixed.
 */
void status_print_text(const struct status_snapshot *snapshot, const struct in_force *in_force,
	bool color, struct buffer *out);
void status_print_json(const struct status_snapshot *snapshot, const struct in_force *in_force,
	struct buffer *out);
void status_print_prometheus(const struct status_snapshot *snapshot,
	const struct in_force *in_force, struct buffer *out);

/*
 * The findings that belong to SNAPSHOT. Those of a refused reload count only when it
 * told how many it had: else it ended too early to leave any.
 */
void status_in_force(
	struct arena *arena, const struct status_snapshot *snapshot, struct in_force *in_force);

/*
 * Whether all required services are ready. If not, WHY gets one line that names
 * the first one that is not.
 */
bool status_healthy(const struct status_snapshot *snapshot, struct buffer *why);

/* Whole days from now until a certificate ends; negative when it has ended. */
long status_days_left(const struct service_certificate *certificate);

#endif
