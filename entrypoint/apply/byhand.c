/* byhand.c - changes that somebody made inside the container are kept */
#include "apply/byhand.h"

#include <stdio.h>
#include <string.h>

#include "apply/place.h"
#include "apply/unable.h"
#include "base/file.h"
#include "crypto/digest.h"

#define BYHAND_LIMIT (16 * 1024 * 1024)

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

/* keep_record - as check/byhand.c reads it */
static int
keep_record(const struct plan *plan, const struct plan_byhand *byhand)
{
	const char *path = arena_printf(plan->arena, PLAN_BYHAND_RECORDS "%s",
		byhand->copy + strlen(PLAN_BYHAND_DIRECTORY));
	struct buffer text = {0};
	int result;

	buffer_printf(&text, "%s\n%s\n%s\n%s\n%s", byhand->path, byhand->copy, byhand->message,
		byhand->help, byhand->difference);
	result = place_file(path, buffer_text(&text), text.len, &(struct placement){.mode = 0600});
	buffer_free(&text);
	return result;
}

/* keep_older - what was kept before, of another change of the same file, goes on as ".old" */
static int
keep_older(const struct plan *plan, const char *path, const char *content, size_t len)
{
	struct buffer there = {0};
	int result = 0;

	if (file_read(path, BYHAND_LIMIT, &there, NULL) == 0 &&
		(there.len != len || memcmp(buffer_text(&there), content, len) != 0) &&
		rename(path, arena_printf(plan->arena, "%s.old", path)) != 0)
		result = unable("rename", path);
	buffer_free(&there);
	return result;
}

static int
keep(const struct plan *plan, const struct plan_byhand *byhand)
{
	static const struct placement how = {.mode = 0600, .durable = true};
	const char *difference = arena_printf(plan->arena, "%s.diff", byhand->copy);

	if (keep_older(plan, byhand->copy, byhand->content, byhand->len) != 0 ||
		keep_older(plan, difference, byhand->difference, strlen(byhand->difference)) != 0)
		return -1;
	if (place_file(byhand->copy, byhand->content, byhand->len, &how) != 0)
		return -1;
	if (byhand->difference[0] != '\0' &&
		place_file(difference, byhand->difference, strlen(byhand->difference), &how) != 0)
		return -1;
	return keep_record(plan, byhand);
}

int
byhand_keep(const struct plan *plan)
{
	if (plan->byhand_count == 0)
		return 0;
	if (place_directory(PLAN_BYHAND_DIRECTORY, 0700, 0, 0) != 0 ||
		place_directory(PLAN_BYHAND_RECORDS, 0700, 0, 0) != 0)
		return -1;
	for (size_t i = 0; i < plan->byhand_count; i++)
		if (keep(plan, &plan->byhand[i]) != 0)
			return -1;
	return 0;
}

int
byhand_forget(void)
{
	return place_remove_tree(PLAN_BYHAND_RECORDS);
}
