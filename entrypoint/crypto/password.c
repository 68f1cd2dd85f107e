/* password.c - hashing a mailbox's password, and checking it against its hash */
#include "crypto/password.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "crypto/random.h"
#include "crypto/scheme.h"

/* "rounds=9999999" and what stands around it. */
#define SETTING_TEXT 32

/* 16 characters of six random bits each: 256 is a multiple of 64, so none is more likely. */
static int
make_salt(char salt[SHA512CRYPT_SALT_BYTES + 1])
{
	static const char characters[] =
		"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	unsigned char bytes[SHA512CRYPT_SALT_BYTES];

	if (random_bytes(bytes, sizeof(bytes)) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(bytes); i++)
		salt[i] = characters[bytes[i] & 63];
	salt[sizeof(bytes)] = '\0';
	return 0;
}

static int
check_request(const char *password, size_t len, unsigned rounds, struct crypto_error *error)
{
	if (len == 0)
		return crypto_fail(error, CRYPTO_INVALID, 0,
			"Write the password into the file that is named for it.",
			"the password is empty");
	if (len > PASSWORD_BYTES_MAX)
		return crypto_fail(error, CRYPTO_INVALID, 0, "Use a shorter password.",
			"the password has %zu bytes; Dovecot can check at most %d", len,
			PASSWORD_BYTES_MAX);
	if (memchr(password, '\0', len) != NULL)
		return crypto_fail(error, CRYPTO_INVALID, 0,
			"Check what wrote the file: it holds binary data.",
			"the password contains a NUL byte");
	if (rounds < SHA512CRYPT_ROUNDS_MIN || rounds > PASSWORD_ROUNDS_MAX)
		return crypto_fail(error, CRYPTO_INVALID, 0, "Leave it unset: 5000 is usual.",
			"a password hash of %u rounds is asked for; it must have %d to %d", rounds,
			SHA512CRYPT_ROUNDS_MIN, PASSWORD_ROUNDS_MAX);
	return 0;
}

int
password_hash(struct arena *arena, const char *password, size_t len, unsigned rounds,
	const char **hash, struct crypto_error *error)
{
	char salt[SHA512CRYPT_SALT_BYTES + 1], text[SHA512CRYPT_TEXT];
	char setting[SETTING_TEXT] = "";

	if (rounds == 0)
		rounds = SHA512CRYPT_ROUNDS;
	if (check_request(password, len, rounds, error) < 0)
		return -1;
	if (make_salt(salt) < 0 || sha512crypt(password, len, salt, strlen(salt), rounds, text) < 0)
		return crypto_fail(error, CRYPTO_SYSTEM, 0,
			"Check that the container may call getrandom(2).",
			"unable to make a salt and hash the password");
	if (rounds != SHA512CRYPT_ROUNDS)
		snprintf(setting, sizeof(setting), "rounds=%u$", rounds);
	*hash = arena_printf(arena, "{SHA512-CRYPT}$6$%s%s$%s", setting, salt, text);
	return 0;
}

/* Takes as long for the first byte that differs as for the last. */
static bool
same_bytes(const char *a, const char *b, size_t len)
{
	unsigned char difference = 0;

	for (size_t i = 0; i < len; i++)
		difference |= (unsigned char)(a[i] ^ b[i]);
	return difference == 0;
}

/* Reads "rounds=N$" off the front of *AT. Returns 0, or -1 when it is out of range. */
static int
take_rounds(const char **at, unsigned *rounds)
{
	static const char word[] = "rounds=";
	const char *c = *at;
	unsigned long value = 0;

	*rounds = SHA512CRYPT_ROUNDS;
	if (strncmp(c, word, strlen(word)) != 0)
		return 0;
	for (c += strlen(word); *c >= '0' && *c <= '9'; c++) {
		value = value * 10 + (unsigned long)(*c - '0');
		if (value > PASSWORD_ROUNDS_MAX)
			return -1;
	}
	if (*c != '$' || value < SHA512CRYPT_ROUNDS_MIN)
		return -1;
	*rounds = (unsigned)value;
	*at = c + 1;
	return 0;
}

/* HASH is a whole "$6$…": SCHEME_GOOD said so. */
static enum password_match
verify_sha512(const char *hash, const char *password, size_t len)
{
	const char *salt = hash + 3, *end;
	char text[SHA512CRYPT_TEXT];
	unsigned rounds;
	bool same;

	if (take_rounds(&salt, &rounds) < 0)
		return PASSWORD_NOT_CHECKED;
	end = strchr(salt, '$');
	if (end == NULL || strlen(end + 1) != SHA512CRYPT_HASH_CHARS)
		return PASSWORD_NOT_CHECKED;
	if (sha512crypt(password, len, salt, (size_t)(end - salt), rounds, text) < 0)
		return PASSWORD_NOT_CHECKED;
	same = same_bytes(text, end + 1, SHA512CRYPT_HASH_CHARS);
	explicit_bzero(text, sizeof(text));
	return same ? PASSWORD_MATCHES : PASSWORD_DIFFERS;
}

static enum password_match
verify_plain(const struct scheme_found *found, const char *password, size_t len)
{
	if (found->hash_len != len)
		return PASSWORD_DIFFERS;
	return same_bytes(found->hash, password, len) ? PASSWORD_MATCHES : PASSWORD_DIFFERS;
}

enum password_match
password_verify(const char *stored, const char *password, size_t len)
{
	struct scheme_found found;

	scheme_find(stored, &found);
	if (found.state != SCHEME_GOOD || len > PASSWORD_BYTES_MAX)
		return PASSWORD_NOT_CHECKED;
	if (found.scheme->plain && strcmp(found.scheme->name, "PLAIN-TRUNC") != 0)
		return verify_plain(&found, password, len);
	if (strncmp(found.hash, "$6$", 3) == 0)
		return verify_sha512(found.hash, password, len);
	return PASSWORD_NOT_CHECKED;
}
