/* test_crypto_certificate.c - certificates and chains; openssl is the second opinion */
#include "crypto/certificate.h"

#include <time.h>

#include "crypto/pair.h"
#include "test_crypto.h"

/*
 * A root (EC P-384), an intermediate (RSA) below it, a leaf (EC P-256) below
 * that, and what is needed beside them. Extensions stand in files, as all
 * versions of openssl take them.
 */
static const char make_authority[] =
	"set -e\n"
	"printf 'basicConstraints=critical,CA:TRUE\\nkeyUsage=keyCertSign\\n' >ca.ext\n"
	"printf '%s' 'basicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n"
	"subjectAltName=DNS:mail.example.com,DNS:*.mx.example.com,IP:192.0.2.7,IP:2001:db8::7,"
	"email:a@example.com,URI:https://example.com/' >leaf.ext\n"
	"key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:$2 -out $1.key; }\n"
	"sign() { openssl req -new -key $1.key -subj \"$3\" -out $1.csr\n"
	"	openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days 90 \\\n"
	"		-extfile $4.ext -out $1.pem; }\n"
	"key root P-384; key leaf P-256; key other P-256; openssl genrsa -out inter.key 2048\n"
	"openssl req -x509 -key root.key -subj '/O=Example/CN=Example Root' -days 20000 -out "
	"root.pem\n"
	"sign inter root '/O=Example/CN=Example Issuing' ca\n"
	"sign leaf inter '/C=DE/O=Example/CN=mail.example.com' leaf\n"
	/* the same name as the intermediate, another key */
	"key fake P-256; sign fake root '/O=Example/CN=Example Issuing' ca\n"
	"cat leaf.pem inter.pem >chain.pem\n";

struct read {
	enum crypto_code code;
	struct crypto_error error;
	struct certificate_chain chain;
};

static void
read_file(struct arena *arena, const char *path, struct read *read)
{
	size_t len;
	const char *text = slurp(arena, path, &len);

	memset(read, 0, sizeof(*read));
	if (certificate_read(arena, text, len, &read->chain, &read->error) < 0)
		read->code = read->error.code;
}

/* Makes in.pem by COMMAND and reads it. */
static void
make_and_read(struct arena *arena, const char *command, struct read *read)
{
	must(arena, "%s", command);
	read_file(arena, "in.pem", read);
}

/* What "openssl x509 -startdate" or -enddate prints, as seconds. */
static int64_t
openssl_date(struct arena *arena, const char *path, const char *which)
{
	const char *text = must(arena, "openssl x509 -in %s -noout -%s", path, which);
	struct tm parts = {0};

	text = strchr(text, '=');
	if (text == NULL || strptime(text + 1, "%b %d %H:%M:%S %Y", &parts) == NULL)
		bail_out("openssl's date");
	return timegm(&parts);
}

static void
check_as_openssl(struct arena *arena, const char *path)
{
	const struct certificate *leaf;
	struct read read;

	read_file(arena, path, &read);
	CHECK(read.code == CRYPTO_OK, "%s is read: %s", path, read.error.text);
	if (read.code != CRYPTO_OK)
		return;
	leaf = &read.chain.items[0];
	CHECK(leaf->not_before == openssl_date(arena, path, "startdate"), "%s begins", path);
	CHECK(leaf->not_after == openssl_date(arena, path, "enddate"), "%s ends", path);
	CHECK_TEXT(leaf->serial,
		must(arena, "openssl x509 -in %s -noout -serial | sed 's/serial=//'", path),
		"serial");
	CHECK_TEXT(leaf->fingerprint,
		must(arena,
			"openssl x509 -in %s -outform DER | openssl dgst -sha256 -r | "
			"cut -d' ' -f1",
			path),
		"fingerprint");
	CHECK_TEXT(leaf->subject,
		must(arena,
			"openssl x509 -in %s -noout -subject -nameopt sep_comma_plus_space | "
			"sed 's/subject=//'",
			path),
		"subject");
	CHECK_TEXT(leaf->issuer,
		must(arena,
			"openssl x509 -in %s -noout -issuer -nameopt sep_comma_plus_space | "
			"sed 's/issuer=//'",
			path),
		"issuer");
}

static void
test_facts(struct arena *arena)
{
	const struct certificate *leaf;
	struct read read;

	check_as_openssl(arena, "leaf.pem");
	check_as_openssl(arena, "inter.pem");
	check_as_openssl(arena, "root.pem"); /* ends after 2049: another form of date */
	read_file(arena, "chain.pem", &read);
	leaf = &read.chain.items[0];
	CHECK(read.chain.count == 2 && !read.chain.broken && read.chain.keys == 0,
		"a chain of two");
	CHECK_TEXT(leaf->common_name, "mail.example.com", "common name");
	CHECK(leaf->dns_count == 2 && leaf->address_count == 2, "two names, two addresses");
	CHECK_TEXT(leaf->dns_names[1], "*.mx.example.com", "the second name");
	CHECK_TEXT(leaf->addresses[0], "192.0.2.7", "IPv4");
	CHECK_TEXT(leaf->addresses[1], "2001:db8::7", "IPv6");
	CHECK(leaf->key_type == KEY_EC && leaf->key_bits == 256, "key of the leaf");
	CHECK(read.chain.items[1].key_type == KEY_RSA && read.chain.items[1].key_bits == 2048,
		"key of the intermediate");
	CHECK(!leaf->is_ca && read.chain.items[1].is_ca, "only the second is a CA");
	CHECK(!leaf->self_signed && leaf->server_auth && !leaf->weak_signature, "the rest");
	CHECK_TEXT(leaf->signature_hash, "SHA256", "hash");
	CHECK(leaf->line == 1 && read.chain.items[1].line > 10, "lines are known");
	read_file(arena, "root.pem", &read);
	CHECK(read.chain.items[0].self_signed && read.chain.items[0].is_ca,
		"the root signs itself");
}

/* Files that are fine, or that are read and have something to say. */
static void
test_chains(struct arena *arena)
{
	static const struct {
		const char *command, *why;
		size_t count, broken_after;
	} cases[] = {
		{"cat leaf.pem inter.pem root.pem >in.pem", "", 3, 0},
		{"cat leaf.pem >in.pem", "", 1, 0},
		{"cat leaf.pem root.pem >in.pem", "was issued by", 2, 0},
		{"cat inter.pem leaf.pem >in.pem", "was issued by", 2, 0},
		{"cat leaf.pem leaf.pem inter.pem >in.pem", "are the same one", 3, 0},
		{"cat leaf.pem fake.pem >in.pem", "signed by another key", 2, 0},
		{"cat leaf.pem inter.pem root.pem inter.pem >in.pem", "self-signed", 4, 2},
		{"cat leaf.pem inter.pem inter.pem >in.pem", "are the same one", 3, 1},
		{"set -e; openssl req -new -key other.key -subj /CN=x -out o.csr; openssl x509 "
		 "-req "
		 "-in o.csr -CA leaf.pem -CAkey leaf.key -CAcreateserial -days 9 -extfile leaf.ext "
		 "-out o.pem; cat o.pem leaf.pem >in.pem",
			"not allowed to", 2, 0},
	};
	struct read read;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_and_read(arena, cases[i].command, &read);
		CHECK(read.code == CRYPTO_OK && read.chain.count == cases[i].count,
			"chain %zu has %zu certificates", i, read.chain.count);
		if (read.code != CRYPTO_OK)
			continue;
		CHECK(read.chain.broken == (cases[i].why[0] != '\0'), "chain %zu: %s", i,
			read.chain.broken_why);
		CHECK(read.chain.broken_after == cases[i].broken_after, "breaks where it does");
		CHECK(strstr(read.chain.broken_why, cases[i].why) != NULL, "and says why");
	}
}

static void
test_forms(struct arena *arena)
{
	static const char *const commands[] = {
		"sed 's/$/\\r/' chain.pem >in.pem",
		"(openssl x509 -in leaf.pem -text; openssl x509 -in inter.pem -text) >in.pem",
		"printf '%s' \"$(cat chain.pem)\" >in.pem",
		"sed 's/$/ \\t /' chain.pem >in.pem",
		"(printf '\\357\\273\\277'; cat chain.pem) >in.pem",
		"(cat leaf.pem; printf '\\357\\273\\277'; cat inter.pem) >in.pem",
		"sed 's/ CERTIFICATE/ X509 CERTIFICATE/' chain.pem >in.pem",
		"cat leaf.key chain.pem >in.pem",
		"cat leaf.pem leaf.key inter.pem >in.pem",
		("openssl pkey -in leaf.key -aes256 -passout pass:secret1 -out e.key; "
		 "cat e.key chain.pem >in.pem"),
	};
	struct read read;

	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		make_and_read(arena, commands[i], &read);
		CHECK(read.code == CRYPTO_OK && read.chain.count == 2 && !read.chain.broken,
			"form %zu is read: %s", i, read.error.text);
		CHECK(read.chain.keys == (strstr(commands[i], ".key") != NULL), "keys are counted");
		CHECK(works(arena, "openssl verify -CAfile root.pem -untrusted inter.pem in.pem"),
			"openssl reads form %zu too", i);
	}
}

static void
test_refused(struct arena *arena)
{
	static const struct {
		const char *command;
		enum crypto_code want;
		const char *words;
	} cases[] = {
		{": >in.pem", CRYPTO_EMPTY, "empty"},
		{"echo hello >in.pem", CRYPTO_NOT_PEM, "BEGIN"},
		{"openssl x509 -in leaf.pem -outform DER -out in.pem", CRYPTO_BINARY, "DER"},
		{"openssl pkcs12 -export -inkey leaf.key -in leaf.pem -passout pass:x -out in.pem",
			CRYPTO_BINARY, "PKCS#12"},
		{"cp leaf.key in.pem", CRYPTO_WRONG_KIND, "PRIVATE KEY"},
		{"cp leaf.csr in.pem", CRYPTO_WRONG_KIND, "request"},
		{"openssl x509 -in leaf.pem -trustout -out in.pem", CRYPTO_WRONG_KIND, "TRUSTED"},
		{"head -n 5 leaf.pem >in.pem", CRYPTO_DAMAGED, "cut short"},
		{"sed 4d leaf.pem >in.pem", CRYPTO_DAMAGED, "damaged"},
		{"sed '4s/./*/3' leaf.pem >in.pem", CRYPTO_DAMAGED, "base64"},
		{"(cat leaf.pem; sed 's/^/ /' inter.pem) >in.pem", CRYPTO_DAMAGED, "indented"},
		{"(cat leaf.pem; head -n 3 inter.pem) >in.pem", CRYPTO_DAMAGED, "cut short"},
		{"(printf '%s' \"$(cat leaf.pem)\"; cat inter.pem) >in.pem", CRYPTO_DAMAGED,
			"dashes"},
		{"for i in 1 2 3 4 5 6 7 8 9 a b c d e f g h; do cat root.pem; done >in.pem",
			CRYPTO_SEVERAL, "more than 16"},
		{"openssl req -x509 -newkey ed25519 -nodes -keyout e.key -subj /CN=x -out in.pem",
			CRYPTO_UNSUPPORTED, "Ed25519"},
		{"openssl req -x509 -newkey rsa:2048 -nodes -keyout e.key -subj /CN=x -md5 "
		 "-out in.pem",
			CRYPTO_UNSUPPORTED, "MD5"},
	};
	struct read read;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_and_read(arena, cases[i].command, &read);
		CHECK_TEXT(crypto_code_name(read.code), crypto_code_name(cases[i].want),
			"bad file %zu", i);
		CHECK(strstr(read.error.text, cases[i].words) != NULL, "says \"%s\": %s",
			cases[i].words, read.error.text);
		CHECK(read.error.help != NULL && read.error.help[0] != '\0', "and helps");
	}
	make_and_read(arena, "(cat leaf.pem; head -n 3 inter.pem) >in.pem", &read);
	CHECK(read.error.line == (int)strtol(must(arena, "wc -l <leaf.pem"), NULL, 10) + 1,
		"the line of the damaged block is named: %d", read.error.line);
}

/* Self-signed ones with something special. */
static void
test_kinds(struct arena *arena)
{
	static const char make[] =
		"openssl req -x509 -newkey rsa:2048 -nodes -keyout k.key -days 9 %s -out in.pem";
	struct read read;

	make_and_read(arena, arena_printf(arena, make, "-sha1 -subj /CN=x"), &read);
	CHECK(read.code == CRYPTO_OK && read.chain.items[0].weak_signature, "SHA-1 is weak");
	CHECK_TEXT(read.chain.items[0].signature_hash, "SHA1", "and named");
	make_and_read(arena,
		arena_printf(arena, make, "-sha384 -sigopt rsa_padding_mode:pss -subj /CN=x"),
		&read);
	CHECK(read.code == CRYPTO_OK && read.chain.items[0].self_signed, "RSA-PSS verifies");
	CHECK_TEXT(read.chain.items[0].signature_hash, "SHA384", "with its hash");
	make_and_read(arena,
		arena_printf(arena, make,
			"-subj /CN=mail.example.com -addext "
			"extendedKeyUsage=clientAuth"),
		&read);
	CHECK(read.code == CRYPTO_OK && !read.chain.items[0].server_auth, "for clients alone");
	CHECK(read.chain.items[0].dns_count == 0 && read.chain.items[0].address_count == 0 &&
			!certificate_covers(&read.chain.items[0], "mail.example.com"),
		"the common name does not count");
	/* a NUL, a line break and an umlaut must neither cut a name nor forge a line */
	make_and_read(arena,
		arena_printf(arena, make,
			"-utf8 -subj '/CN=b\xc3\xbc\nrn' -addext subjectAltName=DER:30:10:82:0E:61:"
			"2e:65:78:61:6d:70:6c:65:00:2e:6e:65:74"),
		&read);
	CHECK(read.code == CRYPTO_OK && read.chain.items[0].dns_count == 1, "an odd certificate");
	if (read.code != CRYPTO_OK || read.chain.items[0].dns_count != 1)
		return;
	CHECK_TEXT(read.chain.items[0].dns_names[0], "a.example?.net", "NUL is shown as ?");
	CHECK_TEXT(read.chain.items[0].common_name, "b???rn", "so is what is not ASCII");
	CHECK(!certificate_covers(&read.chain.items[0], "a.example"), "and does not end the name");
}

static const struct {
	const char *pattern, *name;
	bool want;
} names[] = {
	{"mail.example.com", "mail.example.com", true},
	{"mail.example.com", "MAIL.Example.COM", true},
	{"mail.example.com", "mail.example.com.", true},
	{"mail.example.com", "example.com", false},
	{"mail.example.com", "mail.example.co", false},
	{"*.example.com", "mail.example.com", true},
	{"*.example.com", "MAIL.EXAMPLE.com", true},
	{"*.example.com", "example.com", false},
	{"*.example.com", "a.b.example.com", false},
	{"*.example.com", ".example.com", false},
	{"*.com", "example.com", false},
	{"mail.*.com", "mail.example.com", false},
	{"*", "example", false},
};

static void
test_names(struct arena *arena)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		CHECK(certificate_name_matches(names[i].pattern, names[i].name) == names[i].want,
			"%s %s %s", names[i].pattern, names[i].want ? "is good for" : "is not for",
			names[i].name);
	CHECK(certificate_name_matches("mail.example.com.", "mail.example.com"), "dot in pattern");
	CHECK(!certificate_name_matches("", "") && !certificate_name_matches("*.", "x."),
		"nothing");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t len = strlen(names[i].name);
		if (names[i].name[0] == '.' || names[i].name[len - 1] == '.')
			continue; /* openssl has rules of its own for these two */
		must(arena,
			"openssl req -x509 -key other.key -subj /CN=none -addext "
			"'subjectAltName=DNS:%s' -days 9 -out n.pem",
			names[i].pattern);
		CHECK(works(arena, "openssl verify -CAfile n.pem -verify_hostname %s n.pem",
			      names[i].name) == names[i].want,
			"openssl thinks the same of %s and %s", names[i].pattern, names[i].name);
	}
}

static void
test_addresses(struct arena *arena)
{
	struct read read;

	read_file(arena, "leaf.pem", &read);
	CHECK(certificate_covers(&read.chain.items[0], "192.0.2.7"), "its IPv4 address");
	CHECK(certificate_covers(&read.chain.items[0], "2001:DB8:0::7"), "its IPv6 address");
	CHECK(!certificate_covers(&read.chain.items[0], "192.0.2.8"), "not another");
	CHECK(certificate_covers(&read.chain.items[0], "a.mx.example.com"), "its wildcard");
	CHECK(!certificate_covers(&read.chain.items[0], "example.com"), "no other name");
}

static enum crypto_code
pair(struct arena *arena, const char *key, const char *certificate, struct crypto_error *error)
{
	struct read read;
	size_t len;
	const char *text = slurp(arena, key, &len);

	read_file(arena, certificate, &read);
	memset(error, 0, sizeof(*error));
	return pair_check(arena, text, len, &read.chain, error) == 0 ? CRYPTO_OK : error->code;
}

static void
test_pair(struct arena *arena)
{
	struct crypto_error error;

	CHECK(pair(arena, "leaf.key", "chain.pem", &error) == CRYPTO_OK, "a pair (EC)");
	CHECK(pair(arena, "inter.key", "inter.pem", &error) == CRYPTO_OK, "a pair (RSA)");
	CHECK(pair(arena, "other.key", "chain.pem", &error) == CRYPTO_MISMATCH &&
			strstr(error.text, "does not belong") != NULL,
		"not a pair: %s", error.text);
	CHECK(pair(arena, "inter.key", "leaf.pem", &error) == CRYPTO_MISMATCH &&
			strstr(error.text, "RSA") != NULL,
		"not even the kind: %s", error.text);
	CHECK(pair(arena, "inter.key", "chain.pem", &error) == CRYPTO_MISMATCH &&
			strstr(error.text, "certificate 2") != NULL,
		"the wrong one of the chain: %s", error.text);
	CHECK(pair(arena, "leaf.pem", "chain.pem", &error) == CRYPTO_WRONG_KIND, "no key at all");
	must(arena, "cat leaf.key chain.pem >both.pem");
	CHECK(pair(arena, "both.pem", "both.pem", &error) == CRYPTO_OK, "both in one file");
}

static void
test_join(struct arena *arena)
{
	struct crypto_error error;
	const char *text, *pem = "";
	struct read read;
	size_t len;

	must(arena,
		"sed 's/$/\\r/' chain.pem >crlf.pem; "
		"openssl ecparam -name prime256v1 -genkey -out ec.pem; "
		"(echo comment; cat leaf.key) >commented.key");
	read_file(arena, "crlf.pem", &read);
	text = slurp(arena, "commented.key", &len);
	CHECK(pair_join(arena, text, len, &read.chain, &pem, &error) == 0, "joined");
	spill("joined.pem", pem, strlen(pem));
	CHECK(works(arena, "cat leaf.key chain.pem | cmp - joined.pem"),
		"key, leaf, intermediate, byte for byte as openssl writes them");
	text = slurp(arena, "ec.pem", &len);
	CHECK(pair_join(arena, text, len, &read.chain, &pem, &error) == 0 &&
			strncmp(pem, "-----BEGIN EC PRIVATE KEY-----\n", 31) == 0 &&
			strstr(pem, "PARAMETERS") == NULL,
		"parameters are left out, the form of the key stays");
	CHECK(pair_join(arena, "", 0, &read.chain, &pem, &error) < 0 && error.code == CRYPTO_EMPTY,
		"no key, nothing joined");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	enter_scratch();
	must(&arena, "%s", make_authority);
	test_facts(&arena);
	test_chains(&arena);
	test_forms(&arena);
	test_refused(&arena);
	test_kinds(&arena);
	test_names(&arena);
	test_addresses(&arena);
	test_pair(&arena);
	test_join(&arena);
	arena_free(&arena);
	DONE();
}
