#ifndef SETTINGS_COMPAT_PARTS_H
#define SETTINGS_COMPAT_PARTS_H

#include <stdbool.h>

#include "settings/compat_table.h"
#include "settings/loading.h"

/*
 * What the files of compat share: one run of compat_apply. Values come as raw
 * nodes whose origin is of kind compat and names the variable, or the file that
 * it names.
 */
struct compat_told {
	size_t finding; /* its place among the findings */
	const char *id, *words, *names; /* NAMES of the variables that it is about */
	char peer;
};

struct compat {
	struct loading *loading;
	/* letters of the images that a distinct variable speaks of, each once */
	char present[8];
	const char *volume; /* the directory of docker-mailserver's files, when it was read */
	const char *relay; /* by which variable it was found to be a relay; NULL: none so far */
	struct compat_told *told; /* what compat_tell said already */
	size_t told_count, told_room;
	struct node *read; /* map from a variable to what compat_value made of it */
};

/* The variable NAME, or NAME_FILE, or NAME__FILE, when it is set and not empty; else NULL. */
const struct variable *compat_variable(const struct compat *compat, const char *name);

/*
 * The value of NAME, from itself or its file; NULL when it is not set, or after a
 * finding. Asking twice gives the same node, and no second finding.
 */
struct node *compat_value(struct compat *compat, const char *name);

/* The text of compat_value; "" when there is none. */
const char *compat_text(struct compat *compat, const char *name);

/* Whether NAME says yes: 1, true, yes, y, on; or no: 0, false, no, n, off. */
bool compat_yes(struct compat *compat, const char *name);
bool compat_no(struct compat *compat, const char *name);

/* A raw value with another TEXT, from where FROM is. */
struct node *compat_node(struct compat *compat, const struct node *from, const char *text);

/*
 * NODE becomes the setting PATH ("relay.host"), or the raw parameter behind
 * "postfix.main." or "dovecot.settings.", where neither YAML nor MAIL_ nor a
 * name in small letters says otherwise. NULL: nothing was read, which is refused.
 */
void compat_put(struct compat *compat, const char *path, struct node *node);

/*
 * A finding about a variable: compat-out-of-scope or compat-differs (notes) or
 * compat-by-hand (a warning). What is said of several variables of one image is one finding, at the
 * place of the first.
 */
void compat_tell(struct compat *compat, const char *id, const char *name, const char *words);

/* Whether a variable that only this image has is set. */
bool compat_is_present(const struct compat *compat, char peer);

/* compat_own.c: the rows with code of their own; NAME is set. */
void compat_own(struct compat *compat, const char *name);

/* Whether the settings have the role, by whomever. */
bool compat_has_role(const struct compat *compat, const char *name);

/* compat_relay.c: roles, who may send, and how mail leaves; then whose keys sign. */
void compat_relay(struct compat *compat);
void compat_keys(struct compat *compat);

/* compat_volume.c: docker-mailserver's config volume, before the rows of the table. */
void compat_volume(struct compat *compat);

/* compat_logins.c: the logins of SMTPD_SASL_USERS. */
void compat_logins(struct compat *compat);

/* compat_last.c: what stands on several variables: the above, protocols, the postmaster. */
void compat_last(struct compat *compat);

/* compat_raw.c: the passthrough. SHOUTED: the names in capitals, which lose against others. */
void compat_raw(struct compat *compat, bool shouted);

#endif
