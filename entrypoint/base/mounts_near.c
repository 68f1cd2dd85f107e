/* mounts_near.c - a file that a mount lacks, and one beside it that was most likely meant */
#include "base/mounts.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"

#define ENTRIES_MAX 1000 /* of a directory */
#define STEM_SHORT 8 /* below it a typing error is one letter, not two */

static const char *
ending(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && dot != name ? dot : name + strlen(name);
}

/* is_numbered - whether two names differ in digits or in their last letter alone: key1, key2, key-b */
static bool
is_numbered(const char *a, const char *b, size_t stem)
{
	size_t differ = 0;

	if (strlen(a) != strlen(b))
		return strpbrk(a, "0123456789") != NULL || strpbrk(b, "0123456789") != NULL;
	for (size_t i = 0; a[i] != '\0'; i++)
		if (a[i] != b[i] && !(i + 1 == stem))
			differ += strchr("0123456789", a[i]) == NULL ||
				strchr("0123456789", b[i]) == NULL;
	return differ == 0;
}

/*
 * is_near - far more careful than text_nearest: beside a key that CI lacks lies its
 * certificate, beside one password another, and "mail.pem" is no mistake for "mail.key"
 */
static bool
is_near(const char *wanted, const char *name)
{
	const char *end = ending(wanted);
	size_t stem = (size_t)(end - wanted);
	int allowed = stem >= STEM_SHORT ? 2 : 1;

	return stem > 2 && strcmp(end, ending(name)) == 0 && !is_numbered(wanted, name, stem) &&
		text_distance(wanted, name) <= allowed;
}

/* near_in - in DIRECTORY the only name near WANTED, of a directory or not; NULL: none, or several */
static const char *
near_in(struct arena *arena, const char *directory, const char *wanted, bool is_directory)
{
	DIR *stream = opendir(directory);
	const char *near = NULL, *path = NULL;
	struct dirent *entry;
	struct stat status;
	size_t count = 0, read = 0;

	if (stream == NULL)
		return NULL;
	while ((entry = readdir(stream)) != NULL && read++ < ENTRIES_MAX) {
		if (!is_near(wanted, entry->d_name))
			continue;
		path = arena_printf(arena, "%s/%s", directory, entry->d_name);
		if (stat(path, &status) != 0 || S_ISDIR(status.st_mode) != is_directory)
			continue;
		near = path;
		count++;
	}
	closedir(stream);
	return count == 1 ? near : NULL;
}

bool
mounts_guess(struct arena *arena, const struct mounts *mounts, const char *path,
	struct mounts_guess *guess)
{
	const struct mount *mount = mounts_find(mounts, path);
	const char *full, *at;
	struct stat status;

	if (mount == NULL || mount->source == NULL || mount->fd != 0)
		return false;
	full = arena_printf(arena, "%s%s", mount->source, path + strlen(mount->target));
	at = full + strlen(mount->source);
	for (;; at += 1 + strcspn(at + 1, "/")) {
		char *part = arena_strndup(arena, full, (size_t)(at - full)), *slash;

		/* a link into what is not here is there, and right */
		if (lstat(part, &status) != 0) {
			guess->missing = arena_strdup(arena, part);
			slash = strrchr(part, '/');
			if (slash == part || (slash != NULL && slash[1] == '\0'))
				return false;
			if (slash != NULL)
				*slash = '\0';
			guess->near = near_in(arena, slash != NULL ? part : ".",
				slash != NULL ? slash + 1 : part, *at != '\0');
			return guess->near != NULL;
		}
		if (*at == '\0')
			return false;
	}
}
