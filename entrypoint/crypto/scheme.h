#ifndef CRYPTO_SCHEME_H
#define CRYPTO_SCHEME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * The schemes in which Dovecot knows passwords, and whether a stored password
 * is whole. A hash that lost its '$' parts in a compose file or a shell is the
 * usual damage; Dovecot notices it at the first login only.
 */
struct scheme {
	const char *name; /* "SHA512-CRYPT" */
	bool plain; /* the password itself can be read from it */
	bool weak; /* Dovecot 2.4 refuses it unless auth_allow_weak_schemes = yes */
	bool removed; /* Dovecot 2.3 alone knows it */
};

enum scheme_state {
	SCHEME_GOOD, /* known, and the hash looks whole */
	SCHEME_NONE, /* no {SCHEME} and no known "$" form: looks like a plain password */
	SCHEME_UNKNOWN, /* a {SCHEME} that Dovecot does not have */
	SCHEME_DAMAGED, /* known, but this cannot be a hash of it */
};

struct scheme_found {
	enum scheme_state state;
	const struct scheme *scheme; /* of GOOD and DAMAGED, else NULL */
	const char *hash; /* into the text: what stands behind the braces */
	size_t hash_len;
	const char *why; /* of DAMAGED: a static sentence without its full stop; else "" */
};

/*
 * Looks at a stored password: "{BLF-CRYPT}$2y$…", "{SSHA.b64}…", or bare "$6$…".
 * Case of the scheme does not count. An extra ".hex", ".b64" or ".base64" is
 * Dovecot's way to name an encoding.
 */
void scheme_find(const char *stored, struct scheme_found *found);

/*
 * STORED with its scheme in braces, in the arena; as it is when it has one, or
 * when it has no known form. Without braces Dovecot takes its default scheme:
 * that of 2.3 does not know Argon2, that of 2.4 is another.
 */
const char *scheme_explicit(struct arena *arena, const char *stored);

#endif
