/*
 * stale.c - mounts whose other side was replaced
 *
 * A mount holds on to the file or directory that it was made of. When another one
 * is renamed over it on the machine, or it is moved away there, the container keeps
 * the old one, and no event tells of the new one. mountinfo (proc(5)) shows it: the
 * root of the mount then ends in "//deleted", or is another one than at the start.
 */
#include "check/rooms.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/file.h"
#include "base/text.h"

#define MOUNTINFO "/proc/self/mountinfo"
#define MOUNTINFO_LIMIT (4 * 1024 * 1024)
#define DELETED "//deleted"

/* One line of mountinfo; the texts point into it, with \ooo for what would part fields. */
struct line {
	char *id, *root, *point;
};

static bool
read_line(char *text, struct line *line)
{
	char *rest, *fields[5] = {NULL};

	for (int i = 0; i < 5; i++) {
		fields[i] = strtok_r(i == 0 ? text : NULL, " ", &rest);
		if (fields[i] == NULL)
			return false;
	}
	*line = (struct line){.id = fields[0], .root = fields[3], .point = fields[4]};
	return true;
}

/* root_at_start - of the same mount, or NULL; BEFORE is the mountinfo of the start */
static const char *
root_at_start(struct arena *arena, const char *before, const struct line *line)
{
	const char *start = arena_printf(arena, "%s ", line->id);

	for (const char *at = before; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
		struct line old;

		if (text_starts(at, start) &&
			read_line(arena_strndup(arena, at, strcspn(at, "\n")), &old) &&
			strcmp(old.point, line->point) == 0)
			return old.root;
	}
	return NULL;
}

/* plain - a field without its escapes */
static char *
plain(struct arena *arena, const char *field)
{
	char *text = arena_strdup(arena, field), *to = text;

	for (const char *from = text; *from != '\0'; to++) {
		bool escaped = from[0] == '\\' && strspn(from + 1, "01234567") >= 3;

		*to = escaped ? (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + from[3] - '0')
			      : *from;
		from += escaped ? 4 : 1;
	}
	*to = '\0';
	return text;
}

static void
judge(struct plan *plan, const struct line *line, const char *before)
{
	const char *old = root_at_start(plan->arena, before, line);
	bool deleted = text_ends(line->root, DELETED);
	const char *point;

	if (!deleted && (old == NULL || strcmp(old, line->root) == 0))
		return;
	point = plain(plan->arena, line->point);
	finding_add(plan->findings, "mount-stale",
		&(struct origin){.kind = ORIGIN_SYSTEM, .file = point},
		"what is mounted at %s was %s on the machine; the container keeps the old one",
		point, deleted ? "replaced or removed" : "moved away");
}

/* check_stale - in the container alone: elsewhere the mounts are those of another machine */
void
check_stale(struct plan *plan)
{
	struct buffer now = {0}, before = {0};
	char *rest, *text;

	if (!plan->live || plan->root[0] != '\0')
		return;
	/* without the start's own, as before the first start, a move cannot be told */
	(void)file_read(PLAN_MOUNTS_AT_START, MOUNTINFO_LIMIT, &before, NULL);
	if (file_read(MOUNTINFO, MOUNTINFO_LIMIT, &now, NULL) == 0)
		for (text = strtok_r(now.data, "\n", &rest); text != NULL;
			text = strtok_r(NULL, "\n", &rest)) {
			struct line line;

			if (read_line(text, &line))
				judge(plan, &line, buffer_text(&before));
		}
	/* where it cannot be read, check_targets says so */
	buffer_free(&now);
	buffer_free(&before);
}
