#ifndef SUPERVISE_CONTROL_CLIENT_H
#define SUPERVISE_CONTROL_CLIENT_H

#include "supervise/status.h"

/*
 * The side of the control socket that the commands are on. Both functions wait
 * at most TIMEOUT_MS. They return 0, or -1 with one line in WHY (WHY_BYTES) that
 * says what is wrong and what to do.
 */
#define CONTROL_WHY_BYTES 256

int control_status(struct status_snapshot *snapshot, int timeout_ms, char why[CONTROL_WHY_BYTES]);

/* REQUEST as status.h has it; its outcome comes in REPLY. */
int control_ask(const char *request, struct status_reply *reply, int timeout_ms,
	char why[CONTROL_WHY_BYTES]);

#endif
