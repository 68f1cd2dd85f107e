#ifndef SETTINGS_SECRET_H
#define SETTINGS_SECRET_H

#include "settings/loading.h"

/* Largest secret: a password or a list of hashes, never a mail store. */
#define SECRET_BYTES (1024 * 1024)

#define UNCHECKED_SHOWN 5 /* password files named in the note that they cannot be looked at */
#define UNMOUNTED_SHOWN 20 /* files that a service lacks, told one by one */

/*
 * The content of a file that ORIGIN (a variable or a YAML place) names, less
 * one trailing line break, as a secret scalar whose origin names the file.
 * SETTING is what it is for ("relay.password"). Unreadable: NULL and a finding
 * secret-unreadable in the container or under a root; else a placeholder,
 * deferred, and a not-checked note. A file with a line break inside is refused
 * as value-newline by whoever converts the value.
 */
struct node *secret_read(struct loading *loading, const char *path, const char *setting,
	const struct origin *origin);

/*
 * Looks whether a password can be read from a file, without keeping it: one line,
 * not empty, no longer than Dovecot checks. What cannot be looked at here is counted
 * in LOADING, for one note at the end.
 */
void secret_probe(struct loading *loading, const char *path, const char *setting,
	const struct origin *origin);

/*
 * Whether a raw parameter of a daemon holds a password in itself: doveadm_password,
 * smtp_sasl_password_maps = static:user:password, a line of master.cf that sets it.
 */
bool secret_implied(struct arena *arena, const char *name, const char *value);

/* Whether the service of a compose file has no mount that PATH may come from. */
bool secret_is_unmounted(const struct loading *loading, const char *path);

/* The path below the root that was asked for. */
const char *secret_path(const struct loading *loading, const char *path);

#endif
