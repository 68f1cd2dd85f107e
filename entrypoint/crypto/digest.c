/* digest.c - SHA-256, hex and base64 */
#include "crypto/digest.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/base64.h>
#include <mbedtls/sha256.h>

#include "base/fatal.h"

void
digest_sha256(const void *data, size_t len, char text[DIGEST_SHA256_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	unsigned char hash[DIGEST_SHA256_BYTES];

	/* fails only where a hash accelerator can: this build has none */
	if (mbedtls_sha256(data, len, hash, 0) != 0)
		abort();
	for (size_t i = 0; i < sizeof(hash); i++) {
		text[2 * i] = digits[hash[i] >> 4];
		text[2 * i + 1] = digits[hash[i] & 15];
	}
	text[2 * sizeof(hash)] = '\0';
}

char *
digest_hex(struct arena *arena, const unsigned char *data, size_t len)
{
	static const char digits[] = "0123456789ABCDEF";
	char *text = arena_alloc(arena, 2 * len + 1);

	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[data[i] >> 4];
		text[2 * i + 1] = digits[data[i] & 15];
	}
	return text;
}

char *
digest_base64(struct arena *arena, const void *data, size_t len)
{
	size_t size = (len / 3 + 1) * 4 + 1, used;
	char *text = arena_alloc(arena, size);

	/* the room is computed above: only a LEN beyond all memory gets here */
	if (mbedtls_base64_encode((unsigned char *)text, size, &used, data, len) != 0)
		fatal_out_of_memory();
	return text;
}

char *
digest_from_base64(struct arena *arena, const char *text, size_t len, size_t *used)
{
	size_t room = len / 4 * 3 + 3;
	char *data = arena_alloc(arena, room + 1);

	*used = 0;
	if (mbedtls_base64_decode(
		    (unsigned char *)data, room, used, (const unsigned char *)text, len) != 0) {
		explicit_bzero(data, room);
		*used = 0;
	}
	return data;
}
