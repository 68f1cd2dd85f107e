#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "crypto/error.h"
#include "crypto/sha512crypt.h"

/*
 * Passwords of mailboxes, in the form of Dovecot's passwd-file: "{SCHEME}hash".
 * Made is {SHA512-CRYPT}, which both Dovecot 2.3 and 2.4 check through crypt(3).
 *
 * A password is any bytes but NUL. The longest is 511 bytes: libxcrypt, with
 * which Dovecot checks it, refuses 512 and more (CRYPT_MAX_PASSPHRASE_SIZE
 * counts the NUL), so a longer one could be stored but never used.
 */
#define PASSWORD_BYTES_MAX 511

/* Most rounds that we make or verify; above, one login takes Dovecot many seconds. */
#define PASSWORD_ROUNDS_MAX 9999999

/*
 * Hashes PASSWORD of LEN bytes with a fresh random salt. ROUNDS is the cost,
 * SHA512CRYPT_ROUNDS_MIN to PASSWORD_ROUNDS_MAX; 0 is the usual 5000. HASH gets
 * "{SHA512-CRYPT}$6$…" in the arena. Returns 0, or -1 with ERROR
 * (CRYPTO_INVALID: empty, too long, or with a NUL).
 */
int password_hash(struct arena *arena, const char *password, size_t len, unsigned rounds,
	const char **hash, struct crypto_error *error);

enum password_match {
	PASSWORD_MATCHES,
	PASSWORD_DIFFERS,
	PASSWORD_NOT_CHECKED, /* a scheme other than SHA512-CRYPT and PLAIN, or a damaged hash */
};

/* Whether STORED, "{SCHEME}hash" or a bare "$6$…", is of this password. */
enum password_match password_verify(const char *stored, const char *password, size_t len);

#endif
