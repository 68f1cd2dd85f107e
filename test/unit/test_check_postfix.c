/* test_check_postfix.c - what is found in the rendered main.cf and master.cf */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_case.h"

static const char *build_root = NO_ROOT;
static const struct subject subject = {
	.look = check_postfix,
	.prefixes = (const char *const[]){"postfix-", NULL},
	.files = (const char *const[]){"postfix/main.cf", NULL},
};

static void
build(struct fixture *fixture, const char *target, const char *const *variables)
{
	build_plan(fixture, build_root, target, variables);
	check_postfix(&fixture->plan);
}

/* Our own templates are what most people run: a false alarm here is one for everybody. */
static void
test_own_templates(void)
{
	static const char *const more[][4] = {
		{"MAIL_POSTFIX_CHROOT=yes"},
		{"MAIL_POSTFIX_CHROOT=no"},
		{"MAIL_RELAY_HOST=[smtp.example.net]:465", "MAIL_RELAY_USERNAME=u",
			"MAIL_RELAY_PASSWORD=p$x {"},
		{"MAIL_DELIVERY_LMTP=inet:store:24", "MAIL_DELIVERY_SASL=inet:store:12345",
			"MAIL_MILTERS=inet:rspamd:11332"},
		{"MAIL_NETWORKS=10.0.0.0/8 2001:db8::/32 connected", "MAIL_RELAY_HOST=smarthost",
			"MAIL_RELAY_TLS=dane"},
	};

	for (size_t t = 0; t < 2; t++)
		for (size_t m = 0; m < sizeof(more) / sizeof(more[0]); m++) {
			size_t files, alarms = count_alarms(targets[t], more[m], &subject, &files);

			CHECK(alarms == 0 && files == 28,
				"%s, case %zu: no role set gives a false alarm", targets[t], m);
		}
}

static void
test_found(void)
{
	static const struct {
		const char *variable, *id;
	} cases[] = {
		{"POSTFIX_bounce_size_limit=10MB", "postfix-value"},
		{"POSTFIX_bounce_size_limit=0x10", "postfix-value"},
		{"POSTFIX_smtpd_delay_reject=true", "postfix-value"},
		{"POSTFIX_smtpd_delay_reject=$biff_", "postfix-value"},
		{"POSTFIX_queue_run_delay=5x", "postfix-value"},
		{"POSTFIX_smtp_tls_security_level=mayy", "postfix-value"},
		{"POSTFIX_smtpd_hard_error_limit=${stress?{1}:{many}}", "postfix-value"},
		{"POSTFIX_smtpd_hard_error_limit=${stress?{one}:{20}}", "postfix-value"},
		{"POSTFIX_relay_destination_concurrency_limit=ten", "postfix-value"},
		{"POSTFIXMASTER_2525__inet=n - n - - smtpd -o smtpd_sasl_auth_enable=true",
			"postfix-value"},
		{"POSTFIX_smtpd_bannr=x", "postfix-parameter-unknown"},
		{"POSTFIX_relay_destination_concurency_limit=3", "postfix-parameter-unknown"},
		{"POSTFIXMASTER_2525__inet=n - n - - smtpd -o smtpd_tls_securty_level=may",
			"postfix-parameter-unknown"},
		{"POSTFIX_my_very_own=x", "postfix-parameter-unused"},
		{"POSTFIX_nothing_recipient_limit=3", "postfix-parameter-unused"},
		{"POSTFIX_smtpd_client_restrictions=$mua_client", "postfix-parameter-undefined"},
		{"POSTFIXMASTER_2525__inet=n - n - - smtpd -o "
		 "smtpd_client_restrictions=$mua_client",
			"postfix-parameter-undefined"},
		{"POSTFIX_smtpd_restriction_classes=mua_class", "postfix-parameter-undefined"},
		{"POSTFIX_smtpd_use_tls=yes", "postfix-parameter-deprecated"},
		{"POSTFIX_virtual_maps=hash:/etc/x", "postfix-parameter-deprecated"},
		{"POSTFIX_smtp_helo_name=${myhostname", "postfix-expression"},
		{"POSTFIX_smtp_helo_name=a$", "postfix-expression"},
		{"POSTFIX_smtp_helo_name=${myhostname ?{a}", "postfix-expression"},
		{"POSTFIX_mail_name=x $mail_name", "postfix-expression"},
		{"POSTFIX_header_checks=pcre:/etc/postfix/checks", "postfix-map-type"},
		{"POSTFIX_header_checks=no_such:/etc/postfix/checks", "postfix-map-type"},
		{"POSTFIX_transport_maps=proxy:ldap:/etc/x", "postfix-map-type"},
		{"POSTFIX_mynetworks_style_=x", "postfix-parameter-unknown"},
		{"POSTFIX_default_database_type=lmdb", "postfix-map-type"},
		{"POSTFIX_smtpd_client_restrictions=check_client_access mysql:/etc/x",
			"postfix-map-type"},
		{"POSTFIX_smtpd_banner=$myhostname ESMTP # hello", "postfix-comment-in-value"},
		{"POSTFIXMASTER_2525__inet=n - n - - smtpd # hello", "postfix-comment-in-value"},
		{"POSTFIXMASTER_2525__inet=- - n - - smtpd", "postfix-syntax"},
		{"POSTFIXMASTER_2525__inet=n - n - - smtpd -o { a", "postfix-syntax"},
		{"POSTFIXMASTER_2525__inet=n - n - -", "postfix-syntax"},
		{"POSTFIXMASTER_qmgr__unix=n - n 300 2 qmgr", "postfix-service-limit"},
		{"POSTFIXMASTER_cleanup__unix=n - n - - cleanup", "postfix-service-limit"},
		{"POSTFIXMASTER_mine__unix=- - n - - pipe user=x argv=/x", "postfix-service-limit"},
		{"POSTFIXMASTER_cleanup__unix=", "postfix-service-missing"},
		{"POSTFIXMASTER_2525__inet=n - n - - smtp-d", "postfix-command-unknown"},
	};

	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			const char *variables[] = {cases[i].variable, NULL};
			const struct finding *finding;
			char name[64];
			struct fixture f;

			build(&f, targets[t], variables);
			finding = first(&f, cases[i].id);
			snprintf(name, sizeof(name), "%.*s", (int)strcspn(cases[i].variable, "="),
				cases[i].variable);
			CHECK(finding != NULL, "%s: %s is %s", targets[t], cases[i].variable,
				cases[i].id);
			CHECK(finding != NULL && finding->origin.name != NULL &&
					strcmp(finding->origin.name, name) == 0,
				"%s: %s is where it came from", targets[t], name);
			drop(&f);
		}
}

static void
test_fine(void)
{
	static const char *const cases[][4] = {
		{"POSTFIX_bounce_size_limit=1000", "POSTFIX_smtpd_delay_reject=YES",
			"POSTFIX_maximal_queue_lifetime=5"},
		{"POSTFIX_smtpd_hard_error_limit=${stress?{1}:{20}}",
			"POSTFIX_smtpd_timeout=${stress?10}${stress:300}s"},
		{"POSTFIX_my_very_own=permit_mynetworks",
			"POSTFIX_smtpd_client_restrictions=$my_very_own"},
		{"POSTFIX_my_very_own=reject", "POSTFIX_smtpd_restriction_classes=my_very_own"},
		{"POSTFIX_my_very_own=reject",
			"POSTFIXMASTER_2525__inet=n - n - - smtpd -o "
			"smtpd_client_restrictions=$my_very_own"},
		{"POSTFIXMASTER_2525__inet=n - n - - smtpd -o mine=reject -o "
		 "smtpd_client_restrictions=$mine"},
		{"POSTFIX_smtpd_client_restrictions=$mine",
			"POSTFIXMASTER_2525__inet=n - n - - smtpd -o mine=reject"},
		{"POSTFIXMASTER_mine__unix=- n n - - pipe user=x argv=/x",
			"POSTFIX_mine_time_limit=30s",
			"POSTFIX_mine_destination_recipient_limit=1"},
		{"POSTFIX_header_checks=regexp:/etc/x, pipemap:{texthash:/a,texthash:/b}",
			"POSTFIX_smtpd_client_restrictions=check_policy_service "
			"inet:127.0.0.1:10023"},
		{"POSTFIX_mynetworks=127.0.0.0/8 [::1]/128 !10.0.0.1 cidr:/etc/x"},
		{"POSTFIX_forward_path=$home/.forward${recipient_delimiter}${extension}",
			"POSTFIX_default_rbl_reply=$rbl_code x ${rbl_reason?; $rbl_reason}"},
		{"POSTFIX_myhostname=mx.$mydomain", "POSTFIX_mydomain=example.test",
			"POSTFIX_smtp_helo_name=$myhostname"},
		{"POSTFIX_smtpd_tls_security_level=${{$compatibility_level} >=level {3.6} ? "
		 "{may} : {none}}"},
		{"POSTFIX_smtpd_reject_footer=\\c a#b $$5"},
	};

	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			const char *variables[5] = {NULL};
			struct fixture f;

			for (size_t k = 0; k < 4; k++)
				variables[k] = cases[i][k];
			build(&f, targets[t], variables);
			CHECK(count_about(&f, &subject) == 0, "%s: %s … is fine", targets[t],
				cases[i][0]);
			drop(&f);
		}
}

static void
test_versions(void)
{
	const char *const variables[] = {"POSTFIX_smtp_tlsrpt_enable=no", NULL};
	struct fixture f;

	build(&f, "debian13", variables);
	CHECK(count_about(&f, &subject) == 0, "3.10 has smtp_tlsrpt_enable");
	drop(&f);
	build(&f, "debian12", variables);
	CHECK(found(&f, "postfix-parameter-version") == 1 && count_about(&f, &subject) == 1,
		"3.7 has not, and says so");
	drop(&f);
}

/* A directory that stands for / and has one file of the user's, so that it can be removed again. */
struct root {
	char directory[64];
	char file[256];
};

static void
root_make(struct root *root, const char *path, const char *text)
{
	FILE *file;

	snprintf(root->directory, sizeof(root->directory), "/tmp/check-postfix-XXXXXX");
	CHECK(mkdtemp(root->directory) != NULL, "a directory that stands for /");
	snprintf(root->file, sizeof(root->file), "%s%s", root->directory, path);
	for (char *slash = strchr(root->file + strlen(root->directory) + 1, '/'); slash != NULL;
		slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(root->file, 0700);
		*slash = '/';
	}
	file = fopen(root->file, "w");
	CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0, "%s in it", path);
	build_root = root->directory;
}

static void
root_remove(struct root *root)
{
	build_root = NO_ROOT;
	unlink(root->file);
	for (char *slash = strrchr(root->file, '/'); slash >= root->file + strlen(root->directory);
		slash = strrchr(root->file, '/')) {
		*slash = '\0';
		rmdir(root->file);
	}
}

static void
test_yaml_origin(void)
{
	const char *const variables[] = {NULL};
	const struct finding *finding;
	struct fixture f;
	struct root root;

	root_make(&root, "/etc/mailinit/mailinit.yaml",
		"hostname: mail.example.test\n"
		"postfix:\n"
		"  main:\n"
		"    smtpd_delay_reject: \"true\"\n");
	build(&f, "debian13", variables);
	finding = first(&f, "postfix-value");
	CHECK(finding != NULL && finding->origin.kind == ORIGIN_YAML && finding->origin.line == 4,
		"a finding names the line of the YAML file");
	drop(&f);
	root_remove(&root);
}

/* with a template of one's own, the place in it is what is shown */
static void
test_template_origin(void)
{
	const char *const variables[] = {NULL};
	const struct finding *finding;
	struct fixture f;
	struct root root;

	root_make(&root, "/etc/mailinit/templates/postfix/main.cf.mustache",
		"  lost = 1\n"
		"myhostname = {{hostname}}\n"
		"\n"
		"biff maybe\n"
		"biff =\n"
		"  # no\n"
		"   maybe\n"
		"mail_name = a\n"
		"mail_name = b\n");
	build(&f, "debian13", variables);
	finding = first(&f, "postfix-syntax");
	CHECK(finding != NULL && finding->origin.kind == ORIGIN_TEMPLATE &&
			finding->origin.line == 4 &&
			text_starts(finding->origin.file, f.plan.root) &&
			text_ends(finding->origin.file, "/templates/postfix/main.cf.mustache"),
		"a line without \"=\" is found in its template");
	finding = first(&f, "postfix-value");
	CHECK(finding != NULL && finding->origin.line == 7, "a value on a further line too");
	CHECK(found(&f, "postfix-parameter-duplicate") == 1, "a duplicate is found");
	CHECK(found(&f, "postfix-line-ignored") == 1, "so is a line that continues nothing");
	drop(&f);
	root_remove(&root);
}

/* what a secret holds stands in no message, also when it comes by way of a $name */
static void
test_secrets(void)
{
	static const char canary[] = "canary7";
	const char *const variables[] = {"MAIL_RELAY_HOST=smarthost.example.test",
		"MAIL_RELAY_USERNAME=u", "MAIL_RELAY_PASSWORD=canary7:canary7", NULL};
	bool shown = false;
	struct fixture f;
	struct root root;

	root_make(&root, "/etc/mailinit/templates/postfix/main.cf.mustache",
		"mine = {{relay.password}}\n"
		"bounce_size_limit = {{relay.password}}\n"
		"queue_run_delay = $mine\n"
		"header_checks = {{relay.password}}\n"
		"transport_maps = $mine\n"
		"biff = ${x {{relay.password}}\n");
	build(&f, "debian13", variables);
	for (size_t i = 0; i < f.findings.count; i++)
		shown = shown || strstr(f.findings.items[i].message, canary) != NULL;
	CHECK(found(&f, "postfix-value") == 2 && found(&f, "postfix-map-type") == 1 &&
			found(&f, "postfix-expression") == 1,
		"values that are secrets are checked");
	CHECK(!shown, "no message shows what is in a secret");
	drop(&f);
	root_remove(&root);
}

int
main(void)
{
	test_own_templates();
	test_found();
	test_fine();
	test_versions();
	test_yaml_origin();
	test_template_origin();
	test_secrets();
	DONE();
}
