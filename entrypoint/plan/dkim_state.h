#ifndef PLAN_DKIM_STATE_H
#define PLAN_DKIM_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/node.h"

/*
 * What is remembered of the DKIM keys of one domain: which selector signs, which
 * one is to follow, which ones DNS must still show. It lies beside the keys of
 * mailinit's own, DKIM_STATE_DIRECTORY/DOMAIN/state, mode 0600, and holds a copy
 * of the key that signs, so that neither a file that was swapped nor one that
 * was lost changes the signatures. A second copy, state.backup, is written after
 * it.
 *
 * The file is text:
 *
 *	mailinit-dkim 1
 *	domain example.com
 *	configured default
 *	active default-20261129 1795910400 made
 *	next default-20270601 1811808000 1811808090 made
 *	old default 1796774400 given MIIBIjANBg…
 *	-----BEGIN RSA PRIVATE KEY-----
 *	…
 *
 * Times are seconds since 1970. "made": mailinit made the key file and may delete
 * it; "given": it is the user's.
 */
#define DKIM_STATE_DIRECTORY "/var/lib/mailinit/dkim"
#define DKIM_STATE_NAME "state"
#define DKIM_STATE_BACKUP "state.backup"
#define DKIM_STATE_LIMIT (64 * 1024)
#define DKIM_OLD_MAX 8
#define DKIM_SELECTOR_MAX 63 /* one label of a domain name (RFC 1035 section 2.3.4) */

struct dkim_old {
	const char *selector;
	const char *public_key; /* the p= that DNS must still show */
	long long until; /* from then on the record may be removed */
	bool made;
};

struct dkim_state {
	const char *domain;
	const char *configured; /* the selector that the settings had when ACTIVE was chosen */
	const char *active;
	long long since; /* ACTIVE signs since then */
	bool made;
	const char *pem; /* the private key of ACTIVE, a secret */
	const char
		*next; /* to sign once DNS shows it; NULL: none. May be ACTIVE: another key of it */
	long long next_since; /* asked for at that time */
	long long next_seen; /* DNS shows it since then; 0: not yet */
	bool next_made;
	struct dkim_old old[DKIM_OLD_MAX]; /* the oldest first */
	size_t old_count;
};

/*
 * Reads a state of DOMAIN from LEN bytes of TEXT, which may be anything. Returns
 * 0, or -1 with *WHY, a few words. The key is not looked into. All strings are
 * in the arena.
 */
int dkim_state_read(struct arena *arena, const char *domain, const char *text, size_t len,
	struct dkim_state *state, const char **why);

/* Appends the text of STATE. */
void dkim_state_print(const struct dkim_state *state, struct buffer *out);

/* Adds an old one; the oldest makes room. */
void dkim_state_add_old(struct dkim_state *state, const struct dkim_old *old);

/* Removes the old one at PLACE. */
void dkim_state_drop_old(struct dkim_state *state, size_t place);

/* Whether TEXT can be a selector: one label of letters, digits and hyphens (RFC 6376 section 3.1). */
bool dkim_is_selector(const char *text);

/* "2026-11-29", of seconds since 1970, in the arena. */
const char *dkim_date(struct arena *arena, long long seconds);

/* Where the copy NAME of the state of DOMAIN lies, in the arena. */
const char *dkim_state_path(struct arena *arena, const char *domain, const char *name);

/* Where the private key of a selector lies by SETTINGS (dkim.keys), in the arena. */
const char *dkim_key_path(
	struct arena *arena, const struct node *settings, const char *domain, const char *selector);

#endif
