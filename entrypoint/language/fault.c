/* fault.c - a bounded list of what is wrong with a file */
#include "language/fault.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

void
faults_init(struct faults *faults, struct arena *arena)
{
	memset(faults, 0, sizeof(*faults));
	faults->arena = arena;
}

/* add - FAULT, with a text of its own; dropped when the list is full */
__attribute__((format(printf, 3, 0))) static void
add(struct faults *faults, struct fault fault, const char *format, va_list args)
{
	char *text;

	if (faults->count == FAULTS_MAX)
		return;
	if (faults->count == faults->room) {
		size_t room = faults->room != 0 ? faults->room * 2 : 4;

		faults->items = arena_grow(faults->arena, faults->items,
			faults->count * sizeof(*faults->items), room * sizeof(*faults->items));
		faults->room = room;
	}
	/* names come from the file: nothing in them may reach a terminal's controls */
	text = arena_vprintf(faults->arena, format, args);
	fault.text = text_mask_controls(text);
	faults->items[faults->count++] = fault;
}

void
fault_add(struct faults *faults, enum fault_kind kind, int line, int last, const char *value,
	const char *format, ...)
{
	struct fault fault = {.kind = kind, .line = line, .last = last, .value = value};
	va_list args;

	va_start(args, format);
	add(faults, fault, format, args);
	va_end(args);
}

void
fault_add_at(
	struct faults *faults, enum fault_kind kind, int line, int column, const char *format, ...)
{
	struct fault fault = {.kind = kind, .line = line, .last = line, .column = column};
	va_list args;

	va_start(args, format);
	add(faults, fault, format, args);
	va_end(args);
}
