#ifndef COMMAND_RULES_H
#define COMMAND_RULES_H

#include "base/buffer.h"

/* Appends docs/rules.md, whole: every finding that there can be, by the catalogue (base/finding.h). */
void rules_print_page(struct buffer *buffer);

#endif
