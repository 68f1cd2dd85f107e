/* test_crypto_key.c - private keys, made and read; openssl is the second opinion */
#include "crypto/key.h"
#include "test_crypto.h"

/* Reads a file as a key. Returns the error's code; FACTS are zero unless it is CRYPTO_OK. */
static enum crypto_code
read_file(
	struct arena *arena, const char *path, struct key_facts *facts, struct crypto_error *error)
{
	size_t len;
	const char *text = slurp(arena, path, &len);

	memset(facts, 0, sizeof(*facts));
	memset(error, 0, sizeof(*error));
	return key_read(arena, text, len, facts, error) == 0 ? CRYPTO_OK : error->code;
}

static void
test_generate(struct arena *arena)
{
	static const unsigned sizes[] = {1024, 2048};
	struct crypto_error error;
	struct key_facts facts;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const char *pem = "";
		CHECK(key_generate_rsa(arena, sizes[i], &pem, &error) == 0, "%u bits", sizes[i]);
		spill("made.pem", pem, strlen(pem));
		CHECK(works(arena, "openssl rsa -in made.pem -check -noout"),
			"openssl finds the key sound");
		CHECK(strncmp(pem, "-----BEGIN RSA PRIVATE KEY-----\n", 32) == 0, "PKCS#1");
		CHECK(read_file(arena, "made.pem", &facts, &error) == CRYPTO_OK, "we read it");
		CHECK(facts.type == KEY_RSA && facts.bits == sizes[i], "as RSA of %u bits",
			facts.bits);
		CHECK_TEXT(facts.public_key,
			must(arena,
				"openssl rsa -in made.pem -pubout -outform DER 2>/dev/null | "
				"openssl base64 -A"),
			"p= is what openssl says");
	}
}

static void
test_generate_refused(struct arena *arena)
{
	static const unsigned sizes[] = {0, 512, 1023, 1025, 4104, 8192};
	const char *pem = NULL;
	struct crypto_error error;

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		CHECK(key_generate_rsa(arena, sizes[i], &pem, &error) < 0 &&
				error.code == CRYPTO_INVALID,
			"%u bits are refused: %s", sizes[i], error.text);
	CHECK(pem == NULL, "and no key was given");
}

/* Forms in which keys come. */
static const struct form {
	const char *command; /* writes key.pem */
	enum key_type type;
	unsigned bits;
} forms[] = {
	{"openssl genrsa -traditional -out key.pem 2048", KEY_RSA, 2048},
	{"openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out key.pem", KEY_RSA,
		3072},
	{"openssl ecparam -name prime256v1 -genkey -out key.pem", KEY_EC, 256},
	{"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out key.pem", KEY_EC,
		384},
	{"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out key.pem", KEY_EC,
		521},
	{"openssl genrsa -out a.pem 2048; (printf 'text: before\\r\\n'; sed 's/$/\\r/' a.pem) "
	 ">key.pem",
		KEY_RSA, 2048},
	{"openssl genrsa -out a.pem 2048; (cat a.pem | sed 's/$/   /'; echo text after) >key.pem",
		KEY_RSA, 2048},
	{"openssl genrsa -out a.pem 2048; (printf '\\357\\273\\277'; cat a.pem) >key.pem", KEY_RSA,
		2048},
	{"openssl genrsa -out a.pem 2048; printf '%s' \"$(cat a.pem)\" >key.pem", KEY_RSA, 2048},
	{"openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -subj /CN=x -out c.pem; "
	 "cat c.pem k.pem >key.pem",
		KEY_RSA, 2048},
};

static void
test_forms(struct arena *arena)
{
	struct crypto_error error;
	struct key_facts facts;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		must(arena, "%s", forms[i].command);
		CHECK(read_file(arena, "key.pem", &facts, &error) == CRYPTO_OK,
			"form %zu is read (%s)", i, error.text);
		CHECK(facts.type == forms[i].type && facts.bits == forms[i].bits, "as %s %u",
			key_type_name(facts.type), facts.bits);
		CHECK_TEXT(facts.public_key != NULL ? facts.public_key : "",
			must(arena,
				"openssl pkey -in key.pem -pubout -outform DER 2>/dev/null | "
				"openssl base64 -A"),
			"openssl sees the same public key");
	}
}

/* What is no key, or none that we can use. OPENSSL: whether openssl takes it without help. */
static const struct refused {
	const char *command; /* writes bad.pem; key.pem and cert.pem are there */
	enum crypto_code want;
	const char *words; /* in the message */
} refused[] = {
	{": >bad.pem", CRYPTO_EMPTY, "empty"},
	{"printf '\\n \\r\\n\\t\\n' >bad.pem", CRYPTO_EMPTY, "empty"},
	{"echo /etc/ssl/key.pem >bad.pem", CRYPTO_NOT_PEM, "BEGIN"},
	{"openssl pkey -in key.pem -outform DER -out bad.pem", CRYPTO_BINARY, "DER"},
	{"openssl pkcs12 -export -inkey key.pem -in cert.pem -passout pass:x -out bad.pem",
		CRYPTO_BINARY, "PKCS#12"},
	{"(printf '\\377\\376'; iconv -t UTF-16LE key.pem) >bad.pem", CRYPTO_BINARY, "UTF-16"},
	{"head -c 300 /dev/zero >bad.pem", CRYPTO_BINARY, "binary"},
	{"openssl rsa -in key.pem -traditional -aes256 -passout pass:secret1 -out bad.pem",
		CRYPTO_ENCRYPTED, "passphrase"},
	{"openssl pkcs8 -topk8 -in key.pem -v2 aes256 -passout pass:secret1 -out bad.pem",
		CRYPTO_ENCRYPTED, "passphrase"},
	{"cp cert.pem bad.pem", CRYPTO_WRONG_KIND, "CERTIFICATE"},
	{"openssl pkey -in key.pem -pubout -out bad.pem", CRYPTO_WRONG_KIND, "PUBLIC KEY"},
	{"cat key.pem key.pem >bad.pem", CRYPTO_SEVERAL, "second private key"},
	{"openssl genpkey -algorithm ed25519 -out bad.pem", CRYPTO_UNSUPPORTED, "Ed25519"},
	{"openssl genpkey -algorithm ed448 -out bad.pem", CRYPTO_UNSUPPORTED, "Ed448"},
	{"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:secp256k1 -out bad.pem",
		CRYPTO_UNSUPPORTED, "curve"},
	{"ssh-keygen -q -t rsa -b 2048 -N '' -f ssh && mv ssh bad.pem", CRYPTO_UNSUPPORTED,
		"OpenSSH"},
	{"head -n 12 key.pem >bad.pem", CRYPTO_DAMAGED, "cut short"},
	{"sed 5d key.pem >bad.pem", CRYPTO_DAMAGED, "damaged"},
	{"sed '5s/^..../&&&&/' key.pem >bad.pem", CRYPTO_DAMAGED, "damaged"},
	{"sed '5s/^./!/' key.pem >bad.pem", CRYPTO_DAMAGED, "base64"},
	{"sed '2,26d' key.pem | sed '2,100{/END/!d}' >bad.pem", CRYPTO_DAMAGED, "nothing"},
	{"sed 's/^/  /' key.pem >bad.pem", CRYPTO_DAMAGED, "indented"},
	{"(cat cert.pem; echo text; printf '\\357\\273\\277'; cat key.pem) >bad.pem",
		CRYPTO_DAMAGED, "byte order mark"},
	{"openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out bad.pem",
		CRYPTO_UNSUPPORTED, "RSA-PSS"},
	{"sed 's/END PRIVATE/END RSA PRIVATE/' key.pem >bad.pem", CRYPTO_DAMAGED, "ends as"},
	{"sed 's/KEY-----/KEY--/' key.pem >bad.pem", CRYPTO_DAMAGED, "dashes"},
	{"tr '\\n' ' ' <key.pem >bad.pem", CRYPTO_DAMAGED, "dashes"},
	{"sed 's/$/\\\\n/' key.pem | tr -d '\\n' >bad.pem", CRYPTO_DAMAGED, "dashes"},
};

static void
test_refused(struct arena *arena)
{
	struct crypto_error error;
	struct key_facts facts;

	must(arena,
		"openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -subj /CN=x "
		"-out cert.pem");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct refused *bad = &refused[i];
		enum crypto_code got;
		if (strncmp(bad->command, "ssh-keygen", 10) == 0 &&
			!works(arena, "command -v ssh-keygen")) {
			printf("# no ssh-keygen here\n");
			continue;
		}
		must(arena, "%s", bad->command);
		got = read_file(arena, "bad.pem", &facts, &error);
		CHECK_TEXT(crypto_code_name(got), crypto_code_name(bad->want), "bad key %zu", i);
		CHECK(strstr(error.text, bad->words) != NULL, "says \"%s\": %s", bad->words,
			error.text);
		CHECK(got != CRYPTO_OK && error.help != NULL && error.help[0] != '\0', "and helps");
	}
}

/* Nothing that we refuse as damaged would have worked with openssl, hence with a daemon. */
static void
test_openssl_agrees(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		if (refused[i].want != CRYPTO_DAMAGED && refused[i].want != CRYPTO_NOT_PEM)
			continue;
		must(arena, "%s", refused[i].command);
		CHECK(!works(arena, "openssl pkey -in bad.pem -noout </dev/null"),
			"openssl refuses bad key %zu too", i);
	}
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	enter_scratch();
	test_generate(&arena);
	test_generate_refused(&arena);
	test_forms(&arena);
	test_refused(&arena);
	test_openssl_agrees(&arena);
	arena_free(&arena);
	DONE();
}
