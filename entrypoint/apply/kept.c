/* kept.c - the last good pairs of certificate and key */
#include "apply/kept.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/place.h"
#include "apply/unable.h"
#include "base/file.h"
#include "base/text.h"

#define KEPT_LIMIT (1024 * 1024)

static const struct placement secret_and_durable = {.mode = 0600, .durable = true};

/* is_kept - whether it lies there already, whole, and root's alone */
static bool
is_kept(const char *path, const struct buffer *text)
{
	struct buffer there = {0};
	struct stat status;
	bool same = file_read(path, KEPT_LIMIT, &there, &status) == 0 && there.len == text->len &&
		memcmp(buffer_text(&there), buffer_text(text), there.len) == 0 &&
		(status.st_mode & 07777) == secret_and_durable.mode && status.st_uid == 0;

	if (there.data != NULL)
		explicit_bzero(there.data, there.len);
	buffer_free(&there);
	return same;
}

static int
store_one(const struct plan_certificate *certificate)
{
	struct buffer text = {0};
	int result = 0;

	buffer_puts(&text, certificate->kept_head);
	buffer_puts(&text, certificate->pem);
	if (!is_kept(certificate->kept_path, &text))
		result = place_file(
			certificate->kept_path, buffer_text(&text), text.len, &secret_and_durable);
	explicit_bzero(text.data, text.size);
	buffer_free(&text);
	return result;
}

/* is_wanted - whether a certificate of the plan has it: is kept there, or is served from there */
static bool
is_wanted(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->certificate_count; i++) {
		const char *path = plan->certificates[i].kept_path;

		if (path != NULL && strcmp(strrchr(path, '/') + 1, name) == 0)
			return true;
	}
	return false;
}

/* remove_others - a key that no setting names any more is not to lie about */
static int
remove_others(const struct plan *plan)
{
	DIR *dir = opendir(PLAN_KEPT_DIRECTORY);
	struct dirent *entry;
	int result = 0;

	if (dir == NULL)
		return errno == ENOENT || errno == ENOTDIR ? 0
							   : unable("read", PLAN_KEPT_DIRECTORY);
	while (result == 0 && (entry = readdir(dir)) != NULL) {
		char path[sizeof(PLAN_KEPT_DIRECTORY) + sizeof(entry->d_name)];

		if (!text_starts(entry->d_name, PLAN_KEPT_NAME) || is_wanted(plan, entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", PLAN_KEPT_DIRECTORY, entry->d_name);
		if (unlink(path) != 0 && errno != ENOENT)
			result = unable("remove", path);
	}
	closedir(dir);
	return result;
}

void
kept_store(const struct plan *plan)
{
	bool any = false;
	int result = 0;

	if (plan->certificate_count == 0)
		return;
	for (size_t i = 0; i < plan->certificate_count; i++)
		any = any ||
			(plan->certificates[i].kept_path != NULL &&
				plan->certificates[i].trouble == NULL);
	if (any)
		result = place_directory(PLAN_KEPT_DIRECTORY, 0700, 0, 0);
	for (size_t i = 0; result == 0 && i < plan->certificate_count; i++)
		if (plan->certificates[i].kept_path != NULL &&
			plan->certificates[i].trouble == NULL)
			result = store_one(&plan->certificates[i]);
	/* where nothing else is to be had, an older pair may still be of use */
	if (result == 0 && !plan->certificates[0].self_signed)
		result = remove_others(plan);
	if (result != 0)
		fprintf(stderr,
			"mailinit: warning: the certificate is in use, but not all is kept as the "
			"last good one under %s\n",
			PLAN_KEPT_DIRECTORY);
}
