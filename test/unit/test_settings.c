/* test_settings.c - defaults, YAML, environment and secrets become one tree */
#include "settings/settings.h"

#include <sys/stat.h>

#include "base/buffer.h"
#include "settings/schema.h"

#include "settings_case.h"

/* joined - a list as "a b c" */
static const char *
joined(const struct node *list)
{
	const char *text = "";

	for (size_t i = 0; list != NULL && i < list->count; i++)
		text = arena_printf(
			&arena, "%s%s%s", text, i == 0 ? "" : " ", list->items[i]->text);
	return text;
}

static void
test_defaults(void)
{
	struct node *settings = LOAD(NULL, true, ENOUGH);

	CHECK(findings.count == 0, "two variables are enough");
	show_findings();
	CHECK_TEXT(joined(node_at(settings, "roles")), "mx submission mailstore dkim", "roles");
	CHECK_TEXT(node_text(settings, "limits.message", ""), "52428800", "50M in bytes");
	CHECK_TEXT(node_text(settings, "restart.delay", ""), "500", "500ms");
	CHECK_TEXT(node_text(settings, "stop.timeout", ""), "8000", "8s in ms");
	CHECK_TEXT(node_text(settings, "restart.give_up_after", ""), "8 in 120000", "a rate");
	CHECK(node_at(settings, "postfix.chroot")->type == NODE_BOOL, "a yes/no is a bool");
	CHECK(node_true(settings, "postfix.chroot"), "and true");
	CHECK_TEXT(joined(node_at(settings, "tls.names")), "mail.example.com", "tls.names");
	CHECK_TEXT(joined(node_at(settings, "dkim.domains")), "example.com", "dkim.domains");
	CHECK_TEXT(place(&node_at(settings, "dkim.domains")->origin), "MAIL_DOMAINS", "its origin");
	CHECK(node_at(settings, "relay.host") == NULL, "no default, not there");
	CHECK_TEXT(node_text(settings, "MAIL_DOMAINS", ""), "example.com", "raw variable");
	LOAD(NULL, true, "MAIL_HOSTNAME=a.b");
	CHECK(findings.count == 1, "domains are required");
	CHECK_TEXT(findings.items[0].rule->id, "setting-required", "by a rule");
	LOAD(NULL, true, "MAIL_HOSTNAME=a.b", "MAIL_ROLES=relay");
	CHECK(findings.count == 0, "not for a relay");
	for (size_t i = 0; i < schema_count; i++)
		CHECK(schema_rows[i].fallback == NULL || schema_rows[i].fallback[0] == '@' ||
				node_at(settings, schema_rows[i].path) != NULL,
			"the default of %s fits its type", schema_rows[i].path);
}

/* test_hosts - a smarthost's forms; the brackets of an IPv6 address hold colons */
static void
test_hosts(void)
{
	static const char *const hosts[] = {"smtp.example.com", "smtp.example.com:587",
		"[smtp.example.com]", "[10.0.0.1]:25", "[2001:db8::1]", "[2001:db8::1]:25",
		"[IPv6:2001:db8::1]:587"};

	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct node *settings = LOAD(
			NULL, false, ENOUGH, arena_printf(&arena, "MAIL_RELAY_HOST=%s", hosts[i]));

		CHECK(findings.count == 0, "%s is a host", hosts[i]);
		show_findings();
		CHECK_TEXT(node_text(settings, "relay.host", ""), hosts[i], "and stays as it is");
	}
}

static void
test_forms(void)
{
	struct node *settings = LOAD(NULL, true, ENOUGH, "MAIL_ROLES=mx, submission,dkim",
		"MAIL_ALIASES=info@e.org=a@e.org,b@e.org x@e.org=y@e.org",
		"MAIL_TRANSPORTS=e.org=smtp:[10.0.0.5]:25", "MAIL_POSTFIX_CHROOT=OFF",
		"MAIL_NETWORKS=::1/128 fd00::/8,10.0.0.0/8 connected !10.0.0.1 !::2",
		"MAIL_RELAY_TLS=MAY",
		"MAIL_MAILBOXES=Jane@E.org={SHA512-CRYPT}$6$s$h=/= b@e.org={PLAIN}x",
		"MAIL_CHECKS=env-unknown=off", "MAIL_START_TIMEOUT=1m",
		"MAIL_RELAY_USERNAME=", "MAIL_RELAY_HOST=[smtp.example.com]:submission");
	const struct node *list = node_at(settings, "mailboxes.list");

	CHECK(findings.count == 0, "all forms of variables");
	show_findings();
	CHECK_TEXT(joined(node_at(settings, "roles")), "mx submission dkim", "blanks and commas");
	CHECK_TEXT(joined(node_get(node_get(settings, "aliases"), "info@e.org")), "a@e.org b@e.org",
		"an alias to two");
	CHECK_TEXT(node_get(node_get(settings, "transports"), "e.org")->text, "smtp:[10.0.0.5]:25",
		"a transport");
	CHECK(!node_true(settings, "postfix.chroot"), "OFF is no");
	CHECK_TEXT(joined(node_at(settings, "networks")),
		"[::1]/128 [fd00::]/8 10.0.0.0/8 connected !10.0.0.1 ![::2]",
		"IPv6 gets its brackets");
	CHECK_TEXT(node_text(settings, "relay.tls", ""), "may", "a choice in its own spelling");
	CHECK_TEXT(node_text(settings, "start.timeout", ""), "60000", "a minute");
	CHECK(list != NULL && list->count == 2, "two mailboxes");
	CHECK_TEXT(node_text(list->items[0], "address", ""), "jane@e.org", "in lower case");
	CHECK_TEXT(node_text(list->items[0], "password", ""), "{SHA512-CRYPT}$6$s$h=/=", "a hash");
	CHECK(node_get(list->items[0], "password")->secret, "which is a secret");
	CHECK(node_get(settings, "MAIL_MAILBOXES")->secret, "and so is the variable");
	CHECK(node_at(settings, "relay.username") == NULL, "an empty variable is unset");
}

static void
test_service(const struct node *services)
{
	const struct node *service = services->items[0], *variables;

	CHECK(services->count == 1, "a service");
	CHECK(node_get(service, "command")->count == 3, "its words, one of them twice");
	CHECK_TEXT(node_get(service, "command")->items[1]->text, "b, c", "and one with a comma");
	CHECK_TEXT(joined(node_get(service, "ready")), "exec:/t -e /x", "a text is split");
	CHECK(!node_true(service, "required"), "a yes or no");
	CHECK_TEXT(node_text(service, "start_timeout", ""), "5000", "a time");
	CHECK_TEXT(joined(node_get(service, "capabilities")), "kill chown", "capabilities");
	variables = node_get(service, "environment");
	CHECK_TEXT(node_text(variables, "A", ""), "1", "a variable");
	CHECK_TEXT(node_text(variables, "B", ""), "pass word", "one from a file");
	CHECK(node_get(variables, "B")->secret && node_get(variables, "B_file") == NULL,
		"which is a secret, and in place of the other");
	CHECK_TEXT(node_text(variables, "C_FILE", ""), "/c", "in capitals it is the program's");
}

static void
test_yaml(void)
{
	const char *secret = write_file("pw", "pass word\n");
	struct node *settings = load(
		arena_printf(&arena,
			"hostname: mail.example.com\ndomains: [example.com, example.org]\n"
			"tls:\n  sni:\n    a.example.com: {certificate: /c, key: /k}\n"
			"relay:\n  host: '[h]:25'\n  username: u\n  password_file: %s\n"
			"  by_sender:\n    '@x.org': {host: h2, username: v, password_file: %s}\n"
			"mailboxes:\n  uid: 6000\n  list:\n  - address: j@example.com\n"
			"    password_file: %s\n    quota: 1G\n    aliases: [k@example.com]\n"
			"services: [{name: x, command: [/a, 'b, c', /a], required: no, needs: "
			"dovecot,\n"
			"  ready: exec:/t -e /x, start_timeout: 5s, capabilities: [KILL, chown],\n"
			"  environment: {A: '1', B_file: %s, C_FILE: /c}}]\naliases: "
			"{a@example.com: "
			"[b@x.org]}\n"
			"postfix:\n  main: {smtpd_banner: '', x: ~}\ndns: ~\nlog:\n",
			secret, secret, secret, secret),
		NULL, true);
	const struct node *box = node_at(settings, "mailboxes.list");

	CHECK(findings.count == 0, "a full file");
	show_findings();
	CHECK_TEXT(joined(node_get(settings, "domains")), "example.com example.org", "domains");
	CHECK_TEXT(node_text(settings, "relay.password", ""), "pass word", "a password_file");
	CHECK(node_at(settings, "relay.password")->secret, "is a secret");
	CHECK(node_at(settings, "relay.password")->origin.kind == ORIGIN_SECRET, "by origin");
	CHECK_TEXT(
		node_text(node_get(node_at(settings, "relay.by_sender"), "@x.org"), "password", ""),
		"pass word", "in a record too");
	CHECK_TEXT(node_text(node_get(node_at(settings, "tls.sni"), "a.example.com"), "key", ""),
		"/k", "names with dots");
	CHECK_TEXT(node_text(settings, "mailboxes.uid", ""), "6000", "beside the list");
	CHECK(box != NULL && box->count == 1, "a mailbox");
	CHECK_TEXT(node_text(box->items[0], "quota", ""), "1073741824", "its quota");
	CHECK_TEXT(joined(node_get(box->items[0], "aliases")), "k@example.com", "its aliases");
	CHECK_TEXT(node_text(box->items[0], "password_file", ""), secret, "its file is kept");
	CHECK_TEXT(node_text(settings, "postfix.main.smtpd_banner", "-"), "", "empty stays");
	CHECK(node_at(settings, "postfix.main.x") == NULL, "null is absent");
	test_service(node_get(settings, "services"));
}

static void
test_secret_files(void)
{
	const char *const *none = NULL;
	const char *path = write_file("secret", "a$b# \"c' \\ d\r\n"), *empty, *name;
	struct node *settings;

	name = arena_printf(&arena, "MAIL_RELAY_PASSWORD_FILE=%s", path);
	settings = LOAD(NULL, true, ENOUGH, "MAIL_RELAY_USERNAME=u", name);
	CHECK(findings.count == 0, "a password with everything in it");
	show_findings();
	CHECK_TEXT(node_text(settings, "relay.password", ""), "a$b# \"c' \\ d", "is kept as it is");
	CHECK(node_at(settings, "relay.password")->secret, "as a secret");
	CHECK(node_get(settings, "MAIL_RELAY_PASSWORD")->secret, "under its name too");
	name = arena_printf(&arena, "MAIL_RELAY_PASSWORD__FILE=%s", path);
	settings = LOAD(NULL, true, ENOUGH, "MAIL_RELAY_USERNAME=u", name);
	CHECK(findings.count == 0 && node_at(settings, "relay.password"), "__FILE likewise");
	LOAD(NULL, true, ENOUGH, "MAIL_RELAY_USERNAME=u", name, "MAIL_RELAY_PASSWORD=x");
	CHECK(findings.count == 1, "both forms");
	CHECK_TEXT(findings.items[0].rule->id, "env-both-forms", "are a finding");
	LOAD(NULL, true, ENOUGH, "MAIL_RELAY_USERNAME=u", "MAIL_RELAY_PASSWORD_FILE=/nowhere/x");
	CHECK(findings.count == 1, "no such file, in the container");
	CHECK_TEXT(findings.items[0].rule->id, "secret-unreadable", "is an error");
	CHECK_TEXT(place(&findings.items[0].origin), "MAIL_RELAY_PASSWORD_FILE", "of the variable");
	LOAD(NULL, true, ENOUGH, "MAIL_RELAY_USERNAME=u", "MAIL_RELAY_PASSWORD_FILE=/tmp");
	CHECK(strstr(findings.items[0].message, "directory") != NULL, "a directory is named");
	empty = write_file("empty", "\n");
	LOAD(NULL, true, ENOUGH, "MAIL_RELAY_USERNAME=u",
		arena_printf(&arena, "MAIL_RELAY_PASSWORD_FILE=%s", empty));
	unlink(empty);
	CHECK(strstr(findings.items[0].message, "is empty") != NULL, "a file without a value");
	CHECK(strstr(findings.items[0].help, "Write the value into") != NULL, "is to be filled");
	settings = LOAD(NULL, false, ENOUGH, "MAIL_RELAY_USERNAME=u",
		"MAIL_RELAY_PASSWORD_FILE=/nowhere/x");
	CHECK(findings.count == 1, "no such file, away");
	CHECK_TEXT(findings.items[0].rule->id, "not-checked", "is a note");
	CHECK(node_at(settings, "relay.password")->deferred, "and a placeholder");
	CHECK_TEXT(node_text(settings, "relay.password", ""), "{deferred:relay.password}", "named");
	write_file("secret", "two\nlines\n");
	LOAD(NULL, true, ENOUGH, "MAIL_RELAY_USERNAME=u", name);
	CHECK(findings.count == 1, "a secret of two lines");
	CHECK_TEXT(findings.items[0].rule->id, "value-newline", "is an error");
	write_file("secret", "example.com example.org\n");
	settings = LOAD(NULL, true, "MAIL_HOSTNAME=a.b",
		arena_printf(&arena, "MAIL_DOMAINS_FILE=%s", path));
	CHECK(findings.count == 0 && node_get(settings, "domains")->count == 2, "a list in a file");
	LOAD(NULL, true, ENOUGH, "MAIL_MAILBOXES_FILE=/nowhere/users");
	CHECK(findings.count == 0, "an exact name wins over the suffix");
	settings = LOAD(
		NULL, true, ENOUGH, arena_printf(&arena, "POSTFIX_smtpd_banner_FILE=%s", path));
	CHECK_TEXT(node_text(settings, "postfix.main.smtpd_banner", ""), "example.com example.org",
		"a parameter from a file");
	CHECK(load("relay: {password_file: /nowhere/x, username: u}\n", none, false) != NULL &&
			findings.count > 0,
		"a file named in YAML");
}

static void
test_compat(void)
{
	struct node *settings = LOAD(NULL, true, "POSTFIX_MYHOSTNAME=mail.example.com",
		"POSTFIX_mynetworks=127.0.0.0/8,10.0.0.0/8", "POSTFIX_RELAYHOST=[smtp.x.org]:587",
		"POSTFIX_message_size_limit=1000", "MAIL_DOMAINS=example.com",
		"POSTFIX_smtpd_tls_CAfile=/x", "POSTFIX_2bounce_notice_recipient=me",
		"POSTFIX_SMTPD_BANNER=$myhostname ESMTP", "POSTFIX_biff=", "POSTFIX_BIFF=1",
		"POSTFIX_policyd-spf_time_limit=3600", "POSTFIXMASTER_smtp__inet=smtp inet n - y",
		"OPENDKIM_Canonicalization=simple", "DOVECOT_mail_debug=yes",
		"POSTFIX_TLS_CERT_FILE=/c.pem", "POSTFIX_TLS_KEY_FILE=/k.pem",
		"POSTFIX_smtp_sasl_password_maps=static:u:p");
	const struct node *main = node_at(settings, "postfix.main");

	CHECK(findings.count == 1, "compatibility variables");
	CHECK_TEXT(findings.items[0].rule->id, "setting-overridden", "one of which loses");
	if (findings.count != 1)
		show_findings();
	CHECK_TEXT(node_text(settings, "hostname", ""), "mail.example.com", "hostname");
	CHECK(node_get(settings, "hostname")->origin.kind == ORIGIN_COMPAT, "its origin");
	CHECK_TEXT(joined(node_get(settings, "networks")), "127.0.0.0/8 10.0.0.0/8", "networks");
	CHECK_TEXT(node_text(settings, "relay.host", ""), "[smtp.x.org]:587", "relay.host");
	CHECK_TEXT(node_text(settings, "limits.message", ""), "1000", "limits.message");
	CHECK_TEXT(node_text(settings, "tls.certificate", ""), "/c.pem", "a name in _FILE");
	CHECK(main->count == 6, "six parameters, not %zu", main->count);
	CHECK_TEXT(node_text(main, "smtpd_tls_CAfile", ""), "/x", "as it is spelt");
	CHECK_TEXT(node_text(main, "2bounce_notice_recipient", ""), "me", "with a digit");
	CHECK_TEXT(node_text(main, "policyd-spf_time_limit", ""), "3600", "with a hyphen");
	CHECK_TEXT(node_text(main, "smtpd_banner", ""), "$myhostname ESMTP", "a shouted one");
	CHECK_TEXT(node_text(main, "biff", "-"), "", "an empty one removes");
	CHECK(node_get(main, "smtp_sasl_password_maps")->secret, "a password in a table");
	CHECK(node_get(settings, "POSTFIX_smtp_sasl_password_maps")->secret, "and its variable");
	CHECK_TEXT(node_get(node_at(settings, "postfix.master"), "smtp/inet")->text,
		"smtp inet n - y", "a master.cf line");
	CHECK(!node_get(main, "smtpd_banner")->secret, "the others are no secrets");
	CHECK_TEXT(node_text(settings, "opendkim.settings.Canonicalization", ""), "simple", "dkim");
	CHECK_TEXT(node_text(settings, "dovecot.settings.mail_debug", ""), "yes", "dovecot");
}

static void
test_passthrough_secrets(void)
{
	static const char *const paths[] = {"postfix.main.smtp_sasl_password_maps",
		"postfix.master.x/unix", "dovecot.settings.doveadm_password",
		"opendkim.settings.LDAPBindPassword"};
	static const char yaml[] =
		"postfix:\n"
		"  main: {smtp_sasl_password_maps: 'texthash:/x static:u:p', myorigin: a.b}\n"
		"  master: {x/unix: '- - n - - smtp -o smtp_sasl_password_maps=static:u:p'}\n"
		"dovecot: {settings: {doveadm_password: p, passdb_default: x}}\n"
		"opendkim: {settings: {LDAPBindPassword: p}}\n";
	struct node *settings = LOAD(yaml, true, ENOUGH);

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		CHECK(node_at(settings, paths[i])->secret, "%s is a secret", paths[i]);
	CHECK(!node_at(settings, "postfix.main.myorigin")->secret, "myorigin is none");
	CHECK(!node_at(settings, "dovecot.settings.passdb_default")->secret, "nor passdb_default");
	settings = LOAD(NULL, true, ENOUGH, "DOVECOT_doveadm_api_key=k",
		"POSTFIX_smtp_sasl_password_maps=texthash:/x, static:u:p");
	CHECK(node_at(settings, "dovecot.settings.doveadm_api_key")->secret, "a key in a variable");
	CHECK(node_at(settings, "postfix.main.smtp_sasl_password_maps")->secret,
		"a password in a list of tables");
}

static void
test_links(void)
{
	struct node *settings = LOAD(NULL, true, ENOUGH, "MAIL_PORT=tcp://10.0.0.1:25",
		"MAIL_SERVICE_HOST=10.0.0.1", "MAIL_SERVICE_PORT=25", "MAIL_SERVICE_PORT_SMTP=25",
		"MAIL_PORT_25_TCP=tcp://10.0.0.1:25", "MAIL_PORT_25_TCP_ADDR=10.0.0.1",
		"MAIL_PORT_25_TCP_PROTO=tcp", "MAIL_NAME=/web/mail", "MAIL_ENV_VERSION=3",
		"POSTFIX_NAME=/web/postfix", "POSTFIX_ENV_X=1", "DOVECOT_ENV_x=1",
		"POSTFIX_SERVICE_HOST=10.0.0.1", "POSTFIX_PORT=tcp://10.0.0.1:25",
		"POSTFIX_PORT_587_TCP_PORT=587", "POSTFIX_MAIL_SERVICE_PORT_SMTP=587",
		"DOVECOT_SERVICE_PORT=1", "OPENDKIM_PORT=tcp://1.2.3.4:5");

	CHECK(findings.count == 0, "link variables are silent");
	show_findings();
	CHECK(node_at(settings, "postfix.main") == NULL, "and configure nothing");
	CHECK(node_get(settings, "POSTFIX_SERVICE_HOST") == NULL, "nor are they shown");
}

static void
test_chain(void)
{
	struct node *settings = LOAD("log: {level: debug}\npostfix: {main: {a: x}}\n", true, ENOUGH,
		"MAIL_LOG_LEVEL=error", "POSTFIX_a=y");
	const struct node *level = node_at(settings, "log.level");

	CHECK_TEXT(level->text, "error", "the environment wins");
	CHECK_TEXT(level->overrode->text, "debug", "over the file");
	CHECK_TEXT(level->overrode->overrode->text, "info", "which won over the default");
	CHECK(level->overrode->overrode->overrode == NULL, "and that is all");
	CHECK_TEXT(node_text(settings, "postfix.main.a", ""), "y", "passthrough wins");
	CHECK_TEXT(node_at(settings, "postfix.main.a")->overrode->text, "x", "over the file");
	CHECK(findings.count == 2, "two notes tell so");
}

static void
test_env_file(void)
{
	struct node *settings = load_env_file(
		"# comment\n\nexport MAIL_HOSTNAME = mail.example.com  # comment\r\n"
		"MAIL_DOMAINS='example.com'\nMAIL_DNS_SPF=\"v=spf1 \\\"x\\\" -all\" # c\n"
		"MAIL_DNS_DMARC=a#b\nOTHER=$x\nMAIL_RELAY_USERNAME='a$b'\n"
		"MAIL_RELAY_PASSWORD='$x # \"'\nMAIL_LOG_LEVEL=info\nMAIL_LOG_LEVEL=error\n");

	CHECK(findings.count == 0, "a good env-file");
	show_findings();
	CHECK_TEXT(node_text(settings, "hostname", ""), "mail.example.com", "plain");
	CHECK_TEXT(place(&node_get(settings, "hostname")->origin), "m.env:3", "with its line");
	CHECK_TEXT(joined(node_get(settings, "domains")), "example.com", "single quotes");
	CHECK_TEXT(node_text(settings, "dns.spf", ""), "v=spf1 \"x\" -all", "double quotes");
	CHECK_TEXT(node_text(settings, "dns.dmarc", ""), "a#b", "# inside a word");
	CHECK_TEXT(node_text(settings, "relay.password", ""), "$x # \"", "a password");
	CHECK_TEXT(node_text(settings, "log.level", ""), "error", "the later one counts");
	load_env_file("MAIL_HOSTNAME=a.b\nMAIL_DOMAINS=c.d\nMAIL_DNS_SPF='x\nbanana split\n");
	CHECK(findings.count == 1, "an open quote");
	CHECK_TEXT(findings.items[0].rule->id, "env-file-syntax", "is a finding");
	CHECK_TEXT(place(&findings.items[0].origin), "m.env:3", "in its line");
	load_env_file("MAIL_HOSTNAME=a.b\nMAIL_DOMAINS=c.d\nbanana split\n'x'\nMAIL_LOG_MASK\n"
		      "MAIL_DNS_SPF=$x\nMAIL_DNS_DMARC=\"a\\nb\"\n");
	CHECK(findings.count == 5, "five faults, %zu findings", findings.count);
	if (findings.count != 5)
		show_findings();
}

static void
test_files(void)
{
	const char *path = "/nowhere/m.yaml";
	struct settings_source source = {.root = "", .configs = &path, .config_count = 1};
	char *none[] = {NULL};

	source.environment = none;
	findings_init(&findings, &arena);
	settings_load(&arena, &findings, &source);
	CHECK(findings.count == 1, "a missing --config is one finding");
	CHECK_TEXT(findings.items[0].rule->id, "config-unreadable", "that it is missing");
	source.config_count = 0;
	path = "/nowhere/env";
	source.env_files = &path;
	source.env_file_count = 1;
	findings_init(&findings, &arena);
	settings_load(&arena, &findings, &source);
	CHECK(findings.count == 1, "a missing --env-file is one finding");
	path = arena_printf(&arena, "%s/big", directory);
	source = (struct settings_source){.root = "", .configs = &path, .config_count = 1};
	source.environment = none;
	write_file("big", "");
	CHECK(truncate(path, 100 << 20) == 0, "a file of 100 MB");
	findings_init(&findings, &arena);
	settings_load(&arena, &findings, &source);
	CHECK_TEXT(findings.items[0].rule->id, "yaml-limit", "is not read");
	load("hostname: [\n", NULL, true);
	CHECK(findings.count == 1, "a broken file is one finding, not what may be missing in it");
	LOAD(NULL, true, ENOUGH, "MAIL_CONFIG=/nowhere/m.yaml", "MAIL_START_ANYWAY=x");
	CHECK(findings.count == 1, "MAIL_CONFIG is a file that must be there");
}

/* load_several - settings of files in this order */
static struct node *
load_several(const char *const *paths, size_t count, char *const *environment)
{
	struct settings_source source = {
		.root = "", .configs = paths, .config_count = count, .environment = environment};

	findings_init(&findings, &arena);
	return settings_load(&arena, &findings, &source);
}

static void
test_several(void)
{
	const char *paths[] = {write_file("m.yaml",
				       "hostname: a.example.com\ndomains: [a.example, b.example]\n"
				       "limits: {message: 1M, recipients: 7}\n"
				       "postfix: {main: {x: 1, y: 1}}\nmailboxes:\n"
				       "- {address: a@a.example, password: '{PLAIN}x'}\n"),
		write_file("n.yaml",
			"domains: [c.example]\nlimits: {message: 2M}\npostfix: {main: {y: 2}}\n"
			"mailboxes: {uid: 5001}\nhostname:\n"),
		paths[0]};
	char variable[] = "MAIL_LIMITS_MESSAGE=3M", name[] = "MAIL_HOSTNAME=m.example.com";
	char *environment[] = {variable, name, NULL};
	struct node *settings = load_several(paths, 2, environment);
	const struct node *message = node_at(settings, "limits.message");

	CHECK_TEXT(joined(node_get(settings, "domains")), "c.example", "a list is replaced");
	CHECK_TEXT(place(&node_get(settings, "domains")->overrode->origin), "m.yaml:2:10",
		"and knows by what");
	CHECK_TEXT(node_text(settings, "limits.recipients", ""), "7", "maps are merged");
	CHECK_TEXT(node_text(settings, "postfix.main.x", ""), "1", "as deep as they go");
	CHECK_TEXT(node_text(settings, "postfix.main.y", ""), "2", "the later value wins");
	CHECK_TEXT(node_at(settings, "postfix.main.y")->overrode->text, "1", "over the earlier");
	CHECK(node_at(settings, "mailboxes.list")->count == 1, "the list form of mailboxes stays");
	CHECK_TEXT(node_text(settings, "mailboxes.uid", ""), "5001", "beside the map form");
	CHECK_TEXT(message->overrode->text, "2097152", "a variable wins over the later file");
	CHECK_TEXT(
		place(&message->overrode->overrode->origin), "m.yaml:3:19", "that over the other");
	CHECK(message->overrode->overrode->overrode->origin.kind == ORIGIN_DEFAULT,
		"and that over the default");
	CHECK_TEXT(place(&node_get(settings, "hostname")->origin), "MAIL_HOSTNAME",
		"nothing takes an earlier value back");
	load_several(paths, 3, environment);
	CHECK_TEXT(findings.items[0].rule->id, "config-twice", "one file twice");
	settings = LOAD(
		NULL, false, ENOUGH, arena_printf(&arena, "MAIL_CONFIG=%s,%s", paths[0], paths[1]));
	CHECK_TEXT(node_text(settings, "mailboxes.uid", ""), "5001", "MAIL_CONFIG names several");
	CHECK_TEXT(node_text(settings, "limits.recipients", ""), "7", "in the same order");
}

/* test_pipe - <(command) on a command line; a container's start must not wait for one */
static void
test_pipe(void)
{
	const char *path;
	struct settings_source source = {.root = "", .env_files = &path, .env_file_count = 1};
	struct node *settings;
	int ends[2];

	CHECK(pipe(ends) == 0 && write(ends[1], "MAIL_HOSTNAME=a.b.c\n", 20) == 20, "a pipe");
	close(ends[1]);
	path = arena_printf(&arena, "/proc/self/fd/%d", ends[0]);
	findings_init(&findings, &arena);
	settings = settings_load(&arena, &findings, &source);
	CHECK_TEXT(node_text(settings, "hostname", ""), "a.b.c", "is read");
	source.live = true;
	findings_init(&findings, &arena);
	settings_load(&arena, &findings, &source);
	CHECK_TEXT(findings.items[0].rule->id, "config-unreadable", "but not by a container");
	close(ends[0]);
}

/* test_floods - as much wrong as fits into a file ends in a thousand findings */
static void
test_floods(void)
{
	struct buffer yaml = {0};

	for (int i = 0; i < 50000; i++)
		buffer_printf(&yaml, "k%d: 1\n", i);
	LOAD(buffer_text(&yaml), true, ENOUGH);
	CHECK(findings.count == 101, "unknown keys: %zu findings", findings.count);
	if (findings.count == 101)
		CHECK_TEXT(findings.items[100].rule->id, "yaml-limit", "and a limit");
	buffer_clear(&yaml);
	buffer_puts(&yaml, "aliases:\n");
	for (int i = 0; i < 50000; i++)
		buffer_printf(&yaml, "  a%d@example.com: \"no\\x01pe\"\n", i);
	LOAD(buffer_text(&yaml), true, ENOUGH);
	CHECK(findings.count == 1000, "wrong values: %zu findings", findings.count);
	if (findings.count == 1000)
		CHECK_TEXT(findings.items[999].rule->id, "yaml-limit", "and a limit");
	buffer_free(&yaml);
	load_env_file("services:\n  mail:\n    image: x\n");
	CHECK(findings.count == 1, "a compose file as env-file is one finding");
	CHECK(strstr(findings.items[0].message, "--compose") != NULL, "that names --compose");
	load("services:\n  mail:\n    image: x\n", NULL, false);
	CHECK(findings.count == 1, "and so it is as configuration file");
	CHECK(strstr(findings.items[0].message, "--compose") != NULL, "that names --compose");
}

static void
test_large(void)
{
	struct buffer yaml = {0};
	struct node *settings;

	buffer_puts(&yaml, "hostname: mail.example.com\ndomains: [example.com]\nmailboxes:\n");
	for (int i = 0; i < 10000; i++)
		buffer_printf(&yaml,
			"- address: u%d@example.com\n  password: '{SHA512-CRYPT}$6$s$h%d'\n"
			"  quota: 1G\n",
			i, i);
	buffer_puts(&yaml, "aliases:\n");
	for (int i = 0; i < 100000; i++)
		buffer_printf(&yaml, "  a%d@example.com: u%d@example.com\n", i, i % 10000);
	settings = load(buffer_text(&yaml), NULL, true);
	CHECK(findings.count == 0, "10,000 mailboxes and 100,000 aliases");
	show_findings();
	CHECK(node_at(settings, "mailboxes.list")->count == 10000, "all mailboxes");
	CHECK(node_at(settings, "aliases")->count == 100000, "all aliases");
	buffer_free(&yaml);
}

static void
test_schema(void)
{
	char variable[SCHEMA_NAME_BYTES];
	struct buffer table = {0};

	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		CHECK(schema_find(row->path) == row, "%s is there once", row->path);
		CHECK((row->flags & SCHEMA_FIELD) != 0 ||
				schema_find_variable(
					schema_variable(row, variable, sizeof(variable))) == row,
			"its variable is its own");
		CHECK((row->type == SCHEMA_CHOICE) == (row->choices != NULL), "its choices");
		CHECK(row->doc[0] != '\0' && row->doc[strlen(row->doc) - 1] != '.', "its doc");
	}
	schema_print_table(&table);
	CHECK(strstr(buffer_text(&table), "| `hostname` | `MAIL_HOSTNAME` |") != NULL, "a table");
	CHECK(strstr(buffer_text(&table), "%{user \\| domain}") != NULL, "with its bars escaped");
	buffer_free(&table);
	CHECK(schema_is_group("tls") && !schema_is_group("tls.key"), "groups");
}

int
main(void)
{
	umask(077); /* a secret that others can read is a finding */
	settings_case_start();
	test_schema();
	test_defaults();
	test_hosts();
	test_forms();
	test_yaml();
	test_secret_files();
	test_compat();
	test_passthrough_secrets();
	test_links();
	test_chain();
	test_env_file();
	test_files();
	test_several();
	test_pipe();
	test_floods();
	test_large();
	settings_case_end();
	DONE();
}
