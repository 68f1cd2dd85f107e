/* present.c - what a start would find */
#include "report/present.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/lines.h"

#define PRESENT_FILE_LIMIT (64 * 1024 * 1024)
#define PRESENT_MANIFEST_LIMIT (1024 * 1024)

const char *
present_action_name(enum present_action action)
{
	static const char *const names[] = {
		[PRESENT_CREATE] = "create",
		[PRESENT_CHANGE] = "change",
		[PRESENT_KEEP] = "keep",
	};

	return names[action];
}

/* read_present - 0, or -1 with errno */
static int
read_present(const struct plan *plan, const struct plan_file *file, struct buffer *content,
	struct stat *status)
{
	const char *path = plan->against != NULL
		? arena_printf(plan->arena, "%s/%s", plan->against, file->name)
		: plan_path(plan, arena_printf(plan->arena, "%s/%s", PLAN_CURRENT, file->name));

	if (file_read(path, PRESENT_FILE_LIMIT, content, status) == 0)
		return 0;
	if (plan->against != NULL || file->link == NULL || (errno != ENOENT && errno != ENOTDIR))
		return -1;
	return file_read(plan_path(plan, file->link), PRESENT_FILE_LIMIT, content, status);
}

/*
 * same_but_deferred - whether THERE is what CONTENT says, a placeholder standing
 * for any text up to what follows it
 */
static bool
same_but_deferred(const char *content, const char *there)
{
	static const char mark[] = "{deferred:";

	while (*content != '\0') {
		const char *end =
			strncmp(content, mark, sizeof(mark) - 1) == 0 ? strchr(content, '}') : NULL;

		if (end == NULL) {
			if (*content++ != *there++)
				return false;
			continue;
		}
		content = end + 1;
		while (*there != '\0' && *there != *content)
			there++;
	}
	return *there == '\0';
}

/* would_stay - a key or certificate that is there already is not made again */
static bool
would_stay(const struct plan_file *file, const struct buffer *there)
{
	/* placeholders, too, where an earlier dry run wrote what is there */
	if (there->len == file->content.len &&
		memcmp(buffer_text(there), buffer_text(&file->content), there->len) == 0)
		return true;
	switch (file->late) {
	case LATE_PASSWORDS:
		return same_but_deferred(buffer_text(&file->content), buffer_text(there));
	case LATE_NOT:
	case LATE_DKIM_KEY:
	case LATE_TLS_PAIR:
		break;
	}
	return false;
}

void
present_find(const struct plan *plan, const struct plan_file *file, struct present *present)
{
	struct stat status;

	memset(present, 0, sizeof(*present));
	if (read_present(plan, file, &present->content, &status) != 0) {
		buffer_clear(&present->content);
		if (errno != ENOENT && errno != ENOTDIR) {
			present->error = errno;
			present->action = PRESENT_CHANGE;
		}
		return;
	}
	present->mode = status.st_mode & 07777;
	/* a copy of a file system, taken by an ordinary user, has other modes */
	present->mode_differs =
		plan->root[0] == '\0' && plan->against == NULL && present->mode != file->mode;
	present->action = would_stay(file, &present->content) && !present->mode_differs
		? PRESENT_KEEP
		: PRESENT_CHANGE;
}

enum present_action
present_action(const struct plan *plan, const struct plan_file *file)
{
	struct present present;

	present_find(plan, file, &present);
	present_free(&present);
	return present.action;
}

void
present_free(struct present *present)
{
	buffer_free(&present->content);
}

/* add_name - one more of COUNT; the room doubles when they fill it */
static size_t
add_name(struct arena *arena, const char ***names, size_t count, const char *name)
{
	if ((count & (count - 1)) == 0)
		*names = arena_grow(arena, *names, count * sizeof(**names),
			(count > 0 ? 2 * count : 1) * sizeof(**names));
	(*names)[count] = name;
	return count + 1;
}

/*
 * removed_below - what lies in the directory NAME that is compared with, and below it, and is
 * in the plan no more: behind the first COUNT of *NAMES
 */
static size_t
removed_below(const struct plan *plan, const char *name, const char ***names, size_t count)
{
	struct dirent **entries;
	int found = scandir(
		arena_printf(plan->arena, "%s/%s", plan->against, name), &entries, NULL, alphasort);

	for (int i = 0; i < found; i++) {
		const char *entry = entries[i]->d_name;
		const char *path = arena_printf(
			plan->arena, "%s%s%s", name, name[0] != '\0' ? "/" : "", entry);
		struct stat status;

		if (strcmp(entry, ".") == 0 || strcmp(entry, "..") == 0 ||
			lstat(arena_printf(plan->arena, "%s/%s", plan->against, path), &status) !=
				0)
			; /* not of it */
		else if (S_ISDIR(status.st_mode))
			count = removed_below(plan, path, names, count);
		else if (plan_find_file(plan, path) == NULL)
			count = add_name(plan->arena, names, count, path);
		free(entries[i]);
	}
	if (found >= 0)
		free(entries);
	return count;
}

size_t
present_removed(const struct plan *plan, const char ***names)
{
	struct buffer manifest = {0};
	struct lines lines;
	size_t count = 0;

	*names = NULL;
	if (plan->file_count == 0)
		return 0;
	if (plan->against != NULL)
		return removed_below(plan, "", names, 0);
	if (file_read(plan_path(plan, PLAN_CURRENT "/manifest"), PRESENT_MANIFEST_LIMIT, &manifest,
		    NULL) == 0) {
		lines = lines_cut(plan->arena, buffer_text(&manifest), manifest.len);
		*names = arena_alloc(plan->arena, (lines.count + 1) * sizeof(**names));
		for (size_t i = 0; i < lines.count; i++) {
			/* "HEX  NAME", see apply/byhand.h */
			const char *gap = memmem(lines.start[i], lines.len[i], "  ", 2), *name;

			if (gap == NULL)
				continue;
			name = arena_strndup(plan->arena, gap + 2,
				lines.len[i] - (size_t)(gap + 2 - lines.start[i]));
			if (plan_find_file(plan, name) == NULL)
				(*names)[count++] = name;
		}
	}
	buffer_free(&manifest);
	return count;
}
