/* test_spf.c - what receivers make of SPF and DMARC records, right ones and wrong ones */
#include "unit.h"

#include "base/buffer.h"
#include "dns/dmarc.h"
#include "dns/spf.h"
#include "dns/spf_record.h"

#include "dns_world.h"

#define T ns_t_txt
#define TEN \
	"include:p.test include:p.test include:p.test include:p.test include:p.test " \
	"include:p.test include:p.test include:p.test include:p.test include:p.test"

static const struct world_record zone[] = {
	{"plain.test", T, "some other text"},
	{"plain.test", T, "v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"},
	{"soft.test", T, "v=spf1 a:host.test ~all"},
	{"open.test", T, "v=spf1 +all"},
	{"world.test", T, "v=spf1 ip4:0.0.0.0/0 -all"},
	{"neutral.test", T, "v=spf1 ip4:198.51.100.1"},
	{"upper.test", T, "V=SPF1 IP4:192.0.2.7 -ALL"},
	{"blanks.test", T, "v=spf1   ip4:192.0.2.7    -all "},
	{"two.test", T, "v=spf1 -all"},
	{"two.test", T, "v=spf1 +all"},
	{"nearly.test", T, "v=spf10 +all"},
	{"host.test", ns_t_a, "192.0.2.7"},
	{"host.test", ns_t_aaaa, "2001:db8::7"},
	{"a.test", T, "v=spf1 a -all"},
	{"a.test", ns_t_a, "192.0.2.7"},
	{"near.test", T, "v=spf1 a:host.test/24//64 -all"},
	{"mx.test", T, "v=spf1 mx -all"},
	{"mx.test", ns_t_mx, "10 other.test"},
	{"mx.test", ns_t_mx, "20 host.test"},
	{"other.test", ns_t_a, "203.0.113.9"},
	{"nullmx.test", T, "v=spf1 mx ~all"},
	{"nullmx.test", ns_t_mx, "0 ."},
	{"inc.test", T, "v=spf1 include:plain.test -all"},
	{"incsoft.test", T, "v=spf1 include:two.test -all"},
	{"incnone.test", T, "v=spf1 include:host.test -all"},
	{"loop.test", T, "v=spf1 include:loop.test -all"},
	{"redir.test", T, "v=spf1 redirect=plain.test"},
	{"redirnone.test", T, "v=spf1 redirect=host.test"},
	{"redirall.test", T, "v=spf1 ?all redirect=plain.test"},
	{"exists.test", T, "v=spf1 exists:%{ir}.%{v}.list.test -all"},
	{"7.2.0.192.in-addr.list.test", ns_t_a, "127.0.0.2"},
	{"macro.test", T, "v=spf1 exists:%{l1r-}.%{o}.%{d1}.%{h}.list.test -all"},
	{"strong.macro.test.test.mail.host.test.list.test", ns_t_a, "127.0.0.2"},
	{"ptr.test", T, "v=spf1 ptr:host.test -all"},
	{"7.2.0.192.in-addr.arpa", ns_t_ptr, "other.test"},
	{"7.2.0.192.in-addr.arpa", ns_t_ptr, "host.test"},
	{"p.test", T, "v=spf1 ip4:198.51.100.0/24"},
	{"ten.test", T, "v=spf1 " TEN " ip4:192.0.2.7 -all"},
	{"eleven.test", T, "v=spf1 " TEN " include:p.test ip4:192.0.2.7 -all"},
	{"early.test", T, "v=spf1 ip4:192.0.2.7 " TEN " include:p.test -all"},
	{"void2.test", T, "v=spf1 a:n1.test a:n2.test ip4:192.0.2.7 -all"},
	{"void3.test", T, "v=spf1 a:n1.test a:n2.test exists:n3.test ip4:192.0.2.7 -all"},
	{"fails.test", T, NULL},
	{"incfails.test", T, "v=spf1 include:fails.test -all"},
	{"hostfails.test", T, "v=spf1 a:down.test -all"},
	{"down.test", ns_t_a, NULL},

	{"_dmarc.d.test", T, "v=DMARC1; p=reject; sp=quarantine; aspf=s; rua=mailto:x@d.test"},
	{"_dmarc.d2.test", T, "v=DMARC1;p=none"},
	{"_dmarc.d2.test", T, "v=DMARC1;p=reject"},
	{"_dmarc.bad.test", T, "v=DMARC1; p=nono"},
	{"_dmarc.text.test", T, "hello"},
	{"_dmarc.down.test", T, NULL},
	{"_dmarc.psd.test", T, "v=DMARC1; p=none; psd=y"},
};

static void
judge(struct dns_session *session, const char *domain, const char *address,
	struct spf_answer *answer)
{
	struct spf_question question = {.address = address,
		.local = "strong-bad",
		.domain = domain,
		.helo = "mail.host.test"};

	spf_evaluate(session, &question, answer);
}

static void
test_results(struct dns_session *session)
{
	static const struct {
		const char *domain, *address, *result;
	} cases[] = {
		{"absent.test", "192.0.2.7", "none"},
		{"host.test", "192.0.2.7", "none"},
		{"nearly.test", "192.0.2.7", "none"},
		{"plain.test", "192.0.2.7", "pass"},
		{"plain.test", "192.0.3.7", "fail"},
		{"plain.test", "2001:db8:1::7", "pass"},
		{"plain.test", "2001:db9::7", "fail"},
		{"soft.test", "192.0.2.7", "pass"},
		{"soft.test", "2001:db8::7", "pass"},
		{"soft.test", "192.0.2.8", "softfail"},
		{"open.test", "203.0.113.200", "pass"},
		{"neutral.test", "192.0.2.7", "neutral"},
		{"upper.test", "192.0.2.7", "pass"},
		{"upper.test", "192.0.2.8", "fail"},
		{"blanks.test", "192.0.2.7", "pass"},
		{"two.test", "192.0.2.7", "permerror"},
		{"a.test", "192.0.2.7", "pass"},
		{"a.test", "2001:db8::7", "fail"},
		{"near.test", "192.0.2.250", "pass"},
		{"near.test", "2001:db8::ffff", "pass"},
		{"near.test", "2001:db8:0:1::", "fail"},
		{"mx.test", "192.0.2.7", "pass"},
		{"mx.test", "203.0.113.9", "pass"},
		{"mx.test", "203.0.113.8", "fail"},
		{"nullmx.test", "192.0.2.7", "softfail"},
		{"inc.test", "192.0.2.7", "pass"},
		{"inc.test", "198.51.100.7", "fail"},
		{"incsoft.test", "192.0.2.7", "permerror"},
		{"incnone.test", "192.0.2.7", "permerror"},
		{"loop.test", "192.0.2.7", "permerror"},
		{"redir.test", "192.0.2.7", "pass"},
		{"redir.test", "192.0.3.7", "fail"},
		{"redirnone.test", "192.0.2.7", "permerror"},
		{"redirall.test", "192.0.3.7", "neutral"},
		{"exists.test", "192.0.2.7", "pass"},
		{"exists.test", "192.0.2.8", "fail"},
		{"macro.test", "192.0.2.7", "pass"},
		{"ptr.test", "192.0.2.7", "pass"},
		{"ptr.test", "192.0.2.8", "fail"},
		{"ten.test", "192.0.2.7", "pass"},
		{"eleven.test", "192.0.2.7", "permerror"},
		{"early.test", "192.0.2.7", "pass"},
		{"void2.test", "192.0.2.7", "pass"},
		{"void3.test", "192.0.2.7", "permerror"},
		{"fails.test", "192.0.2.7", "temperror"},
		{"incfails.test", "192.0.2.7", "temperror"},
		{"hostfails.test", "192.0.2.7", "temperror"},
	};
	struct spf_answer answer;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		judge(session, cases[i].domain, cases[i].address, &answer);
		CHECK_TEXT(spf_result_name(answer.result), cases[i].result, "%s for %s: %s",
			cases[i].domain, cases[i].address, answer.why);
	}
}

static void
test_causes(struct dns_session *session)
{
	struct spf_answer answer;

	judge(session, "two.test", "192.0.2.7", &answer);
	CHECK(answer.cause == SPF_CAUSE_SEVERAL, "two records are told as such");
	judge(session, "eleven.test", "192.0.2.7", &answer);
	CHECK(answer.cause == SPF_CAUSE_LOOKUPS, "so are eleven look-ups");
	judge(session, "void3.test", "192.0.2.7", &answer);
	CHECK(answer.cause == SPF_CAUSE_VOID, "and three that find nothing");
	judge(session, "open.test", "192.0.2.7", &answer);
	CHECK(answer.open, "+all allows everybody");
	judge(session, "world.test", "192.0.2.7", &answer);
	CHECK(answer.open, "so does a network of length 0");
	judge(session, "plain.test", "192.0.2.7", &answer);
	CHECK(!answer.open, "a network does not");
	judge(session, "plain.test", "no address", &answer);
	CHECK(answer.result == SPF_NONE, "no address has no result");
	spf_look(session, "eleven.test", &answer);
	CHECK(answer.result == SPF_NEUTRAL && answer.record != NULL,
		"a record can be looked at alone");
	spf_look(session, "two.test", &answer);
	CHECK(answer.result == SPF_PERMERROR, "and be told to be two");
}

static void
test_syntax(struct arena *arena)
{
	static const char *const right[] = {"v=spf1", "v=spf1 ", "v=spf1 -all",
		"v=spf1 a/0//0 -all", "v=spf1 mx:a.test/32//128", "v=spf1 unknown=%{d}",
		"v=spf1 x-y.z=1 ?ptr", "v=spf1 exp=why.%{d}", "v=spf1 exists:%{S}.%{L2}.a.test",
		"v=spf1 a:%{d2}", "v=spf1 include:%%.%_.%-.a-b.test", "v=spf1 ip6:::/0",
		"v=spf1 ip6:::ffff:192.0.2.1", "v=spf1 a:a.test.", "v=spf1 a:a.1b"};
	static const char *const wrong[] = {"v=spf1 all:x", "v=spf1 -all/8", "v=spf1 include",
		"v=spf1 include:", "v=spf1 a:", "v=spf1 a:museum", "v=spf1 a:a.123",
		"v=spf1 a:a.-b", "v=spf1 a/33", "v=spf1 a//129", "v=spf1 a/032", "v=spf1 a/24/24",
		"v=spf1 ip4", "v=spf1 ip4:", "v=spf1 ip4:1.2.3", "v=spf1 ip4:1.2.3.04",
		"v=spf1 ip4:1.2.3.4/33", "v=spf1 ip4:1.2.3.4//24", "v=spf1 ip6:1.2.3.4",
		"v=spf1 ip6:2001:db8::/129", "v=spf1 ptr/24", "v=spf1 exists",
		"v=spf1 exists:a.test/24", "v=spf1 nonsense", "v=spf1 mx,", "v=spf1 ++all",
		"v=spf1 a:%{x}.test", "v=spf1 a:%{d0}", "v=spf1 a:%{d", "v=spf1 a:%(d)",
		"v=spf1 a:%", "v=spf1 a:%{c}.test",
		"v=spf1 redirect=", "v=spf1 redirect=a.test redirect=b.test",
		"v=spf1 exp=a.test exp=b.test", "v=spf1 x=%{", "v=spf1 a:\x80.test",
		"v=spf1 a:%{d}foo"};
	struct spf_record record;

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		const char *why = spf_read(arena, right[i], &record);

		CHECK(why == NULL, "%s can be read (%s)", right[i], why != NULL ? why : "");
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(spf_read(arena, wrong[i], &record) != NULL, "%s is told: %s", wrong[i],
			spf_read(arena, wrong[i], &record));
	CHECK(!spf_is_record("v=spf1\ta") && !spf_is_record("v=spf") && spf_is_record("v=SPF1"),
		"what is a record at all");
}

/* test_expand - the examples of RFC 7208 section 7.4 */
static const char *
nobody(void *context)
{
	(void)context;
	return "unknown";
}

static void
test_expand(struct arena *arena)
{
	static const struct {
		const char *spec, *want;
	} cases[] = {
		{"%{s}", "strong-bad@email.example.com"},
		{"%{o}", "email.example.com"},
		{"%{d4}", "email.example.com"},
		{"%{d3}", "email.example.com"},
		{"%{d2}", "example.com"},
		{"%{d1}", "com"},
		{"%{dr}", "com.example.email"},
		{"%{d2r}", "example.email"},
		{"%{l}", "strong-bad"},
		{"%{l-}", "strong.bad"},
		{"%{lr}", "strong-bad"},
		{"%{lr-}", "bad.strong"},
		{"%{l1r-}", "strong"},
		{"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
		{"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
		{"%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
			"bad.strong.lp.3.2.0.192.in-addr._spf.example.com"},
		{"%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"},
		{"%{S}.x.test", "strong-bad%40email.example.com.x.test"},
		{"%{p}.x.test", "unknown.x.test"},
		{"%%%_%-.x.test.", "% %20.x.test"},
	};
	const struct spf_macros macros = {.local = "strong-bad",
		.sender_domain = "email.example.com",
		.domain = "email.example.com",
		.helo = "mx.example.org",
		.address = "192.0.2.3",
		.validated = nobody};
	struct buffer spec = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(spf_expand(arena, cases[i].spec, &macros), cases[i].want, "%s",
			cases[i].spec);
	for (int i = 0; i < 20; i++)
		buffer_puts(&spec, "%{d}.");
	buffer_puts(&spec, "end.test");
	CHECK(strlen(spf_expand(arena, spec.data, &macros)) <= 253, "a long name is cut");
	CHECK(strstr(spf_expand(arena, spec.data, &macros), "com.end.test") != NULL, "on its left");
	buffer_free(&spec);
}

static void
test_dmarc(struct dns_session *session)
{
	struct dmarc dmarc;

	dmarc_find(session, "d.test", &dmarc);
	CHECK(dmarc.status == DMARC_FOUND && dmarc.policy == DMARC_REJECT, "p= is found");
	CHECK(dmarc.strict_spf && !dmarc.strict_dkim, "and how SPF and DKIM must be aligned");
	CHECK_TEXT(dmarc.reports, "mailto:x@d.test", "and where reports go");
	dmarc_find(session, "below.d.test", &dmarc);
	CHECK(dmarc.status == DMARC_FOUND && dmarc.policy == DMARC_QUARANTINE,
		"below it sp= counts");
	dmarc_find(session, "d2.test", &dmarc);
	CHECK(dmarc.status == DMARC_SEVERAL, "two are none");
	dmarc_find(session, "bad.test", &dmarc);
	CHECK(dmarc.status == DMARC_MALFORMED, "a wrong p= is told");
	dmarc_find(session, "text.test", &dmarc);
	CHECK(dmarc.status == DMARC_MISSING, "another text is no record");
	dmarc_find(session, "down.test", &dmarc);
	CHECK(dmarc.status == DMARC_UNKNOWN, "what cannot be asked is not missing");
	dmarc_find(session, "a.b.c.d.e.f.g.h.i.j.d.test", &dmarc);
	CHECK(dmarc.status == DMARC_FOUND, "of a long name the top is looked at");
	CHECK_TEXT(dmarc_organisation(session, "x.y.d.test"), "d.test",
		"the organisation is the highest with a record");
	CHECK_TEXT(dmarc_organisation(session, "x.y.psd.test"), "y.psd.test",
		"of a public suffix the one below");
	CHECK_TEXT(dmarc_organisation(session, "x.absent.test"), "x.absent.test",
		"without any record the domain itself");
	CHECK(dmarc_organisation(session, "down.test") == NULL, "or it is not known");
}

int
main(void)
{
	struct arena arena;
	struct world world = {&arena, zone, sizeof(zone) / sizeof(zone[0]), 0};
	struct dns_session session;
	size_t questions;

	arena_init(&arena);
	world_session(&session, &world);
	test_results(&session);
	test_causes(&session);
	questions = world.questions;
	dns_ask(&session, "PLAIN.test", ns_t_txt);
	CHECK(world.questions == questions, "no question is asked twice");
	test_syntax(&arena);
	test_expand(&arena);
	test_dmarc(&session);
	arena_free(&arena);
	DONE();
}
