/* test_check_partners.c - what main.cf and master.cf need of each other, and of the neighbours */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "check_case.h"

static const struct subject subject = {
	.look = check_postfix,
	.prefixes = (const char *const[]){"postfix-", "opendkim-socket", NULL},
	.files = (const char *const[]){"postfix/main.cf", NULL},
};

#define SPAWN "POSTFIXMASTER_policyd-spf__unix=- n n - 0 spawn "
#define PIPE "POSTFIXMASTER_mine__unix=- n n - - pipe "

static void
test_services(void)
{
	static const struct rule_case cases[] = {
		{{"POSTFIX_default_transport=smpt"}, "postfix-service-unknown"},
		{{"POSTFIX_virtual_transport=lmpt:unix:private/x"}, "postfix-service-unknown"},
		{{"POSTFIX_content_filter=smtp-amavis:[127.0.0.1]:10024"},
			"postfix-service-unknown"},
		{{"POSTFIXMASTER_2525__inet=n - n - - smtpd -o content_filter=scan:x"},
			"postfix-service-unknown"},
		{{"POSTFIXMASTER_smtp__inet=n - n - 1 postscreen"}, "postfix-service-unknown"},
		{{"POSTFIXMASTER_smtp__inet=n - n - 1 postscreen",
			 "POSTFIXMASTER_smtpd__pass=- - n - - smtpd",
			 "POSTFIX_postscreen_dnsbl_sites=zen.example.net"},
			"postfix-service-unknown"},
		{{"POSTFIX_smtpd_client_restrictions=check_policy_service unix:private/greylist"},
			"postfix-policy-missing"},
		{{"POSTFIXMASTER_smpt-in__inet=n - n - - smtpd"}, "postfix-port-unknown"},
		{{"POSTFIXMASTER_lmtp__inet=n - n - - smtpd"}, "postfix-port-unknown"},
		{{"POSTFIX_content_filter=smtp-amavis:[127.0.0.1]:10024",
			 "POSTFIXMASTER_smtp-amavis__unix=- - n - 2 smtp"},
			NULL},
		{{"POSTFIX_local_transport=error:no such user",
			 "POSTFIX_content_filter=", "POSTFIX_relay_transport=$default_transport"},
			NULL},
		{{"POSTFIXMASTER_smtp__inet=n - n - 1 postscreen",
			 "POSTFIXMASTER_smtpd__pass=- - n - - smtpd",
			 "POSTFIXMASTER_dnsblog__unix=- - n - 0 dnsblog",
			 "POSTFIXMASTER_tlsproxy__unix=- - n - 0 tlsproxy",
			 "POSTFIX_postscreen_dnsbl_sites=zen.example.net*3"},
			NULL},
		{{"POSTFIX_smtpd_client_restrictions=check_policy_service unix:private/policyd-spf",
			 SPAWN "user=policyd-spf argv=/usr/bin/policyd-spf"},
			NULL},
		{{"POSTFIXMASTER_smtps__inet=n - n - - smtpd",
			 "POSTFIXMASTER_10025__inet=n - n - - smtpd"},
			NULL},
	};

	check_rule_cases(cases, sizeof(cases) / sizeof(cases[0]), &subject);
}

static void
test_commands(void)
{
	static const struct rule_case cases[] = {
		{{PIPE "argv=/x"}, "postfix-command"},
		{{PIPE "user=x"}, "postfix-command"},
		{{PIPE "user=root argv=/x"}, "postfix-command"},
		{{PIPE "user=root:mail argv=/x"}, "postfix-command"},
		{{PIPE "flags=DRZ user=x argv=/x"}, "postfix-command"},
		{{PIPE "usr=x argv=/x"}, "postfix-command"},
		{{SPAWN "argv=/x"}, "postfix-command"},
		{{SPAWN "flags=R user=x argv=/x"}, "postfix-command"},
		{{PIPE "flags=DRhu user=vmail:vmail size=100 directory=/x argv=/x -f ${sender}"},
			NULL},
		{{PIPE "-o syslog_name=x -v flags=Fqhu. user=x null_sender= argv=/x user=root"},
			NULL},
	};

	check_rule_cases(cases, sizeof(cases) / sizeof(cases[0]), &subject);
}

static void
test_neighbours(void)
{
	static const struct rule_case cases[] = {
		{{"POSTFIX_relay_domains=other.test, B.test"}, "postfix-domain-twice"},
		{{"POSTFIX_mydestination=localhost, $myhostname, example.test"},
			"postfix-domain-twice"},
		{{"POSTFIX_virtual_alias_domains=example.test"}, "postfix-domain-twice"},
		{{"POSTFIX_relay_domains=other.test, cidr:/etc/x, .example.test"}, NULL},
		{{"POSTFIX_non_smtpd_milters=inet:rspamd"}, "postfix-milter"},
		{{"POSTFIX_non_smtpd_milters=rspamd:11332"}, "postfix-milter"},
		{{"POSTFIX_non_smtpd_milters=inet:[::1]"}, "postfix-milter"},
		{{"POSTFIX_non_smtpd_milters=tcp:rspamd:11332"}, "postfix-milter"},
		{{"POSTFIX_non_smtpd_milters={ inet:rspamd:11332, default_action=accept } "
		  "inet:[::1]:8891 unix:run/x local:x"},
			NULL},
		{{"OPENDKIM_Socket=inet:8891@localhost"}, "opendkim-socket"},
		{{"OPENDKIM_Socket=local:/run/opendkim/opendkim.sock"}, "opendkim-socket"},
		{{"OPENDKIM_UMask=077"}, "opendkim-socket"},
		{{"POSTFIX_smtpd_milters="}, "opendkim-socket"},
		{{"OPENDKIM_Socket=inet:8891", "POSTFIX_smtpd_milters=inet:127.0.0.1:8891"}, NULL},
		{{"OPENDKIM_Socket=unix:/var/spool/postfix/opendkim/opendkim.sock",
			 "OPENDKIM_UMask=002"},
			NULL},
	};

	check_rule_cases(cases, sizeof(cases) / sizeof(cases[0]), &subject);
}

static void
test_values(void)
{
	static const struct rule_case cases[] = {
		{{"POSTFIX_inet_interfaces=eth0, localhost"}, "postfix-value"},
		{{"POSTFIX_inet_interfaces=lo"}, "postfix-value"},
		{{"POSTFIX_mail_owner=root"}, "postfix-value"},
		{{"POSTFIX_queue_directory=spool"}, "postfix-value"},
		{{"POSTFIX_virtual_alias_maps=inline:{ a=b"}, "postfix-value"},
		{{"POSTFIX_virtual_alias_maps=ldap:a, proxy:ldap:b"}, "postfix-map-type"},
		{{"POSTFIX_inet_interfaces=loopback-only",
			 "POSTFIX_virtual_alias_maps=inline:{a=b}"},
			NULL},
		{{"POSTFIX_inet_interfaces=mail.example.test 127.0.0.1 brussels ens"}, NULL},
	};
	const char *const variables[] = {"POSTFIX_virtual_alias_maps=x, ldap:a", NULL};
	struct fixture f;

	check_rule_cases(cases, sizeof(cases) / sizeof(cases[0]), &subject);
	build_plan(&f, NO_ROOT, "debian13", variables);
	check_postfix(&f.plan);
	CHECK(first(&f, "postfix-map-type") != NULL &&
			strstr(first(&f, "postfix-map-type")->help, "postfix-ldap") != NULL,
		"the help names the package of the type");
	drop(&f);
}

/* a rule that is broken thousands of times is told of a hundred times, with the number of the rest */
static void
test_surplus(void)
{
	char directory[] = "/tmp/check-partners-XXXXXX", path[128];
	const char *const variables[] = {NULL};
	const struct finding *last;
	struct fixture f;
	FILE *file;

	CHECK(mkdtemp(directory) != NULL, "a directory that stands for /");
	snprintf(path, sizeof(path), "mkdir -p %s/etc/mailinit", directory);
	CHECK(system(path) == 0, "and its configuration directory");
	snprintf(path, sizeof(path), "%s/etc/mailinit/mailinit.yaml", directory);
	file = fopen(path, "w");
	fputs("postfix:\n  main:\n", file);
	for (int i = 0; i < 20000; i++)
		fprintf(file, "    nobody_has_%d: x\n", i);
	fputs("  master:\n", file);
	for (int i = 0; i < 3000; i++)
		fprintf(file, "    %d/inet: n - n - - smtpd -o smtpd_banner=x\n", 20000 + i);
	CHECK(fclose(file) == 0, "with a large file");
	build_plan(&f, directory, "debian13", variables);
	check_postfix(&f.plan);
	last = &f.findings.items[f.findings.count - 1];
	CHECK(found(&f, "postfix-parameter-unused") == 101 && count_about(&f, &subject) == 101 &&
			strstr(last->message, "19900 more") != NULL,
		"20000 unknown parameters are 100 findings and a number");
	drop(&f);
	unlink(path);
	snprintf(path, sizeof(path), "rm -r %s", directory);
	CHECK(system(path) == 0, "it is removed again");
}

int
main(void)
{
	test_services();
	test_commands();
	test_neighbours();
	test_values();
	test_surplus();
	DONE();
}
