/* random.c - getrandom(2), for us and for mbedTLS */
#include "crypto/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include <mbedtls/entropy.h>

/* getrandom gives up to this many bytes without being interrupted by a signal. */
#define RANDOM_STEP_BYTES 256

int
random_bytes(void *data, size_t len)
{
	unsigned char *at = data;

	while (len > 0) {
		ssize_t got = getrandom(at, len < RANDOM_STEP_BYTES ? len : RANDOM_STEP_BYTES, 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		at += got;
		len -= (size_t)got;
	}
	return 0;
}

int
random_hex(char *text, size_t bytes)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char byte;

	for (size_t i = 0; i < bytes; i++) {
		if (random_bytes(&byte, 1) < 0)
			return -1;
		text[2 * i] = digits[byte >> 4];
		text[2 * i + 1] = digits[byte & 15];
	}
	text[2 * bytes] = '\0';
	return 0;
}

int
random_for_mbedtls(void *unused, unsigned char *data, size_t len)
{
	(void)unused;
	return random_bytes(data, len) == 0 ? 0 : MBEDTLS_ERR_ENTROPY_SOURCE_FAILED;
}
