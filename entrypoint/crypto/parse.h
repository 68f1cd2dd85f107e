#ifndef CRYPTO_PARSE_H
#define CRYPTO_PARSE_H

/*
 * Private to crypto/: DER becomes a key or certificate of mbedTLS. Here alone
 * its error codes are turned into sentences.
 */
#include <stddef.h>

#include <mbedtls/pk.h>
#include <mbedtls/x509_crt.h>

#include "base/arena.h"
#include "crypto/error.h"
#include "crypto/key.h"
#include "crypto/pem.h"

/* Finds the one private key of TEXT; its DER is in the arena. Returns 0, or -1. */
int parse_find_key(struct arena *arena, const char *text, size_t len, struct pem_block *block,
	struct crypto_error *error);

/* Parses a private key into KEY, which the caller initialised and frees. Returns 0, or -1. */
int parse_key(const struct pem_block *block, mbedtls_pk_context *key, struct crypto_error *error);

/* Parses a certificate into CERTIFICATE, which the caller initialised and frees. */
int parse_certificate(
	const struct pem_block *block, mbedtls_x509_crt *certificate, struct crypto_error *error);

/* Type of a key that was parsed. */
enum key_type parse_key_type(const mbedtls_pk_context *key);

#endif
