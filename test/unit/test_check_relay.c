/* test_check_relay.c - who may relay: networks, and lists of restrictions */
#include "unit.h"

#include "check_case.h"

static const struct subject subject = {
	.look = check_postfix,
	.prefixes = (const char *const[]){"postfix-", "open-relay", "networks-public",
		"opendkim-socket", NULL},
	.files = (const char *const[]){"postfix/main.cf", NULL},
};

#define SMTPD "POSTFIXMASTER_2525__inet=n - n - - smtpd "

/* mynetworks, by whatever way it got into main.cf or an smtpd */
static void
test_networks(void)
{
	static const struct rule_case cases[] = {
		{{"MAIL_NETWORKS=0.0.0.0/0"}, "open-relay"},
		{{"MAIL_NETWORKS=2000::/16"}, "open-relay"},
		{{"MAIL_NETWORKS=::/16"}, "open-relay"},
		{{"MAIL_NETWORKS=2000::/3"}, "open-relay"},
		{{"MAIL_NETWORKS=fc00::/6"}, "open-relay"},
		{{"MAIL_NETWORKS=2001:d00::/24"}, "networks-public"},
		{{"MAIL_NETWORKS=172.0.0.0/11"}, "networks-public"},
		{{SMTPD "-o { mynetworks=127.0.0.0/8 0.0.0.0/0 }"}, "open-relay"},
		{{SMTPD "-o { mynetworks=[::ffff:0:0]/96 }"}, "open-relay"},
		{{SMTPD "-o { mynetworks=static:all }"}, "open-relay"},
		{{SMTPD "-o mynetworks=$mine", "POSTFIX_mine=128.0.0.0/1"}, "open-relay"},
		{{SMTPD "-o mynetworks=0.0.0.0/0"}, "open-relay"},
		{{SMTPD "-o { mynetworks=$mine, 0.0.0.0/1 }", "POSTFIX_mine=10.0.0.0/8"},
			"open-relay"},
		{{"MAIL_NETWORKS=fc00::/7"}, NULL},
		{{"MAIL_NETWORKS=fd00::/8 fe80::/10 169.254.0.0/16"}, NULL},
		{{"MAIL_NETWORKS=10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 2001:db8::/32"}, NULL},
		{{SMTPD "-o { mynetworks=!0.0.0.0/0 10.0.0.0/8 cidr:/etc/x !static:all }"}, NULL},
		{{SMTPD "-o { mynetworks=[::1] [::1]/128 [fe80::]/10 localhost .example.com "
			"10.1.2.3 }"},
			NULL},
		{{SMTPD "-o mynetworks=127.0.0.0/8 -o smtpd_relay_restrictions=permit_mynetworks,"
			"reject"},
			NULL},
		{{SMTPD "-o { mynetworks=10.0.0.1/8 }"}, "postfix-networks"},
		{{SMTPD "-o { mynetworks=10.0.0.0/33 }"}, "postfix-networks"},
		{{SMTPD "-o { mynetworks=10.0.0.0/255.0.0.0 }"}, "postfix-networks"},
		{{SMTPD "-o { mynetworks=10.0.0.0/ }"}, "postfix-networks"},
		{{SMTPD "-o { mynetworks=10.0.300.0/24 }"}, "postfix-networks"},
		{{SMTPD "-o { mynetworks=[2001:db8::1]/64 }"}, "postfix-networks"},
		{{SMTPD "-o { mynetworks=[2001:db8::]/129 }"}, "postfix-networks"},
		{{SMTPD "-o { mynetworks=[2001:db8::/64 }"}, "postfix-networks"},
		{{SMTPD "-o { mynetworks=2001:db8::/64 }"}, "postfix-networks"},
		{{SMTPD "-o mynetworks=!10.0.0.1/8"}, "postfix-networks"},
		{{"POSTFIX_smtpd_authorized_xclient_hosts=10.1.0.0/8"}, "postfix-networks"},
	};

	check_rule_cases(cases, sizeof(cases) / sizeof(cases[0]), &subject);
}

/* lists that let strangers through, and those that Postfix itself refuses to run with */
static void
test_strangers(void)
{
	static const struct rule_case cases[] = {
		{{"POSTFIX_smtpd_relay_restrictions=permit"}, "postfix-restrictions"},
		{{"POSTFIX_smtpd_relay_restrictions=permit, reject"}, "postfix-restrictions"},
		{{"POSTFIX_smtpd_relay_restrictions=permit_mynetworks, warn_if_reject "
		  "reject_unauth_destination"},
			"postfix-restrictions"},
		{{"POSTFIX_smtpd_relay_restrictions=$myrel", "POSTFIX_myrel=permit_mynetworks"},
			"postfix-restrictions"},
		{{SMTPD "-o smtpd_relay_restrictions="}, "postfix-restrictions"},
		{{SMTPD "-o smtpd_relay_restrictions=permit"}, "postfix-restrictions"},
		{{SMTPD "-o smtpd_relay_restrictions=PERMIT,REJECT"}, "postfix-restrictions"},
		{{"POSTFIX_smtpd_relay_restrictions=permit_mynetworks, check_client_access "
		  "static:OK, reject"},
			"open-relay"},
		{{"POSTFIX_smtpd_relay_restrictions=static:{OK}, reject"}, "open-relay"},
		{{"POSTFIX_smtpd_relay_restrictions=mine, reject",
			 "POSTFIX_smtpd_restriction_classes=mine",
			 "POSTFIX_mine=check_sender_access static:123"},
			"open-relay"},
		{{SMTPD "-o { smtpd_relay_restrictions=check_recipient_access static:permit, "
			"reject }"},
			"open-relay"},
		{{"POSTFIX_smtpd_relay_restrictions=$myrel",
			 "POSTFIX_myrel=permit_mynetworks, reject"},
			NULL},
		{{"POSTFIX_smtpd_relay_restrictions=",
			 "POSTFIX_smtpd_recipient_restrictions=permit_mynetworks "
			 "reject_unauth_destination"},
			NULL},
		{{"POSTFIX_smtpd_relay_restrictions=permit_mynetworks, warn_if_reject "
		  "reject_rbl_client zen.example.net, defer_unauth_destination"},
			NULL},
		{{"POSTFIX_smtpd_relay_restrictions=mine", "POSTFIX_smtpd_restriction_classes=mine",
			 "POSTFIX_mine=permit_mynetworks, reject"},
			NULL},
		{{"POSTFIX_smtpd_relay_restrictions=check_client_access static:REJECT, permit",
			 "POSTFIX_smtpd_recipient_restrictions=reject"},
			NULL},
		{{SMTPD "-o smtpd_relay_restrictions=permit_sasl_authenticated,reject -o "
			"smtpd_client_restrictions= -o smtpd_recipient_restrictions="},
			NULL},
		{{SMTPD "-o smtpd_relay_restrictions= -o "
			"smtpd_recipient_restrictions=permit_mynetworks,reject"},
			NULL},
	};

	check_rule_cases(cases, sizeof(cases) / sizeof(cases[0]), &subject);
}

static void
test_words(void)
{
	static const struct rule_case cases[] = {
		{{"POSTFIX_smtpd_client_restrictions=reject_unknown_cleint_hostname"},
			"postfix-restrictions"},
		{{"POSTFIX_smtpd_recipient_restrictions=permit_mynetwork"}, "postfix-restrictions"},
		{{"POSTFIX_smtpd_sender_restrictions=quite_something"}, "postfix-restrictions"},
		{{"POSTFIX_smtpd_data_restrictions=$mine", "POSTFIX_mine=reject_unauth_pipelinig"},
			"postfix-restrictions"},
		{{"POSTFIX_smtpd_client_restrictions=mine",
			 "POSTFIX_smtpd_restriction_classes=mine", "POSTFIX_mine=rejekt"},
			"postfix-restrictions"},
		{{SMTPD "-o smtpd_helo_restrictions=reject_invalid_helo"}, "postfix-restrictions"},
		{{"POSTFIX_smtpd_client_restrictions=check_client_access /etc/postfix/clients"},
			"postfix-restrictions"},
		{{"POSTFIX_smtpd_client_restrictions=check_client_access"}, "postfix-restrictions"},
		{{"POSTFIX_smtpd_client_restrictions=reject_rbl_client"}, "postfix-restrictions"},
		{{"POSTFIX_smtpd_client_restrictions=check_policy_service permit"},
			"postfix-restrictions"},
		{{"POSTFIX_smtpd_client_restrictions=sleep, reject_unauth_pipelining"},
			"postfix-restrictions"},
		{{"POSTFIX_smtpd_client_restrictions=sleep 1 Reject_Unauth_Pipelining"}, NULL},
		{{"POSTFIX_smtpd_client_restrictions=mine, texthash:/etc/x",
			 "POSTFIX_smtpd_restriction_classes=mine", "POSTFIX_mine=reject"},
			NULL},
		{{"POSTFIX_smtpd_client_restrictions=reject_rbl_client "
		  "zen.example.net=127.0.0.[2..11], permit_dnswl_client list.example.net, "
		  "check_client_access { inline:{a=b}, search_order=name }"},
			NULL},
		{{"POSTFIX_smtpd_recipient_restrictions=check_policy_service { "
		  "inet:127.0.0.1:10023, timeout=10s }, check_policy_service "
		  "inet:127.0.0.1:10024"},
			NULL},
		{{"POSTFIX_smtpd_sender_restrictions=reject_sender_login_mismatch, "
		  "check_sasl_access texthash:/etc/x"},
			NULL},
	};

	check_rule_cases(cases, sizeof(cases) / sizeof(cases[0]), &subject);
}

/* removed in 3.9, and named so only where they are gone */
static void
test_removed(void)
{
	const char *const variables[] = {
		"POSTFIX_smtpd_relay_restrictions=check_relay_domains, reject", NULL};
	struct fixture f;

	build_plan(&f, NO_ROOT, "debian13", variables);
	check_postfix(&f.plan);
	CHECK(found(&f, "postfix-restrictions") == 1 &&
			strcmp(first(&f, "postfix-restrictions")->help,
				"Use reject_unauth_destination.") == 0,
		"3.10 has no check_relay_domains");
	drop(&f);
	build_plan(&f, NO_ROOT, "debian12", variables);
	check_postfix(&f.plan);
	CHECK(count_about(&f, &subject) == 0, "3.7 has");
	drop(&f);
}

static void
test_own_templates(void)
{
	static const char *const more[][4] = {
		{"MAIL_NETWORKS=10.0.0.0/8 2001:db8::/32 connected fd00::/8"},
		{"MAIL_DELIVERY_LMTP=inet:store:24", "MAIL_MILTERS=inet:rspamd:11332"},
		{"MAIL_RELAY_HOST=[smtp.example.net]:465", "MAIL_NETWORKS=container"},
	};

	for (size_t t = 0; t < 2; t++)
		for (size_t m = 0; m < sizeof(more) / sizeof(more[0]); m++) {
			size_t files, alarms = count_alarms(targets[t], more[m], &subject, &files);

			CHECK(alarms == 0 && files == 28,
				"%s, case %zu: no role set gives a false alarm", targets[t], m);
		}
}

int
main(void)
{
	test_own_templates();
	test_networks();
	test_strangers();
	test_words();
	test_removed();
	DONE();
}
