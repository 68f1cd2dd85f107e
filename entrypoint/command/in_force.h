#ifndef COMMAND_IN_FORCE_H
#define COMMAND_IN_FORCE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/node.h"
#include "plan/plan.h"

/*
 * The findings that are in force. PID 1 knows their number alone, so whoever plans
 * leaves them in files for `status` and `health`: errors and warnings, worst first,
 * as a JSON list of what --format=json has for each. No finding holds a secret;
 * still only root reads them, as it reads the rest of the directory.
 */
#define IN_FORCE_USED "findings.json" /* of the configuration in use */
#define IN_FORCE_REFUSED "findings-refused.json" /* of the newest reload, if it was refused */
#define IN_FORCE_MOST 200 /* more are nobody's reading */

/*
 * Writes the findings of PLAN into DIRECTORY: of a plan that was applied in place of
 * the ones before, or beside them when it was REFUSED. A failure is told on stderr and
 * refuses nothing.
 */
void in_force_write(const struct plan *plan, const char *directory, bool refused);

/* Each a list of findings and the JSON that it was read from; empty when there are none. */
struct in_force {
	const struct node *used, *refused;
	const char *used_json, *refused_json;
};

/*
 * Reads them from DIRECTORY. With REFUSED false the newest reload was not refused, and
 * what an earlier one left is passed over. What cannot be read is told on stderr.
 */
void
in_force_read(struct arena *arena, const char *directory, bool refused, struct in_force *in_force);

#endif
