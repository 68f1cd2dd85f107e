#ifndef SETTINGS_ENVIRONMENT_H
#define SETTINGS_ENVIRONMENT_H

#include <stddef.h>

#include "settings/env_file.h"
#include "settings/loading.h"

/*
 * The variables: where they come from, and what MAIL_* ones mean. Only names
 * that begin with MAIL_, POSTFIX_, POSTFIXMASTER_, POSTMAP_, DOVECOT_ or OPENDKIM_,
 * and those of other images (compat_table.h), are looked at. An empty one counts as unset,
 * for that is what ${NAME:-} in a compose file leaves; POSTFIX_x= alone means
 * something (compat.h).
 */

/* Fills LOADING's variables from the process, the --env-file or the compose file. */
void environment_collect(struct loading *loading);

/* Reads all of --env-file into SCOPE; those that cannot be read are findings. */
void environment_read_files(struct env_scope *scope);

/* Adds one variable; of two with the same name the later one counts. */
void environment_add(
	struct loading *loading, const char *name, const char *value, const struct origin *origin);

/* Whether a name begins as one of ours. */
bool environment_is_ours(const char *name);

/*
 * Whether NAME, one of ours, holds what no name has: "MAIL_X: value" of who took a colon
 * for =. Then a finding env-unknown at ORIGIN says so, and shows nothing of it.
 */
bool environment_is_no_name(struct loading *loading, const char *name, const struct origin *origin);

/* MAIL_* variables become settings; unknown ones become findings. */
void environment_apply(struct loading *loading);

/*
 * What a name with _FILE or __FILE behind it is the file form of: "MAIL_RELAY_PASSWORD"
 * for "MAIL_RELAY_PASSWORD_FILE". NULL when the name has no such suffix.
 */
const char *environment_file_base(struct arena *arena, const char *name);

/* Whether Docker or Kubernetes made this variable for a link to another container. */
bool environment_is_link(const char *name, const char *value);

#endif
