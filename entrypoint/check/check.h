#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include "plan/plan.h"

/*
 * The rules that look at a whole plan, not at one value: they only read it and
 * add findings. Run after every daemon has contributed.
 */
void check_plan(struct plan *plan);

/*
 * Applies what the user says of rules to the findings from place FROM on:
 * checks.ID (severity or off); MAIL_START_ANYWAY (ids, blank- or comma-separated,
 * NULL for none), under which a finding stays what it is but refuses no start;
 * and STRICT, under which warnings count as errors. Returns how many findings
 * there are now: the FROM of the next call.
 */
size_t check_adjust(struct plan *plan, size_t from, const char *start_anyway, bool strict);

#endif
