#ifndef APPLY_DKIM_H
#define APPLY_DKIM_H

#include "plan/plan.h"

/*
 * The DKIM keys on their volume, and what is remembered of them. All functions
 * that return 0 or -1 have said what failed.
 */

/*
 * Makes an RSA key for SELECTOR of DOMAIN, and stores it durably at PATH, mode
 * 0600. PEM and PUBLIC_KEY (its p=) get it, in the arena.
 */
int dkim_make_key(struct arena *arena, const char *path, unsigned bits, const char **pem,
	const char **public_key);

/*
 * Writes STATE durably: the file, then its second copy. When it fails, either the
 * old state or the new one is there, whole.
 */
int dkim_write_state(struct arena *arena, const struct dkim_state *state);

/*
 * One writer at a time. Returns a descriptor to close, or -1: another process has
 * it (errno EWOULDBLOCK, nothing said), or it cannot be had. WAIT: until it is free.
 */
int dkim_lock(bool wait);

/*
 * After the keys of a start or a reload are there: remembers them, where nothing is
 * remembered yet, and deletes the private keys whose time is over. What fails
 * here is said, and stops nothing: mail can be signed all the same.
 */
void dkim_keep(const struct plan *plan);

/* Deletes the private key file of OLD, if mailinit made it. */
int dkim_delete_old(
	const struct plan *plan, const struct dkim_state *state, const struct dkim_old *old);

#endif
