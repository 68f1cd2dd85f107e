/* test_check_dovecot.c - what is found in the rendered files of Dovecot and OpenDKIM */
#include "unit.h"

#include "check_case.h"

static void
look(struct plan *plan)
{
	check_dovecot(plan);
	check_opendkim(plan);
}

static const struct subject subject = {
	.look = look,
	.prefixes = (const char *const[]){"dovecot-", "opendkim-", NULL},
	.files = (const char *const[]){"dovecot/dovecot.conf", "opendkim/SigningTable", NULL},
};

static void
build(struct fixture *fixture, const char *target, const char *const *variables)
{
	build_plan(fixture, NO_ROOT, target, variables);
	look(&fixture->plan);
}

/* Our own templates are what most people run: a false alarm here is one for everybody. */
static void
test_own_templates(void)
{
	static const char *const more[][4] = {
		{NULL},
		{"MAIL_LIMITS_MAILBOX=1G", "MAIL_MAILBOXES_FORMAT=sdbox"},
		{"MAIL_DELIVERY_LMTP=inet:store:24", "MAIL_DELIVERY_SASL=inet:store:12345"},
		{"MAIL_NETWORKS=10.0.0.0/8 2001:db8::/32 connected", "MAIL_DKIM_SELECTOR=s1",
			"MAIL_DKIM_DOMAINS=b.test c.test"},
	};

	for (size_t t = 0; t < 2; t++)
		for (size_t m = 0; m < sizeof(more) / sizeof(more[0]); m++) {
			size_t files, alarms = count_alarms(targets[t], more[m], &subject, &files);

			CHECK(alarms == 0 && files >= 32,
				"%s, case %zu: no role set gives a false alarm", targets[t], m);
		}
}

static void
test_found(void)
{
	static const struct {
		const char *target, *variable, *id;
	} cases[] = {
		{"debian13", "DOVECOT_auth_verbos=yes", "dovecot-setting-unknown"},
		{"debian12", "DOVECOT_auth_verbos=yes", "dovecot-setting-unknown"},
		{"debian13", "DOVECOT_auth_verbose=true", "dovecot-value"},
		{"debian12", "DOVECOT_auth_verbose=true", "dovecot-value"},
		{"debian13", "DOVECOT_auth_cache_ttl=30", "dovecot-value"},
		{"debian13", "DOVECOT_auth_mechanisms=plain logn", "dovecot-value"},
		{"debian12", "DOVECOT_auth_mechanisms=plain scram-sha-512", "dovecot-value"},
		{"debian13", "DOVECOT_disable_plaintext_auth=no", "dovecot-setting-renamed"},
		{"debian12", "DOVECOT_auth_allow_cleartext=yes", "dovecot-setting-version"},
		{"debian13", "DOVECOT_zebra_count=4", "dovecot-setting-unverified"},
		{"debian13", "DOVECOT_login_greeting=a#b", "dovecot-ambiguous"},
		{"debian13", "DOVECOT_service/auth/zebra=1", "dovecot-setting-unverified"},
		{"debian12", "DOVECOT_mail_plugins/quota=yes", "dovecot-syntax"},
		{"debian13", "OPENDKIM_Canonicalisation=relaxed", "opendkim-setting-unknown"},
		{"debian13", "OPENDKIM_Syslog=on", "opendkim-value"},
		{"debian13", "OPENDKIM_On-Default=maybe", "opendkim-ambiguous"},
		{"debian13", "OPENDKIM_Domain=example.test", "opendkim-ambiguous"},
		{"debian13", "OPENDKIM_KeyTable=", "opendkim-conflict"},
		{"debian13", "OPENDKIM_SigningTable=/run/mailinit/current/opendkim/SigningTable",
			"opendkim-signingtable"},
		{"debian13",
			"OPENDKIM_SigningTable=refile:/run/mailinit/current/opendkim/TrustedHosts",
			"opendkim-signingtable"},
		{"debian13", "OPENDKIM_KeyTable=/run/mailinit/current/opendkim/TrustedHosts",
			"opendkim-keytable"},
		{"debian13", "OPENDKIM_InternalHosts=/run/mailinit/current/opendkim/KeyTable",
			"opendkim-hosts"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *variables[VARIABLES_MAX] = {cases[i].variable};
		struct fixture f;

		build(&f, cases[i].target, variables);
		CHECK(found(&f, cases[i].id) > 0, "%s, %s: %s", cases[i].target, cases[i].variable,
			cases[i].id);
		if (found(&f, cases[i].id) == 0)
			count_about(&f, &subject);
		drop(&f);
	}
}

static void
test_origin(void)
{
	static const char *const misspelt[VARIABLES_MAX] = {
		"DOVECOT_auth_verbos=yes", "OPENDKIM_Syslog=on"};
	static const char *const patterns[VARIABLES_MAX] = {
		"OPENDKIM_SigningTable=/run/mailinit/current/opendkim/SigningTable"};
	struct fixture f;

	build(&f, "debian13", misspelt);
	CHECK(count_about(&f, &subject) == 2, "two mistakes are two findings");
	CHECK_TEXT(first(&f, "dovecot-setting-unknown")->origin.name, "DOVECOT_auth_verbos",
		"a raw setting of Dovecot is told by its variable");
	CHECK_TEXT(first(&f, "opendkim-value")->origin.name, "OPENDKIM_Syslog",
		"a raw parameter of OpenDKIM too");
	drop(&f);

	build(&f, "debian13", patterns);
	CHECK(count_about(&f, &subject) == 1,
		"a refile: that is missing is one finding, not one for each row");
	CHECK_TEXT(first(&f, "opendkim-signingtable")->origin.name, "OPENDKIM_SigningTable",
		"and it is told where it is missing");
	drop(&f);
}

/* A template of the user's own is judged line by line, and its secrets stay secret. */
static void
test_template(void)
{
	static const char text[] = "dovecot_config_version = 2.4.1\n"
				   "dovecot_storage_version = 2.4.1\n"
				   "auth_verbose = canary1\n"
				   "auth_debug = canary2\n";
	static const char *const none[VARIABLES_MAX] = {NULL};
	struct plan_file *file;
	struct fixture f;

	build(&f, "debian13", none);
	file = plan_find_file(&f.plan, "dovecot/dovecot.conf");
	buffer_clear(&file->content);
	buffer_puts(&file->content, text);
	file->line_count = 4;
	file->lines = arena_alloc(&f.arena, 4 * sizeof(*file->lines));
	file->lines[2].template_file = "dovecot-2.4/dovecot.conf.mustache";
	file->lines[2].template_line = 17;
	file->lines[3].secret = true;
	f.findings.count = 0;
	check_dovecot(&f.plan);
	CHECK(f.findings.count == 2, "both lines are found");
	CHECK(f.findings.items[0].origin.kind == ORIGIN_TEMPLATE &&
			f.findings.items[0].origin.line == 17,
		"a line without values is told by its place in the template");
	CHECK(strstr(f.findings.items[0].message, "canary1") != NULL, "a value is shown");
	CHECK(strstr(f.findings.items[1].message, "canary2") == NULL, "unless it is a secret");
	drop(&f);
}

int
main(void)
{
	test_own_templates();
	test_found();
	test_origin();
	test_template();
	DONE();
}
