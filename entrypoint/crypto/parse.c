/* parse.c - from DER to mbedTLS, and its failures in plain words */
#include "crypto/parse.h"

#include <string.h>

#include "crypto/random.h"

/* mbedTLS adds a low and a high code: the high one is all but the lowest seven bits. */
#define HIGH_CODE(result) (-(-(result)&0xff80))

static const char help_key[] =
	"Use an RSA key of 2048 bits or more, or an EC key on P-256 or P-384.";

/* Algorithms that people do use and that this build cannot read, by their DER object id. */
static const struct algorithm {
	const char *oid;
	size_t len;
	const char *name;
} unsupported_algorithms[] = {
	{"\x06\x03\x2b\x65\x70", 5, "Ed25519"},
	{"\x06\x03\x2b\x65\x71", 5, "Ed448"},
	{"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", 11, "MD5 with RSA"},
	{"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02", 11, "MD2 with RSA"},
	{"\x06\x07\x2a\x86\x48\xce\x38\x04\x01", 9, "DSA"},
	{"\x06\x05\x2b\x81\x04\x00\x0a", 7, "the curve secp256k1"},
	{"\x06\x05\x2b\x81\x04\x00\x21", 7, "the curve P-224"},
	{"\x06\x09\x2b\x24\x03\x03\x02\x08\x01\x01", 10, "a Brainpool curve"},
	{"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", 11, "a key for RSA-PSS alone"},
};

static const char *
find_algorithm(const struct pem_block *block)
{
	const size_t count = sizeof(unsupported_algorithms) / sizeof(unsupported_algorithms[0]);

	for (size_t i = 0; i < count; i++) {
		const struct algorithm *algorithm = &unsupported_algorithms[i];
		if (memmem(block->der, block->der_len, algorithm->oid, algorithm->len) != NULL)
			return algorithm->name;
	}
	return NULL;
}

static bool
is_unsupported(int result)
{
	switch (HIGH_CODE(result)) {
	case MBEDTLS_ERR_PK_UNKNOWN_PK_ALG:
	case MBEDTLS_ERR_PK_UNKNOWN_NAMED_CURVE:
	case MBEDTLS_ERR_PK_FEATURE_UNAVAILABLE:
	case MBEDTLS_ERR_X509_UNKNOWN_SIG_ALG:
	case MBEDTLS_ERR_X509_UNKNOWN_VERSION:
		return true;
	default:
		return false;
	}
}

static bool
is_out_of_memory(int result)
{
	return HIGH_CODE(result) == MBEDTLS_ERR_PK_ALLOC_FAILED ||
		HIGH_CODE(result) == MBEDTLS_ERR_X509_ALLOC_FAILED;
}

/* WHAT is "key" or "certificate". */
static int
explain(const struct pem_block *block, const char *what, int result, struct crypto_error *error)
{
	const char *name = find_algorithm(block);

	if (is_out_of_memory(result))
		return crypto_fail(error, CRYPTO_SYSTEM, block->line, "Give it more memory.",
			"not enough memory to read the %s", what);
	if (name != NULL)
		return crypto_fail(error, CRYPTO_UNSUPPORTED, block->line, help_key,
			"the %s uses %s, which mailinit cannot check and many mail servers do not "
			"speak",
			what, name);
	if (is_unsupported(result))
		return crypto_fail(error, CRYPTO_UNSUPPORTED, block->line, help_key,
			"the %s uses an algorithm, curve or version that mailinit cannot check",
			what);
	return crypto_fail(error, CRYPTO_DAMAGED, block->line,
		"Copy the file again, whole and unchanged; \"openssl asn1parse\" shows where it "
		"breaks.",
		"the %s is damaged: its base64 is right, its content is not (mbedTLS -0x%04x)",
		what, (unsigned)-result);
}

static int
check_key_block(const struct pem_block *block, struct crypto_error *error)
{
	if (strcmp(block->label, "OPENSSH PRIVATE KEY") == 0)
		return crypto_fail(error, CRYPTO_UNSUPPORTED, block->line,
			"Convert it: \"ssh-keygen -p -m PEM -f FILE\", or make a key with openssl.",
			"the key is in OpenSSH's own form");
	if (block->encrypted)
		return crypto_fail(error, CRYPTO_ENCRYPTED, block->line,
			"Remove the passphrase: \"openssl pkey -in KEY -out NEWKEY\"; no daemon "
			"can ask for it.",
			"the private key is encrypted with a passphrase");
	return 0;
}

int
parse_find_key(struct arena *arena, const char *text, size_t len, struct pem_block *block,
	struct crypto_error *error)
{
	struct pem_reader reader;
	struct pem_block next;
	char other[PEM_LABEL_BYTES] = "";
	int found, keys = 0;

	pem_open(&reader, text, len);
	while ((found = pem_next(&reader, arena, &next, error)) == 1) {
		if (!pem_is_key(&next)) {
			memcpy(other, next.label, sizeof(other));
			continue;
		}
		if (++keys > 1)
			return crypto_fail(error, CRYPTO_SEVERAL, next.line,
				"Leave the one key in the file that belongs to the certificate.",
				"a second private key follows the one on line %d", block->line);
		*block = next;
	}
	if (found < 0)
		return -1;
	if (reader.count == 0)
		return pem_no_block(text, len, error);
	if (keys == 0)
		return crypto_fail(error, CRYPTO_WRONG_KIND, 1,
			"Give the file with the private key: privkey.pem, tls.key or NAME.key.",
			"the file holds \"%s\" and no private key", other);
	return check_key_block(block, error);
}

int
parse_key(const struct pem_block *block, mbedtls_pk_context *key, struct crypto_error *error)
{
	int result = mbedtls_pk_parse_key(
		key, block->der, block->der_len, NULL, 0, random_for_mbedtls, NULL);

	if (result != 0)
		return explain(block, "private key", result, error);
	return 0;
}

int
parse_certificate(
	const struct pem_block *block, mbedtls_x509_crt *certificate, struct crypto_error *error)
{
	int result;

	if (block->encrypted)
		return crypto_fail(error, CRYPTO_ENCRYPTED, block->line,
			"Give the certificate as it was issued: it is no secret.",
			"the certificate is encrypted with a passphrase");
	result = mbedtls_x509_crt_parse_der(certificate, block->der, block->der_len);
	if (result != 0)
		return explain(block, "certificate", result, error);
	return 0;
}

enum key_type
parse_key_type(const mbedtls_pk_context *key)
{
	/* the build knows RSA and EC alone, in whatever form they were written */
	return mbedtls_pk_can_do(key, MBEDTLS_PK_RSA) ? KEY_RSA : KEY_EC;
}
