/* pair.c - key and certificate together */
#include "crypto/pair.h"

#include <stdbool.h>
#include <string.h>

#include "base/buffer.h"
#include "crypto/parse.h"
#include "crypto/pem.h"
#include "crypto/random.h"

/* Whether KEY is the private half of the certificate's key: 1, 0, or -1 with ERROR. */
static int
belongs_to(const mbedtls_pk_context *key, const struct certificate *certificate,
	struct crypto_error *error)
{
	struct pem_block block = {.line = certificate->line,
		.der = certificate->der,
		.der_len = certificate->der_len};
	mbedtls_x509_crt parsed;
	int result;

	mbedtls_x509_crt_init(&parsed);
	result = parse_certificate(&block, &parsed, error);
	if (result == 0)
		result = mbedtls_pk_check_pair(&parsed.pk, key, random_for_mbedtls, NULL) == 0;
	mbedtls_x509_crt_free(&parsed);
	return result;
}

/* Says to which certificate, if any, the key belongs instead of the first. */
static int
explain_mismatch(const mbedtls_pk_context *key, const struct certificate_chain *chain,
	struct crypto_error *error)
{
	for (size_t i = 1; i < chain->count; i++) {
		int match = belongs_to(key, &chain->items[i], error);
		if (match < 0)
			return -1;
		if (match == 1)
			return crypto_fail(error, CRYPTO_MISMATCH, chain->items[i].line,
				"Put that certificate first in its file, its issuers after it.",
				"the private key belongs to certificate %zu of the chain, not to "
				"the first",
				i + 1);
	}
	if (parse_key_type(key) != chain->items[0].key_type)
		return crypto_fail(error, CRYPTO_MISMATCH, 0,
			"Give the key that the certificate was made for.",
			"the private key is %s, the certificate was made for %s",
			key_type_name(parse_key_type(key)),
			key_type_name(chain->items[0].key_type));
	return crypto_fail(error, CRYPTO_MISMATCH, 0,
		"Give both files of one renewal; \"openssl pkey -pubout\" and \"openssl x509 "
		"-pubkey\" must show the same key.",
		"the private key does not belong to the certificate");
}

static int
check(const mbedtls_pk_context *key, const struct certificate_chain *chain,
	struct crypto_error *error)
{
	int match = belongs_to(key, &chain->items[0], error);

	if (match == 0)
		return explain_mismatch(key, chain, error);
	return match < 0 ? -1 : 0;
}

int
pair_check(struct arena *arena, const char *text, size_t len, const struct certificate_chain *chain,
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
		result = check(&key, chain, error);
	mbedtls_pk_free(&key);
	pem_wipe(&block);
	return result;
}

int
pair_join(struct arena *arena, const char *text, size_t len, const struct certificate_chain *chain,
	const char **pem, struct crypto_error *error)
{
	struct buffer joined = {0};
	struct pem_block block;

	if (parse_find_key(arena, text, len, &block, error) < 0)
		return -1;
	pem_write(&joined, block.label, block.der, block.der_len);
	pem_wipe(&block);
	for (size_t i = 0; i < chain->count; i++)
		pem_write(&joined, "CERTIFICATE", chain->items[i].der, chain->items[i].der_len);
	*pem = arena_strndup(arena, joined.data, joined.len);
	explicit_bzero(joined.data, joined.size);
	buffer_free(&joined);
	return 0;
}
