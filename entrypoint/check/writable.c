/*
 * writable.c - paths that the daemons write to
 *
 * With a read-only root each daemon fails in a way of its own when one of them
 * is forgotten, one after the other; here they are told all at once.
 */
#include "check/rooms.h"

#include <string.h>
#include <sys/statvfs.h>

/* is_read_only - of PATH, or of the nearest directory above it that is there */
static bool
is_read_only(const char *path)
{
	char part[512];
	struct statvfs status;
	size_t len = strlen(path);

	if (len >= sizeof(part))
		return false;
	memcpy(part, path, len + 1);
	while (statvfs(part, &status) != 0) {
		char *slash = strrchr(part, '/');

		if (slash == NULL || slash == part)
			return false; /* then the one who writes says why not */
		*slash = '\0';
	}
	return (status.f_flag & ST_RDONLY) != 0;
}

static void
check_path(struct plan *plan, const char *path)
{
	if (is_read_only(path))
		finding_add(plan->findings, "path-read-only",
			&(struct origin){.kind = ORIGIN_SYSTEM, .file = path},
			"%s is on a read-only file system", path);
}

void
check_writable(struct plan *plan)
{
	if (!plan->applied)
		return;
	for (size_t i = 0; i < plan->directory_count; i++) {
		const char *path = plan->directories[i].path;

		/* what lies in the queue directory is told once, by the directory itself */
		if (strncmp(path, PLAN_QUEUE_DIRECTORY "/", sizeof(PLAN_QUEUE_DIRECTORY)) != 0)
			check_path(plan, path);
	}
	/* doveconf writes what it has read there; instances are remembered there */
	if (service_find(&plan->services, "dovecot") >= 0) {
		check_path(plan, "/tmp");
		check_path(plan, "/var/lib/dovecot");
	}
	check_path(plan, PLAN_STATE_DIRECTORY);
}
