/* scheme.c - what "{SCHEME}hash" can be */
#include "crypto/scheme.h"

#include <string.h>
#include <strings.h>

/* Characters of crypt(3)'s base64, and of Argon2's standard base64. */
static const char crypt_characters[] =
	"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

static const char why_dollar[] =
	"its \"$\" parts are missing; in a compose file each \"$\" is written \"$$\", in a shell "
	"the hash stands in single quotes";
static const char why_length[] = "the hash is too short or too long: a part was lost in copying";
static const char why_characters[] = "the hash holds a character that cannot be in it";
static const char why_empty[] = "no hash follows the scheme";

/* Dovecot 2.4.1 and 2.3.19, "doveadm pw -l". */
static const struct scheme schemes[] = {
	{.name = "SHA512-CRYPT"},
	{.name = "SHA256-CRYPT"},
	{.name = "BLF-CRYPT"},
	{.name = "ARGON2ID"},
	{.name = "ARGON2I"},
	{.name = "ARGON2"},
	{.name = "CRYPT"},
	{.name = "PBKDF2"},
	{.name = "SCRAM-SHA-1"},
	{.name = "SCRAM-SHA-256"},
	{.name = "SSHA"},
	{.name = "SSHA256"},
	{.name = "SSHA512"},
	{.name = "SHA"},
	{.name = "SHA1"},
	{.name = "SHA256"},
	{.name = "SHA512"},
	{.name = "CRAM-MD5"},
	{.name = "DIGEST-MD5"},
	{.name = "OTP"},
	{.name = "PLAIN", .plain = true},
	{.name = "CLEAR", .plain = true},
	{.name = "CLEARTEXT", .plain = true},
	{.name = "PLAIN-TRUNC", .plain = true},
	{.name = "MD5", .weak = true},
	{.name = "MD5-CRYPT", .weak = true},
	{.name = "DES-CRYPT", .weak = true},
	{.name = "SMD5", .weak = true},
	{.name = "HMAC-MD5", .weak = true},
	{.name = "PLAIN-MD4", .weak = true},
	{.name = "PLAIN-MD5", .weak = true},
	{.name = "LDAP-MD5", .weak = true},
	{.name = "LANMAN", .weak = true, .removed = true},
	{.name = "NTLM", .weak = true, .removed = true},
	{.name = "RPA", .weak = true, .removed = true},
	{.name = "SKEY", .weak = true, .removed = true},
};

/* How a hash of a scheme looks: PREFIX, then (behind its last '$') CHARS characters. */
static const struct shape {
	const char *scheme, *prefix;
	size_t chars; /* 0: any number */
	int dollars; /* how many '$' there are in all; 0: not counted */
} shapes[] = {
	{"SHA512-CRYPT", "$6$", 86, 0},
	{"SHA256-CRYPT", "$5$", 43, 0},
	{"BLF-CRYPT", "$2a$", 53, 3},
	{"BLF-CRYPT", "$2b$", 53, 3},
	{"BLF-CRYPT", "$2x$", 53, 3},
	{"BLF-CRYPT", "$2y$", 53, 3},
	{"MD5-CRYPT", "$1$", 22, 3},
	{"ARGON2ID", "$argon2id$", 0, 5},
	{"ARGON2I", "$argon2i$", 0, 5},
	/* yescrypt and its kin: libxcrypt checks them, Dovecot calls all of them CRYPT */
	{"CRYPT", "$y$", 43, 0},
	{"CRYPT", "$gy$", 43, 0},
	{"CRYPT", "$7$", 43, 0},
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct scheme *
find_scheme(const char *name, size_t len)
{
	for (size_t i = 0; i < COUNT(schemes); i++) {
		if (strlen(schemes[i].name) == len && strncasecmp(schemes[i].name, name, len) == 0)
			return &schemes[i];
	}
	return NULL;
}

static const struct shape *
shape_of_prefix(const char *hash)
{
	for (size_t i = 0; i < COUNT(shapes); i++) {
		if (strncmp(hash, shapes[i].prefix, strlen(shapes[i].prefix)) == 0)
			return &shapes[i];
	}
	return NULL;
}

static bool
has_shapes(const char *scheme)
{
	for (size_t i = 0; i < COUNT(shapes); i++) {
		if (strcmp(shapes[i].scheme, scheme) == 0)
			return true;
	}
	return false;
}

/* CRYPT and ARGON2 are words for several schemes. */
static bool
scheme_has_shape(const struct scheme *scheme, const struct shape *shape)
{
	if (strcmp(scheme->name, "CRYPT") == 0)
		return true;
	if (strcmp(scheme->name, "ARGON2") == 0)
		return strncmp(shape->scheme, "ARGON2", 6) == 0;
	return strcmp(scheme->name, shape->scheme) == 0;
}

static const char *
why_not_shape(const char *hash, const struct shape *shape)
{
	const char *last = strrchr(hash, '$') + 1;
	int dollars = 0;

	for (const char *c = hash; *c != '\0'; c++)
		dollars += *c == '$';
	if (shape->dollars != 0 && dollars != shape->dollars)
		return why_length;
	if (shape->chars == 0)
		return *last != '\0' ? "" : why_length;
	if (strlen(last) != shape->chars)
		return why_length;
	return strspn(last, crypt_characters) == shape->chars ? "" : why_characters;
}

/* Why HASH cannot be of SCHEME; "" when it can. */
static const char *
why_damaged(const struct scheme *scheme, const char *hash)
{
	const struct shape *shape = shape_of_prefix(hash);

	if (hash[0] == '\0')
		return why_empty;
	if (!has_shapes(scheme->name) && strcmp(scheme->name, "ARGON2") != 0)
		return "";
	if (shape != NULL && scheme_has_shape(scheme, shape))
		return why_not_shape(hash, shape);
	/* DES hashes have no prefix: 13 characters */
	if (strcmp(scheme->name, "CRYPT") == 0 && strlen(hash) == 13 &&
		strspn(hash, crypt_characters) == 13)
		return "";
	return why_dollar;
}

/* The scheme's name without ".b64" and its like; 0 when the ending is none of Dovecot's. */
static size_t
name_length(const char *name, size_t len)
{
	static const char *const encodings[] = {".b64", ".base64", ".hex"};
	const char *dot = memchr(name, '.', len);

	if (dot == NULL)
		return len;
	for (size_t i = 0; i < COUNT(encodings); i++) {
		size_t rest = len - (size_t)(dot - name);
		if (strlen(encodings[i]) == rest && strncasecmp(dot, encodings[i], rest) == 0)
			return (size_t)(dot - name);
	}
	return 0;
}

static void
find_bare(const char *stored, struct scheme_found *found)
{
	const struct shape *shape = shape_of_prefix(stored);

	found->hash = stored;
	found->hash_len = strlen(stored);
	if (shape == NULL)
		return;
	found->scheme = find_scheme(shape->scheme, strlen(shape->scheme));
	found->why = why_not_shape(stored, shape);
	found->state = found->why[0] == '\0' ? SCHEME_GOOD : SCHEME_DAMAGED;
}

void
scheme_find(const char *stored, struct scheme_found *found)
{
	const char *brace = stored[0] == '{' ? strchr(stored, '}') : NULL;

	memset(found, 0, sizeof(*found));
	found->state = SCHEME_NONE;
	found->why = "";
	if (brace == NULL) {
		find_bare(stored, found);
		return;
	}
	found->scheme =
		find_scheme(stored + 1, name_length(stored + 1, (size_t)(brace - stored - 1)));
	found->hash = brace + 1;
	found->hash_len = strlen(brace + 1);
	found->state = SCHEME_UNKNOWN;
	if (found->scheme == NULL)
		return;
	found->why = why_damaged(found->scheme, found->hash);
	found->state = found->why[0] == '\0' ? SCHEME_GOOD : SCHEME_DAMAGED;
}

const char *
scheme_explicit(struct arena *arena, const char *stored)
{
	struct scheme_found found;

	scheme_find(stored, &found);
	if (found.scheme == NULL || found.hash != stored)
		return stored;
	return arena_printf(arena, "{%s}%s", found.scheme->name, stored);
}
