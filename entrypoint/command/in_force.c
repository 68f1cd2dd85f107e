/* in_force.c - the findings of what runs, from who plans to who asks */
#include "command/in_force.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/place.h"
#include "apply/unable.h"
#include "base/file.h"
#include "base/json_read.h"
#include "report/finding_json.h"

#define IN_FORCE_LIMIT (4 * 1024 * 1024)

static void
put_list(const struct findings *findings, struct buffer *out)
{
	const char *before = "\n  ";
	size_t count = 0;

	buffer_putc(out, '[');
	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_WARNING; severity--)
		for (size_t i = 0; i < findings->count && count < IN_FORCE_MOST; i++) {
			if (findings->items[i].severity != (enum severity)severity)
				continue;
			buffer_puts(out, before);
			finding_json(&findings->items[i], out);
			before = ",\n  ";
			count++;
		}
	buffer_putc(out, ']');
}

void
in_force_write(const struct plan *plan, const char *directory, bool refused)
{
	static const struct placement how = {.mode = 0600};
	const char *used = arena_printf(plan->arena, "%s/" IN_FORCE_USED, directory);
	const char *beside = arena_printf(plan->arena, "%s/" IN_FORCE_REFUSED, directory);
	struct buffer list = {0};

	put_list(plan->findings, &list);
	/* place_file has said what failed: status then shows older ones, and the log has these */
	(void)place_file(refused ? beside : used, buffer_text(&list), list.len, &how);
	buffer_free(&list);
	if (!refused && unlink(beside) != 0 && errno != ENOENT)
		unable("remove", beside);
}

/* read_list - the list in a file, an empty one where there is no file */
static const struct node *
read_list(struct arena *arena, const char *path, const char **json)
{
	const struct node *list = NULL;
	struct buffer text = {0};
	const char *why = "";
	size_t at = 0;

	*json = "[]";
	if (file_read(path, IN_FORCE_LIMIT, &text, NULL) == 0) {
		const char *kept = arena_strndup(arena, buffer_text(&text), text.len);

		list = json_read(arena, kept, text.len, &why, &at);
		if (list != NULL && list->type == NODE_LIST)
			*json = kept;
		else
			fprintf(stderr, "mailinit: warning: unable to use %s: %s\n", path,
				list == NULL ? why : "it is no list of findings");
	} else if (errno != ENOENT) {
		fprintf(stderr, "mailinit: warning: unable to read %s: %s\n", path,
			strerror(errno));
	}
	buffer_free(&text);
	return list != NULL && list->type == NODE_LIST ? list : node_new(arena, NODE_LIST, NULL);
}

void
in_force_read(struct arena *arena, const char *directory, bool refused, struct in_force *in_force)
{
	const char *used = arena_printf(arena, "%s/" IN_FORCE_USED, directory);
	const char *beside = arena_printf(arena, "%s/" IN_FORCE_REFUSED, directory);

	in_force->used = read_list(arena, used, &in_force->used_json);
	in_force->refused_json = "[]";
	in_force->refused = refused ? read_list(arena, beside, &in_force->refused_json)
				    : node_new(arena, NODE_LIST, NULL);
}
