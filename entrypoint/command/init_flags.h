#ifndef COMMAND_INIT_FLAGS_H
#define COMMAND_INIT_FLAGS_H

#include <stdbool.h>

/*
 * Flags of tini and dumb-init in a line that was written for one of those. None
 * of them exists here; docs/command-mode.md has what we do instead. When WORD is
 * one, says so on stderr with what to write, and returns true.
 */
bool init_flags_explain(const char *word);

#endif
