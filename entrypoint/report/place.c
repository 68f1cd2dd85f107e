/* place.c - where a finding is shown */
#include "report/place.h"

#include <string.h>

/* relative - PATH below BASE, or what is left of it without its first slash */
static const char *
relative(const char *path, const char *base)
{
	size_t len = base != NULL ? strlen(base) : 0;

	while (len > 0 && base[len - 1] == '/')
		len--;
	if (len > 0 && strncmp(path, base, len) == 0 && path[len] == '/')
		path += len;
	for (;;) {
		if (path[0] == '/')
			path++;
		else if (path[0] == '.' && path[1] == '/')
			path += 2;
		else
			return path;
	}
}

void
place_find(const struct report_place *place, const struct origin *origin, struct shown_place *shown)
{
	/* a secret's file is mounted from elsewhere: its variable is what can be corrected */
	bool in_file = origin->file != NULL && origin->file[0] != '\0' &&
		(origin->kind != ORIGIN_SECRET || origin->line > 0);
	const char *file = in_file ? origin->file : place->input;

	shown->line = in_file && origin->line > 0 ? origin->line : 1;
	shown->column = in_file && origin->line > 0 && origin->column > 0 ? origin->column : 0;
	shown->file = file != NULL ? relative(file, place->base) : "";
	shown->nowhere = shown->file[0] == '\0';
	if (shown->nowhere)
		shown->file = PLACE_NOWHERE;
}
