/*
 * fuzz_acme.c - libFuzzer target: a file that Traefik is writing at this moment
 *
 * Whatever the bytes are, each entry has texts that end where their length says, and a
 * failure has its words.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "crypto/acme.h"
#include "crypto/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct crypto_error error = {0};
	struct acme_store store;
	struct arena arena;

	arena_init(&arena);
	if (acme_read(&arena, (const char *)data, len, &store, &error) != 0) {
		if (error.code != CRYPTO_DAMAGED || error.help == NULL || error.text[0] == '\0')
			abort();
		store.count = 0;
	}
	for (size_t i = 0; i < store.count; i++) {
		const struct acme_entry *entry = &store.items[i];
		struct certificate_chain chain;

		if (entry->certificate[entry->certificate_len] != '\0' ||
			entry->key[entry->key_len] != '\0' || strlen(entry->main) > len ||
			strlen(entry->resolver) > len)
			abort();
		(void)certificate_read(
			&arena, entry->certificate, entry->certificate_len, &chain, NULL);
	}
	arena_free(&arena);
	return 0;
}
