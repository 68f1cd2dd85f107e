/* dovecot_view.c - the sockets that Dovecot will make, by its rendered dovecot.conf */
#include "check/dovecot_view.h"

#include <string.h>

#include "base/text.h"
#include "language/dovecot.h"

#define BASE_DIRECTORY "/run/dovecot/" /* base_dir: what a relative path begins at */

static void
begin(struct plan *plan, struct dovecot_reader *reader, const struct plan_file *file)
{
	dovecot_reader_init(reader, plan->arena, plan->target.dovecot_version,
		buffer_text(&file->content), file->content.len);
}

static struct dovecot_listener *
add(struct plan *plan, struct dovecot_view *view, const char *service,
	const struct dovecot_line *line)
{
	struct dovecot_listener *listener;

	if (view->count == view->room) {
		size_t room = view->room != 0 ? view->room * 2 : 8;

		view->listeners = arena_grow(plan->arena, view->listeners,
			view->count * sizeof(*view->listeners), room * sizeof(*view->listeners));
		view->room = room;
	}
	listener = &view->listeners[view->count++];
	*listener = (struct dovecot_listener){.service = service,
		.name = line->value,
		.mode = "0600",
		.user = "",
		.group = "",
		.line = line->line};
	if (strcmp(line->name, "unix_listener") == 0)
		listener->path = line->value[0] == '/'
			? line->value
			: arena_printf(plan->arena, BASE_DIRECTORY "%s", line->value);
	return listener;
}

static void
put(struct dovecot_listener *listener, const struct dovecot_line *line)
{
	if (strcmp(line->name, "mode") == 0)
		listener->mode = line->value;
	else if (strcmp(line->name, "user") == 0)
		listener->user = line->value;
	else if (strcmp(line->name, "group") == 0)
		listener->group = line->value;
	else if (strcmp(line->name, "port") == 0)
		listener->port = line->value;
	else if (strcmp(line->name, "ssl") == 0)
		listener->ssl = line->value;
}

void
dovecot_view_read(struct plan *plan, struct dovecot_view *view)
{
	struct dovecot_listener *listener = NULL;
	struct dovecot_reader reader;
	struct dovecot_line line;
	const char *service = "";
	int depth = 0;

	*view = (struct dovecot_view){.file = plan_find_file(plan, "dovecot/dovecot.conf")};
	if (view->file == NULL)
		return;
	begin(plan, &reader, view->file);
	while (dovecot_next(&reader, &line)) {
		switch (line.type) {
		case DOVECOT_SECTION:
		case DOVECOT_GROUP:
			depth++;
			if (depth == 1)
				service = strcmp(line.name, "service") == 0 ? line.value : "";
			else if (depth == 2 && service[0] != '\0' &&
				text_ends(line.name, "_listener"))
				listener = add(plan, view, service, &line);
			break;
		case DOVECOT_END:
			depth--;
			listener = NULL;
			break;
		case DOVECOT_INCLUDE:
			view->includes = true;
			break;
		default:
			if (listener != NULL && depth == 2)
				put(listener, &line);
		}
	}
}

const char *
dovecot_view_value(
	struct plan *plan, const struct dovecot_view *view, const char *name, int *line_number)
{
	const char *value = NULL;
	struct dovecot_reader reader;
	struct dovecot_line line;
	int depth = 0;

	if (view->file == NULL)
		return NULL;
	begin(plan, &reader, view->file);
	while (dovecot_next(&reader, &line)) {
		depth += line.type == DOVECOT_SECTION || line.type == DOVECOT_GROUP;
		depth -= line.type == DOVECOT_END;
		if (depth != 0 || line.type > DOVECOT_VALUE_HERE || strcmp(line.name, name) != 0)
			continue;
		value = line.value;
		*line_number = line.line;
	}
	return value;
}
