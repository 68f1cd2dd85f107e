#ifndef SETTINGS_COMPAT_VOLUME_H
#define SETTINGS_COMPAT_VOLUME_H

#include <stdbool.h>

#include "settings/compat_parts.h"

/*
 * docker-mailserver's config volume: the directory `compat.directory`, whose files
 * are read as that image's scripts read them. What they say becomes settings where
 * neither mailinit.yaml nor a MAIL_ variable says otherwise; the origin of each is
 * the line. One run; it lives on the stack of compat_volume.
 */
struct volume {
	struct compat *compat;
	const char *directory; /* in the container */
	struct node *accounts; /* map of the addresses that have an account */
	struct node *domains; /* map of the domains of accounts and aliases, in their order */
	const char *relay; /* "[host]:port" of the variables, or NULL */
};

/* One line that is no comment, without blanks at its ends. */
struct volume_line {
	const char *text;
	bool indented; /* for Postfix it goes on with the line before it */
	struct origin origin;
};

/* The lines of file NAME; NULL when it is not there. Watches it. COUNT gets how many. */
struct volume_line *volume_lines(struct volume *volume, const char *name, size_t *count);

/* The path of NAME in the container. */
const char *volume_path(const struct volume *volume, const char *name);

/* A finding about a line, or about a whole file. */
void
volume_tell(struct volume *volume, const char *id, const struct origin *origin, const char *words);

/* A raw value with TEXT that LINE says. */
struct node *volume_node(struct volume *volume, const struct origin *origin, const char *text);

/* The first word of TEXT; REST gets what follows it and its blanks. */
const char *volume_word(struct arena *arena, const char *text, const char **rest);

/* compat_volume_mail.c: accounts, quotas, aliases, and who may not send or receive. */
void volume_mail(struct volume *volume);

/* compat_volume_relay.c: smarthosts by sender, and their passwords. */
void volume_relays(struct volume *volume);

/* compat_volume_raw.c: parameters of Postfix and Dovecot, and OpenDKIM's tables. */
void volume_raw(struct volume *volume);
void volume_keys(struct volume *volume);

#endif
