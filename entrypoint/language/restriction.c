/* restriction.c - the rows of tables/restriction */
#include "language/restriction.h"

#include <stdlib.h>

#include "base/text.h"
#include "language/table.h"

#define TABLE "restriction"

enum column { COLUMN_NAME, COLUMN_ARGUMENT, COLUMN_VERDICT, COLUMN_UNTIL, COLUMN_INSTEAD };

bool
restriction_find(struct arena *arena, const char *name, struct restriction *restriction)
{
	struct table_row row;

	if (!table_find(arena, TABLE, text_lower(arena, name), &row))
		return false;
	*restriction = (struct restriction){
		.argument = (enum restriction_argument)row.fields[COLUMN_ARGUMENT][0],
		.verdict = (enum restriction_verdict)row.fields[COLUMN_VERDICT][0],
		.until = (int)strtol(row.fields[COLUMN_UNTIL], NULL, 10),
		.instead = row.fields[COLUMN_INSTEAD],
	};
	return true;
}

static bool
accept(const struct table_row *row, const void *context)
{
	const int *version = context;
	long until = strtol(row->fields[COLUMN_UNTIL], NULL, 10);

	return *version == 0 || until == 0 || *version <= until;
}

const char *
restriction_nearest(struct arena *arena, const char *name, int version)
{
	return table_nearest(arena, TABLE, name, accept, &version);
}
