#ifndef CRYPTO_SELFSIGNED_H
#define CRYPTO_SELFSIGNED_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "crypto/error.h"

/*
 * A self-signed certificate for a server that was given none: EC P-256, signed
 * with SHA-256, for TLS servers alone (CA:FALSE, digitalSignature, serverAuth).
 * A client that was given it as its trust anchor accepts it.
 */
#define SELFSIGNED_DAYS_MAX 36500
#define SELFSIGNED_NAMES_MAX 100

struct selfsigned_request {
	const char *const *names; /* host names, "*." names, IP addresses */
	size_t name_count; /* 1 to SELFSIGNED_NAMES_MAX */
	int64_t now; /* seconds since 1970, UTC */
	unsigned days; /* from NOW, 1 to SELFSIGNED_DAYS_MAX */
};

/*
 * Makes key and certificate. All names are subject alternative names; the first
 * that fits (64 characters, RFC 5280 appendix A.1) is also the common name. It
 * is valid from a day before NOW, for clients whose clock is behind. PEM gets the
 * key, then the certificate, in the arena; it is a secret. Returns 0, or -1 with
 * ERROR (CRYPTO_INVALID names what is wrong in the request).
 */
int selfsigned_make(struct arena *arena, const struct selfsigned_request *request, const char **pem,
	struct crypto_error *error);

#endif
