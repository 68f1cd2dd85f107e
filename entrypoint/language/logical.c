/* logical.c - physical lines joined to logical ones, as Postfix's readllines() does */
#include "language/logical.h"

#include <string.h>

/* The parts of the logical line that is being read. */
struct parts {
	struct logical_piece *pieces;
	const char **texts;
	size_t *lens;
	size_t count, room;
	size_t total;
};

bool
logical_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

void
logical_begin(struct logical_reader *reader, const char *text, size_t len)
{
	memset(reader, 0, sizeof(*reader));
	reader->text = text;
	reader->len = len;
}

static void
grow(struct arena *arena, struct parts *parts)
{
	size_t room = parts->room != 0 ? parts->room * 2 : 4, count = parts->count;

	parts->pieces = arena_grow(arena, parts->pieces, count * sizeof(*parts->pieces),
		room * sizeof(*parts->pieces));
	parts->texts = arena_grow(
		arena, parts->texts, count * sizeof(*parts->texts), room * sizeof(*parts->texts));
	parts->lens = arena_grow(
		arena, parts->lens, count * sizeof(*parts->lens), room * sizeof(*parts->lens));
	parts->room = room;
}

static void
add_part(struct arena *arena, struct parts *parts, const char *text, size_t len, int line)
{
	if (parts->count == parts->room)
		grow(arena, parts);
	parts->pieces[parts->count] = (struct logical_piece){parts->total, line, 1};
	parts->texts[parts->count] = text;
	parts->lens[parts->count] = len;
	parts->count++;
	parts->total += len;
}

/* says_nothing - white space alone, or a comment */
static bool
says_nothing(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len && logical_is_space(text[at]))
		at++;
	return at == len || text[at] == '#';
}

static void
join(struct arena *arena, const struct parts *parts, struct logical_line *line)
{
	char *text = arena_alloc(arena, parts->total + 1);

	for (size_t i = 0; i < parts->count; i++)
		memcpy(text + parts->pieces[i].at, parts->texts[i], parts->lens[i]);
	line->text = text;
	line->len = parts->total;
	line->pieces = parts->pieces;
	line->piece_count = parts->count;
	line->first = parts->pieces[0].line;
	line->last = parts->pieces[parts->count - 1].line;
}

bool
logical_next(struct arena *arena, struct logical_reader *reader, struct logical_line *line)
{
	struct parts parts = {0};

	memset(line, 0, sizeof(*line));
	while (reader->at < reader->len) {
		const char *text = reader->text + reader->at;
		size_t left = reader->len - reader->at;
		const char *end = memchr(text, '\n', left);
		size_t len = end != NULL ? (size_t)(end - text) : left;

		reader->line++;
		reader->at += end != NULL ? len + 1 : len;
		line->has_nul = line->has_nul || memchr(text, '\0', len) != NULL;
		if (!says_nothing(text, len))
			add_part(arena, &parts, text, len, reader->line);
		if (parts.count > 0 && reader->at < reader->len &&
			reader->text[reader->at] != '#' &&
			!logical_is_space(reader->text[reader->at]))
			break;
	}
	if (parts.count == 0)
		return false;
	join(arena, &parts, line);
	return true;
}

bool
logical_next_entry(struct faults *faults, struct logical_reader *reader, struct logical_line *line)
{
	while (logical_next(faults->arena, reader, line)) {
		if (line->has_nul)
			fault_add_at(faults, FAULT_IGNORED, line->first, 1,
				"a NUL byte is in this line, and Postfix reads no further than "
				"that");
		if (!logical_is_space(line->text[0]))
			return true;
		fault_add_at(faults, FAULT_IGNORED, line->first, 1,
			"the line begins with white space and continues nothing: Postfix passes "
			"over it");
	}
	return false;
}

void
logical_place(const struct logical_line *line, size_t at, int *file_line, int *column)
{
	size_t low = 0, high = line->piece_count;

	/* the last piece that begins at or before AT */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (line->pieces[middle].at <= at)
			low = middle;
		else
			high = middle;
	}
	*file_line = line->pieces[low].line;
	*column = line->pieces[low].column + (int)(at - line->pieces[low].at);
}
