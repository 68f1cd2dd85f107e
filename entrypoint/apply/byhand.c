/*
 * byhand.c - changes that somebody made inside the container
 *
 * Seen in the field: a fix by `postconf -e` or an editor worked until the next
 * restart, and nobody knew why mail broke again.
 */
#include "apply/byhand.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "apply/place.h"
#include "apply/unable.h"
#include "base/file.h"
#include "crypto/digest.h"

#define BYHAND_FILE_LIMIT (16 * 1024 * 1024)

void
byhand_manifest(const struct plan *plan, struct buffer *text)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct plan_file *file = &plan->files[i];
		char hex[DIGEST_SHA256_TEXT];

		digest_sha256(buffer_text(&file->content), file->content.len, hex);
		buffer_printf(text, "%s  %s\n", hex, file->name);
	}
}

/* keep - the changed file's content under a flat name: etc_postfix_main.cf */
static int
keep(const char *path, const char *why)
{
	static const struct placement how = {.mode = 0600, .durable = true};
	char kept[PATH_MAX];
	struct buffer content = {0};
	size_t prefix = strlen(BYHAND_DIRECTORY "/");
	int result;

	if (file_read(path, BYHAND_FILE_LIMIT, &content, NULL) != 0)
		return unable("read", path);
	snprintf(kept, sizeof(kept), "%s/%s", BYHAND_DIRECTORY, path[0] == '/' ? path + 1 : path);
	for (char *c = kept + prefix; *c != '\0'; c++)
		if (*c == '/')
			*c = '_';
	result = place_directory(BYHAND_DIRECTORY, 0700, 0, 0);
	if (result == 0)
		result = place_file(kept, buffer_text(&content), content.len, &how);
	buffer_free(&content);
	if (result == 0)
		fprintf(stderr,
			"mailinit: warning: %s %s; a copy is kept as %s\n"
			"    hint: put the change into mailinit.yaml or a POSTFIX_ variable, "
			"then it lasts\n",
			path, why, kept);
	return result;
}

/* check_line - "HEX  NAME" of the manifest against the file on disk */
static int
check_line(const char *line)
{
	char path[PATH_MAX], hex[DIGEST_SHA256_TEXT];
	const char *name = strstr(line, "  ");
	struct buffer content = {0};
	bool differs;

	if (name == NULL)
		return 0;
	snprintf(path, sizeof(path), "%s/%s", PLAN_CURRENT, name + 2);
	if (file_read(path, BYHAND_FILE_LIMIT, &content, NULL) != 0) {
		buffer_free(&content);
		return errno == ENOENT ? 0 : unable("read", path);
	}
	digest_sha256(buffer_text(&content), content.len, hex);
	differs = strncmp(hex, line, strlen(hex)) != 0;
	buffer_free(&content);
	return differs ? keep(path, "was changed by hand and is rendered anew") : 0;
}

int
byhand_find(void)
{
	struct buffer manifest = {0};
	int result = 0;
	char *rest, *line;

	if (file_read(PLAN_CURRENT "/manifest", BYHAND_FILE_LIMIT, &manifest, NULL) != 0) {
		buffer_free(&manifest);
		return errno == ENOENT ? 0 : unable("read", PLAN_CURRENT "/manifest");
	}
	for (line = strtok_r(manifest.data, "\n", &rest); line != NULL && result == 0;
		line = strtok_r(NULL, "\n", &rest))
		result = check_line(line);
	buffer_free(&manifest);
	return result;
}

int
byhand_keep(const char *path)
{
	return keep(path, "is no longer the link that mailinit made; it is replaced");
}
