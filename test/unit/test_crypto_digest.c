/* test_crypto_digest.c - fingerprints, base64, randomness */
#include "crypto/digest.h"
#include "crypto/random.h"
#include "test_crypto.h"

static void
test_sha256(struct arena *arena)
{
	static const size_t lengths[] = {0, 1, 55, 56, 64, 1000, 100000};
	char text[DIGEST_SHA256_TEXT];

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		char *data = arena_alloc(arena, lengths[i] + 1);
		for (size_t j = 0; j < lengths[i]; j++)
			data[j] = (char)(j * 7 + i);
		spill("data", data, lengths[i]);
		digest_sha256(data, lengths[i], text);
		CHECK_TEXT(text, must(arena, "openssl dgst -sha256 -r data | cut -d' ' -f1"),
			"SHA-256 of %zu bytes", lengths[i]);
	}
}

static void
test_base64(struct arena *arena)
{
	unsigned char data[100];

	for (size_t len = 0; len < sizeof(data); len += len < 5 ? 1 : 31) {
		for (size_t i = 0; i < len; i++)
			data[i] = (unsigned char)(251 - i * 3);
		spill("data", (const char *)data, len);
		CHECK_TEXT(digest_base64(arena, data, len),
			must(arena, "openssl base64 -A -in data"), "base64 of %zu bytes", len);
	}
	CHECK_TEXT(digest_hex(arena, (const unsigned char *)"\x00\x1f\xff", 3), "001FFF", "hex");
}

static void
test_random(void)
{
	unsigned char a[600], b[600];
	char text[33], other[33];

	CHECK(random_bytes(a, sizeof(a)) == 0 && random_bytes(b, sizeof(b)) == 0,
		"more than one step of getrandom");
	CHECK(memcmp(a, b, sizeof(a)) != 0, "two draws differ");
	CHECK(memcmp(a, a + 300, 300) != 0, "the halves of one draw differ");
	CHECK(random_hex(text, 16) == 0 && random_hex(other, 16) == 0, "two ids");
	CHECK(strlen(text) == 32 && strspn(text, "0123456789abcdef") == 32, "an id is hex: %s",
		text);
	CHECK(strcmp(text, other) != 0, "two ids differ");
	memset(a, 0, sizeof(a));
	CHECK(random_bytes(a, 64) == 0, "a part of a buffer is filled");
	memset(b, 0, sizeof(b));
	CHECK(memcmp(a, b, 64) != 0 && memcmp(a + 64, b, 64) == 0, "and not a byte more");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	enter_scratch();
	test_sha256(&arena);
	test_base64(&arena);
	test_random();
	arena_free(&arena);
	DONE();
}
