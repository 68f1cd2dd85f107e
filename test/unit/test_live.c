/* test_live.c - check --live: what is made of answers, of the queue and of disks */
#include "unit.h"

#include <time.h>

#include "check/live.h"
#include "command/live.h"

#include "dns_world.h"
#include "plan_fixture.h"

#define NOW time(NULL)

static const struct world_record right[] = {
	{"mail.a.test", ns_t_a, "192.0.2.7"},
	{"mail.a.test", ns_t_txt, "v=spf1 a -all"},
	{"7.2.0.192.in-addr.arpa", ns_t_ptr, "mail.a.test"},
	{"a.test", ns_t_mx, "10 MAIL.a.test"},
	{"a.test", ns_t_txt, "v=spf1 mx -all"},
	{"_dmarc.a.test", ns_t_txt, "v=DMARC1; p=none"},
};

static const struct world_record hostile[] = {
	{"mail.a.test", ns_t_a, "192.0.2.7"},
	{"a.test", ns_t_mx, "10"},
	{"a.test", ns_t_mx, "0 ."},
	{"a.test", ns_t_txt, "v=spf1 \x1b[2J"},
	{"_dmarc.a.test", ns_t_txt, "v=DMARC1; p=\x1b[2J"},
	{"_mta-sts.a.test", ns_t_txt, "v=STSv1; id="},
	{"7.2.0.192.in-addr.arpa", ns_t_ptr, ""},
};

static const struct world_record down[] = {
	{"mail.a.test", ns_t_a, NULL},
	{"mail.a.test", ns_t_aaaa, NULL},
	{"mail.a.test", ns_t_txt, NULL},
	{"7.2.0.192.in-addr.arpa", ns_t_ptr, NULL},
	{"a.test", ns_t_mx, NULL},
	{"a.test", ns_t_txt, NULL},
	{"_dmarc.a.test", ns_t_txt, NULL},
	{"_mta-sts.a.test", ns_t_txt, NULL},
	{"_smtp._tls.a.test", ns_t_txt, NULL},
	{"_25._tcp.mail.a.test", DNS_TYPE_TLSA, NULL},
};

static void
make(struct fixture *fixture)
{
	memset(fixture, 0, sizeof(*fixture));
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
}

static void
set(struct fixture *fixture, const char *path, const char *text, bool list)
{
	static const struct origin given = {.kind = ORIGIN_YAML};
	struct node *node = node_scalar(&fixture->arena, text, &given), *items;

	if (fixture->plan.settings == NULL)
		fixture->plan.settings = node_new(&fixture->arena, NODE_MAP, NULL);
	if (list) {
		items = node_new(&fixture->arena, NODE_LIST, &given);
		node_add(&fixture->arena, items, node);
		node = items;
	}
	node_set_path(&fixture->arena, fixture->plan.settings, path, node);
}

/* look - a plan of one domain, beside a world */
static void
look(struct fixture *fixture, const struct world_record *records, size_t count,
	const char *addresses, const char *mta_sts)
{
	struct world world = {.records = records, .count = count};
	struct dns_session session;

	make(fixture);
	world.arena = &fixture->arena;
	set(fixture, "hostname", "mail.a.test", false);
	set(fixture, "domains", "a.test", true);
	if (addresses != NULL)
		set(fixture, "dns.addresses", addresses, true);
	if (mta_sts != NULL)
		set(fixture, "dns.mta_sts", mta_sts, false);
	world_session(&session, &world);
	check_live_dns(&fixture->plan, &session);
}

#define LOOK(fixture, records, addresses, mta_sts) \
	look(fixture, records, sizeof(records) / sizeof((records)[0]), addresses, mta_sts)

static size_t
outcomes(const struct fixture *fixture, enum plan_outcome outcome)
{
	size_t count = 0;

	for (size_t i = 0; i < fixture->plan.looked_count; i++)
		count += fixture->plan.looked[i].outcome == outcome;
	return count;
}

static void
test_dns(void)
{
	struct fixture fixture;

	LOOK(&fixture, right, "192.0.2.7", NULL);
	CHECK(fixture.findings.count == 0, "what is right has no finding");
	CHECK(outcomes(&fixture, LOOKED_RIGHT) >= 5, "and is told to be right");
	drop(&fixture);
	LOOK(&fixture, right, NULL, "testing");
	CHECK(found(&fixture, "dns-unknown-address") == 1, "without addresses that is told");
	CHECK(found(&fixture, "dns-mta-sts-missing") == 1, "MTA-STS that is asked for is missed");
	CHECK(fixture.findings.count == 2, "and nothing else");
	drop(&fixture);
	LOOK(&fixture, right, "192.0.2.7", "none");
	CHECK(fixture.findings.count == 0, "MTA-STS of mode none is not missed");
	drop(&fixture);
	LOOK(&fixture, down, "192.0.2.7", "testing");
	CHECK(found(&fixture, "dns-not-checked") == 1, "one reason is told once");
	CHECK(fixture.findings.count == 1, "and nothing is missing");
	CHECK(outcomes(&fixture, LOOKED_NOT) == fixture.plan.looked_count, "nothing is right");
	drop(&fixture);
	LOOK(&fixture, hostile, "192.0.2.7", "testing");
	CHECK(found(&fixture, "dns-spf-syntax") == 1 && found(&fixture, "dns-dmarc-syntax") == 1 &&
			found(&fixture, "dns-mta-sts-invalid") == 1,
		"records that nobody can read are told");
	for (size_t i = 0; i < fixture.findings.count; i++)
		CHECK(strchr(fixture.findings.items[i].message, '\x1b') == NULL,
			"no message speaks to the terminal");
	for (size_t i = 0; i < fixture.plan.looked_count; i++)
		CHECK(strchr(fixture.plan.looked[i].detail, '\x1b') == NULL, "nor does the list");
	drop(&fixture);
}

/* test_own - an engine's name server answers for the host name with what it knows alone */
static void
test_own(void)
{
	static const char *const own[] = {"192.0.2.7"};
	struct world world = {.records = right, .count = sizeof(right) / sizeof(right[0])};
	struct dns_session session;
	struct arena arena;

	arena_init(&arena);
	world.arena = &arena;
	world_session(&session, &world);
	session.own = own;
	session.own_count = 1;
	CHECK(!dns_status_known(dns_ask(&session, "mail.a.test", ns_t_a)->status),
		"our own address is no answer");
	CHECK(!dns_status_known(dns_ask(&session, "mail.a.test", ns_t_aaaa)->status),
		"nor that the name has none of the other kind");
	CHECK(dns_ask(&session, "a.test", ns_t_mx)->status == DNS_FOUND, "other answers are");
	CHECK(dns_ask(&session, "b.test", ns_t_aaaa)->status == DNS_NO_NAME,
		"and that a name is not there");
	arena_free(&arena);
}

static void
judge_queue(struct fixture *fixture, struct live_queue before, struct live_queue after)
{
	struct live_system system = {.plan = &fixture->plan};

	make(fixture);
	before.at_ms = 1000;
	after.at_ms = 3000;
	live_queue_judge(&system, &before, &after);
}

static void
test_queue(void)
{
	struct fixture fixture;

	judge_queue(&fixture, (struct live_queue){.messages = 5},
		(struct live_queue){
			.messages = 50, .new = 2, .oldest_new = NOW - 10, .oldest = NOW - 3600});
	CHECK(fixture.findings.count == 0, "a queue that lives is right");
	drop(&fixture);
	judge_queue(
		&fixture, (struct live_queue){.messages = 5}, (struct live_queue){.messages = 106});
	CHECK(found(&fixture, "live-queue-growing") == 1, "one that grows is told");
	drop(&fixture);
	judge_queue(&fixture, (struct live_queue){0},
		(struct live_queue){.messages = 1, .new = 1, .oldest_new = NOW - 301});
	CHECK(found(&fixture, "live-queue-stuck") == 1, "so is new mail that waits");
	drop(&fixture);
	judge_queue(&fixture, (struct live_queue){0},
		(struct live_queue){.messages = 1, .oldest = NOW - 7 * 3600});
	CHECK(found(&fixture, "live-queue-old") == 1, "and mail of this morning");
	drop(&fixture);
	judge_queue(&fixture, (struct live_queue){.error = 13}, (struct live_queue){0});
	CHECK(found(&fixture, "live-not-checked") == 1 && fixture.findings.count == 1,
		"what cannot be counted is not checked");
	drop(&fixture);
}

static void
test_queue_words(void)
{
	struct fixture fixture;

	judge_queue(&fixture, (struct live_queue){0}, (struct live_queue){.messages = 1});
	CHECK_TEXT(fixture.plan.looked[0].detail, "1 message", "one message");
	drop(&fixture);
	judge_queue(&fixture, (struct live_queue){0}, (struct live_queue){0});
	CHECK_TEXT(fixture.plan.looked[0].detail, "0 messages", "and none");
	drop(&fixture);
	judge_queue(&fixture, (struct live_queue){0},
		(struct live_queue){.messages = 1, .oldest = NOW - 7 * 3600});
	CHECK_TEXT(fixture.plan.looked[0].detail, "1 message, which has waited for 7 hours",
		"one that is old");
	drop(&fixture);
}

static const char *
judge_disk(unsigned long long room_mb, unsigned long long all_mb, unsigned long files)
{
	struct statvfs status = {.f_frsize = 1024 * 1024,
		.f_bavail = room_mb,
		.f_blocks = all_mb,
		.f_files = 100,
		.f_favail = files};
	struct fixture fixture;
	struct live_system system = {.plan = &fixture.plan};
	const char *id;

	make(&fixture);
	live_disk_judge(&system, "room", &status, 75ULL << 20);
	id = fixture.findings.count > 0 ? fixture.findings.items[0].rule->id : "";
	drop(&fixture);
	return id;
}

static void
test_disk(void)
{
	CHECK_TEXT(judge_disk(20000, 100000, 50), "", "a disk with room is right");
	CHECK_TEXT(judge_disk(74, 100000, 50), "live-disk-full", "one without room for a message");
	CHECK_TEXT(judge_disk(20000, 100000, 0), "live-disk-full", "one without room for a file");
	CHECK_TEXT(judge_disk(900, 100000, 50), "live-disk-low", "one that is nearly full");
	CHECK_TEXT(judge_disk(900, 10000, 50), "", "a small one that is not");
	CHECK_TEXT(judge_disk(1200, 100000, 50), "", "a large one with plenty left");
}

int
main(void)
{
	test_dns();
	test_own();
	test_queue();
	test_queue_words();
	test_disk();
	DONE();
}
