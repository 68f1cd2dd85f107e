/* flaw.c - a bounded list of what is wrong with a file */
#include "language/flaw.h"

#include <stdarg.h>
#include <string.h>

void
flaws_init(struct flaws *flaws, struct arena *arena)
{
	memset(flaws, 0, sizeof(*flaws));
	flaws->arena = arena;
}

void
flaw_add(struct flaws *flaws, enum flaw_kind kind, int line, int column, const char *format, ...)
{
	struct flaw *flaw;
	va_list args;
	char *text;

	if (flaws->count == FLAWS_MAX)
		return;
	if (flaws->count == flaws->room) {
		size_t room = flaws->room != 0 ? flaws->room * 2 : 4;

		flaws->items = arena_grow(flaws->arena, flaws->items,
			flaws->count * sizeof(*flaws->items), room * sizeof(*flaws->items));
		flaws->room = room;
	}
	flaw = &flaws->items[flaws->count++];
	flaw->kind = kind;
	flaw->line = line;
	flaw->column = column;
	va_start(args, format);
	text = arena_vprintf(flaws->arena, format, args);
	va_end(args);
	/* names come from the file: nothing in them may reach a terminal's controls */
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	flaw->text = text;
}
