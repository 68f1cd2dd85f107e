/* lines.c - a text as its lines */
#include "base/lines.h"

#include <string.h>

struct lines
lines_cut(struct arena *arena, const char *text, size_t len)
{
	struct lines lines = {0};
	size_t room = 0;
	const char *at = text, *end = text + len;

	for (const char *c = text; c < end; c++)
		room += *c == '\n';
	lines.start = arena_alloc(arena, (room + 1) * sizeof(*lines.start));
	lines.len = arena_alloc(arena, (room + 1) * sizeof(*lines.len));
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));

		if (stop == NULL)
			stop = end;
		lines.start[lines.count] = at;
		lines.len[lines.count++] = (size_t)(stop - at);
		at = stop + 1;
	}
	return lines;
}

bool
lines_equal(const struct lines *a, size_t i, const struct lines *b, size_t j)
{
	return a->len[i] == b->len[j] && memcmp(a->start[i], b->start[j], a->len[i]) == 0;
}
