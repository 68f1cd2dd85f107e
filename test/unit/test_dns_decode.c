/* test_dns_decode.c - answers of name servers, right, strange and hostile */
#include "unit.h"

#include <arpa/nameser.h>
#include <stdlib.h>

#include "dns/lookup.h"

#include "dns_message.h"

#define AA 0x0400
#define RA 0x0080
#define NAME "s._domainkey.example.com"

/* put_soa - of a zone whose MINIMUM is that */
static void
put_soa(struct dns_message *message, int section, const char *name, uint32_t minimum)
{
	struct dns_message data = {.len = 0};

	put_name(&data, "ns.test");
	put_name(&data, "hostmaster.test");
	for (uint32_t i = 1; i < 5; i++)
		put32(&data, i);
	put32(&data, minimum);
	put_record(message, section, name, 6, data.bytes, data.len);
}

static struct dns_answer
decode(struct arena *arena, const struct dns_message *message, const char *name, int type)
{
	struct dns_answer answer;
	/* a copy that ends where the message does: a sanitizer sees a look beyond */
	unsigned char *copy = malloc(message->len != 0 ? message->len : 1);

	memcpy(copy, message->bytes, message->len);
	dns_decode(arena, copy, message->len, name, type, &answer);
	free(copy);
	return answer;
}

static void
test_types(struct arena *arena)
{
	static const struct {
		unsigned type;
		const char *data;
		size_t len;
		const char *text; /* NULL: malformed */
	} rows[] = {
		{ns_t_a, "\xc0\x00\x02\x01", 4, "192.0.2.1"},
		{ns_t_a, "\xc0\x00\x02", 3, NULL},
		{ns_t_aaaa, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01", 16, "2001:db8::1"},
		{ns_t_mx, "\x00\x0a\x02mx\x04test\x00", 11, "10 mx.test"},
		{ns_t_mx, "\x00\x0a", 2, NULL},
		{ns_t_mx, "\x00\x0a\x3fmx", 5, NULL},
		{ns_t_txt,
			"\x03"
			"abc\x02"
			"de",
			7, "abcde"},
		{ns_t_txt, "\x00", 1, ""},
		{ns_t_txt,
			"\x05"
			"abc",
			4, NULL},
		{ns_t_txt, "", 0, NULL},
		{ns_t_ptr, "\x01h\x04test\x00", 8, "h.test"},
		{DNS_TYPE_TLSA, "\x03\x01\x01\xab\xcd", 5, "3 1 1 abcd"},
		{DNS_TYPE_TLSA, "\x03\x01\x01", 3, NULL},
		{DNS_TYPE_CAA, "\x00\x05issueca.test", 14, "0 issue \"ca.test\""},
		{DNS_TYPE_CAA, "\x00\x0fissue", 7, NULL},
		{99, "\x01\x02", 2, "\\# 2 0102"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dns_message message;
		struct dns_answer answer;

		begin(&message, AA, NAME, rows[i].type);
		put_record(&message, 1, NAME, rows[i].type, rows[i].data, rows[i].len);
		answer = decode(arena, &message, NAME, (int)rows[i].type);
		if (rows[i].text == NULL) {
			CHECK(answer.status == DNS_SERVER_FAILED && answer.count == 0,
				"row %zu: malformed data is no answer", i);
			continue;
		}
		CHECK(answer.status == DNS_FOUND && answer.count == 1, "row %zu is found", i);
		CHECK_TEXT(answer.count == 1 ? answer.items[0].text : "(none)", rows[i].text,
			"row %zu as text", i);
		CHECK(answer.count == 1 && answer.items[0].ttl == 300, "row %zu: its TTL", i);
	}
}

static void
test_absence(struct arena *arena)
{
	struct dns_message message;
	struct dns_answer answer;

	begin(&message, AA | ns_r_nxdomain, NAME, ns_t_txt);
	put_soa(&message, 2, "example.com", 1800);
	answer = decode(arena, &message, NAME, ns_t_txt);
	CHECK(answer.status == DNS_NO_NAME, "NXDOMAIN: there is no such name");
	CHECK(answer.negative_ttl == 1800, "and how long that may be remembered");

	begin(&message, RA, NAME, ns_t_txt);
	answer = decode(arena, &message, NAME, ns_t_txt);
	CHECK(answer.status == DNS_NO_DATA && answer.negative_ttl == 0, "NOERROR without records");

	begin(&message, 0, NAME, ns_t_txt);
	put_record(&message, 2, "com", ns_t_ns, "\x02ns\x00", 4);
	answer = decode(arena, &message, NAME, ns_t_txt);
	CHECK(answer.status == DNS_SERVER_FAILED,
		"a server that only refers to others says nothing of what is there");

	begin(&message, RA | ns_r_servfail, NAME, ns_t_txt);
	answer = decode(arena, &message, NAME, ns_t_txt);
	CHECK(answer.status == DNS_SERVER_FAILED, "SERVFAIL");
	CHECK_TEXT(answer.why, "SERVFAIL", "is told by its name");
	begin(&message, ns_r_refused, NAME, ns_t_txt);
	CHECK(decode(arena, &message, NAME, ns_t_txt).status == DNS_REFUSED, "REFUSED");
	begin(&message, ns_r_formerr, NAME, ns_t_txt);
	CHECK(decode(arena, &message, NAME, ns_t_txt).status == DNS_SERVER_FAILED, "FORMERR");
	for (enum dns_status status = DNS_FOUND; status <= DNS_BAD_NAME; status++)
		CHECK(dns_status_name(status)[0] != '\0', "status %d has a name", (int)status);
	CHECK(dns_status_known(DNS_NO_NAME) && !dns_status_known(DNS_TIMED_OUT),
		"what is not there is known, what could not be asked is not");
}

static void
test_aliases(struct arena *arena)
{
	struct dns_message message;
	struct dns_answer answer;

	begin(&message, RA, NAME, ns_t_txt);
	put_record(&message, 1, "b.test", ns_t_txt, "\x01y", 2);
	put_record(&message, 1, "A.test", ns_t_cname,
		"\x01"
		"b\x04"
		"test\x00",
		8);
	put_record(&message, 1, NAME, ns_t_cname,
		"\x01"
		"a\x04"
		"test\x00",
		8);
	put_record(&message, 1, "c.test", ns_t_txt, "\x01n", 2);
	answer = decode(arena, &message, "S._domainkey.EXAMPLE.com.", ns_t_txt);
	CHECK(answer.status == DNS_FOUND && answer.count == 1, "aliases are followed in any order");
	CHECK_TEXT(answer.count == 1 ? answer.items[0].text : "", "y", "to the right record");
	CHECK_TEXT(answer.name, "b.test", "whose name is told");

	begin(&message, RA, NAME, ns_t_txt);
	put_record(&message, 1, NAME, ns_t_cname,
		"\x01"
		"a\x04"
		"test\x00",
		8);
	put_record(&message, 1, "a.test", ns_t_cname,
		"\x01s\x0a_domainkey\x07"
		"example\x03"
		"com\x00",
		26);
	answer = decode(arena, &message, NAME, ns_t_txt);
	CHECK(answer.status == DNS_NO_DATA, "a loop of aliases ends");

	begin(&message, RA, NAME, ns_t_txt);
	put_record(&message, 1, "x.test", ns_t_txt, "\x01n", 2);
	CHECK(decode(arena, &message, NAME, ns_t_txt).status == DNS_NO_DATA,
		"a record of another name is none of ours");
}

/* test_hostile - every cut, and every byte changed, of a good answer: nothing but answers comes of it */
static void
test_hostile(struct arena *arena)
{
	struct dns_message message, changed;
	size_t known = 0;

	begin(&message, RA, NAME, ns_t_txt);
	put_record(&message, 1, NAME, ns_t_cname, "\xc0\x0c", 2); /* an alias of itself, packed */
	put_record(&message, 1, NAME, ns_t_txt, "\x01y", 2);
	put_soa(&message, 2, "com", 5);
	for (size_t len = 0; len < message.len; len++) {
		changed = message;
		changed.len = len;
		known += dns_status_known(decode(arena, &changed, NAME, ns_t_txt).status);
	}
	CHECK(known == 0, "an answer that is cut off anywhere is no answer (%zu are)", known);
	for (size_t at = 0; at < message.len; at++)
		for (unsigned bit = 0; bit < 8; bit++) {
			changed = message;
			changed.bytes[at] ^= (unsigned char)(1U << bit);
			decode(arena, &changed, NAME, ns_t_txt);
		}
	CHECK(true, "no changed bit leads astray");
	changed = message;
	memset(changed.bytes + 6, 0xff, 4); /* 65535 records are announced */
	CHECK(!dns_status_known(decode(arena, &changed, NAME, ns_t_txt).status),
		"records that are announced and missing");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	test_types(&arena);
	test_absence(&arena);
	test_aliases(&arena);
	test_hostile(&arena);
	arena_free(&arena);
	DONE();
}
