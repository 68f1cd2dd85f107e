/*
 * sha512crypt.c - the "$6$" password hash
 *
 * Names follow the specification: digest B from key, salt, key; digest A from
 * key, salt and B; sequence P made of the key alone, sequence S of the salt
 * alone; then ROUNDS times A again from A, P and S in an order that depends on
 * the number of the round.
 */
#include "crypto/sha512crypt.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/sha512.h>

#include "base/fatal.h"

#define HASH_BYTES 64

/* A hash that is being computed; FAILED sticks, so that it is asked for once. */
struct hashing {
	mbedtls_sha512_context context;
	int failed;
};

static void
hash_start(struct hashing *hashing)
{
	hashing->failed |= mbedtls_sha512_starts(&hashing->context, 0);
}

static void
hash_add(struct hashing *hashing, const void *data, size_t len)
{
	hashing->failed |= mbedtls_sha512_update(&hashing->context, data, len);
}

static void
hash_end(struct hashing *hashing, unsigned char hash[HASH_BYTES])
{
	hashing->failed |= mbedtls_sha512_finish(&hashing->context, hash);
}

/* Adds HASH over and over until LEN bytes were added. */
static void
hash_add_repeated(struct hashing *hashing, const unsigned char hash[HASH_BYTES], size_t len)
{
	for (; len > HASH_BYTES; len -= HASH_BYTES)
		hash_add(hashing, hash, HASH_BYTES);
	hash_add(hashing, hash, len);
}

/* Fills TO with HASH over and over. */
static void
fill_repeated(unsigned char *to, size_t len, const unsigned char hash[HASH_BYTES])
{
	for (size_t at = 0; at < len; at += HASH_BYTES)
		memcpy(to + at, hash, len - at < HASH_BYTES ? len - at : HASH_BYTES);
}

static void
first_digest(struct hashing *hashing, const void *key, size_t len, const char *salt,
	size_t salt_len, unsigned char a[HASH_BYTES])
{
	unsigned char b[HASH_BYTES];

	hash_start(hashing);
	hash_add(hashing, key, len);
	hash_add(hashing, salt, salt_len);
	hash_add(hashing, key, len);
	hash_end(hashing, b);

	hash_start(hashing);
	hash_add(hashing, key, len);
	hash_add(hashing, salt, salt_len);
	hash_add_repeated(hashing, b, len);
	for (size_t bits = len; bits > 0; bits >>= 1) {
		if (bits & 1)
			hash_add(hashing, b, HASH_BYTES);
		else
			hash_add(hashing, key, len);
	}
	hash_end(hashing, a);
	explicit_bzero(b, sizeof(b));
}

/* The digest of COUNT repetitions of DATA, repeated itself until TO is full. */
static void
make_sequence(struct hashing *hashing, const void *data, size_t len, size_t count,
	unsigned char *to, size_t to_len)
{
	unsigned char hash[HASH_BYTES];

	hash_start(hashing);
	for (size_t i = 0; i < count; i++)
		hash_add(hashing, data, len);
	hash_end(hashing, hash);
	fill_repeated(to, to_len, hash);
	explicit_bzero(hash, sizeof(hash));
}

static void
run_rounds(struct hashing *hashing, unsigned rounds, unsigned char a[HASH_BYTES],
	const unsigned char *p, size_t p_len, const unsigned char *s, size_t s_len)
{
	for (unsigned i = 0; i < rounds; i++) {
		hash_start(hashing);
		hash_add(hashing, i % 2 != 0 ? p : a, i % 2 != 0 ? p_len : HASH_BYTES);
		if (i % 3 != 0)
			hash_add(hashing, s, s_len);
		if (i % 7 != 0)
			hash_add(hashing, p, p_len);
		hash_add(hashing, i % 2 != 0 ? a : p, i % 2 != 0 ? HASH_BYTES : p_len);
		hash_end(hashing, a);
	}
}

/* Four characters for three bytes, lowest bits first: crypt's own base64. */
static char *
put_characters(char *text, unsigned value, int count)
{
	static const char digits[] =
		"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	while (count-- > 0) {
		*text++ = digits[value & 63];
		value >>= 6;
	}
	return text;
}

/* The bytes come as triples from the three thirds of the digest, turned by one each time. */
static void
write_hash(const unsigned char a[HASH_BYTES], char text[SHA512CRYPT_TEXT])
{
	unsigned x = 0, y = 21, z = 42;

	for (int i = 0; i < 21; i++) {
		unsigned next = x + 1;
		text = put_characters(
			text, (unsigned)a[x] << 16 | (unsigned)a[y] << 8 | (unsigned)a[z], 4);
		x = y + 1;
		y = z + 1;
		z = next;
	}
	text = put_characters(text, a[63], 2);
	*text = '\0';
}

int
sha512crypt(const void *key, size_t len, const char *salt, size_t salt_len, unsigned rounds,
	char text[SHA512CRYPT_TEXT])
{
	struct hashing hashing = {.failed = 0};
	unsigned char a[HASH_BYTES], s[SHA512CRYPT_SALT_BYTES];
	unsigned char *p = malloc(len + 1);

	if (p == NULL)
		fatal_out_of_memory();
	if (salt_len > SHA512CRYPT_SALT_BYTES)
		salt_len = SHA512CRYPT_SALT_BYTES;
	mbedtls_sha512_init(&hashing.context);
	first_digest(&hashing, key, len, salt, salt_len, a);
	make_sequence(&hashing, key, len, len, p, len);
	make_sequence(&hashing, salt, salt_len, 16u + a[0], s, salt_len);
	run_rounds(&hashing, rounds, a, p, len, s, salt_len);
	write_hash(a, text);
	mbedtls_sha512_free(&hashing.context);
	explicit_bzero(a, sizeof(a));
	explicit_bzero(s, sizeof(s));
	explicit_bzero(p, len + 1);
	free(p);
	return hashing.failed != 0 ? -1 : 0;
}
