/*
 * fuzz_certificate.c - libFuzzer target: whatever somebody mounts as key or certificate
 *
 * The first byte says what the rest is: text as it is read from a file, or the
 * DER of a certificate or a key, which is wrapped in PEM, so that the fuzzer need
 * not learn base64. What was read once must be read the same when it is written
 * anew.
 *
 *     clang -fsanitize=fuzzer,address,undefined … test/fuzz/fuzz_certificate.c
 *         entrypoint/crypto/(all).c entrypoint/base/(all).c -lmbedx509 -lmbedcrypto
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "crypto/certificate.h"
#include "crypto/key.h"
#include "crypto/pair.h"
#include "crypto/pem.h"
#include "crypto/scheme.h"

enum shape { SHAPE_TEXT, SHAPE_CERTIFICATE, SHAPE_TWO_CERTIFICATES, SHAPE_KEY, SHAPES };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void
shape_input(struct buffer *text, unsigned shape, const uint8_t *data, size_t len)
{
	switch (shape) {
	case SHAPE_CERTIFICATE:
		pem_write(text, "CERTIFICATE", data, len);
		break;
	case SHAPE_TWO_CERTIFICATES:
		pem_write(text, "CERTIFICATE", data, len / 2);
		pem_write(text, "CERTIFICATE", data + len / 2, len - len / 2);
		break;
	case SHAPE_KEY:
		pem_write(text, "PRIVATE KEY", data, len);
		break;
	default:
		buffer_append(text, data, len);
		break;
	}
}

/* A text that the library calls never NULL must be printable and end. */
static void
expect_printable(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text < ' ' || *text > '~')
			abort();
	}
}

static void
expect_facts(const struct certificate_chain *chain)
{
	if (chain->count == 0 || chain->count > CERTIFICATE_CHAIN_MAX)
		abort();
	expect_printable(chain->broken_why);
	for (size_t i = 0; i < chain->count; i++) {
		const struct certificate *item = &chain->items[i];
		expect_printable(item->subject);
		expect_printable(item->issuer);
		expect_printable(item->common_name);
		expect_printable(item->serial);
		for (size_t j = 0; j < item->dns_count; j++) {
			expect_printable(item->dns_names[j]);
			(void)certificate_covers(item, item->dns_names[j]);
		}
	}
}

static void
expect_error(const struct crypto_error *error)
{
	if (error->code == CRYPTO_OK || error->help == NULL || error->text[0] == '\0')
		abort();
}

/* A pair that was joined must be read again, key and chain. */
static void
try_join(struct arena *arena, const struct buffer *text, const struct certificate_chain *chain)
{
	struct certificate_chain again;
	struct crypto_error error;
	const char *pem;

	(void)pair_check(arena, buffer_text(text), text->len, chain, NULL);
	if (pair_join(arena, buffer_text(text), text->len, chain, &pem, NULL) < 0)
		return;
	if (certificate_read(arena, pem, strlen(pem), &again, &error) < 0)
		abort();
	if (again.count != chain->count || again.keys != 1)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct certificate_chain chain;
	struct crypto_error error = {0};
	struct buffer text = {0};
	struct key_facts facts;
	struct arena arena;

	if (len == 0)
		return 0;
	arena_init(&arena);
	shape_input(&text, data[0] % SHAPES, data + 1, len - 1);
	if (certificate_read(&arena, buffer_text(&text), text.len, &chain, &error) < 0) {
		expect_error(&error);
	} else {
		expect_facts(&chain);
		try_join(&arena, &text, &chain);
	}
	memset(&error, 0, sizeof(error));
	if (key_read(&arena, buffer_text(&text), text.len, &facts, &error) < 0)
		expect_error(&error);
	(void)scheme_explicit(&arena, buffer_text(&text));
	buffer_free(&text);
	arena_free(&arena);
	return 0;
}
