/*
 * capabilities.c - what mailinit itself needs of the container
 *
 * What each service needs is known where the service is described; this is for the
 * work before and between them: owners of files and directories, and the end of
 * processes that run as other users.
 */
#include "check/rooms.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "daemon/supervised.h"

static bool
is_number(const char *name)
{
	return *name >= '0' && *name <= '9';
}

/* is_user - whether NAME is UID; a name that nobody has is told by whoever needs it */
static bool
is_user(const char *name, uid_t uid)
{
	const struct passwd *entry;

	if (is_number(name))
		return strtoul(name, NULL, 10) == uid;
	entry = getpwnam(name);
	return entry == NULL || entry->pw_uid == uid;
}

static bool
is_group(const char *name, gid_t gid)
{
	const struct group *entry;

	if (is_number(name))
		return strtoul(name, NULL, 10) == gid;
	entry = getgrnam(name);
	return entry == NULL || entry->gr_gid == gid;
}

/* to_give_away - the first path whose owner is to become another than root, or NULL */
static const char *
to_give_away(const struct plan *plan)
{
	for (size_t i = 0; i < plan->directory_count; i++) {
		const struct plan_directory *directory = &plan->directories[i];
		struct stat status = {.st_uid = 0, .st_gid = 0}; /* one that we make */

		(void)stat(directory->path, &status);
		if (!is_user(directory->owner, status.st_uid) ||
			!is_group(directory->group, status.st_gid))
			return directory->path;
	}
	/* files are made anew in each generation */
	for (size_t i = 0; i < plan->file_count; i++)
		if (!is_user(plan->files[i].owner, 0) || !is_group(plan->files[i].group, 0))
			return plan_shown_path(plan, &plan->files[i]);
	return NULL;
}

static void
check_owners(struct plan *plan)
{
	const char *path = to_give_away(plan);
	const struct supervised_capability own = {CAPABILITY_CHOWN,
		arena_printf(plan->arena, "to give %s and others to those who use them",
			path != NULL ? path : ""),
		NULL};

	if (path != NULL)
		supervised_demand(plan, "mailinit", &own);
}

static void
check_kill(struct plan *plan)
{
	static const struct origin container = {
		.kind = ORIGIN_SYSTEM, .name = "container's capabilities"};
	struct finding *finding;

	if ((plan->capabilities & CAPABILITY_BIT(CAPABILITY_KILL)) != 0)
		return;
	finding = finding_add(plan->findings, "capability-wanted", &container,
		"the container lacks the capability KILL, which is needed by mailinit to end and "
		"to reload processes of other users");
	finding->effect = "Mail flows; but a stop takes seconds more, and a reload does not reach "
			  "OpenDKIM nor any service of another user.";
	finding->help = "Start the container with --cap-add KILL.";
}

void
check_capabilities(struct plan *plan)
{
	if (!plan->applied)
		return;
	check_owners(plan);
	check_kill(plan);
}
