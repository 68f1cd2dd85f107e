/* secrets.c - passwords where more people read them than need to */
#include "check/rooms.h"

#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

/* check_environment - `docker inspect` shows it to whoever may ask the engine */
static void
check_environment(struct plan *plan)
{
	const struct node *password = node_at(plan->settings, "relay.password");

	if (password == NULL || password->text == NULL || password->text[0] == '\0')
		return;
	if (password->origin.kind == ORIGIN_ENVIRONMENT || password->origin.kind == ORIGIN_COMPAT)
		finding_add(plan->findings, "secret-in-environment", &password->origin,
			"the smarthost's password stands in the environment");
}

/* check_file - of a *_FILE variable or setting, where the container's own files are seen */
static void
check_file(struct plan *plan, const struct node *node)
{
	struct stat status;

	if (node == NULL || node->origin.kind != ORIGIN_SECRET || node->origin.file == NULL)
		return;
	if (stat(plan_path(plan, node->origin.file), &status) == 0 &&
		(status.st_mode & S_IROTH) != 0)
		finding_add(plan->findings, "secret-open", &node->origin,
			"every user of the container can read %s: its mode is %04o",
			node->origin.file, (unsigned)status.st_mode & 07777);
}

void
check_secrets(struct plan *plan)
{
	check_environment(plan);
	if (plan->live || plan->root[0] != '\0')
		check_file(plan, node_at(plan->settings, "relay.password"));
}
