/*
 * dovecot.c - dovecot.conf, read as Dovecot will read it
 *
 * Dovecot ends at the first name that it does not know and at the first value of the
 * wrong type, and Postfix then has nobody to check passwords and nowhere to deliver to.
 */
#include "check/faults.h"
#include "check/rooms.h"
#include "language/dovecot_file.h"

void
check_dovecot(struct plan *plan)
{
	static const struct fault_rule dovecot_rules[] = {
		{FAULT_SYNTAX, "dovecot-syntax"},
		{FAULT_UNKNOWN, "dovecot-setting-unknown"},
		{FAULT_RENAMED, "dovecot-setting-renamed"},
		{FAULT_NEWER, "dovecot-setting-version"},
		{FAULT_VALUE, "dovecot-value"},
		{FAULT_UNVERIFIED, "dovecot-setting-unverified"},
		{FAULT_AMBIGUOUS, "dovecot-ambiguous"},
	};
	const struct plan_file *file = plan_find_file(plan, "dovecot/dovecot.conf");
	struct faults faults;

	/* one that could not be rendered has a finding already */
	if (file == NULL)
		return;
	faults_init(&faults, plan->arena);
	dovecot_file_check(&faults, plan->target.dovecot_version, buffer_text(&file->content),
		file->content.len);
	faults_report(plan, file, &faults, dovecot_rules,
		sizeof(dovecot_rules) / sizeof(dovecot_rules[0]));
}
