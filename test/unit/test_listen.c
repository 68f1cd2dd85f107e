/* test_listen.c - partners in other containers: where they listen, and where they are looked for */
#include "unit.h"

#include <stdlib.h>

#include "check_case.h"
#include "settings/schema.h"
#include "settings/syntax.h"

static void
test_syntax(void)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{"24", true},
		{"none", true},
		{"10.8.0.2:24", true},
		{"[fd00::2]:24", true},
		{"65535", true},
		{"", false},
		{"0", false},
		{"024", false},
		{"65536", false},
		{"lmtp", false},
		{"None", false},
		{"10.8.0.2", false},
		{"10.8.0.2:", false},
		{":24", false},
		{"store:24", false},
		{"fd00::2:24", false},
		{"[10.8.0.2]:24", false},
		{"[]:24", false},
		{"[fd00::2]24", false},
		{"10.8.0.300:24", false},
	};
	const struct schema_row *row = schema_find("listen.lmtp");
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = NULL, *value = syntax_read(&arena, row, cases[i].text, &why);

		CHECK((value != NULL) == cases[i].good, "\"%s\" is %s", cases[i].text,
			cases[i].good ? "taken" : "refused");
		CHECK(cases[i].good || why != NULL, "and it is said why");
	}
	arena_free(&arena);
}

/* One configuration, and what must or must not stand in a file of it. */
struct render_case {
	const char *variables[RULE_VARIABLES];
	const char *file, *text;
	bool there;
};

static void
test_files(void)
{
	static const char dovecot[] = "dovecot/dovecot.conf", opendkim[] = "opendkim/opendkim.conf",
			  main_cf[] = "postfix/main.cf";
	static const struct render_case cases[] = {
		{{"MAIL_ROLES=mailstore"}, dovecot, "inet_listener lmtp {\n    port = 24\n  }",
			true},
		{{"MAIL_ROLES=mailstore"}, dovecot, "inet_listener auth", false},
		{{"MAIL_ROLES=mailstore", "MAIL_LISTEN_LMTP=none"}, dovecot, "inet_listener",
			false},
		{{"MAIL_ROLES=mailstore", "MAIL_LISTEN_SASL=12345"}, dovecot,
			"inet_listener auth {\n    port = 12345\n  }", true},
		/* beside Postfix it has its sockets, and a port when one is asked for */
		{{"MAIL_ROLES=mx mailstore"}, dovecot, "inet_listener", false},
		{{"MAIL_ROLES=mx mailstore", "MAIL_LISTEN_LMTP=24"}, dovecot,
			"unix_listener /var/spool/postfix/private/dovecot-lmtp", true},
		{{"MAIL_ROLES=mx mailstore", "MAIL_LISTEN_LMTP=24"}, dovecot, "port = 24\n", true},
		{{"MAIL_ROLES=dkim"}, opendkim, "Socket inet:8891\n", true},
		{{"MAIL_ROLES=dkim", "MAIL_LISTEN_MILTER=10.8.0.2:99"}, opendkim,
			"Socket inet:99@10.8.0.2\n", true},
		{{"MAIL_ROLES=dkim", "MAIL_LISTEN_MILTER=[fd00::2]:99"}, opendkim,
			"Socket inet6:99@fd00::2\n", true},
		{{"MAIL_ROLES=submission dkim"}, opendkim, "Socket local:/var/spool/postfix/",
			true},
		{{"MAIL_ROLES=submission dkim", "MAIL_LISTEN_MILTER=8891"}, opendkim,
			"Socket inet:8891\n", true},
		{{"MAIL_ROLES=submission dkim", "MAIL_LISTEN_MILTER=8891"}, main_cf,
			"smtpd_milters = inet:127.0.0.1:8891\n", true},
		{{"MAIL_ROLES=submission dkim", "MAIL_LISTEN_MILTER=[fd00::2]:99"}, main_cf,
			"smtpd_milters = inet:[fd00::2]:99\n", true},
		/* where a store is reached over a network, and where it is not */
		{{"MAIL_ROLES=mx", "MAIL_DELIVERY_LMTP=inet:store:24"}, main_cf,
			"lmtp_tls_security_level = may\n", true},
		{{"MAIL_ROLES=mx", "MAIL_DELIVERY_LMTP=inet:store:24", "MAIL_DELIVERY_TLS=secure",
			 "MAIL_DELIVERY_TLS_NAME=Imap.example.test"},
			main_cf, "lmtp_tls_secure_cert_match = imap.example.test\n", true},
		{{"MAIL_ROLES=mx", "MAIL_DELIVERY_LMTP=inet:store:24",
			 "MAIL_DELIVERY_TLS_CA=/ca.pem"},
			main_cf, "lmtp_tls_CAfile = /ca.pem\n", true},
		{{"MAIL_ROLES=mx", "MAIL_DELIVERY_LMTP=inet:store:24"}, "postfix/store_away",
			"/^5\\.4\\.4 (.*)$/ 4.4.4 $1", true},
		{{"MAIL_ROLES=mx", "MAIL_DELIVERY_LMTP=inet:store:24"}, main_cf,
			"maximal_backoff_time = 10m\n", true},
		{{"MAIL_ROLES=mx submission", "MAIL_DELIVERY_LMTP=inet:store:24"}, main_cf,
			"maximal_backoff_time", false},
		{{"MAIL_ROLES=mx mailstore", "MAIL_DELIVERY_TLS=secure"}, main_cf, "lmtp_tls_",
			false},
		{{"MAIL_ROLES=mx", "MAIL_DELIVERY_LMTP=unix:private/other"}, main_cf, "lmtp_tls_",
			false},
	};

	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			const struct render_case *one = &cases[i];
			const char *variables[RULE_VARIABLES + 1] = {NULL};
			const struct plan_file *file;
			struct fixture f;

			for (size_t k = 0; k < RULE_VARIABLES; k++)
				variables[k] = one->variables[k];
			build_plan(&f, NO_ROOT, targets[t], variables);
			file = plan_find_file(&f.plan, one->file);
			CHECK(file != NULL &&
					(strstr(buffer_text(&file->content), one->text) != NULL) ==
						one->there,
				"%s, case %zu: %s %s \"%s\"", targets[t], i, one->file,
				one->there ? "has" : "has not", one->text);
			drop(&f);
		}
}

/* test_address - the one word that the two Dovecots have not in common */
static void
test_address(void)
{
	static const char *const variables[] = {
		"MAIL_ROLES=mailstore", "MAIL_LISTEN_SASL=[fd00::2]:12345", NULL};
	static const char *const lines[] = {"listen = fd00::2\n", "address = fd00::2\n"};

	for (size_t t = 0; t < 2; t++) {
		const struct plan_file *file;
		struct fixture f;

		build_plan(&f, NO_ROOT, targets[t], variables);
		file = plan_find_file(&f.plan, "dovecot/dovecot.conf");
		CHECK(file != NULL && strstr(buffer_text(&file->content), lines[t]) != NULL,
			"%s: %s", targets[t], lines[t]);
		drop(&f);
	}
}

static const struct subject subject = {
	.look = check_partners,
	.prefixes = (const char *const[]){"delivery-unverified", "sasl-in-clear", NULL},
	.files = (const char *const[]){NULL},
};

static void
test_partners(void)
{
	static const struct rule_case cases[] = {
		{{"MAIL_DELIVERY_LMTP=inet:store.example.test:24"}, "delivery-unverified"},
		{{"MAIL_DELIVERY_LMTP=inet:192.0.2.1:24"}, "delivery-unverified"},
		{{"MAIL_DELIVERY_LMTP=inet:[2001:db8::1]:24", "MAIL_DELIVERY_TLS=encrypt"},
			"delivery-unverified"},
		{{"MAIL_DELIVERY_LMTP=inet:store.example.test:24", "MAIL_DELIVERY_TLS=secure"},
			NULL},
		{{"MAIL_DELIVERY_LMTP=inet:store.example.test:24", "MAIL_DELIVERY_TLS=verify"},
			NULL},
		{{"MAIL_DELIVERY_LMTP=inet:store.example.test:24",
			 "POSTFIX_lmtp_tls_security_level=fingerprint"},
			NULL},
		{{"MAIL_DELIVERY_LMTP=inet:store:24"}, NULL},
		{{"MAIL_DELIVERY_LMTP=inet:10.8.0.2:24"}, NULL},
		{{"MAIL_DELIVERY_LMTP=inet:[fd00::2]:24"}, NULL},
		{{"MAIL_DELIVERY_LMTP=inet:store.mail.svc.cluster.local:24"}, NULL},
		{{"MAIL_DELIVERY_LMTP=unix:private/other"}, NULL},
		{{"MAIL_DELIVERY_SASL=inet:store.example.test:12345"}, "sasl-in-clear"},
		{{"MAIL_DELIVERY_SASL=inet:192.0.2.1:12345"}, "sasl-in-clear"},
		{{"MAIL_DELIVERY_SASL=inet:store:12345"}, NULL},
		{{"MAIL_DELIVERY_SASL=inet:127.0.0.1:12345"}, NULL},
	};

	check_rule_cases(cases, sizeof(cases) / sizeof(cases[0]), &subject);
}

int
main(void)
{
	test_syntax();
	test_files();
	test_address();
	test_partners();
	DONE();
}
