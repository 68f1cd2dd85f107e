/*
 * test_crypto_password.c - hashes of passwords
 *
 * Second opinions: "openssl passwd -6", and crypt(3) of libxcrypt, which is what
 * Dovecot asks, by way of perl.
 */
#include "crypto/password.h"
#include "crypto/random.h"
#include "crypto/scheme.h"
#include "test_crypto.h"

/* What libxcrypt makes of these bytes with this setting. */
static const char *
crypt_says(struct arena *arena, const char *password, size_t len, const char *setting)
{
	spill("password", password, len);
	return must(arena,
		"perl -e 'open F, \"<\", \"password\" or die; binmode F; local $/; $p = <F>; "
		"print crypt($p, $ARGV[0]), \"\\n\"' '%s'",
		setting);
}

/* The test vectors of the specification. */
static const struct vector {
	const char *salt;
	unsigned rounds;
	const char *key, *hash;
} vectors[] = {
	{"saltstring", 5000, "Hello world!",
		"svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4"
		"OTLiBFdcbYEdFCoEOfaS35inz1"},
	{"saltstringsaltstring", 10000, "Hello world!",
		"OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOa"
		"w5v."},
	{"short", 77777, "we have a short salt string but not a short password",
		"WuQyW2YR.hBNpjjRhpYD/"
		"ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiA"
		"c0"},
};

static void
test_vectors(void)
{
	char text[SHA512CRYPT_TEXT];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];
		CHECK(sha512crypt(v->key, strlen(v->key), v->salt, strlen(v->salt), v->rounds,
			      text) == 0,
			"vector %zu is computed", i);
		CHECK_TEXT(text, v->hash, "vector %zu is right", i);
	}
}

/* Lengths around those of the salt, the digest and the limit; all bytes but NUL. */
static void
test_lengths(struct arena *arena)
{
	static const size_t lengths[] = {
		1, 2, 15, 16, 17, 63, 64, 65, 127, 128, 129, 255, 256, 257, 510, 511};
	char password[PASSWORD_BYTES_MAX + 1];
	const char *hash;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t len = lengths[i];
		if (random_bytes(password, len) < 0)
			bail_out("getrandom");
		for (size_t j = 0; j < len; j++)
			password[j] = password[j] != '\0' ? password[j] : '\n';
		hash = "";
		CHECK(password_hash(arena, password, len, 0, &hash, NULL) == 0,
			"%zu bytes are hashed", len);
		if (strncmp(hash, "{SHA512-CRYPT}$6$", 17) != 0)
			hash = "{SHA512-CRYPT}$6$x$";
		CHECK_TEXT(hash + 14, crypt_says(arena, password, len, hash + 14),
			"libxcrypt agrees about %zu bytes", len);
		CHECK(password_verify(hash, password, len) == PASSWORD_MATCHES, "it verifies");
		password[len / 2] ^= 1;
		CHECK(password_verify(hash, password, len) == PASSWORD_DIFFERS,
			"one bit less and it does not");
	}
}

static void
test_hash(struct arena *arena)
{
	static const char password[] = "p$a#s\"s'w\\o rd{}";
	const char *a = "", *b = "", *c = "", *salt;

	CHECK(password_hash(arena, password, strlen(password), 0, &a, NULL) == 0, "made");
	CHECK(password_hash(arena, password, strlen(password), 0, &b, NULL) == 0, "and again");
	CHECK(strcmp(a, b) != 0, "each time with a salt of its own");
	salt = arena_strndup(arena, a + 17, SHA512CRYPT_SALT_BYTES);
	spill("password", password, strlen(password));
	CHECK_TEXT(a + 14, must(arena, "openssl passwd -6 -salt '%s' -stdin <password", salt),
		"openssl makes the same");
	CHECK(password_hash(arena, password, strlen(password), 1234, &c, NULL) == 0, "1234 rounds");
	CHECK(strncmp(c, "{SHA512-CRYPT}$6$rounds=1234$", 29) == 0, "are named: %.29s", c);
	CHECK_TEXT(c + 14, crypt_says(arena, password, strlen(password), c + 14),
		"libxcrypt agrees about rounds");
	CHECK(password_verify(c, password, strlen(password)) == PASSWORD_MATCHES, "they verify");
	CHECK(password_verify(c + 14, password, strlen(password)) == PASSWORD_MATCHES,
		"bare as well");
}

static void
test_refused(struct arena *arena)
{
	struct crypto_error error;
	char password[PASSWORD_BYTES_MAX + 1];
	const char *hash = NULL;

	memset(password, 'x', sizeof(password));
	CHECK(password_hash(arena, password, sizeof(password), 0, &hash, &error) < 0 &&
			error.code == CRYPTO_INVALID,
		"512 bytes are too long");
	CHECK(strstr(error.text, "512") != NULL && strstr(error.text, "511") != NULL,
		"the message says both: %s", error.text);
	CHECK(strncmp(crypt_says(arena, password, sizeof(password), "$6$salt"), "$6$", 3) != 0,
		"libxcrypt refuses them too");
	CHECK(password_hash(arena, "", 0, 0, &hash, &error) < 0 && error.code == CRYPTO_INVALID,
		"an empty one is refused");
	CHECK(password_hash(arena, "a\0b", 3, 0, &hash, &error) < 0 && error.code == CRYPTO_INVALID,
		"a NUL is refused");
	CHECK(password_hash(arena, "abc", 3, 999, &hash, &error) < 0 &&
			error.code == CRYPTO_INVALID,
		"999 rounds are refused");
	CHECK(hash == NULL, "no hash was given");
}

#define GOOD_6 \
	"$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4" \
	"OTLiBFdcbYEdFCoEOfaS35inz1"

static void
test_verify(void)
{
	static const struct {
		const char *stored, *password;
		enum password_match want;
	} cases[] = {
		{GOOD_6, "Hello world!", PASSWORD_MATCHES},
		{"{SHA512-CRYPT}" GOOD_6, "Hello world!", PASSWORD_MATCHES},
		{"{sha512-crypt}" GOOD_6, "Hello world!", PASSWORD_MATCHES},
		{"{CRYPT}" GOOD_6, "Hello world!", PASSWORD_MATCHES},
		{"{CRYPT}" GOOD_6, "Hello world", PASSWORD_DIFFERS},
		{"{PLAIN}secret", "secret", PASSWORD_MATCHES},
		{"{PLAIN}secret", "Secret", PASSWORD_DIFFERS},
		{"{PLAIN}secret", "secrets", PASSWORD_DIFFERS},
		{"{CLEARTEXT}$6$a$b", "$6$a$b", PASSWORD_MATCHES},
		{"{SHA512-CRYPT}6saltstringsvn8U", "Hello world!", PASSWORD_NOT_CHECKED},
		{"{SHA512-CRYPT}$6$rounds=10$s$x", "Hello world!", PASSWORD_NOT_CHECKED},
		{"{SSHA}AAAA", "secret", PASSWORD_NOT_CHECKED},
		{"secret", "secret", PASSWORD_NOT_CHECKED},
		{"", "secret", PASSWORD_NOT_CHECKED},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(password_verify(cases[i].stored, cases[i].password,
			      strlen(cases[i].password)) == cases[i].want,
			"verify case %zu", i);
}

#define BCRYPT "$2y$05$bvIG6Nmid91Mu9RcmmWZfO5HJIMCT8riNW0hEp8f6/FuA2/mHZFpe"

static void
test_schemes(struct arena *arena)
{
	static const struct {
		const char *stored;
		enum scheme_state want;
		const char *name;
	} cases[] = {
		{GOOD_6, SCHEME_GOOD, "SHA512-CRYPT"},
		{"{SHA512-CRYPT}" GOOD_6, SCHEME_GOOD, "SHA512-CRYPT"},
		{BCRYPT, SCHEME_GOOD, "BLF-CRYPT"},
		{"{blf-crypt}" BCRYPT, SCHEME_GOOD, "BLF-CRYPT"},
		{"{BLF-CRYPT}y05bvIG6Nmid91Mu9RcmmWZfO", SCHEME_DAMAGED, "BLF-CRYPT"},
		{"$2y$05$bvIG6Nmid91Mu9RcmmWZfO5", SCHEME_DAMAGED, "BLF-CRYPT"},
		{"{BLF-CRYPT}" GOOD_6, SCHEME_DAMAGED, "BLF-CRYPT"},
		{"{CRYPT}" BCRYPT, SCHEME_GOOD, "CRYPT"},
		{"{CRYPT}JBOZ0DgmtucwE", SCHEME_GOOD, "CRYPT"},
		{"{CRYPT}", SCHEME_DAMAGED, "CRYPT"},
		{"{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA", SCHEME_GOOD, "ARGON2ID"},
		{"{ARGON2}$argon2i$v=19$m=65536,t=3,p=1$c2FsdA$aGFzaA", SCHEME_GOOD, "ARGON2"},
		{"{ARGON2ID}$argon2id$v=19$m=65536", SCHEME_DAMAGED, "ARGON2ID"},
		{"{ARGON2ID}=19=65536,t=3,p=1", SCHEME_DAMAGED, "ARGON2ID"},
		{"{SSHA.b64}AAAA", SCHEME_GOOD, "SSHA"},
		{"{SHA256.HEX}00ff", SCHEME_GOOD, "SHA256"},
		{"{SSHA.utf8}AAAA", SCHEME_UNKNOWN, NULL},
		{"{SHA3}AAAA", SCHEME_UNKNOWN, NULL},
		{"{}x", SCHEME_UNKNOWN, NULL},
		{"{PLAIN}", SCHEME_DAMAGED, "PLAIN"},
		{"{PLAIN}{secret", SCHEME_GOOD, "PLAIN"},
		{"{secret", SCHEME_NONE, NULL},
		{"secret", SCHEME_NONE, NULL},
		{"", SCHEME_NONE, NULL},
		{"$6$", SCHEME_DAMAGED, "SHA512-CRYPT"},
		{"$9$x", SCHEME_NONE, NULL},
	};
	struct scheme_found found;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		scheme_find(cases[i].stored, &found);
		CHECK(found.state == cases[i].want, "scheme case %zu has its state", i);
		CHECK((found.scheme == NULL) == (cases[i].name == NULL), "and a scheme or none");
		if (found.scheme != NULL && cases[i].name != NULL)
			CHECK_TEXT(found.scheme->name, cases[i].name, "scheme case %zu", i);
		CHECK((found.why[0] != '\0') == (found.state == SCHEME_DAMAGED),
			"a reason if damaged");
	}
	scheme_find("{MD5-CRYPT}$1$saltsalt$0123456789012345678901", &found);
	CHECK(found.state == SCHEME_GOOD && found.scheme->weak, "MD5-CRYPT is weak");
	scheme_find("{CLEAR}x", &found);
	CHECK(found.scheme->plain && !found.scheme->weak, "CLEAR is plain");
	CHECK_TEXT(scheme_explicit(arena, BCRYPT), "{BLF-CRYPT}" BCRYPT, "a bare hash gets braces");
	CHECK_TEXT(scheme_explicit(arena, "{CRYPT}" BCRYPT), "{CRYPT}" BCRYPT, "braces stay");
	CHECK_TEXT(scheme_explicit(arena, "secret"), "secret", "no known form stays");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	enter_scratch();
	test_vectors();
	test_lengths(&arena);
	test_hash(&arena);
	test_refused(&arena);
	test_verify();
	test_schemes(&arena);
	arena_free(&arena);
	DONE();
}
