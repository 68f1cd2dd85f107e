#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include <stddef.h>

/*
 * Randomness from the kernel, getrandom(2): it works in a root without /dev,
 * and waits until the kernel's pool was seeded once. Every key, salt and serial
 * comes from here; there is no generator of our own that a fork could copy.
 */

/* Fills DATA. Returns 0, or -1 with errno (ENOSYS under a strict seccomp filter). */
int random_bytes(void *data, size_t len);

/* Writes 2 * BYTES lower-case hex digits and a NUL into TEXT. Returns 0, or -1 with errno. */
int random_hex(char *text, size_t bytes);

/*
 * The form in which mbedTLS asks for randomness; UNUSED is its context.
 * Returns 0, or an mbedTLS error code.
 */
int random_for_mbedtls(void *unused, unsigned char *data, size_t len);

#endif
