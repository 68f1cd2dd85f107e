#ifndef COMMAND_STATUS_FINDINGS_H
#define COMMAND_STATUS_FINDINGS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "command/in_force.h"

/*
 * The findings in force (command/in_force.h), in the three forms of `mailinit status`.
 * All append to OUT. The keys and the names of the metrics are fixed.
 */

/* One line a finding, with what explains it; nothing when there are none. */
void status_findings_text(const struct in_force *in_force, bool color, struct buffer *out);

/* `"in_force": […], "refused": […]`, each finding as --format=json has it. */
void status_findings_json(const struct in_force *in_force, struct buffer *out);

/* How many there are of each id. */
void status_findings_prometheus(const struct in_force *in_force, struct buffer *out);

#endif
