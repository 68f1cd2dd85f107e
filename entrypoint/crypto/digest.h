#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include <stddef.h>

#include "base/arena.h"

/* Fingerprints of bytes, and bytes as text. */
#define DIGEST_SHA256_BYTES 32
#define DIGEST_SHA256_TEXT (2 * DIGEST_SHA256_BYTES + 1) /* hex digits and the NUL */

/* SHA-256 of LEN bytes as 64 lower-case hex digits (what sha256sum prints). Cannot fail. */
void digest_sha256(const void *data, size_t len, char text[DIGEST_SHA256_TEXT]);

/* Upper-case hex of LEN bytes, in the arena. */
char *digest_hex(struct arena *arena, const unsigned char *data, size_t len);

/* Base64 of LEN bytes with padding and without line breaks (RFC 4648 section 4), in the arena. */
char *digest_base64(struct arena *arena, const void *data, size_t len);

/*
 * What base64 (RFC 4648 section 4) stands for, in the arena with a NUL behind it;
 * USED gets its length. Empty, with length 0, when TEXT is no base64.
 */
char *digest_from_base64(struct arena *arena, const char *text, size_t len, size_t *used);

#endif
