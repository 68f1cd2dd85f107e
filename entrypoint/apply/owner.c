/* owner.c - names of users to ids */
#include "apply/owner.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 64

/* as_number - whether NAME is an id in digits */
static int
as_number(const char *name, unsigned *number)
{
	char *end;
	unsigned long value;

	if (*name < '0' || *name > '9')
		return 0;
	value = strtoul(name, &end, 10);
	if (*end != '\0' || value > 0xfffffffeUL)
		return 0;
	*number = (unsigned)value;
	return 1;
}

static int
find_user(const char *name, uid_t *uid)
{
	static char known[NAME_BYTES];
	static uid_t known_uid;
	struct passwd *entry;

	if (strcmp(name, "root") == 0) {
		*uid = 0;
		return 0;
	}
	if (as_number(name, uid))
		return 0;
	if (strcmp(name, known) == 0) {
		*uid = known_uid;
		return 0;
	}
	entry = getpwnam(name);
	if (entry == NULL) {
		fprintf(stderr, "mailinit: there is no user \"%s\" in this image\n", name);
		return -1;
	}
	*uid = known_uid = entry->pw_uid;
	snprintf(known, sizeof(known), "%s", name);
	return 0;
}

static int
find_group(const char *name, gid_t *gid)
{
	static char known[NAME_BYTES];
	static gid_t known_gid;
	struct group *entry;

	if (strcmp(name, "root") == 0) {
		*gid = 0;
		return 0;
	}
	if (as_number(name, gid))
		return 0;
	if (strcmp(name, known) == 0) {
		*gid = known_gid;
		return 0;
	}
	entry = getgrnam(name);
	if (entry == NULL) {
		fprintf(stderr, "mailinit: there is no group \"%s\" in this image\n", name);
		return -1;
	}
	*gid = known_gid = entry->gr_gid;
	snprintf(known, sizeof(known), "%s", name);
	return 0;
}

int
owner_find(const char *user, const char *group, uid_t *uid, gid_t *gid)
{
	return find_user(user, uid) == 0 && find_group(group, gid) == 0 ? 0 : -1;
}
