#ifndef CRYPTO_CERTIFICATE_H
#define CRYPTO_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "crypto/error.h"
#include "crypto/key.h"

/*
 * Certificates, as PEM: a leaf, then its issuers. Here are facts; whether they
 * are good enough (dates, names, sizes) is for the rules to say. Trust is not
 * looked at: which roots a client trusts cannot be known here. All strings
 * belong to the arena, are printable ASCII, and never NULL.
 *
 * Read are RSA, RSA-PSS and ECDSA (P-256, P-384, P-521) with SHA-1 and SHA-2.
 * Ed25519 and MD5 are CRYPTO_UNSUPPORTED and named in the error.
 */
#define CERTIFICATE_CHAIN_MAX 16 /* more is a bundle of roots, not a chain */

struct certificate {
	int line; /* of its BEGIN line */
	const char *common_name; /* of the subject, or ""; clients do not look at it */
	const char *subject, *issuer; /* "C=US, O=Let's Encrypt, CN=R3" */
	const char *serial; /* hex, as "openssl x509 -serial" prints it */
	const char *fingerprint; /* SHA-256 of the DER, lower-case hex */
	const char *key_digest; /* SHA-256 of the DER SubjectPublicKeyInfo, lower-case hex */
	const char **dns_names; /* of the subject alternative name */
	size_t dns_count;
	const char **addresses; /* IP addresses of it, as inet_ntop writes them */
	size_t address_count;
	int64_t not_before, not_after; /* seconds since 1970, UTC; both inclusive */
	enum key_type key_type;
	unsigned key_bits;
	const char *signature_hash; /* "SHA256" */
	bool weak_signature; /* SHA-1 */
	bool is_ca;
	bool self_signed; /* issuer is the subject, and its own key signed it */
	bool server_auth; /* extended key usage is absent or allows TLS servers */
	bool issuer_online; /* it says where its issuer's certificate is to be had (caIssuers) */
	unsigned char *der;
	size_t der_len;
};

struct certificate_chain {
	struct certificate *items; /* in the order of the file; the first is the leaf */
	size_t count; /* at least 1 */
	size_t keys; /* private keys that stand in the same text */
	bool broken; /* some certificate was not issued by the one after it */
	size_t broken_after; /* then: its index, from 0 */
	const char *broken_why; /* then: a sentence without its full stop; else "" */
	const char *right_order; /* then, when another order is a chain: "1, 3, 2"; else "" */
};

/* Reads all certificates of TEXT. Returns 0, or -1 with ERROR. */
int certificate_read(struct arena *arena, const char *text, size_t len,
	struct certificate_chain *chain, struct crypto_error *error);

/*
 * Whether a client that asks for NAME accepts the certificate (RFC 6125 section
 * 6.4, RFC 9525): the subject alternative names alone count; case and one final
 * dot do not; "*" stands for exactly one whole label, the first one, and needs
 * two labels after it, as OpenSSL demands. An IP address is compared with the
 * certificate's addresses.
 */
bool certificate_covers(const struct certificate *certificate, const char *name);

/* The rule for one name: PATTERN as it stands in a certificate. */
bool certificate_name_matches(const char *pattern, const char *name);

#endif
