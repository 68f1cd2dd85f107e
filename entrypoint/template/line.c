/* line.c - where each line of the output came from */
#include "template/line.h"

#include <string.h>

#define LINE_FIRST_ROOM 64

void
line_book_init(struct line_book *book, struct arena *arena, struct template_output *out)
{
	memset(book, 0, sizeof(*book));
	book->arena = arena;
	book->out = out;
}

/* add_origin - once, and no more than a reader can use */
static void
add_origin(struct origin *list, size_t *count, const struct origin *origin)
{
	for (size_t i = 0; i < *count; i++)
		if (origin_same(&list[i], origin))
			return;
	if (*count < TEMPLATE_LINE_ORIGINS_MAX)
		list[(*count)++] = *origin;
}

static void
begin_line(struct line_book *book, const char *file, int line)
{
	if (book->begun)
		return;
	memset(&book->now, 0, sizeof(book->now));
	book->now.file = file;
	book->now.line = line;
	book->begun = true;
}

void
line_depends(struct line_book *book, const char *file, int line, const struct found *found)
{
	begin_line(book, file, line);
	add_origin(book->origins, &book->now.origin_count, &found->node->origin);
	for (const struct node *lost = found->node->overrode; lost != NULL; lost = lost->overrode)
		add_origin(book->overrode, &book->now.overrode_count, &lost->origin);
}

void
line_holds(struct line_book *book, const struct found *found)
{
	book->now.secret = book->now.secret || found->secret;
	book->now.deferred = book->now.deferred || found->deferred;
}

static struct origin *
copy_origins(struct arena *arena, const struct origin *origins, size_t count)
{
	if (count == 0)
		return NULL;
	return arena_grow(arena, origins, count * sizeof(*origins), count * sizeof(*origins));
}

static void
end_line(struct line_book *book)
{
	struct template_output *out = book->out;
	struct template_line *line;

	if (out->line_count == book->room) {
		size_t room = book->room != 0 ? book->room * 2 : LINE_FIRST_ROOM;
		out->lines = arena_grow(book->arena, out->lines,
			out->line_count * sizeof(*out->lines), room * sizeof(*out->lines));
		book->room = room;
	}
	line = &out->lines[out->line_count++];
	*line = book->now;
	line->origins = copy_origins(book->arena, book->origins, line->origin_count);
	line->overrode = copy_origins(book->arena, book->overrode, line->overrode_count);
	out->secret = out->secret || line->secret;
	out->deferred = out->deferred || line->deferred;
	book->begun = false;
}

void
line_account(
	struct line_book *book, size_t from, const char *file, int line, const struct found *found)
{
	const struct buffer *content = &book->out->content;

	while (from < content->len) {
		const char *start = content->data + from;
		const char *newline = memchr(start, '\n', content->len - from);

		begin_line(book, file, line);
		if (found != NULL) {
			line_depends(book, file, line, found);
			line_holds(book, found);
		}
		if (newline == NULL)
			return;
		from += (size_t)(newline - start) + 1;
		book->from = from;
		end_line(book);
	}
}

void
line_finish(struct line_book *book)
{
	if (book->begun && book->out->content.len > book->from)
		end_line(book);
}
