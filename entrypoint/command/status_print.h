#ifndef COMMAND_STATUS_PRINT_H
#define COMMAND_STATUS_PRINT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "supervise/status.h"

/*
 * A snapshot of PID 1 in the three forms of `mailinit status`. All append to
 * OUT. The keys of the JSON form and the names of the metrics are fixed.
 */
void status_print_text(const struct status_snapshot *snapshot, bool color, struct buffer *out);
void status_print_json(const struct status_snapshot *snapshot, struct buffer *out);
void status_print_prometheus(const struct status_snapshot *snapshot, struct buffer *out);

/*
 * Whether all required services are ready. If not, WHY gets one line that names
 * the first one that is not.
 */
bool status_healthy(const struct status_snapshot *snapshot, struct buffer *why);

/*
 * Whether a last good certificate stands in for a configured one; then WHY gets a line
 * for each, without a line break behind the last.
 */
bool status_certificates_trouble(const struct status_snapshot *snapshot, struct buffer *why);

/* Whole days from now until a certificate ends; negative when it has ended. */
long status_days_left(const struct service_certificate *certificate);

#endif
