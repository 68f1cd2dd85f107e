/*
 * byhand.c - changes that somebody made inside the container
 *
 * Seen in the field: a fix by `postconf -e` or an editor worked until the next
 * restart, and nobody knew why mail broke again. Here they are found, with their
 * difference and with what makes them last; apply/ keeps them before it replaces them.
 */
#include "check/byhand.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "base/unified.h"
#include "check/rooms.h"
#include "crypto/digest.h"
#include "plan/secrecy.h"

#define BYHAND_FILE_LIMIT (16 * 1024 * 1024)
#define BYHAND_RECORD_LIMIT (1024 * 1024)

/* name_len - how long the name is that a line of a configuration begins with */
static size_t
name_len(const char *line, size_t len)
{
	size_t end = 0;

	while (end < len && strchr("= \t", line[end]) == NULL)
		end++;
	return end;
}

/* same_name - whether a line is about what LINE of the file is about */
static bool
same_name(const struct lines *lines, size_t i, const char *line, size_t len)
{
	size_t name = name_len(line, len);

	return name > 0 && name == name_len(lines->start[i], lines->len[i]) &&
		strncasecmp(lines->start[i], line, name) == 0;
}

bool
byhand_hides(void *context, const char *line, size_t len)
{
	const struct byhand *byhand = context;
	const struct plan_file *file = byhand->file;
	struct lines lines;

	if (secrecy_suspects(line, len))
		return true;
	if (file == NULL || !secrecy_has_line(file))
		return false;
	lines = lines_cut(byhand->plan->arena, buffer_text(&file->content), file->content.len);
	for (size_t i = 0; i < lines.count && i < file->line_count; i++)
		if (file->lines[i].secret && same_name(&lines, i, line, len))
			return true;
	return false;
}

/* read_whole - a file into the arena; NULL with errno when it cannot be read */
static const char *
read_whole(struct plan *plan, const char *path, size_t *len, struct stat *status)
{
	struct buffer text = {0};
	const char *content = NULL;
	int error = 0;

	if (file_read(path, BYHAND_FILE_LIMIT, &text, status) == 0) {
		content = arena_strndup(plan->arena, buffer_text(&text), text.len);
		*len = text.len;
	} else {
		error = errno;
	}
	buffer_free(&text);
	errno = error;
	return content;
}

/* copy_of - the place of the copy, under a flat name: etc_postfix_main.cf */
static const char *
copy_of(struct plan *plan, const char *path)
{
	char *name = arena_strdup(plan->arena, path[0] == '/' ? path + 1 : path);

	for (char *c = name; *c != '\0'; c++)
		if (*c == '/')
			*c = '_';
	return arena_printf(plan->arena, PLAN_BYHAND_DIRECTORY "/%s", name);
}

static void
tell(struct plan *plan, const char *path, const char *message, const char *help)
{
	const struct origin origin = {.kind = ORIGIN_SYSTEM, .file = path};
	struct finding *finding =
		finding_add(plan->findings, "changed-by-hand", &origin, "%s", message);

	if (help[0] != '\0')
		finding->help = help;
}

static const char *
help_of(struct plan *plan, const char *variables, bool whole)
{
	if (variables[0] == '\0')
		return arena_printf(plan->arena,
			"Put the change into mailinit.yaml, or into a template of your own below "
			"/etc/mailinit/templates (docs/changes-by-hand.md); then it lasts.");
	return arena_printf(plan->arena, "It lasts with: %s%s", variables,
		whole ? ""
		      : "; the rest of it no variable can say, but a template of your own below "
			"/etc/mailinit/templates");
}

/*
 * describe - the difference, and what is told of it; a SECRET shows nothing. False when
 * no line differs: an editor added the last line break, or took it.
 */
static bool
describe(const struct byhand *byhand, struct plan_byhand *found, bool secret)
{
	struct plan *plan = byhand->plan;
	struct lines old = lines_cut(plan->arena, byhand->rendered, byhand->rendered_len);
	struct lines new = lines_cut(plan->arena, byhand->changed, byhand->changed_len);
	const struct unified how = {
		.old_name = arena_printf(plan->arena, "%s (rendered)", found->path),
		.new_name = arena_printf(plan->arena, "%s (changed by hand)", found->path),
		.hide = byhand_hides,
		.context = (void *)(size_t)byhand,
	};
	struct buffer text = {0};
	bool whole = false;
	size_t lines;

	found->difference = found->help = "";
	if (secret) {
		found->message = arena_printf(plan->arena,
			"%s, which holds secrets, was changed by hand: a start or a reload renders "
			"it anew, and keeps a copy as %s",
			found->path, found->copy);
		return true;
	}
	lines = unified_put(plan->arena, &old, &new, &how, &text);
	found->difference = arena_strndup(plan->arena, buffer_text(&text), text.len);
	buffer_free(&text);
	found->help = byhand_variables(byhand, &whole);
	found->help = help_of(plan, found->help, whole);
	found->message = arena_printf(plan->arena,
		"%s was changed by hand (%zu %s): a start or a reload renders it anew, and keeps "
		"a copy as %s",
		found->path, lines, lines == 1 ? "line" : "lines", found->copy);
	return lines > 0;
}

/*
 * rendered_text - what the file was before the change: there is a copy of those with a
 * link; of others the best that is known is what they will be
 */
static void
rendered_text(struct byhand *byhand)
{
	struct plan *plan = byhand->plan;
	const char *path =
		arena_printf(plan->arena, PLAN_CURRENT "/" PLAN_RENDERED "/%s", byhand->name);

	byhand->rendered = read_whole(plan, path, &byhand->rendered_len, NULL);
	if (byhand->rendered == NULL && byhand->file != NULL) {
		byhand->rendered = buffer_text(&byhand->file->content);
		byhand->rendered_len = byhand->file->content.len;
	} else if (byhand->rendered == NULL) {
		byhand->rendered = "";
		byhand->rendered_len = 0;
	}
}

/* add - a file that differs from what was rendered */
static void
add(struct byhand *byhand, const char *path, mode_t mode)
{
	struct plan *plan = byhand->plan;
	bool secret = (byhand->file != NULL && byhand->file->secret) || (mode & S_IROTH) == 0;
	struct plan_byhand *found;

	found = plan_add_byhand(plan);
	found->path = path;
	found->copy = copy_of(plan, path);
	found->content = byhand->changed;
	found->len = byhand->changed_len;
	if (describe(byhand, found, secret))
		tell(plan, found->path, found->message, found->help);
	else
		plan->byhand_count--;
}

/* check_line - "HEX  NAME" of the manifest against the file on disk */
static void
check_line(struct plan *plan, const char *line)
{
	const char *name = strstr(line, "  "), *path;
	char hex[DIGEST_SHA256_TEXT];
	struct byhand byhand = {.plan = plan};
	struct stat status;

	if (name == NULL)
		return;
	byhand.name = name + 2;
	byhand.file = plan_find_file(plan, byhand.name);
	path = arena_printf(plan->arena, PLAN_CURRENT "/%s", byhand.name);
	byhand.changed = read_whole(plan, path, &byhand.changed_len, &status);
	if (byhand.changed == NULL)
		return; /* it was removed: there is nothing to keep */
	digest_sha256(byhand.changed, byhand.changed_len, hex);
	if (strncmp(hex, line, strlen(hex)) == 0)
		return;
	rendered_text(&byhand);
	add(&byhand, byhand.file != NULL ? plan_shown_path(plan, byhand.file) : path,
		status.st_mode);
}

/* is_mount - what the engine put there is told already, and is replaced by nobody */
static bool
is_mount(const struct plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->findings->count; i++) {
		const struct finding *finding = &plan->findings->items[i];

		if (strcmp(finding->rule->id, "target-is-mounted") == 0 &&
			finding->origin.file != NULL && strcmp(finding->origin.file, path) == 0)
			return true;
	}
	return false;
}

/* check_link - `postconf -e`, sed -i and most editors put a plain file in the place of the link */
static void
check_link(struct plan *plan, const struct plan_file *file)
{
	struct byhand byhand = {.plan = plan, .file = file, .name = file->name};
	struct stat status;

	if (file->link == NULL || lstat(file->link, &status) != 0 || !S_ISREG(status.st_mode) ||
		is_mount(plan, file->link))
		return;
	byhand.changed = read_whole(plan, file->link, &byhand.changed_len, NULL);
	if (byhand.changed == NULL)
		return;
	rendered_text(&byhand);
	if (byhand.changed_len != byhand.rendered_len ||
		memcmp(byhand.changed, byhand.rendered, byhand.changed_len) != 0)
		add(&byhand, file->link, status.st_mode);
}

static void
check_manifest(struct plan *plan)
{
	size_t len;
	const char *manifest = read_whole(plan, PLAN_CURRENT "/manifest", &len, NULL);
	struct lines lines;

	if (manifest == NULL)
		return; /* the first start; or not root, who cannot know */
	lines = lines_cut(plan->arena, manifest, len);
	for (size_t i = 0; i < lines.count; i++)
		check_line(plan, arena_strndup(plan->arena, lines.start[i], lines.len[i]));
}

/* ---- what was told before, and is replaced since ---- */

/* holds - whether some line of the plan's file at PATH is this one */
static bool
holds(const struct plan *plan, const char *path, const char *line)
{
	for (size_t i = 0; i < plan->file_count; i++) {
		const struct plan_file *file = &plan->files[i];
		struct lines lines;

		if (strcmp(plan_shown_path(plan, file), path) != 0)
			continue;
		lines = lines_cut(plan->arena, buffer_text(&file->content), file->content.len);
		for (size_t k = 0; k < lines.count; k++)
			if (strlen(line) == lines.len[k] &&
				strncmp(line, lines.start[k], lines.len[k]) == 0)
				return true;
	}
	return false;
}

/* lasts - whether what is rendered now has all that came, and nothing that went */
static bool
lasts(const struct plan *plan, const char *path, const char *difference)
{
	struct lines lines = lines_cut(plan->arena, difference, strlen(difference));
	size_t changed = 0;

	for (size_t i = 2; i < lines.count; i++) {
		char sign = lines.start[i][0];
		const char *line;

		if (lines.len[i] < 2 || (sign != '+' && sign != '-'))
			continue;
		line = arena_strndup(plan->arena, lines.start[i] + 1, lines.len[i] - 1);
		if (holds(plan, path, line) != (sign == '+'))
			return false;
		changed++;
	}
	return changed > 0;
}

/* is_told - whether the same file was changed once more */
static bool
is_told(const struct plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->byhand_count; i++)
		if (strcmp(plan->byhand[i].path, path) == 0)
			return true;
	return false;
}

/* check_record - path, copy, message and help, a line each, then the difference (apply/byhand.c) */
static void
check_record(struct plan *plan, const char *name)
{
	const char *path = arena_printf(plan->arena, PLAN_BYHAND_RECORDS "/%s", name);
	struct buffer text = {0};
	char *field[4], *rest;

	if (file_read(path, BYHAND_RECORD_LIMIT, &text, NULL) != 0) {
		buffer_free(&text);
		return;
	}
	rest = arena_strndup(plan->arena, buffer_text(&text), text.len);
	buffer_free(&text);
	for (int i = 0; i < 4; i++) {
		field[i] = strsep(&rest, "\n");
		if (rest == NULL)
			return; /* not whole: it is not ours */
	}
	/* who removes the copy has seen it */
	if (access(field[1], F_OK) == 0 && !is_told(plan, field[0]) && !lasts(plan, field[0], rest))
		tell(plan, field[0], field[2], field[3]);
}

static void
check_records(struct plan *plan)
{
	DIR *directory = opendir(PLAN_BYHAND_RECORDS);
	const struct dirent *entry;

	if (directory == NULL)
		return;
	while ((entry = readdir(directory)) != NULL)
		if (entry->d_name[0] != '.')
			check_record(plan, entry->d_name);
	closedir(directory);
}

void
check_byhand(struct plan *plan)
{
	if (!plan->live || plan->root[0] != '\0')
		return;
	check_manifest(plan);
	for (size_t i = 0; i < plan->file_count; i++)
		check_link(plan, &plan->files[i]);
	check_records(plan);
}
