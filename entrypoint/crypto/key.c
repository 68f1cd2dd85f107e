/* key.c - private keys: made, and looked at */
#include "crypto/key.h"

#include <string.h>

#include <mbedtls/pk.h>
#include <mbedtls/rsa.h>

#include "crypto/digest.h"
#include "crypto/parse.h"
#include "crypto/random.h"

#define RSA_EXPONENT 65537
#define RSA_PEM_BYTES 8192 /* 4096 bits need about 3300 */
#define PUBLIC_KEY_BYTES 2048 /* 8192 bits, all that mbedTLS takes, need about 1060 */

const char *
key_type_name(enum key_type type)
{
	return type == KEY_RSA ? "RSA" : "EC";
}

/* Returns an mbedTLS code. */
static int
generate(mbedtls_pk_context *key, unsigned bits, unsigned char *text, size_t size)
{
	int result = mbedtls_pk_setup(key, mbedtls_pk_info_from_type(MBEDTLS_PK_RSA));

	if (result != 0)
		return result;
	result = mbedtls_rsa_gen_key(
		mbedtls_pk_rsa(*key), random_for_mbedtls, NULL, bits, RSA_EXPONENT);
	if (result != 0)
		return result;
	return mbedtls_pk_write_key_pem(key, text, size);
}

int
key_generate_rsa(struct arena *arena, unsigned bits, const char **pem, struct crypto_error *error)
{
	unsigned char text[RSA_PEM_BYTES];
	mbedtls_pk_context key;
	int result;

	if (bits < KEY_RSA_BITS_MIN || bits > KEY_RSA_BITS_MAX || bits % 8 != 0)
		return crypto_fail(error, CRYPTO_INVALID, 0, "Use 2048.",
			"an RSA key of %u bits is asked for; it must have %d to %d, in steps of 8",
			bits, KEY_RSA_BITS_MIN, KEY_RSA_BITS_MAX);
	mbedtls_pk_init(&key);
	result = generate(&key, bits, text, sizeof(text));
	mbedtls_pk_free(&key);
	if (result == 0)
		*pem = arena_strdup(arena, (const char *)text);
	explicit_bzero(text, sizeof(text));
	if (result != 0)
		return crypto_fail(error, CRYPTO_SYSTEM, 0,
			"Check that the container may call getrandom(2) and has memory left.",
			"unable to make an RSA key (mbedTLS -0x%04x)", (unsigned)-result);
	return 0;
}

static int
read_facts(struct arena *arena, const mbedtls_pk_context *key, struct key_facts *facts,
	struct crypto_error *error)
{
	unsigned char der[PUBLIC_KEY_BYTES];
	/* written at the end of the room; the result is its length */
	int len = mbedtls_pk_write_pubkey_der(key, der, sizeof(der));

	if (len <= 0)
		return crypto_fail(error, CRYPTO_UNSUPPORTED, 0, "Use an RSA key of 2048 bits.",
			"the key is too large: its public half does not fit (mbedTLS -0x%04x)",
			(unsigned)-len);
	facts->type = parse_key_type(key);
	facts->bits = (unsigned)mbedtls_pk_get_bitlen(key);
	facts->public_key = digest_base64(arena, der + sizeof(der) - len, (size_t)len);
	return 0;
}

int
key_read(struct arena *arena, const char *text, size_t len, struct key_facts *facts,
	struct crypto_error *error)
{
	mbedtls_pk_context key;
	struct pem_block block;
	int result;

	if (parse_find_key(arena, text, len, &block, error) < 0)
		return -1;
	mbedtls_pk_init(&key);
	result = parse_key(&block, &key, error);
	if (result == 0)
		result = read_facts(arena, &key, facts, error);
	mbedtls_pk_free(&key);
	pem_wipe(&block);
	return result;
}
