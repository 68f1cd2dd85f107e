#ifndef PLAN_SECRECY_H
#define PLAN_SECRECY_H

#include <stdbool.h>
#include <stddef.h>

#include "plan/plan.h"

/*
 * Of a line on disk nothing is known but its text: whether it may hold a
 * password, by the names and forms that Postfix, Dovecot and OpenDKIM have for
 * them (postconf(5), pgsql_table(5), and URLs with a login).
 */
bool secrecy_suspects(const char *line, size_t len);

/* Whether a secret flowed into some line of the file: then the one on disk has such a line too. */
bool secrecy_has_line(const struct plan_file *file);

#endif
