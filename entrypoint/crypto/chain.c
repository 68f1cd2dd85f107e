/*
 * chain.c - the order of a chain
 *
 * A server sends its file as it is. RFC 5246 section 7.4.2 wants each
 * certificate to certify the one before it; clients that build a path of their
 * own forgive a wrong order, small ones do not.
 */
#include "crypto/chain.h"

#include <string.h>

#include "crypto/facts.h"
#include "crypto/parse.h"

static int
parse_again(
	const struct certificate *certificate, mbedtls_x509_crt *parsed, struct crypto_error *error)
{
	struct pem_block block = {.line = certificate->line,
		.der = certificate->der,
		.der_len = certificate->der_len};

	return parse_certificate(&block, parsed, error);
}

/* Why ITEM, the certificate number INDEX, does not lead to the next one; "" when it does. */
static const char *
why_broken(struct arena *arena, const struct certificate *item, size_t index,
	const mbedtls_x509_crt *parsed, const mbedtls_x509_crt *next)
{
	const struct certificate *after = item + 1;
	size_t number = index + 1;

	if (strcmp(item->fingerprint, after->fingerprint) == 0)
		return arena_printf(arena, "certificate %zu and certificate %zu are the same one",
			number, number + 1);
	if (item->self_signed)
		return arena_printf(arena,
			"certificate %zu is self-signed, so nothing belongs after it", number);
	if (!facts_same_name(&parsed->issuer_raw, &next->subject_raw))
		return arena_printf(arena,
			"certificate %zu was issued by \"%s\", but certificate %zu is \"%s\"",
			number, item->issuer, number + 1, after->subject);
	if (!facts_signed_by(parsed, next))
		return arena_printf(arena,
			"certificate %zu names certificate %zu as its issuer, but was signed by "
			"another key",
			number, number + 1);
	if (!after->is_ca)
		return arena_printf(arena,
			"certificate %zu signed certificate %zu, but is not allowed to (CA:FALSE)",
			number + 1, number);
	return "";
}

static int
check_link(struct arena *arena, struct certificate_chain *chain, size_t index,
	struct crypto_error *error)
{
	const struct certificate *item = &chain->items[index];
	mbedtls_x509_crt parsed, next;
	int result;

	mbedtls_x509_crt_init(&parsed);
	mbedtls_x509_crt_init(&next);
	result = parse_again(item, &parsed, error);
	if (result == 0)
		result = parse_again(item + 1, &next, error);
	if (result == 0)
		chain->broken_why = why_broken(arena, item, index, &parsed, &next);
	mbedtls_x509_crt_free(&parsed);
	mbedtls_x509_crt_free(&next);
	return result;
}

/* issued - whether ISSUER issued ITEM; damage that was not there before counts as no */
static bool
issued(const struct certificate *item, const struct certificate *issuer)
{
	mbedtls_x509_crt parsed, next;
	bool result;

	mbedtls_x509_crt_init(&parsed);
	mbedtls_x509_crt_init(&next);
	result = issuer->is_ca && parse_again(item, &parsed, NULL) == 0 &&
		parse_again(issuer, &next, NULL) == 0 &&
		facts_same_name(&parsed.issuer_raw, &next.subject_raw) &&
		facts_signed_by(&parsed, &next);
	mbedtls_x509_crt_free(&parsed);
	mbedtls_x509_crt_free(&next);
	return result;
}

/*
 * find_order - from the leaf from issuer to issuer; when that visits all, all are there
 * and only stand in the wrong order. The first stays the first: the key is compared with it.
 */
static void
find_order(struct arena *arena, struct certificate_chain *chain)
{
	bool visited[CERTIFICATE_CHAIN_MAX] = {true};
	const char *order = "1";
	size_t at = 0, next;

	for (size_t done = 1; done < chain->count; done++) {
		for (next = 1; next < chain->count; next++)
			if (!visited[next] && issued(&chain->items[at], &chain->items[next]))
				break;
		if (next == chain->count)
			return;
		visited[next] = true;
		at = next;
		order = arena_printf(arena, "%s, %zu", order, next + 1);
	}
	chain->right_order = order;
}

int
chain_check(struct arena *arena, struct certificate_chain *chain, struct crypto_error *error)
{
	chain->broken_why = chain->right_order = "";
	for (size_t i = 0; i + 1 < chain->count; i++) {
		if (check_link(arena, chain, i, error) < 0)
			return -1;
		if (chain->broken_why[0] != '\0') {
			chain->broken = true;
			chain->broken_after = i;
			find_order(arena, chain);
			return 0;
		}
	}
	return 0;
}
