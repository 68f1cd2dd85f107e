/* test_crypto_acme.c - Traefik's acme.json in all its forms, half of it, and none */
#include "crypto/acme.h"

#include "base/buffer.h"
#include "crypto/digest.h"
#include "unit.h"

/* "certificate" and "key" */
#define CERTIFICATE "Y2VydGlmaWNhdGU="
#define KEY "a2V5"

static const char version_3[] =
	"{\"le\": {\"Account\": {\"Email\": \"a@b\", \"Registration\": null},\n"
	"  \"Certificates\": [\n"
	"    {\"domain\": {\"main\": \"mail.example.com\", \"sans\": [\"imap.example.com\"]},\n"
	"     \"certificate\": \"" CERTIFICATE "\", \"key\": \"" KEY
	"\", \"Store\": \"default\"},\n"
	"    {\"domain\": {\"main\": \"www.example.com\"}, \"certificate\": \"" CERTIFICATE
	"\", \"key\": \"" KEY "\"}]},\n"
	" \"new\": {\"Account\": null, \"Certificates\": null},\n"
	" \"zero\": {\"Account\": {}, \"Certificates\": [{\"domain\": {\"main\": \"z\"},\n"
	"  \"certificate\": \"" CERTIFICATE "\", \"key\": \"" KEY "\"}]}}\n";
static const char version_1_7[] =
	"{\"Account\": {\"Email\": \"a@b\"}, \"Certificates\": [\n"
	"  {\"Domain\": {\"Main\": \"mail.example.com\", \"SANs\": null},\n"
	"   \"Certificate\": \"" CERTIFICATE "\", \"Key\": \"" KEY "\"}],\n"
	" \"HTTPChallenges\": {}, \"TLSChallenges\": {}}\n";
static const char version_1_0[] =
	"{\"Email\": \"a@b\", \"DomainsCertificate\": {\"Certs\": [\n"
	"  {\"Domains\": {\"Main\": \"mail.example.com\", \"SANs\": null},\n"
	"   \"Certificate\": {\"Domain\": \"mail.example.com\", \"CertURL\": \"https://x\",\n"
	"    \"PrivateKey\": \"" KEY "\", \"Certificate\": \"" CERTIFICATE "\"}}]}}\n";

static int
read_text(
	struct arena *arena, const char *text, struct acme_store *store, struct crypto_error *error)
{
	memset(error, 0, sizeof(*error));
	return acme_read(arena, text, strlen(text), store, error);
}

static void
check_entry(const struct acme_entry *entry, const char *resolver, const char *main)
{
	CHECK_TEXT(entry->resolver, resolver, "the resolver of %s", main);
	CHECK_TEXT(entry->main, main, "its main name");
	CHECK_TEXT(entry->certificate, "certificate", "its certificate");
	CHECK_TEXT(entry->key, "key", "its key");
	CHECK(entry->certificate_len == 11 && entry->key_len == 3, "their lengths");
}

static void
test_forms(struct arena *arena)
{
	struct acme_store store;
	struct crypto_error error;

	CHECK(read_text(arena, version_3, &store, &error) == 0, "of Traefik 2 and 3");
	CHECK(store.count == 3, "all resolvers, those without certificates too");
	check_entry(&store.items[0], "le", "mail.example.com");
	check_entry(&store.items[1], "le", "www.example.com");
	check_entry(&store.items[2], "zero", "z");
	CHECK(read_text(arena, version_1_7, &store, &error) == 0 && store.count == 1,
		"of Traefik 1.7");
	check_entry(&store.items[0], "", "mail.example.com");
	CHECK(read_text(arena, version_1_0, &store, &error) == 0 && store.count == 1,
		"of the first Traefik");
	check_entry(&store.items[0], "", "mail.example.com");
	CHECK(read_text(arena, "", &store, &error) == 0 && store.count == 0,
		"empty, as it is made for a first start");
	CHECK(read_text(arena, "\n", &store, &error) == 0 && store.count == 0, "blank is empty");
	CHECK(read_text(arena, "-----BEGIN CERTIFICATE-----\n", &store, &error) != 0 &&
			strstr(error.text, "no acme.json") != NULL,
		"a PEM file is not half of it");
	CHECK(read_text(arena, "{}", &store, &error) == 0 && store.count == 0, "nothing in it yet");
}

/* every beginning of it is either refused, with words, or no store at all */
static void
test_half_written(struct arena *arena)
{
	struct acme_store store;
	struct crypto_error error;
	size_t whole = strlen(version_3) - 1; /* the last byte is a line break */

	for (size_t len = 1; len < whole; len++) {
		memset(&error, 0, sizeof(error));
		if (acme_read(arena, version_3, len, &store, &error) == 0 ||
			error.code != CRYPTO_DAMAGED || error.text[0] == '\0') {
			CHECK(false, "%zu bytes of it are refused", len);
			return;
		}
	}
	CHECK(true, "half of it is refused, wherever it ends");
	CHECK(acme_read(arena, version_3, whole, &store, &error) == 0, "the whole is not");
}

static void
test_hostile(struct arena *arena)
{
	static const char *const empty[] = {
		"{\"le\": {\"Certificates\": {\"a\": 1}}}",
		"{\"le\": {\"Certificates\": [1, \"x\", null, [], {}]}}",
		"{\"le\": []}",
		"{\"Certificates\": \"x\", \"DomainsCertificate\": [1]}",
		"{\"DomainsCertificate\": {\"Certs\": null}}",
	};
	static const char *const refused[] = {"[]", "1", "\"x\"", "{\"a\": 1,}", "{\"a\": 1} 2",
		"{\"a\": \"\\u0000\"}", "{\"a\": 1, \"a\": 2}", "\xff\xfe{}"};
	struct acme_store store;
	struct crypto_error error;
	struct buffer text = {0};

	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++)
		CHECK(read_text(arena, empty[i], &store, &error) == 0 && store.count == 0,
			"no entries: %s", empty[i]);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		CHECK(read_text(arena, refused[i], &store, &error) != 0, "refused: %s", refused[i]);
	CHECK(read_text(arena,
		      "{\"le\": {\"Certificates\": [{\"certificate\": \"=%\", \"key\": {}}]}}",
		      &store, &error) == 0 &&
			store.count == 1 && store.items[0].certificate_len == 0 &&
			store.items[0].key_len == 0 && store.items[0].main[0] == '\0',
		"what is no base64 is empty");
	for (int i = 0; i < 100; i++)
		buffer_puts(&text, "{\"a\":");
	CHECK(acme_read(arena, text.data, text.len, &store, &error) != 0, "nested too deep");
	buffer_clear(&text);
	buffer_puts(&text, "{\"Certificates\": [");
	for (int i = 0; i < ACME_ENTRIES_MAX + 10; i++)
		buffer_printf(&text, "%s{\"certificate\": \"" KEY "\"}", i > 0 ? "," : "");
	buffer_puts(&text, "]}");
	CHECK(acme_read(arena, text.data, text.len, &store, &error) == 0 &&
			store.count == ACME_ENTRIES_MAX,
		"no more entries than there is room for");
	buffer_free(&text);
}

static void
test_base64(struct arena *arena)
{
	size_t len = 1;

	CHECK_TEXT(digest_from_base64(arena, "", 0, &len), "", "nothing is nothing");
	CHECK(len == 0, "of no length");
	CHECK_TEXT(digest_from_base64(arena, KEY, strlen(KEY), &len), "key", "base64 backwards");
	CHECK_TEXT(digest_from_base64(arena, "a2V5a2V", 7, &len), "", "cut short: nothing at all");
	CHECK(len == 0, "of no length either");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	test_forms(&arena);
	test_half_written(&arena);
	test_hostile(&arena);
	test_base64(&arena);
	arena_free(&arena);
	DONE();
}
