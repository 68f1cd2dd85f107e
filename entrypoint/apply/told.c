/*
 * told.c - what Postfix's processes have read, and read only once
 *
 * A running smtp(8) keeps the resolver that it began with, chrooted or not, and a table
 * like regexp: that it opened. So the fingerprints of these files are kept for as long as
 * the container runs.
 */
#include "apply/told.h"

#include <string.h>

#include "apply/place.h"
#include "base/buffer.h"
#include "base/file.h"
#include "crypto/digest.h"

#define RESOLVER_PATH PLAN_RUN_DIRECTORY "/resolver"
#define TABLES_PATH PLAN_RUN_DIRECTORY "/tables"
#define FILE_LIMIT (64 * 1024 * 1024)
#define RECORD_LIMIT (1024 * 1024)

/* add_line - what a file holds; one that cannot be read is as good as none, for Postfix too */
static void
add_line(struct buffer *record, const char *path)
{
	struct buffer content = {0};
	char text[DIGEST_SHA256_TEXT] = "-";

	if (file_read(path, FILE_LIMIT, &content, NULL) == 0)
		digest_sha256(buffer_text(&content), content.len, text);
	buffer_printf(record, "%s %s\n", text, path);
	buffer_free(&content);
}

/* renew - the record at PATH; OTHER: there was one, and it was not the same. 0 or -1 */
static int
renew(const char *path, const struct buffer *record, bool *other)
{
	struct buffer before = {0};
	bool known = file_read(path, RECORD_LIMIT, &before, NULL) == 0;
	bool same = known && strcmp(buffer_text(&before), buffer_text(record)) == 0;

	*other = known && !same;
	buffer_free(&before);
	return same ? 0
		    : place_file(path, buffer_text(record), record->len,
			      &(struct placement){.mode = 0600});
}

int
told_sync(const struct plan *plan, bool first, bool *changed, bool *resolver)
{
	struct buffer system = {0}, tables = {0};
	bool other_tables = false;
	int result;

	for (const char *const *path = plan_system_files; *path != NULL; path++)
		add_line(&system, *path);
	for (size_t i = 0; i < plan->text_table_count; i++)
		add_line(&tables, plan->text_tables[i]);
	result = renew(RESOLVER_PATH, &system, resolver);
	if (result == 0)
		result = renew(TABLES_PATH, &tables, &other_tables);
	*resolver = *resolver && !first;
	*changed = *resolver || (other_tables && !first);
	buffer_free(&system);
	buffer_free(&tables);
	return result;
}
