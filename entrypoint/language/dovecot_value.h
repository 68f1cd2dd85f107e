#ifndef LANGUAGE_DOVECOT_VALUE_H
#define LANGUAGE_DOVECOT_VALUE_H

#include <stdbool.h>

#include "language/dovecot.h"
#include "language/dovecot_setting.h"
#include "language/fault.h"

/*
 * Adds what is wrong with the value of LINE, "NAME = …", for SETTING: its type,
 * what it refers to, and whether it should have been a <path or must not be one.
 */
void dovecot_value_check(struct faults *faults, const struct dovecot_line *line, bool is_2_3,
	const struct dovecot_setting *setting, const char *name);

#endif
