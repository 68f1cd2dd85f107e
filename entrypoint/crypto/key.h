#ifndef CRYPTO_KEY_H
#define CRYPTO_KEY_H

#include <stddef.h>

#include "base/arena.h"
#include "crypto/error.h"

/*
 * Private keys, as PEM. Read are RSA and EC (P-256, P-384, P-521) in PKCS#1,
 * SEC 1 and PKCS#8 form, what OpenSSL and OpenDKIM read too. The text may hold
 * certificates and parameters beside the one key; those are passed over.
 */
#define KEY_RSA_BITS_MIN 1024 /* RFC 8301 section 3.2: signers MUST use at least 1024 */
#define KEY_RSA_BITS_MAX 4096 /* the most that verifiers must be able to check */

enum key_type { KEY_RSA, KEY_EC };

struct key_facts {
	enum key_type type;
	unsigned bits;
	/*
	 * The DER SubjectPublicKeyInfo in base64: the p= of a DKIM record. RFC 6376
	 * section 3.6.1 speaks of RSAPublicKey, but its own example and all signers
	 * and verifiers use this form (errata 3017).
	 */
	const char *public_key;
};

/* "RSA", "EC". */
const char *key_type_name(enum key_type type);

/*
 * Makes an RSA key (exponent 65537). PEM gets "RSA PRIVATE KEY" (PKCS#1) text in
 * the arena; it is a secret. 2048 bits take about a tenth of a second, 4096 a
 * few. Returns 0, or -1 with ERROR.
 */
int
key_generate_rsa(struct arena *arena, unsigned bits, const char **pem, struct crypto_error *error);

/* Reads the one private key of TEXT. Returns 0, or -1 with ERROR. */
int key_read(struct arena *arena, const char *text, size_t len, struct key_facts *facts,
	struct crypto_error *error);

#endif
