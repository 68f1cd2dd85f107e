/*
 * resolver.c - what names are found by, as Postfix knows it
 *
 * A running smtp(8) keeps the resolver that it began with, chrooted or not. So the
 * fingerprints of its files are kept for as long as the container runs.
 */
#include "apply/resolver.h"

#include <string.h>

#include "apply/place.h"
#include "base/buffer.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "plan/plan.h"

#define RESOLVER_PATH PLAN_RUN_DIRECTORY "/resolver"
#define RESOLVER_FILE_LIMIT (4 * 1024 * 1024)
#define RESOLVER_LIMIT 4096

/* add_line - what a file holds; one that cannot be read is as good as none, for Postfix too */
static void
add_line(struct buffer *all, const char *path)
{
	struct buffer content = {0};
	char text[DIGEST_SHA256_TEXT] = "-";

	if (file_read(path, RESOLVER_FILE_LIMIT, &content, NULL) == 0)
		digest_sha256(buffer_text(&content), content.len, text);
	buffer_printf(all, "%s %s\n", text, path);
	buffer_free(&content);
}

int
resolver_sync(bool first, bool *changed)
{
	struct buffer now = {0}, before = {0};
	int result = 0;
	bool known, same;

	for (const char *const *path = plan_system_files; *path != NULL; path++)
		add_line(&now, *path);
	known = file_read(RESOLVER_PATH, RESOLVER_LIMIT, &before, NULL) == 0;
	same = known && strcmp(buffer_text(&before), buffer_text(&now)) == 0;
	if (!same)
		result = place_file(
			RESOLVER_PATH, now.data, now.len, &(struct placement){.mode = 0600});
	*changed = known && !same && !first;
	buffer_free(&now);
	buffer_free(&before);
	return result;
}
