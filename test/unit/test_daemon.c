/* test_daemon.c - from settings to the files and services of a plan */
#include "unit.h"

#include <stdlib.h>

#include "base/text.h"
#include "daemon/daemon.h"
#include "daemon/dovecot.h"
#include "daemon/mailboxes.h"
#include "daemon/networks.h"
#include "daemon/passthrough.h"
#include "daemon/target.h"
#include "settings/settings.h"

#define HASH "{SHA512-CRYPT}$6$salt$hash"

struct fixture {
	struct arena arena;
	struct findings findings;
	struct plan plan;
};

/* build - a plan for TARGET from "NAME=value" variables alone */
static void
build(struct fixture *fixture, const char *target, char *const *environment)
{
	const struct settings_source source = {.environment = environment, .root = "/nonexistent"};

	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
	target_find(&fixture->plan, target);
	daemons_contribute(&fixture->plan);
}

static void
drop(struct fixture *fixture)
{
	plan_free(&fixture->plan);
	arena_free(&fixture->arena);
}

static const char *
content(const struct fixture *fixture, const char *name)
{
	const struct plan_file *file = plan_find_file(&fixture->plan, name);

	return file != NULL ? buffer_text(&file->content) : "(no file)";
}

/* has - whether the file holds LINE as a whole line */
static bool
has(const struct fixture *fixture, const char *name, const char *line)
{
	const char *text = content(fixture, name);
	size_t len = strlen(line);

	for (const char *at = strstr(text, line); at != NULL; at = strstr(at + 1, line))
		if ((at == text || at[-1] == '\n') && (at[len] == '\n' || at[len] == '\0'))
			return true;
	return false;
}

static const struct finding *
found(const struct fixture *fixture, const char *id)
{
	for (size_t i = 0; i < fixture->findings.count; i++)
		if (strcmp(fixture->findings.items[i].rule->id, id) == 0)
			return &fixture->findings.items[i];
	return NULL;
}

/* every line of every file has its record, or the file has none at all */
static bool
lines_agree(const struct fixture *fixture)
{
	for (size_t i = 0; i < fixture->plan.file_count; i++) {
		const struct plan_file *file = &fixture->plan.files[i];
		size_t lines = 0;

		for (size_t j = 0; j < file->content.len; j++)
			lines += file->content.data[j] == '\n';
		if (file->lines != NULL && lines != file->line_count)
			return false;
	}
	return true;
}

static void
test_all_in_one(void)
{
	char *environment[] = {"MAIL_HOSTNAME=mail.example.test",
		"MAIL_DOMAINS=example.test b.test",
		"MAIL_MAILBOXES=info@example.test=" HASH " job@example.test=" HASH, NULL};
	struct fixture f;
	struct service_table *table;

	build(&f, "debian13", environment);
	table = &f.plan.services;
	CHECK(!findings_refuse(&f.findings), "the usual settings are accepted");
	CHECK(lines_agree(&f), "each line has its record");
	CHECK(has(&f, "postfix/main.cf", "myorigin = example.test"), "myorigin is a signed domain");
	CHECK(has(&f, "postfix/main.cf", "smtpd_sasl_auth_enable = no"), "no AUTH on port 25");
	CHECK(has(&f, "postfix/main.cf", "smtpd_milters = unix:opendkim/opendkim.sock"),
		"the signer is asked");
	CHECK(has(&f, "postfix/virtual", "postmaster@b.test info@example.test"),
		"postmaster of every domain is answered");
	CHECK(has(&f, "postfix/virtual", "root@mail.example.test info@example.test"),
		"the host's root is answered");
	CHECK(found(&f, "postmaster-assumed") != NULL, "and it is said by whom");
	CHECK(has(&f, "postfix/sender_logins", "job@example.test job@example.test"),
		"a sender is bound to its login");
	CHECK(has(&f, "dovecot/users", "job@example.test:" HASH "::::::"),
		"Dovecot knows the user");
	CHECK(plan_find_file(&f.plan, "dovecot/users")->secret, "users are a secret");
	CHECK(has(&f, "opendkim/SigningTable",
		      "*@mail.example.test default._domainkey.example.test"),
		"mail of the host is signed by the domain above it");
	CHECK(f.plan.chroot, "services are chrooted as Debian has it");
	CHECK(table->count == 3 && service_find(table, "postfix") == 2, "postfix starts last");
	CHECK(table->count == 3 && table->services[2].needs == 3, "and needs the two others");
	CHECK_TEXT(table->syslog_sockets[0], "/var/spool/postfix/dev/log", "a log in the chroot");
	CHECK(strstr(content(&f, "dovecot/dovecot.conf"), "dovecot_config_version = 2.4") != NULL,
		"trixie's Dovecot speaks 2.4");
	drop(&f);
}

static void
test_dialects(void)
{
	char *environment[] = {"MAIL_HOSTNAME=mail.example.test", "MAIL_DOMAINS=example.test",
		"MAIL_MAILBOXES=info@example.test=" HASH, "MAIL_LIMITS_MAILBOX=1M",
		"DOVECOT_mail_max_userip_connections=20", NULL};
	struct fixture f;

	build(&f, "debian12", environment);
	CHECK(has(&f, "dovecot/dovecot.conf", "mail_location = maildir:/var/mail/%d/%n"),
		"bookworm's Dovecot gets a 2.3 path");
	CHECK(has(&f, "dovecot/dovecot.conf", "  quota_rule = *:bytes=1048576"), "and a 2.3 quota");
	CHECK(has(&f, "dovecot/dovecot.conf", "mail_max_userip_connections = 20"),
		"raw settings stand at the end");
	drop(&f);
	build(&f, "debian13", environment);
	CHECK(has(&f, "dovecot/dovecot.conf",
		      "mail_path = /var/mail/%{user | domain}/%{user | username}"),
		"trixie's Dovecot gets a 2.4 path");
	CHECK(has(&f, "dovecot/dovecot.conf", "  storage_size = 1048576"), "and a 2.4 quota");
	drop(&f);
}

static void
test_path(void)
{
	static const struct {
		const char *setting, *target, *want; /* want NULL: refused */
	} cases[] = {
		{"MAIL_MAILBOXES_PATH=/srv/%d/%n", "debian13",
			"/srv/%{user | domain}/%{user | username}"},
		{"MAIL_MAILBOXES_PATH=/srv/%{user|domain}/%{user|username}", "debian12",
			"/srv/%d/%n"},
		{"MAIL_MAILBOXES_PATH=/srv/%{user}", "debian12", "/srv/%u"},
		{"MAIL_MAILBOXES_PATH=/srv/%{user | upper}", "debian13", NULL},
		{"MAIL_MAILBOXES_PATH=/srv/%h", "debian12", NULL},
		{"MAIL_MAILBOXES_PATH=/srv/#a", "debian12", NULL},
		{"MAIL_MAILBOXES_PATH=/srv/%d/all", "debian12", NULL},
		{"MAIL_MAILBOXES_PATH=/srv/all", "debian13", NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char setting[128];
		char *environment[] = {"MAIL_HOSTNAME=mail.example.test",
			"MAIL_DOMAINS=example.test", setting, NULL};
		struct fixture f;

		snprintf(setting, sizeof(setting), "%s", cases[i].setting);
		build(&f, cases[i].target, environment);
		if (cases[i].want == NULL)
			CHECK(found(&f, "mailbox-path") != NULL, "%s is refused", setting);
		else
			CHECK_TEXT(dovecot_mail_path(&f.plan), cases[i].want, "%s on %s", setting,
				cases[i].target);
		drop(&f);
	}
}

static void
test_relay(void)
{
	char *environment[] = {"MAIL_HOSTNAME=out.example.test", "MAIL_ROLES=relay",
		"MAIL_NETWORKS=loopback fd00::/8 [2001:db8::1] 2001:DB8:0:0:0::/48 10.0.0.0/8 "
		"connected",
		"MAIL_RELAY_HOST=[smtp.example.net]:587", "MAIL_RELAY_USERNAME=u",
		"MAIL_RELAY_PASSWORD=a$b #\"\\' c", NULL};
	char *blank[] = {"MAIL_HOSTNAME=out.example.test", "MAIL_ROLES=relay",
		"MAIL_RELAY_HOST=[smtp.example.net]:587", "MAIL_RELAY_USERNAME=u",
		"MAIL_RELAY_PASSWORD=secret-and-blank ", NULL};
	const struct finding *finding;
	struct fixture f;

	build(&f, "debian13", environment);
	CHECK(f.plan.services.count == 1, "a relay needs Postfix alone");
	CHECK(has(&f, "postfix/main.cf", "smtpd_relay_restrictions = permit_mynetworks, reject"),
		"only networks may send");
	CHECK(has(&f, "postfix/main.cf", "    [fd00::]/8"), "Postfix's brackets");
	CHECK(has(&f, "postfix/main.cf", "    [2001:db8::1]/128"), "a single address");
	CHECK(has(&f, "postfix/main.cf", "    [2001:db8::]/48"),
		"an IPv6 network in its shortest form, for OpenDKIM compares text");
	CHECK(has(&f, "postfix/main.cf", "    {deferred:networks.connected}"),
		"the container's networks are deferred");
	CHECK(f.plan.deferred_count > 0, "and listed so");
	CHECK(has(&f, "postfix/main.cf", "mydestination = "), "nothing ends here");
	CHECK(has(&f, "postfix/main.cf", "smtp_tls_security_level = secure"),
		"the smarthost must prove who it is");
	CHECK(strstr(content(&f, "postfix/master.cf"), "smtpd_sasl_auth_enable") == NULL,
		"no passwords on 587");
	CHECK(has(&f, "postfix/sasl_passwd", "[smtp.example.net]:587 u:a$b #\"\\' c"),
		"a password is written as it is");
	CHECK(plan_find_file(&f.plan, "postfix/sasl_passwd")->mode == 0600, "for root alone");
	drop(&f);

	build(&f, "debian13", blank);
	finding = found(&f, "value-unsafe");
	CHECK(finding != NULL, "a blank at the end cannot be written");
	CHECK(finding != NULL && strstr(finding->message, "secret-and") == NULL,
		"and the message shows no secret");
	drop(&f);
}

static void
test_findings(void)
{
	char *nowhere[] = {"MAIL_HOSTNAME=mx.example.test", "MAIL_DOMAINS=example.test",
		"MAIL_ROLES=mx", NULL};
	char *elsewhere[] = {"MAIL_HOSTNAME=mx.example.test", "MAIL_DOMAINS=example.test",
		"MAIL_ROLES=mx", "MAIL_DELIVERY_LMTP=inet:store:24", NULL};
	char *logins[] = {"MAIL_HOSTNAME=mx.example.test", "MAIL_DOMAINS=example.test",
		"MAIL_ROLES=mx submission", "MAIL_DELIVERY_LMTP=inet:store:24",
		"MAIL_DELIVERY_SASL=inet:store:12345", NULL};
	char *plain[] = {"MAIL_HOSTNAME=mx.example.test", "MAIL_DOMAINS=example.test",
		"MAIL_MAILBOXES=info@example.test={PLAIN}hunter2", NULL};
	char *empty[] = {"MAIL_HOSTNAME=mx.example.test", "MAIL_DOMAINS=example.test", NULL};
	const struct finding *finding;
	struct fixture f;

	build(&f, "debian13", nowhere);
	CHECK(found(&f, "delivery-missing") != NULL, "accepted mail must end somewhere");
	drop(&f);
	build(&f, "debian13", elsewhere);
	CHECK(found(&f, "delivery-missing") == NULL, "a mail store elsewhere will do");
	CHECK(has(&f, "postfix/main.cf", "virtual_transport = lmtp:inet:store:24"), "and is used");
	CHECK(strstr(content(&f, "postfix/main.cf"), "reject_unverified_recipient") != NULL,
		"and asked who lives there");
	drop(&f);
	build(&f, "debian13", logins);
	CHECK(has(&f, "postfix/main.cf", "    regexp:/run/mailinit/current/postfix/sender_self"),
		"a login that is known elsewhere owns its own address");
	CHECK(f.plan.services.count == 1, "and no Dovecot is needed here");
	drop(&f);
	build(&f, "debian13", plain);
	finding = found(&f, "password-not-hashed");
	CHECK(finding != NULL && finding->refuses, "a plain password is refused");
	CHECK(finding != NULL && strstr(finding->message, "hunter2") == NULL, "and not shown");
	drop(&f);
	build(&f, "debian13", empty);
	CHECK(found(&f, "mailboxes-none") != NULL, "a server for nobody is told of");
	CHECK(found(&f, "postmaster-missing") != NULL, "and that nobody is postmaster");
	drop(&f);
}

static void
test_passthrough_main(void)
{
	char *environment[] = {"MAIL_HOSTNAME=mail.example.test", "MAIL_DOMAINS=example.test",
		"MAIL_MAILBOXES=info@example.test=" HASH,
		"POSTFIX_virtual_mailbox_domains=other.test",
		"POSTFIX_biff=", "POSTFIX_smtp_bind_address=192.0.2.1",
		"POSTFIXMASTER_submission__inet=n - n - 9 smtpd",
		"POSTFIXMASTER_submissions__inet=submissions \t inet  n - n - 8 smtpd",
		"POSTFIXMASTER_smtp__inet=smtp unix n - n - 7 smtpd",
		"POSTFIXMASTER_showq__unix=", "OPENDKIM_LogWhy=yes",
		"OPENDKIM_Canonicalization=relaxed/relaxed", NULL};
	struct fixture f;
	const struct plan_file *file;
	bool overrode = false;

	build(&f, "debian13", environment);
	CHECK(lines_agree(&f), "each line has its record after a passthrough");
	CHECK(has(&f, "postfix/main.cf", "virtual_mailbox_domains = other.test"), "replaced");
	CHECK(!has(&f, "postfix/main.cf", "virtual_mailbox_domains ="), "in its place");
	CHECK(!has(&f, "postfix/main.cf", "    example.test"), "with its continuation");
	CHECK(strstr(content(&f, "postfix/main.cf"), "\nbiff =") == NULL, "empty removes");
	CHECK(has(&f, "postfix/main.cf", "smtp_bind_address = 192.0.2.1"), "new ones are added");
	CHECK(has(&f, "postfix/master.cf", "submission inet n - n - 9 smtpd"),
		"a service replaced");
	CHECK(!has(&f, "postfix/master.cf", "    -o syslog_name=postfix/submission"),
		"with its options");
	CHECK(has(&f, "postfix/master.cf", "submissions inet n - n - 8 smtpd"),
		"a whole line is one, too: name and type stand there once");
	CHECK(has(&f, "postfix/master.cf", "smtp inet smtp unix n - n - 7 smtpd"),
		"but only its own name and type are left out");
	CHECK(strstr(content(&f, "postfix/master.cf"), "\nshowq ") == NULL, "a service removed");
	CHECK(has(&f, "opendkim/opendkim.conf", "LogWhy yes"), "OpenDKIM's as well");
	CHECK(has(&f, "opendkim/opendkim.conf", "Canonicalization relaxed/relaxed") &&
			!has(&f, "opendkim/opendkim.conf", "Canonicalization relaxed/simple"),
		"replaced there too");
	file = plan_find_file(&f.plan, "postfix/main.cf");
	for (size_t i = 0; file != NULL && i < file->line_count; i++)
		overrode = overrode ||
			(file->lines[i].origin_count == 1 &&
				file->lines[i].origins[0].kind == ORIGIN_PASSTHROUGH &&
				file->lines[i].overrode_count > 0);
	CHECK(overrode, "the line tells where it came from and what it overrode");
	drop(&f);
}

/* lay - MAP of one entry over a file of TEXT */
static const char *
lay(struct fixture *f, const char *text, const char *name, const char *value,
	enum passthrough_form form)
{
	const struct origin origin = {.kind = ORIGIN_PASSTHROUGH, .name = name};
	struct node *map;
	struct plan_file *file;

	arena_init(&f->arena);
	findings_init(&f->findings, &f->arena);
	plan_init(&f->plan, &f->arena, &f->findings);
	map = node_new(&f->arena, NODE_MAP, &origin);
	node_set(&f->arena, map, name, node_scalar(&f->arena, value, &origin));
	file = plan_add_file(&f->plan, "file", NULL);
	buffer_puts(&file->content, text);
	passthrough_apply(&f->plan, file, map, form);
	return buffer_text(&file->content);
}

static void
test_passthrough(void)
{
	static const struct {
		const char *text, *name, *value, *want, *finding;
		enum passthrough_form form;
	} cases[] = {
		{"a = 1\n", "b", "2", "a = 1\nb = 2\n", NULL, PASSTHROUGH_MAIN_CF},
		{"ab = 1\na=2\n", "a", "3", "ab = 1\na = 3\n", NULL, PASSTHROUGH_MAIN_CF},
		{"a = 1\n# c\n  2\nb = 3\na = 4\n", "a", "5", "a = 5\n# c\nb = 3\n", NULL,
			PASSTHROUGH_MAIN_CF},
		{"a = 1\n", "a", "x\ny = 2", "a = 1\n", "value-newline", PASSTHROUGH_MAIN_CF},
		{"a = 1\n", "a = 1\nb", "2", "a = 1\n", "passthrough-name", PASSTHROUGH_MAIN_CF},
		{"Mode s\n", "mode", "sv", "mode sv\n", NULL, PASSTHROUGH_OPENDKIM},
		{"Mode s\n", "Mode", "s#v", "Mode s\n", "value-unsafe", PASSTHROUGH_OPENDKIM},
		{"smtp inet n - y - - smtpd\nsmtp unix - - y - - smtp\n", "smtp/unix",
			"- - n - - smtp", "smtp inet n - y - - smtpd\nsmtp unix - - n - - smtp\n",
			NULL, PASSTHROUGH_MASTER_CF},
		{"", "smtp", "x", "", "passthrough-name", PASSTHROUGH_MASTER_CF},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;

		CHECK_TEXT(lay(&f, cases[i].text, cases[i].name, cases[i].value, cases[i].form),
			cases[i].want, "passthrough %zu: text", i);
		CHECK(cases[i].finding == NULL ? f.findings.count == 0
					       : found(&f, cases[i].finding) != NULL,
			"passthrough %zu: finding", i);
		drop(&f);
	}
}

static void
test_chrooted(void)
{
	static const struct {
		const char *text;
		bool want;
	} cases[] = {
		{"smtp inet n - y - - smtpd\n", true},
		{"smtp inet n - n - - smtpd\n", false},
		{"smtp inet n - - - - smtpd\n  -o a=y\n", false},
		{"# smtp inet n - y - - smtpd\n", false},
		{"smtp\tunix  -\t-  y - - smtp", true},
		{"smtp unix - -\n", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan_file file = {.name = "postfix/master.cf"};

		buffer_puts(&file.content, cases[i].text);
		CHECK(passthrough_master_chrooted(&file) == cases[i].want, "chroot column %zu", i);
		buffer_free(&file.content);
	}
}

/* test_targets - a release by its number, and by the name that tags of images have */
static void
test_targets(void)
{
	static const char *const same[][2] = {{"trixie", "debian13"}, {"bookworm", "debian12"}};
	char *environment[] = {"MAIL_ROLES=relay", "MAIL_HOSTNAME=a.example.com", NULL};
	struct fixture f;

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		build(&f, same[i][0], environment);
		CHECK_TEXT(f.plan.target.name, same[i][1], "%s is a name of it", same[i][0]);
		for (size_t j = 0; j < f.findings.count; j++)
			CHECK(strcmp(f.findings.items[j].rule->id, "target-unknown") != 0,
				"and is known");
		drop(&f);
	}
}

int
main(void)
{
	test_all_in_one();
	test_dialects();
	test_targets();
	test_path();
	test_relay();
	test_findings();
	test_passthrough_main();
	test_passthrough();
	test_chrooted();
	DONE();
}
