/* test_crypto_selfsigned.c - certificates of our own, as openssl sees them */
#include "crypto/selfsigned.h"

#include <time.h>

#include "crypto/certificate.h"
#include "crypto/pair.h"
#include "test_crypto.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DAY 86400

static const char long_name[] =
	"a-rather-long-label-that-somebody-chose.another-long-label.mail.example.com";

/* Makes one into made.pem and reads it back. */
static bool
make(struct arena *arena, const char *const *names, size_t count, int64_t now, unsigned days,
	struct certificate_chain *chain)
{
	struct selfsigned_request request = {
		.names = names, .name_count = count, .now = now, .days = days};
	struct crypto_error error = {0};
	const char *pem;

	if (selfsigned_make(arena, &request, &pem, &error) < 0 ||
		certificate_read(arena, pem, strlen(pem), chain, &error) < 0 ||
		pair_check(arena, pem, strlen(pem), chain, &error) < 0) {
		printf("# %s\n", error.text);
		return false;
	}
	spill("made.pem", pem, strlen(pem));
	return true;
}

static void
test_usual(struct arena *arena)
{
	static const char *const names[] = {
		"mail.example.com", "*.mx.example.com", "192.0.2.7", "2001:db8::7", long_name};
	struct certificate_chain chain;
	const struct certificate *leaf;
	int64_t now = time(NULL);

	CHECK(make(arena, names, COUNT(names), now, 365, &chain), "made, read, and a pair");
	leaf = &chain.items[0];
	CHECK(chain.count == 1 && chain.keys == 1 && leaf->line > 1, "key first, one certificate");
	CHECK(leaf->self_signed && !leaf->is_ca && leaf->server_auth && !leaf->weak_signature,
		"self-signed, no CA, for servers");
	CHECK(leaf->key_type == KEY_EC && leaf->key_bits == 256, "P-256");
	CHECK(leaf->not_before == now - DAY && leaf->not_after == now + 365 * DAY, "dates");
	CHECK_TEXT(leaf->common_name, names[0], "common name");
	CHECK(leaf->dns_count == 3 && leaf->address_count == 2, "all names are in it");
	CHECK(works(arena, "openssl pkey -in made.pem -check -noout"), "openssl likes the key");
	CHECK(works(arena,
		      "openssl verify -x509_strict -purpose sslserver -CAfile made.pem made.pem"),
		"openssl verifies it as its own anchor");
	CHECK(works(arena,
		      "openssl verify -CAfile made.pem -verify_hostname mail.example.com "
		      "made.pem") &&
			works(arena,
				"openssl verify -CAfile made.pem -verify_hostname a.mx.example.com "
				"made.pem") &&
			works(arena, "openssl verify -CAfile made.pem -verify_hostname %s made.pem",
				long_name) &&
			works(arena,
				"openssl verify -CAfile made.pem -verify_ip 192.0.2.7 made.pem") &&
			works(arena,
				"openssl verify -CAfile made.pem -verify_ip 2001:db8::7 made.pem"),
		"for each of its names");
	CHECK(!works(arena,
		      "openssl verify -CAfile made.pem -verify_hostname example.com made.pem"),
		"and for no other");
}

static void
test_extensions(struct arena *arena)
{
	const char *text = must(arena, "openssl x509 -in made.pem -noout -text");

	CHECK(strstr(text, "Version: 3 (0x2)") != NULL, "version 3");
	CHECK(strstr(text, "CA:FALSE") != NULL, "basic constraints");
	CHECK(strstr(text, "Digital Signature") != NULL, "key usage");
	CHECK(strstr(text, "TLS Web Server Authentication") != NULL, "extended key usage");
	CHECK(strstr(text, "Subject Key Identifier") != NULL, "key identifier");
	CHECK(strstr(text, "ecdsa-with-SHA256") != NULL, "signature");
}

static void
test_serials(struct arena *arena)
{
	static const char *const names[] = {"mail.example.com"};
	struct certificate_chain chain;
	const char *before = "";

	for (int i = 0; i < 5; i++) {
		CHECK(make(arena, names, 1, 1700000000, 1, &chain), "another one");
		CHECK(strlen(chain.items[0].serial) == 32 && chain.items[0].serial[0] < '8',
			"its serial has 16 bytes and is positive");
		CHECK(strcmp(chain.items[0].serial, before) != 0, "and is new");
		before = chain.items[0].serial;
	}
}

static void
test_edges(struct arena *arena)
{
	static const char *const only_long[] = {long_name};
	static char labels[SELFSIGNED_NAMES_MAX][256];
	const char *many[SELFSIGNED_NAMES_MAX];
	struct certificate_chain chain;

	CHECK(make(arena, only_long, 1, 1700000000, 30, &chain), "a name of more than 64 letters");
	CHECK_TEXT(chain.items[0].common_name, "self-signed", "has a stand-in as common name");
	CHECK(chain.items[0].not_after == 1700000000 + 30LL * DAY, "and its dates");
	CHECK(make(arena, only_long, 1, 0, 1, &chain), "a clock that stands at 1970");
	CHECK(chain.items[0].not_before == 0 && chain.items[0].not_after == DAY, "is no trouble");
	CHECK(make(arena, only_long, 1, 1700000000, SELFSIGNED_DAYS_MAX, &chain), "100 years");
	CHECK(chain.items[0].not_after == 1700000000 + (int64_t)SELFSIGNED_DAYS_MAX * DAY,
		"beyond 2049");
	for (size_t i = 0; i < SELFSIGNED_NAMES_MAX; i++) {
		memset(labels[i], 'a', 253);
		for (size_t dot = 61; dot < 253; dot += 62)
			labels[i][dot] = '.';
		labels[i][0] = (char)('a' + i % 26);
		labels[i][1] = (char)('a' + i / 26);
		many[i] = labels[i];
	}
	CHECK(make(arena, many, SELFSIGNED_NAMES_MAX, 1700000000, 30, &chain),
		"as many names as can be, as long as can be");
	CHECK(chain.items[0].dns_count == SELFSIGNED_NAMES_MAX, "are all in it");
	CHECK(works(arena, "openssl verify -no_check_time -CAfile made.pem made.pem"),
		"openssl reads that too");
}

static void
test_refused(struct arena *arena)
{
	static const char *const bad[] = {"", ".", "mail..example.com", ".example.com",
		"mail.example.com.", "m\xc3\xbcller.example", "mail example", "a,O=b", "mail.*.com",
		"*", "a\nb", "192.0.2.300/24"};
	static const char *const good[] = {"mail.example.com"};
	struct selfsigned_request request = {.names = good, .name_count = 1, .days = 1};
	struct crypto_error error;
	const char *pem = NULL;

	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *names[] = {"mail.example.com", bad[i]};
		struct selfsigned_request other = {
			.names = names, .name_count = 2, .now = 1, .days = 1};
		CHECK(selfsigned_make(arena, &other, &pem, &error) < 0 &&
				error.code == CRYPTO_INVALID &&
				strstr(error.text, "name 2") != NULL,
			"bad name %zu is refused and counted", i);
	}
	request.days = 0;
	CHECK(selfsigned_make(arena, &request, &pem, &error) < 0 && error.code == CRYPTO_INVALID,
		"no days: %s", error.text);
	request.days = SELFSIGNED_DAYS_MAX + 1;
	CHECK(selfsigned_make(arena, &request, &pem, &error) < 0 && error.code == CRYPTO_INVALID,
		"too many days");
	request.days = 1;
	request.name_count = 0;
	CHECK(selfsigned_make(arena, &request, &pem, &error) < 0 && error.code == CRYPTO_INVALID,
		"no names");
	CHECK(pem == NULL, "and nothing was given");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	enter_scratch();
	test_usual(&arena);
	test_extensions(&arena);
	test_serials(&arena);
	test_edges(&arena);
	test_refused(&arena);
	arena_free(&arena);
	DONE();
}
