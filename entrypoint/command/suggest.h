#ifndef COMMAND_SUGGEST_H
#define COMMAND_SUGGEST_H

#include <stddef.h>

/*
 * WORD is no verb, so it will be run as a program. Where PATH has no such program
 * and one of VERBS is near, says on stderr what may have been meant.
 */
void suggest_verb(const char *word, const char *const *verbs, size_t count);

#endif
