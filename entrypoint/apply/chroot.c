/*
 * chroot.c - what a chrooted Postfix process reads of /etc
 *
 * Without etc/resolv.conf every delivery defers with "Host not found, try
 * again" while a look-up by hand works; without etc/hosts "localhost" and
 * --add-host names fail. Since glibc 2.34 files and DNS need no library there.
 */
#include "apply/chroot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/place.h"
#include "apply/unable.h"
#include "base/buffer.h"
#include "base/file.h"
#include "plan/plan.h"

#define CHROOT_FILE_LIMIT (4 * 1024 * 1024)
#define CHROOT_PATH_BYTES 512

/* content decides, not size and time */
int
chroot_copy(const char *from, const char *to, bool *changed)
{
	static const struct placement how = {.mode = 0644, .uid = 0, .gid = 0, .durable = false};
	struct buffer wanted = {0}, there = {0};
	int result = 0;

	if (file_read(from, CHROOT_FILE_LIMIT, &wanted, NULL) != 0) {
		if (errno != ENOENT)
			result = unable("read", from);
		else if (unlink(to) == 0)
			*changed = true;
		else if (errno != ENOENT)
			result = unable("remove", to);
	} else if (file_read(to, CHROOT_FILE_LIMIT, &there, NULL) != 0 || there.len != wanted.len ||
		memcmp(buffer_text(&there), buffer_text(&wanted), wanted.len) != 0) {
		*changed = true;
		result = place_file(to, buffer_text(&wanted), wanted.len, &how);
	}
	buffer_free(&wanted);
	buffer_free(&there);
	return result;
}

int
chroot_sync(const char *queue_directory, bool *changed)
{
	char to[CHROOT_PATH_BYTES];

	*changed = false;
	snprintf(to, sizeof(to), "%s/etc", queue_directory);
	if (place_directory(to, 0755, 0, 0) != 0)
		return -1;
	for (const char *const *file = plan_system_files; *file != NULL; file++) {
		snprintf(to, sizeof(to), "%s%s", queue_directory, *file);
		if (chroot_copy(*file, to, changed) != 0)
			return -1;
	}
	return chroot_modules("", queue_directory, changed);
}
