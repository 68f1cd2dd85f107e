#ifndef COMMAND_NEIGHBOURS_H
#define COMMAND_NEIGHBOURS_H

#include "command/build.h"

/*
 * Compares the plan of one service of a compose file with those of the other mailinit
 * services of that file which it names as partners, as `map` joins them: adds
 * compose-partner-closed where one of them has nothing at the port. What else is wrong
 * with a partner is told where that partner is checked.
 */
void neighbours_check(struct build *build, const struct options *options);

#endif
