/*
 * test_settings_bad.c - wrong settings: each with its rule, its origin and its words
 *
 * Also what must never happen: a secret in a message.
 */
#include <sys/stat.h>

#include "settings/settings.h"

#include "settings/syntax.h"

#include "settings_case.h"

struct bad {
	const char *yaml, *variable, *id, *place, *says;
};

static const struct bad bads[] = {
	/* the environment */
	{NULL, "MAIL_HOSTNMAE=x.example.com", "env-unknown", "MAIL_HOSTNMAE", "MAIL_HOSTNAME?"},
	{NULL, "MAIL_RELAY_PASSWRD_FILE=/x", "env-unknown", "MAIL_RELAY_PASSWRD_FILE",
		"MAIL_RELAY_PASSWORD_FILE?"},
	{NULL, "MAIL_BANANA=1", "env-unknown", "MAIL_BANANA", "no setting has"},
	{NULL, "MAIL_TLS_CERT_FILE=/x", "env-unknown", "MAIL_TLS_CERT_FILE",
		"MAIL_TLS_CERTIFICATE_FILE?"},
	{"alias: {a@b.c: d@b.c}\n", NULL, "yaml-unknown-key", "m.yaml:1:1", "\"aliases\"?"},
	{NULL, "MAIL_SERVICES=1", "env-unknown", "MAIL_SERVICES", "has no variable"},
	{NULL, "MAIL_TLS_SNI=1", "env-unknown", "MAIL_TLS_SNI", "has no variable"},
	{NULL, "MAIL_RELAY_HOST=a b", "value-type", "MAIL_RELAY_HOST", "\"a b\" is no host"},
	{NULL, "MAIL_RELAY_HOST=[smtp.example.com:587]", "value-type", "MAIL_RELAY_HOST",
		"write [smtp.example.com]:587"},
	{NULL, "MAIL_RELAY_HOST=[smtp.example.com:587]:25", "value-type", "MAIL_RELAY_HOST",
		"is no host"},
	{NULL, "MAIL_RELAY_TLS=sure", "value-type", "MAIL_RELAY_TLS", "none may encrypt"},
	{NULL, "MAIL_ROLES=mx,relais", "value-type", "MAIL_ROLES", "\"relais\" is none of"},
	{NULL, "MAIL_ROLES=mx,submision", "value-type", "MAIL_ROLES", "; did you mean submission?"},
	{NULL, "MAIL_RELAY_TLS=secur", "value-type", "MAIL_RELAY_TLS", "; did you mean secure?"},
	{NULL, "MAIL_POSTFIX_CHROOT=maybe", "value-type", "MAIL_POSTFIX_CHROOT", "yes nor no"},
	{NULL, "MAIL_LIMITS_MESSAGE=50X", "value-type", "MAIL_LIMITS_MESSAGE", "K, M or G"},
	{NULL, "MAIL_LIMITS_MESSAGE=-1", "value-type", "MAIL_LIMITS_MESSAGE", "is no size"},
	{NULL, "MAIL_LIMITS_MESSAGE=99999999999999999999G", "value-type", "MAIL_LIMITS_MESSAGE",
		"is no size"},
	{NULL, "MAIL_LIMITS_RECIPIENTS=0", "value-type", "MAIL_LIMITS_RECIPIENTS", "out of range"},
	{NULL, "MAIL_LIMITS_RECIPIENTS=10k", "value-type", "MAIL_LIMITS_RECIPIENTS", "digits only"},
	{NULL, "MAIL_START_TIMEOUT=30", "value-type", "MAIL_START_TIMEOUT", "as in 30s"},
	{NULL, "MAIL_START_TIMEOUT=2d", "value-type", "MAIL_START_TIMEOUT", "out of range"},
	{NULL, "MAIL_RESTART_GIVE_UP_AFTER=8", "value-type", "MAIL_RESTART_GIVE_UP_AFTER", "2m"},
	{NULL, "MAIL_TLS_KEY=key.pem", "value-type", "MAIL_TLS_KEY", "start with /"},
	{NULL, "MAIL_NETWORKS=10.0.0.1/8", "value-type", "MAIL_NETWORKS", "zeros there"},
	{NULL, "MAIL_NETWORKS=10.0.0.0/33", "value-type", "MAIL_NETWORKS", "is no network"},
	{NULL, "MAIL_NETWORKS=[::1/128", "value-type", "MAIL_NETWORKS", "is no network"},
	{NULL, "MAIL_NETWORKS=everybody", "value-type", "MAIL_NETWORKS", "is no network"},
	{NULL, "MAIL_DKIM_SELECTOR=a key", "value-type", "MAIL_DKIM_SELECTOR", "DNS label"},
	{NULL, "MAIL_DKIM_BITS=512", "value-type", "MAIL_DKIM_BITS", "1024 to 4096"},
	{NULL, "MAIL_DELIVERY_LMTP=store:24", "value-type", "MAIL_DELIVERY_LMTP", "inet:host"},
	{NULL, "MAIL_MILTERS=inet:rspamd:0", "value-type", "MAIL_MILTERS", "is no socket"},
	{NULL, "MAIL_DNS_ADDRESSES=192.0.2.300", "value-type", "MAIL_DNS_ADDRESSES", "IPv4"},
	{NULL, "MAIL_TRANSPORTS=example.com", "value-type", "MAIL_TRANSPORTS", "name=value"},
	{NULL, "MAIL_ALIASES=a@b.c=x a@b.c=y", "value-type", "MAIL_ALIASES", "already"},
	{NULL, "MAIL_CHECKS=env-unknwon=off", "value-type", "MAIL_CHECKS", "\"env-unknown\"?"},
	{NULL, "MAIL_CHECKS=env-unknown=maybe", "value-type", "MAIL_CHECKS", "none of"},
	{NULL, "MAIL_RELAY_USERNAME=u", "setting-required", "MAIL_RELAY_USERNAME",
		"MAIL_RELAY_PASSWORD"},
	{NULL, "MAIL_DNS_SPF=v=spf1\n-all", "value-newline", "MAIL_DNS_SPF", "line break"},
	{NULL, "MAIL_DNS_SPF=v=spf1\r-all", "value-newline", "MAIL_DNS_SPF", "line break"},
	{NULL, "MAIL_DNS_SPF=v=spf1\x01", "value-newline", "MAIL_DNS_SPF", "control character"},
	{NULL, "MAIL_MILTERS=inet:a:1\ninet:b:1", "value-newline", "MAIL_MILTERS", "line break"},
	{NULL, "POSTFIX_smtpd_banner=x\nmynetworks = 0.0.0.0/0", "value-newline",
		"POSTFIX_smtpd_banner", "line break"},
	{NULL, "POSTFIX_a b=c", "value-type", "POSTFIX_a b", "parameter name"},
	{NULL, "POSTFIXMASTER_smtp=x", "env-unknown", "POSTFIXMASTER_smtp", "service__type"},
	{NULL, "DOVECOT_SOMETHING=ipv4", "env-ignored", "DOVECOT_SOMETHING", "nothing"},
	{NULL, "MAIL_MAILBOXES=jane@example.com", "value-type", "MAIL_MAILBOXES", "name=value"},
	{NULL, "MAIL_MAILBOXES=jane={X}y", "value-type", "MAIL_MAILBOXES", "mail address"},
	{NULL, "MAIL_MAILBOXES=j@e.org={X}y j@e.org={X}z", "value-type", "MAIL_MAILBOXES",
		"already"},
	{NULL, "MAIL_MAILBOXES=j@e.org={SHA512-CRYPT}abc", "value-type", "MAIL_MAILBOXES", "$$"},
	{NULL, "MAIL_MAILBOXES=j@e.org={PLAIN}a:b", "value-type", "MAIL_MAILBOXES", "colon"},
	/* the file */
	{"hostnam: x.example.com\n", NULL, "yaml-unknown-key", "m.yaml:1:1", "\"hostname\"?"},
	{"tls: {cert: /x}\n", NULL, "yaml-unknown-key", "m.yaml:1:7", "tls.cert"},
	{"tls.key: /x\n", NULL, "yaml-unknown-key", "m.yaml:1:1", "one level deeper"},
	{"tls: /x\n", NULL, "value-type", "m.yaml:1:6", "map of settings"},
	{"limits:\n  message: [1]\n", NULL, "value-type", "m.yaml:2:12", "single text"},
	{"limits:\n  message: 5x\n", NULL, "value-type", "m.yaml:2:12", "message: 5x\n"},
	{"roles: [mx, [relay]]\n", NULL, "value-type", "m.yaml:1:13", "single text"},
	{"networks: {a: b}\n", NULL, "value-type", "m.yaml:1:11", "must be a list"},
	{"transports: [a]\n", NULL, "value-type", "m.yaml:1:13", "map of names"},
	{"postfix:\n  main:\n    a: \"x\\ny\"\n", NULL, "value-newline", "m.yaml:3:8", "line"},
	{"postfix:\n  main:\n    \"a\\nb\": c\n", NULL, "value-newline", "m.yaml:3:5", "line"},
	{"mailboxes: x\n", NULL, "value-type", "m.yaml:1:12", "map of settings"},
	{"mailboxes:\n- jane@e.org\n", NULL, "value-type", "m.yaml:2:3", "map of its fields"},
	{"mailboxes:\n- {password: \"{X}y\"}\n", NULL, "setting-required", "m.yaml:2:3",
		"address is missing"},
	{"mailboxes:\n- address: j@e.org\n", NULL, "setting-required", "m.yaml:2:3",
		"neither password"},
	{"mailboxes:\n- {address: j@e.org, pasword: \"{X}y\"}\n", NULL, "yaml-unknown-key",
		"m.yaml:2:22", "\"password\"?"},
	{"mailboxes:\n- {address: j@e.org, password: \"{X}y\", quota: 1T}\n", NULL, "value-type",
		"m.yaml:2:47", "is no size"},
	{"mailboxes:\n- {address: j@e.org, password: \"{X}y\"}\n"
	 "- {address: J@e.org, password: \"{X}z\"}\n",
		NULL, "mailbox-duplicate", "m.yaml:3:13", "m.yaml:2:13"},
	{"tls:\n  sni:\n    'a b': {certificate: /x, key: /y}\n", NULL, "value-type", "m.yaml:3:5",
		"is no domain"},
	{"relay:\n  by_sender:\n    '@a b': {host: x}\n", NULL, "value-type", "m.yaml:3:5",
		"neither an address"},
	{"services: {a: b}\n", NULL, "value-type", "m.yaml:1:11", "list of services"},
	{"services: [a]\n", NULL, "value-type", "m.yaml:1:12", "must be a map"},
	{"services: [{name: a}]\n", NULL, "setting-required", "m.yaml:1:12", "command"},
	{"services: [{name: a, command: b}]\n", NULL, "value-type", "m.yaml:1:31", "absolute"},
	{"services: [{name: a, command: []}]\n", NULL, "value-type", "m.yaml:1:31", "list"},
	{"services: [{name: a, command: [/b, '']}]\n", NULL, "value-type", "m.yaml:1:36", "empty"},
	{"services: [{name: a b, command: /b}]\n", NULL, "value-type", "m.yaml:1:19", "a b"},
	{"services: [{name: a0123456789012345678901234567890, command: /b}]\n", NULL, "value-type",
		"m.yaml:1:19", "too long"},
	{"services: [{name: a, command: /b}, {name: a, command: /b}]\n", NULL, "service-name",
		"m.yaml:1:43", "m.yaml:1:19"},
	{"services: [{name: a, command: /b, ready: fd:2}]\n", NULL, "value-type", "m.yaml:1:42",
		"fd:N"},
	{"services: [{name: a, command: /b, ready: fd:64}]\n", NULL, "value-type", "m.yaml:1:42",
		"fd:N"},
	{"services: [{name: a, command: /b, ready: tcp:80}]\n", NULL, "value-type", "m.yaml:1:42",
		"tcp:host:port"},
	{"services: [{name: a, command: /b, ready: socket:x}]\n", NULL, "value-type", "m.yaml:1:42",
		"socket:/path"},
	{"services: [{name: a, command: /b, ready: fd:3 4}]\n", NULL, "value-type", "m.yaml:1:42",
		"too much"},
	{"services: [{name: a, command: /b, capabilities: root}]\n", NULL, "value-type",
		"m.yaml:1:49", "sys_chroot"},
	{"services: [{name: a, command: /b, stop_signal: 15}]\n", NULL, "value-type", "m.yaml:1:48",
		"TERM"},
	{"services: [{name: a, command: /b, environment: {A-B: c}}]\n", NULL, "value-type",
		"m.yaml:1:49", "name of a variable"},
	{"services: [{name: a, command: /b, environment: {A: c, A_file: d}}]\n", NULL,
		"env-both-forms", "m.yaml:1:55", "A_file"},
	{"services: [{name: a, command: /b, environment: {A_file: /nonexistent}}]\n", NULL,
		"secret-unreadable", "m.yaml:1:57", "/nonexistent"},
	{"dns:\n  report_to: me\n", NULL, "value-type", "m.yaml:2:14", "mail address"},
	/* both */
	{"log: {level: debug}\n", "MAIL_LOG_LEVEL=error", "setting-overridden", "MAIL_LOG_LEVEL",
		"m.yaml:1:14"},
	{"limits: {message: 1M}\n", "POSTFIX_message_size_limit=7", "setting-overridden",
		"m.yaml:1:19", "POSTFIX_message_size_limit"},
};

static void
test_bads(void)
{
	for (size_t i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		const struct bad *bad = &bads[i];
		const struct finding *found = NULL;

		LOAD(bad->yaml, true, ENOUGH, bad->variable);
		for (size_t j = 0; j < findings.count && found == NULL; j++)
			if (strcmp(findings.items[j].rule->id, bad->id) == 0 &&
				strstr(findings.items[j].message, bad->says) != NULL)
				found = &findings.items[j];
		CHECK(found != NULL, "bad %zu: %s", i, bad->id);
		if (found == NULL || findings.count != 1)
			show_findings();
		CHECK_TEXT(found ? place(&found->origin) : "", bad->place, "bad %zu: place", i);
		CHECK(findings.count == 1, "bad %zu: nothing else", i);
	}
}

static void
test_hostname(void)
{
	static const char *const names[] = {"mail", "localhost", "localhost.localdomain",
		"192.0.2.1", "[192.0.2.1]", "0123456789ab", "mail..example.com", "-a.example.com",
		"mail_1.example.com", "mail.example.com.", "\xc3\xbcmail.example.com", "::1"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct node *settings = LOAD(NULL, true, "MAIL_DOMAINS=example.com",
			arena_printf(&arena, "MAIL_HOSTNAME=%s", names[i]));

		CHECK(findings.count == 1, "host name %zu: one finding", i);
		CHECK_TEXT(findings.count ? findings.items[0].rule->id : "", "hostname-invalid",
			"host name %zu: its rule", i);
		CHECK(node_get(settings, "hostname")->deferred, "host name %zu: placeholder", i);
	}
	CHECK_TEXT(node_text(LOAD(NULL, true, "MAIL_DOMAINS=a.b", "MAIL_HOSTNAME=Mail.Example.COM"),
			   "hostname", ""),
		"mail.example.com", "a host name is kept in lower case");
	CHECK(syntax_full_name("mx1.example.com") == NULL, "a good name is good");
	LOAD(NULL, false, "MAIL_DOMAINS=example.com");
	CHECK(findings.count == 1 && !findings_refuse(&findings), "none, away: a note");
	CHECK_TEXT(findings.items[0].rule->id, "not-checked", "none, away: its rule");
}

static void
test_canary(void)
{
	const char *const *none = NULL;
	static const char *const texts[] = {
		"relay: {password: [canary]}\n",
		"relay:\n  password: \"can\\nary\"\n",
		"mailboxes: [canary]\n",
		"mailboxes: [{address: a@b.c, pasword: canary}]\n",
		"mailboxes: [{address: a@b.c, password: '{SHA512-CRYPT}canary', quota: x}]\n",
		"mailboxes: [{address: a@b.c, password: 'canary:x'}]\n",
		"mailboxes: {list: [{address: x, password: canary}]}\n",
		"relay: canary\n",
	};

	static const char *const variables[] = {
		"MAIL_MAILBOXES=a@e.org={X}y canary=z",
		"MAIL_MAILBOXES=a@e.org={X}y canary",
		"MAIL_MAILBOXES=a@e.org={SHA512-CRYPT}canary",
		"MAIL_RELAY_PASSWORD=canary\ncanary",
		"MAIL_RELAY_PASSWRD=canary",
		"MAIL_RELAY_PASSWORD=canary",
		"POSTFIX_smtp_sasl_password_maps=static:u:canary\n",
	};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		bool shown = false;

		LOAD(NULL, true, ENOUGH, variables[i]);
		for (size_t j = 0; j < findings.count; j++)
			shown = shown || strstr(findings.items[j].message, "canary") != NULL;
		CHECK(findings.count > 0 && !shown, "canary variable %zu: not shown", i);
		if (shown)
			show_findings();
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		bool shown = false;

		load(texts[i], none, true);
		for (size_t j = 0; j < findings.count; j++)
			shown = shown || strstr(findings.items[j].message, "canary") != NULL;
		CHECK(findings.count > 0 && !shown, "canary %zu: not shown", i);
		if (shown)
			show_findings();
	}
}

/* a secret of root's, beside a compose file, looked at by who is not root: it is there */
static void
test_unreadable(void)
{
	const char *path = write_file("secret", "x\n");
	const char *variable = arena_printf(&arena, "MAIL_RELAY_PASSWORD_FILE=%s", path);
	bool root = geteuid() == 0, told = false;

	chmod(path, 0);
	if (root && seteuid(65534) != 0)
		perror("seteuid");
	LOAD(NULL, false, ENOUGH, "MAIL_RELAY_HOST=x.example.net", "MAIL_RELAY_USERNAME=u",
		variable);
	if (root && seteuid(0) != 0)
		perror("seteuid");
	for (size_t i = 0; i < findings.count; i++)
		told = told ||
			(strcmp(findings.items[i].rule->id, "not-checked") == 0 &&
				strstr(findings.items[i].message, " cannot be read by uid ") !=
					NULL);
	CHECK(told, "a secret that cannot be read is told as such");
	if (!told)
		show_findings();
}

int
main(void)
{
	settings_case_start();
	test_hostname();
	test_bads();
	test_canary();
	test_unreadable();
	settings_case_end();
	DONE();
}
