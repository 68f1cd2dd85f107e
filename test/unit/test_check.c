/* test_check.c - rules over a whole plan, and what the user says of rules */
#include "unit.h"

#include "check/check.h"
#include "daemon/daemon.h"
#include "daemon/target.h"
#include "settings/settings.h"
#include "plan_fixture.h"

/* build - daemons contribute their files where WHOLE; else nothing but settings is looked at */
static void
build(struct fixture *fixture, char *variable, bool whole)
{
	char *environment[] = {
		"MAIL_HOSTNAME=mail.example.test", "MAIL_DOMAINS=example.test", variable, NULL};
	const struct settings_source source = {.environment = environment, .root = "/nonexistent"};

	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.root = "/nonexistent";
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
	target_find(&fixture->plan, NULL);
	if (whole)
		daemons_contribute(&fixture->plan);
	check_plan(&fixture->plan);
}

static void
test_relay(void)
{
	static const struct {
		const char *variable, *finding;
	} cases[] = {
		{"MAIL_NETWORKS=0.0.0.0/0", "open-relay"},
		{"MAIL_NETWORKS=::/0", "open-relay"},
		{"MAIL_NETWORKS=::ffff:0:0/96", "open-relay"},
		{"MAIL_NETWORKS=loopback 128.0.0.0/1", "open-relay"},
		{"POSTFIX_mynetworks=0.0.0.0/0", "open-relay"},
		{"POSTFIX_smtpd_relay_restrictions=permit", "postfix-restrictions"},
		{"POSTFIX_smtpd_relay_restrictions=permit, reject", "postfix-restrictions"},
		{"MAIL_NETWORKS=198.51.96.0/20", "networks-public"},
		{"MAIL_NETWORKS=10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 2001:db8::/32", NULL},
		{"MAIL_NETWORKS=192.0.2.0/24 connected", NULL},
		{"POSTFIX_smtpd_relay_restrictions=permit_mynetworks, reject_unauth_destination",
			NULL},
		{"POSTFIX_smtpd_relay_restrictions=permit_mynetworks,reject", NULL},
	};
	struct fixture f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char variable[128];

		snprintf(variable, sizeof(variable), "%s", cases[i].variable);
		build(&f, variable, true);
		if (cases[i].finding != NULL)
			CHECK(found(&f, cases[i].finding) == 1, "%s is %s", variable,
				cases[i].finding);
		else
			CHECK(found(&f, "open-relay") + found(&f, "networks-public") == 0,
				"%s is fine", variable);
		drop(&f);
	}
}

static void
test_adjust(void)
{
	struct fixture f;
	size_t judged;

	build(&f, "MAIL_CHECKS=open-relay=warning", false);
	judged = check_adjust(&f.plan, 0, NULL, false);
	finding_add(&f.findings, "open-relay", NULL, "one");
	check_adjust(&f.plan, judged, NULL, false);
	CHECK(findings_count(&f.findings, SEVERITY_WARNING) == 1 && !findings_refuse(&f.findings),
		"checks.ID changes a severity, and a warning refuses nothing");
	drop(&f);

	build(&f, "MAIL_CHECKS=open-relay=off", false);
	judged = check_adjust(&f.plan, 0, NULL, false);
	finding_add(&f.findings, "open-relay", NULL, "one");
	CHECK(check_adjust(&f.plan, judged, NULL, false) == judged, "off is off");
	drop(&f);

	build(&f, "MAIL_ROLES=mx", false);
	finding_add(&f.findings, "open-relay", NULL, "one");
	check_adjust(&f.plan, 0, "key-off-volume, open-relay", false);
	CHECK(!findings_refuse(&f.findings) && f.findings.items[f.findings.count - 1].waived,
		"MAIL_START_ANYWAY lets it start, and the finding says so");
	drop(&f);

	build(&f, "MAIL_ROLES=mx", false);
	finding_add(&f.findings, "networks-public", NULL, "one");
	check_adjust(&f.plan, 0, NULL, true);
	CHECK(findings_count(&f.findings, SEVERITY_ERROR) == 1, "strict makes errors of warnings");
	drop(&f);
}

int
main(void)
{
	test_relay();
	test_adjust();
	DONE();
}
