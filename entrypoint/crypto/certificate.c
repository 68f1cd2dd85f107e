/* certificate.c - what a PEM file of certificates holds */
#include "crypto/certificate.h"

#include <string.h>

#include "crypto/chain.h"
#include "crypto/facts.h"
#include "crypto/parse.h"

/* Parses one block and appends its facts. */
static int
add_certificate(struct arena *arena, const struct pem_block *block, struct certificate_chain *chain,
	struct crypto_error *error)
{
	mbedtls_x509_crt parsed;
	int result;

	if (chain->count == CERTIFICATE_CHAIN_MAX)
		return crypto_fail(error, CRYPTO_SEVERAL, block->line,
			"Give the leaf and its intermediates only (fullchain.pem), not a bundle "
			"of roots.",
			"the file holds more than %d certificates", CERTIFICATE_CHAIN_MAX);
	mbedtls_x509_crt_init(&parsed);
	result = parse_certificate(block, &parsed, error);
	if (result == 0)
		facts_take(arena, block, &parsed, &chain->items[chain->count++]);
	mbedtls_x509_crt_free(&parsed);
	return result;
}

static int
no_certificate(const struct pem_reader *reader, const char *text, size_t len, const char *other,
	struct crypto_error *error)
{
	if (reader->count == 0)
		return pem_no_block(text, len, error);
	if (strcmp(other, "CERTIFICATE REQUEST") == 0 ||
		strcmp(other, "NEW CERTIFICATE REQUEST") == 0)
		return crypto_fail(error, CRYPTO_WRONG_KIND, 1,
			"Give the certificate that the authority made from it.",
			"the file holds a request for a certificate, not a certificate");
	if (strcmp(other, "TRUSTED CERTIFICATE") == 0)
		return crypto_fail(error, CRYPTO_WRONG_KIND, 1,
			"Convert it: \"openssl x509 -in FILE -clrtrust -out NEWFILE\".",
			"the file holds a \"TRUSTED CERTIFICATE\", OpenSSL's own form");
	return crypto_fail(error, CRYPTO_WRONG_KIND, 1,
		"Give the file with the certificate chain: fullchain.pem, tls.crt or NAME.crt.",
		"the file holds \"%s\" and no certificate", other);
}

int
certificate_read(struct arena *arena, const char *text, size_t len, struct certificate_chain *chain,
	struct crypto_error *error)
{
	char other[PEM_LABEL_BYTES] = "";
	struct pem_reader reader;
	struct pem_block block;
	int found;

	memset(chain, 0, sizeof(*chain));
	chain->items = arena_alloc(arena, CERTIFICATE_CHAIN_MAX * sizeof(*chain->items));
	pem_open(&reader, text, len);
	while ((found = pem_next(&reader, arena, &block, error)) == 1) {
		if (pem_is_certificate(&block)) {
			if (add_certificate(arena, &block, chain, error) < 0)
				return -1;
			continue;
		}
		memcpy(other, block.label, sizeof(other));
		if (pem_is_key(&block)) {
			chain->keys++;
			pem_wipe(&block);
		}
	}
	if (found < 0)
		return -1;
	if (chain->count == 0)
		return no_certificate(&reader, text, len, other, error);
	return chain_check(arena, chain, error);
}
