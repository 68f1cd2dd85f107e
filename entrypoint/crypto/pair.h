#ifndef CRYPTO_PAIR_H
#define CRYPTO_PAIR_H

#include <stddef.h>

#include "base/arena.h"
#include "crypto/certificate.h"
#include "crypto/error.h"

/*
 * A private key and the certificate that it belongs to. A daemon that gets a
 * wrong pair starts all the same and then refuses every TLS connection, so the
 * two are compared before they are installed, and installed as one file.
 */

/*
 * Whether the private key of TEXT belongs to the first certificate of CHAIN.
 * Returns 0 when it does, or -1 with ERROR: CRYPTO_MISMATCH, or what is wrong
 * with the key itself.
 */
int pair_check(struct arena *arena, const char *text, size_t len,
	const struct certificate_chain *chain, struct crypto_error *error);

/*
 * One clean PEM for smtpd_tls_chain_files and Dovecot: the private key of TEXT,
 * then the certificates of CHAIN in their order. What else stood in the files
 * (comments, CRLF, parameters) is left out. PEM is in the arena and a secret.
 * Returns 0, or -1 with ERROR; says nothing about whether the two match.
 */
int pair_join(struct arena *arena, const char *text, size_t len,
	const struct certificate_chain *chain, const char **pem, struct crypto_error *error);

#endif
