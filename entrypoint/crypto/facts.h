#ifndef CRYPTO_FACTS_H
#define CRYPTO_FACTS_H

/* Private to crypto/: what a parsed certificate says, as plain values. */
#include <mbedtls/x509_crt.h>

#include "base/arena.h"
#include "crypto/certificate.h"
#include "crypto/pem.h"

/* Fills CERTIFICATE; nothing in it refers to PARSED afterwards. Cannot fail. */
void facts_take(struct arena *arena, const struct pem_block *block, const mbedtls_x509_crt *parsed,
	struct certificate *certificate);

/*
 * Whether the key of ISSUER made the signature of CERTIFICATE. Names, dates and
 * the right to sign are not looked at.
 */
bool facts_signed_by(const mbedtls_x509_crt *certificate, const mbedtls_x509_crt *issuer);

/* Whether two names are the same, byte by byte, as RFC 5280 section 6.1 compares a chain. */
bool facts_same_name(const mbedtls_x509_buf *a, const mbedtls_x509_buf *b);

#endif
