#ifndef CRYPTO_SHA512CRYPT_H
#define CRYPTO_SHA512CRYPT_H

#include <stddef.h>

/*
 * The "$6$" password hash that crypt(3) of every Linux knows, after its public
 * specification ("Unix crypt using SHA-256 and SHA-512", version 0.6). It stands
 * here because musl cannot be relied on for it: its crypt refuses more than 256
 * bytes, and Debian's musl packages ship no crypt.h at all. The tests compare
 * it with another implementation.
 */
#define SHA512CRYPT_SALT_BYTES 16 /* longer salts are cut, as the specification says */
#define SHA512CRYPT_HASH_CHARS 86
#define SHA512CRYPT_TEXT (SHA512CRYPT_HASH_CHARS + 1)
#define SHA512CRYPT_ROUNDS 5000 /* what a hash without "rounds=" means */
#define SHA512CRYPT_ROUNDS_MIN 1000
#define SHA512CRYPT_ROUNDS_MAX 999999999

/*
 * The 86 characters that stand behind the last '$', for KEY of LEN bytes.
 * ROUNDS must be within the limits above. What was derived from the key is
 * wiped. Returns 0, or -1 when the hash function failed.
 */
int sha512crypt(const void *key, size_t len, const char *salt, size_t salt_len, unsigned rounds,
	char text[SHA512CRYPT_TEXT]);

#endif
