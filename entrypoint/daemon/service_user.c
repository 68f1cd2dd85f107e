/* service_user.c - what a service of the user's asks of the image */
#include "daemon/service_user.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/supervised.h"

/* why_not - why PATH cannot be executed, or NULL; without root's rights no access(2) tells */
static const char *
why_not(const struct plan *plan, const char *path)
{
	struct stat status;
	const char *real = plan_path(plan, path);

	if (stat(real, &status) != 0)
		return strerror(errno);
	if (!S_ISREG(status.st_mode))
		return "it is no file";
	return (status.st_mode & 0111) != 0 ? NULL : "it is not executable";
}

void
service_user_look(struct plan *plan, const char *name, const char *key, const struct node *origin,
	const char *path)
{
	const char *why = plan->live || plan->root[0] != '\0' ? why_not(plan, path) : NULL;

	if (why != NULL)
		finding_add(plan->findings, "service-command", &origin->origin, "%s: %s: %s: %s",
			name, key, path, why);
}

/* as_number - whether TEXT is an id in digits */
static bool
as_number(const char *text, uint32_t *number)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || value > 4294967294UL)
		return false;
	*number = (uint32_t)value;
	return true;
}

static void
unknown(struct plan *plan, const char *service, const char *what, const struct node *node)
{
	finding_add(plan->findings, "service-user", &node->origin,
		"%s: there is no %s \"%s\" in this image", service, what, node->text);
}

/* set_user - uid, and the gid that comes with it */
static void
set_user(struct plan *plan, struct service_spec *service, const struct node *user)
{
	const struct passwd *entry;

	if (as_number(user->text, &service->uid)) {
		entry = plan->live ? getpwuid(service->uid) : NULL;
		/* a user without an entry shall not be in root's group for that */
		service->gid = entry != NULL ? entry->pw_gid : service->uid;
		return;
	}
	if (!plan->live)
		return;
	entry = getpwnam(user->text);
	if (entry == NULL) {
		unknown(plan, service->name, "user", user);
		return;
	}
	service->uid = entry->pw_uid;
	service->gid = entry->pw_gid;
}

static void
set_group(struct plan *plan, struct service_spec *service, const struct node *group)
{
	const struct group *entry;

	if (as_number(group->text, &service->gid) || !plan->live)
		return;
	entry = getgrnam(group->text);
	if (entry == NULL)
		unknown(plan, service->name, "group", group);
	else
		service->gid = entry->gr_gid;
}

void
service_user_needs(struct plan *plan, const struct service_spec *service, const struct node *node,
	unsigned capability, const char *why)
{
	const char *name = supervised_capability_name(plan, capability);
	struct finding *finding;

	if ((plan->capabilities & CAPABILITY_BIT(capability)) != 0)
		return;
	finding = finding_add(plan->findings, "capability-missing", &node->origin,
		"%s needs the capability %s %s, and the container lacks it", service->name, name,
		why);
	/* PID 1 gave up at its start what no service needed then */
	finding->help = arena_printf(plan->arena,
		"Start the container with --cap-add %s; if it has it already, start it anew, "
		"for a reload cannot give what mailinit gave up.",
		name);
	if (service->required)
		return;
	finding->severity = SEVERITY_WARNING;
	finding->refuses = false;
}

void
service_user_set(struct plan *plan, struct service_spec *service, const struct node *record)
{
	const struct node *user = node_get(record, "user"), *group = node_get(record, "group");

	if (user != NULL)
		set_user(plan, service, user);
	if (group != NULL)
		set_group(plan, service, group);
	if (service->uid == 0 && service->gid == 0)
		return;
	service_user_needs(plan, service, user != NULL ? user : group, CAPABILITY_SETUID,
		"to run as its user");
	service_user_needs(plan, service, user != NULL ? user : group, CAPABILITY_SETGID,
		"to run as its group");
}
