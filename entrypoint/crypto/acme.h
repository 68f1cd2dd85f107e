#ifndef CRYPTO_ACME_H
#define CRYPTO_ACME_H

#include <stddef.h>

#include "base/arena.h"
#include "crypto/error.h"

/*
 * Traefik's acme.json: certificates and keys as base64 of PEM. All forms are read:
 * of Traefik 2 and 3 (the resolvers are keys of the top), of 1.7 ("Certificates" at
 * the top), and of its first one ("DomainsCertificate"). Traefik writes the file in
 * place, so that half of it may be seen.
 */
struct acme_entry {
	const char *resolver; /* "letsencrypt"; "" in the forms that have none */
	const char *main; /* its main name, or "" */
	/* the PEM texts, in the arena; a text that was no base64 is empty */
	const char *certificate, *key;
	size_t certificate_len, key_len;
};

#define ACME_ENTRIES_MAX 512

struct acme_store {
	struct acme_entry *items; /* in the order of the file; at most ACME_ENTRIES_MAX */
	size_t count;
};

/*
 * Reads all entries of TEXT. An empty file, as Traefik wants it at its first start,
 * is a store without entries. Returns 0, or -1 with ERROR (CRYPTO_DAMAGED): the
 * text is no JSON, perhaps half-written, or is no acme.json.
 */
int acme_read(struct arena *arena, const char *text, size_t len, struct acme_store *store,
	struct crypto_error *error);

#endif
