#ifndef SETTINGS_SYNTAX_NAME_H
#define SETTINGS_SYNTAX_NAME_H

#include "settings/syntax.h"

/* The part of syntax_read that concerns names, addresses, networks and sockets. */
const char *syntax_read_name(
	struct arena *arena, const struct schema_row *row, const char *text, const char **why);

#endif
