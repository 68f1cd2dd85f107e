/* secrets.c - passwords where more people read them than need to */
#include "check/rooms.h"

/* check_secrets - `docker inspect` shows it to whoever may ask the engine */
void
check_secrets(struct plan *plan)
{
	const struct node *password = node_at(plan->settings, "relay.password");

	if (password == NULL || password->text == NULL || password->text[0] == '\0')
		return;
	if (password->origin.kind == ORIGIN_ENVIRONMENT || password->origin.kind == ORIGIN_COMPAT)
		finding_add(plan->findings, "secret-in-environment", &password->origin,
			"the smarthost's password stands in the environment");
}
