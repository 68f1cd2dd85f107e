/*
 * opendkim_exposed.c - who else may read or replace a DKIM key on its volume
 *
 * OpenDKIM has a safe copy whatever the modes are, so it signs. But who reads the
 * key may sign in the domain's name for as long as the record is in DNS.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/opendkim_keys.h"

/* check_above - a directory in which everybody may put another file in the key's place */
static void
check_above(struct plan *plan, const struct plan_dkim_key *key)
{
	char *path = arena_strdup(plan->arena, key->path);

	/* DOMAIN/, and the directory of all keys; what is above is the image's own */
	for (int level = 0; level < 2; level++) {
		char *slash = strrchr(path, '/');
		struct stat status;

		if (slash == NULL || slash == path)
			return;
		*slash = '\0';
		if (stat(path, &status) != 0 || !(status.st_mode & S_IWOTH) ||
			(status.st_mode & S_ISVTX))
			continue;
		finding_add(plan->findings, "dkim-key-open", &key->origin,
			"the key for %s, %s, can be replaced by every user: the directory %s has "
			"mode %04o",
			key->domain, key->path, path, (unsigned)status.st_mode & 07777);
	}
}

void
opendkim_check_exposed(
	struct plan *plan, const struct plan_dkim_key *key, const struct opendkim_key_file *file)
{
	unsigned mode = file->status.st_mode & 07777;

	/* elsewhere the files have the owner of a working copy, and say nothing of the container */
	if (!plan->live || plan->root[0] != '\0')
		return;
	if (mode & (S_IROTH | S_IWOTH))
		finding_add(plan->findings, "dkim-key-open", &key->origin,
			"the key for %s, %s, can be %s by every user (mode %04o)", key->domain,
			key->path, mode & S_IWOTH ? "replaced" : "read", mode);
	if (file->status.st_uid != 0 && file->status.st_uid != geteuid())
		finding_add(plan->findings, "dkim-key-owner", &key->origin,
			"the key for %s, %s, belongs to user %u and not to root", key->domain,
			key->path, (unsigned)file->status.st_uid);
	check_above(plan, key);
}
