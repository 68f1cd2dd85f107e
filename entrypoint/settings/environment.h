#ifndef SETTINGS_ENVIRONMENT_H
#define SETTINGS_ENVIRONMENT_H

#include <stddef.h>

#include "settings/loading.h"

/*
 * The variables: where they come from, and what MAIL_* ones mean. Only names
 * that begin with MAIL_, POSTFIX_, POSTFIXMASTER_, DOVECOT_ or OPENDKIM_ are
 * looked at; all others belong to somebody else. An empty one counts as unset,
 * for that is what ${NAME:-} in a compose file leaves; POSTFIX_x= alone means
 * something (compat.h).
 */

/* Fills LOADING's variables from the process or the --env-file. */
void environment_collect(struct loading *loading);

/* Adds one variable; of two with the same name the later one counts. */
void environment_add(
	struct loading *loading, const char *name, const char *value, const struct origin *origin);

/* Whether a name begins as one of ours. */
bool environment_is_ours(const char *name);

/* MAIL_* variables become settings; unknown ones become findings. */
void environment_apply(struct loading *loading);

/*
 * What a name with _FILE or __FILE behind it is the file form of: "MAIL_RELAY_PASSWORD"
 * for "MAIL_RELAY_PASSWORD_FILE". NULL when the name has no such suffix.
 */
const char *environment_file_base(struct arena *arena, const char *name);

/* Whether Docker or Kubernetes made this variable for a link to another container. */
bool environment_is_link(const char *name, const char *value);

/*
 * Parses the text of an env-file as compose does: NAME=value lines, # comments,
 * 'single quotes' (literal), "double quotes" (\n \r \t \\ \" \$), `export` in
 * front. What it cannot read becomes a finding env-file-syntax.
 */
void env_file_parse(struct loading *loading, const char *file, const char *text, size_t len);

#endif
