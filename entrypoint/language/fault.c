/* fault.c - a bounded list of what is wrong with a file */
#include "language/fault.h"

#include <stdarg.h>

void
faults_init(struct faults *faults, struct arena *arena)
{
	faults->arena = arena;
	faults->count = 0;
}

void
fault_add(struct faults *faults, enum fault_kind kind, int line, int last, const char *value,
	const char *format, ...)
{
	va_list args;
	char *text;

	if (faults->count == FAULTS_MAX)
		return;
	va_start(args, format);
	text = arena_vprintf(faults->arena, format, args);
	va_end(args);
	/* names come from the file: nothing in them may reach a terminal's controls */
	for (char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
	faults->items[faults->count++] = (struct fault){
		.kind = kind, .line = line, .last = last, .text = text, .value = value};
}
