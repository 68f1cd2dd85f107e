#ifndef CHECK_FAULTS_H
#define CHECK_FAULTS_H

#include <stddef.h>

#include "language/fault.h"
#include "plan/plan.h"

/* Which rule a kind of fault belongs to, for one kind of file. */
struct fault_rule {
	enum fault_kind kind;
	const char *id;
};

/*
 * Makes a finding of each fault in FILE, with the origin of the value in that
 * line, else its place in the template. A value is shown unless it is a secret;
 * what only the container knows is no fault. A kind that RULE_LIST lacks is a broken
 * invariant.
 */
void faults_report(struct plan *plan, const struct plan_file *file, const struct faults *faults,
	const struct fault_rule *rule_list, size_t rule_count);

#endif
