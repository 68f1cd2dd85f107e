#ifndef COMMAND_STATUS_FACTS_H
#define COMMAND_STATUS_FACTS_H

#include <stdbool.h>

#include "base/buffer.h"
#include "supervise/status.h"

/*
 * What the log told about health (supervise/log_fact.h), in the three forms of
 * `mailinit status`. All append to OUT. The ids are fixed.
 */
void status_facts_text(const struct status_snapshot *snapshot, bool color, struct buffer *out);

/* A list of those that were seen: [{"id", "count", "last", "meaning"}, …]. */
void status_facts_json(const struct status_snapshot *snapshot, struct buffer *out);

/* A counter for each fact, seen or not, and the times of those that were. */
void status_facts_prometheus(const struct status_snapshot *snapshot, struct buffer *out);

/*
 * False when something that was seen a short while ago means that mail does not
 * flow though every service is up; WHY then gets one line.
 */
bool status_facts_healthy(const struct status_snapshot *snapshot, struct buffer *why);

#endif
