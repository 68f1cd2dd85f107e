/* check.c - all rules over one plan */
#include "check/check.h"

#include "check/rooms.h"

void
check_plan(struct plan *plan)
{
	check_postfix(plan);
	check_dovecot(plan);
	check_dovecot_policy(plan);
	check_opendkim(plan);
	check_ports(plan);
	check_partners(plan);
	check_resolver(plan);
	check_secrets(plan);
	check_targets(plan);
	check_stale(plan);
	check_writable(plan);
	check_capabilities(plan);
	check_byhand(plan);
}
