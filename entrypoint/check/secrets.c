/* secrets.c - passwords where more people read them than need to */
#include "check/rooms.h"

/* check_logins, check_secrets - `docker inspect` shows it to whoever may ask the engine */
static void
check_logins(struct plan *plan)
{
	const struct node *list = node_at(plan->settings, "mailboxes.list");

	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const struct node *plain = node_get(list->items[i], "plain_password");

		if (plain == NULL || plain->origin.kind == ORIGIN_SECRET)
			continue;
		finding_add(plan->findings, "secret-in-environment", &plain->origin,
			"the passwords of logins stand in the environment");
		return;
	}
}

void
check_secrets(struct plan *plan)
{
	const struct node *password = node_at(plan->settings, "relay.password");

	check_logins(plan);
	if (password == NULL || password->text == NULL || password->text[0] == '\0')
		return;
	if (password->origin.kind == ORIGIN_ENVIRONMENT || password->origin.kind == ORIGIN_COMPAT)
		finding_add(plan->findings, "secret-in-environment", &password->origin,
			"the smarthost's password stands in the environment");
}
