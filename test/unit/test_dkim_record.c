/* test_dkim_record.c - what DNS shows for a selector, as a verifier would read it */
#include "unit.h"

#include "dns/dkim_record.h"

#define OURS "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"

static enum dkim_verdict
judge(struct arena *arena, const struct dns_answer *answer, struct dkim_published *published)
{
	dkim_record_judge(arena, answer, OURS, published);
	CHECK(published->text != NULL && published->text[0] != '\0', "there are words for it: %s",
		published->text);
	return published->verdict;
}

static void
test_texts(struct arena *arena)
{
	static const struct {
		const char *text;
		enum dkim_verdict verdict;
	} rows[] = {
		{"v=DKIM1; h=sha256; k=rsa; p=" OURS, DKIM_RIGHT},
		{"v=DKIM1;k=rsa;p=" OURS ";", DKIM_RIGHT},
		{"p=" OURS, DKIM_RIGHT},
		{"v=DKIM1; p=MIIBIjANBgkq hkiG9w0BAQEF\tAAOCAQ8A", DKIM_RIGHT},
		{" v = DKIM1 ; h=sha1 : sha256 ; s=email:x ; t=s; n=a note ; p = " OURS " ",
			DKIM_RIGHT},
		{"v=DKIM1; s=*; p=" OURS, DKIM_RIGHT},
		{"v=DKIM1; p=MIIBIjANBgkq", DKIM_CUT},
		{"v=DKIM1; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8B", DKIM_OTHER_KEY},
		{"v=DKIM1; p=" OURS "x", DKIM_OTHER_KEY},
		{"v=DKIM1; p=", DKIM_REVOKED},
		{"v=DKIM1; p=  ; n=gone", DKIM_REVOKED},
		{"", DKIM_MALFORMED},
		{"v=spf1 mx -all", DKIM_MALFORMED},
		{"v=DKIM2; p=" OURS, DKIM_MALFORMED},
		{"p=" OURS "; v=DKIM1", DKIM_MALFORMED},
		{"v=DKIM1; p=" OURS "; p=" OURS, DKIM_MALFORMED},
		{"v=DKIM1; k=ed25519; p=" OURS, DKIM_MALFORMED},
		{"v=DKIM1; h=sha1; p=" OURS, DKIM_MALFORMED},
		{"v=DKIM1; h=sha2567; p=" OURS, DKIM_MALFORMED},
		{"v=DKIM1; s=tlsrpt; p=" OURS, DKIM_MALFORMED},
		{"v=DKIM1; nonsense; p=" OURS, DKIM_MALFORMED},
		{"v=DKIM1; k=rsa", DKIM_MALFORMED},
		{"a=;b=;c=;d=;e=;f=;g=;h=;i=;j=;k=;l=;m=;n=;o=;q=;r=;s=;t=;u=;w=;x=;y=;z=;A=;B=;C=;"
		 "D=;E=;F=;G=;H=;I=;J=;K=;p=" OURS,
			DKIM_MALFORMED},
		{"\x1b[31m\x01", DKIM_MALFORMED},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct dns_item item = {rows[i].text, strlen(rows[i].text), 60};
		struct dns_answer answer = {.status = DNS_FOUND, .items = &item, .count = 1};
		struct dkim_published published;
		enum dkim_verdict verdict = judge(arena, &answer, &published);

		CHECK(verdict == rows[i].verdict, "text %zu is %s, and judged %s", i,
			dkim_verdict_name(rows[i].verdict), dkim_verdict_name(verdict));
		CHECK(strchr(published.text, '\x1b') == NULL,
			"a stranger's text moves no terminal");
		CHECK(published.ttl == 60, "its TTL is told");
	}
}

static void
test_answers(struct arena *arena)
{
	struct dns_item items[] = {
		{"v=DKIM1; p=" OURS, strlen("v=DKIM1; p=" OURS), 60}, {"other", 5, 60}};
	struct dns_answer answer = {.status = DNS_FOUND, .items = items, .count = 2};
	struct dkim_published published;

	CHECK(judge(arena, &answer, &published) == DKIM_SEVERAL, "two records, one of them right");
	answer = (struct dns_answer){.status = DNS_NO_NAME, .negative_ttl = 7};
	CHECK(judge(arena, &answer, &published) == DKIM_MISSING && published.negative_ttl == 7,
		"no such name");
	answer.status = DNS_NO_DATA;
	CHECK(judge(arena, &answer, &published) == DKIM_MISSING, "no TXT at the name");
	for (enum dns_status status = DNS_SERVER_FAILED; status <= DNS_BAD_NAME; status++) {
		answer = (struct dns_answer){
			.status = status, .server = "192.0.2.1", .why = "no answer"};
		CHECK(judge(arena, &answer, &published) == DKIM_UNKNOWN,
			"%s is neither there nor missing", dns_status_name(status));
	}
	items[0].len++; /* a NUL byte behind it */
	answer = (struct dns_answer){.status = DNS_FOUND, .items = items, .count = 1};
	CHECK(judge(arena, &answer, &published) == DKIM_MALFORMED, "a NUL byte in the record");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	test_texts(&arena);
	test_answers(&arena);
	arena_free(&arena);
	DONE();
}
