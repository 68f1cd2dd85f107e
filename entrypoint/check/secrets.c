/* secrets.c - passwords where more people read them than need to */
#include "check/rooms.h"

/* file_form - the variable that names a file in place of the one that ORIGIN has */
static const char *
file_form(struct plan *plan, const struct origin *origin)
{
	return arena_printf(plan->arena, "Put it into a file, and name that: %s_FILE.",
		origin->name != NULL ? origin->name : "MAIL_RELAY_PASSWORD");
}

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
			"the passwords of logins stand in the environment")
			->help = file_form(plan, &plain->origin);
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
	if (password->origin.kind == ORIGIN_ENVIRONMENT || password->origin.kind == ORIGIN_COMPAT) {
		finding_add(plan->findings, "secret-in-environment", &password->origin,
			"the smarthost's password stands in the environment")
			->help = file_form(plan, &password->origin);
	} else if (password->origin.kind == ORIGIN_YAML) {
		struct finding *finding =
			finding_add(plan->findings, "secret-in-environment", &password->origin,
				"the smarthost's password stands in the configuration file itself");

		finding->effect = "None to mail. Whoever may read the file, or the repository that "
				  "it is kept in, has the password.";
		finding->help = "Put it into a file of its own, and name that: "
				"relay.password_file.";
	}
}
