/* test_compat.c - variables of other images: what each becomes, and what it must not */
#include "settings_case.h"

#include "settings/compat_table.h"
#include "settings/environment.h"
#include "settings/schema.h"

/* value - a setting as one text; the items of a list with blanks between them */
static const char *
value(const struct node *settings, const char *path, const char *key)
{
	const struct node *node = node_at(settings, path);
	const char *text = "";

	if (key[0] != '\0')
		node = node_get(node, key);
	if (node == NULL)
		return "(unset)";
	if (node->type != NODE_LIST)
		return node->text;
	for (size_t i = 0; i < node->count; i++)
		text = arena_printf(&arena, "%s%s%s", text, i > 0 ? " " : "", node->items[i]->text);
	return text;
}

static size_t
found(const char *id, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < findings.count; i++)
		count += strcmp(findings.items[i].rule->id, id) == 0 &&
			(name == NULL ||
				(findings.items[i].origin.name != NULL &&
					strcmp(findings.items[i].origin.name, name) == 0));
	return count;
}

#define NOTHING "(unset)"
#define ROLES "mx submission mailstore dkim"

/* One variable, or two, and the setting that must come of it. */
static const struct {
	const char *variable, *beside, *path, *key, *want;
} becomes[] = {
	{"POSTFIX_myhostname=m.example.com", NULL, "hostname", "", "m.example.com"},
	{"POSTFIX_MYHOSTNAME=m.example.com", NULL, "hostname", "", "m.example.com"},
	{"OVERRIDE_HOSTNAME=m.example.com", NULL, "hostname", "", "m.example.com"},
	{"SERVER_HOSTNAME=m.example.com", NULL, "hostname", "", "m.example.com"},
	{"MAILNAME=m.example.com", NULL, "hostname", "", "m.example.com"},
	{"HOSTNAME=m.example.com", "RELAYHOST=x.org", "hostname", "", "m.example.com"},
	{"HOSTNAME=0123456789ab", "RELAYHOST=x.org", "hostname", "", "{deferred:hostname}"},
	{"HOSTNAME=m.example.com", "A=b", "hostname", "", "{deferred:hostname}"},
	{"RELAYHOST=[x.org]:587", NULL, "relay.host", "", "[x.org]:587"},
	{"RELAYHOST=false", NULL, "relay.host", "", NOTHING},
	{"RELAYHOST_USERNAME=u", "RELAYHOST_PASSWORD=p", "relay.username", "", "u"},
	{"RELAYHOST_USERNAME=u", "RELAYHOST_PASSWORD=p", "relay.password", "", "p"},
	{"RELAYHOST_TLS_LEVEL=encrypt", NULL, "relay.tls", "", "encrypt"},
	{"DEFAULT_RELAY_HOST=[x.org]:587", NULL, "relay.host", "", "[x.org]:587"},
	{"RELAY_HOST=x.org", NULL, "relay.host", "", "[x.org]:25"},
	{"RELAY_HOST=x.org", "RELAY_PORT=587", "relay.host", "", "[x.org]:587"},
	{"RELAY_HOST=[x.org]", "RELAY_PORT=587", "relay.host", "", "[x.org]:587"},
	{"RELAY_HOST=x.org", "DEFAULT_RELAY_HOST=y.org", "relay.host", "", "y.org"},
	{"RELAY_USER=u", "RELAY_PASSWORD=p", "relay.username", "", "u"},
	{"RELAY_USER=u", "RELAY_PASSWORD=p", "relay.password", "", "p"},
	{"SMTP_SERVER=x.org", "SERVER_HOSTNAME=m.e.org", "relay.host", "", "[x.org]:587"},
	{"SMTP_SERVER=x.org", "A=b", "relay.host", "", NOTHING},
	{"RELAYUSER=u", "RELAYPASSWORD=p", "relay.password", "", "p"},
	{"MYNETWORKS=10.0.0.0/8", NULL, "networks", "", "10.0.0.0/8"},
	{"POSTFIX_mynetworks=10.0.0.0/8,127.0.0.1", NULL, "networks", "", "10.0.0.0/8 127.0.0.1"},
	{"PERMIT_DOCKER=none", NULL, "networks", "", "loopback"},
	{"PERMIT_DOCKER=container", NULL, "networks", "", "loopback container"},
	{"PERMIT_DOCKER=network", NULL, "networks", "", "loopback 172.16.0.0/12"},
	{"PERMIT_DOCKER=connected-networks", NULL, "networks", "", "loopback connected"},
	{"MESSAGE_SIZE_LIMIT=1000", NULL, "limits.message", "", "1000"},
	{"POSTFIX_MESSAGE_SIZE_LIMIT=1000", NULL, "limits.message", "", "1000"},
	{"POSTFIX_MAILBOX_SIZE_LIMIT=1000", NULL, "limits.mailbox", "", "1000"},
	{"DKIM_SELECTOR=s1", NULL, "dkim.selector", "", "s1"},
	{"DKIM_SELECTOR=s1", NULL, "dkim.generate", "", "never"},
	{"DKIM_SELECTOR=s1", "DKIM_AUTOGENERATE=1", "dkim.generate", "", "when-missing"},
	{"DKIM_SELECTOR=s1", "DKIM_AUTOGENERATE=1", "dkim.selector", "", "s1"},
	{"DKIM_AUTOGENERATE=1", NULL, "dkim.selector", "", "mail"},
	{"OPENDKIM_DOMAINS=a.org=s b.org", NULL, "dkim.domains", "", "a.org b.org"},
	{"OPENDKIM_DOMAINS=a.org=s b.org", NULL, "dkim.selector", "", "mail"},
	{"OPENDKIM_DOMAINS=a.org=s b.org", NULL, "dkim.selectors", "a.org", "s"},
	{"OPENDKIM_DOMAINS=a.org=s b.org=s", NULL, "dkim.selector", "", "s"},
	{"OPENDKIM_DOMAINS=a.org", NULL, "roles", "", "relay dkim"},
	{"OPENDKIM_DOMAINS=a.org", "MAIL_DOMAINS=a.org", "roles", "", ROLES},
	{"POSTFIX_myhostname=m.a.org", NULL, "roles", "", "relay"},
	{"POSTFIX_myhostname=m.a.org", NULL, "networks", "", "loopback connected"},
	{"POSTFIX_myhostname=m.a.org", "MAIL_LOG_LEVEL=info", "roles", "", ROLES},
	{"POSTFIX_myhostname=m.a.org", "OVERRIDE_HOSTNAME=m.a.org", "roles", "", ROLES},
	{"SMTPD_SASL_USERS=A@b.org:p:q, c@d.org:r", NULL, "roles", "", "relay submission"},
	{"SMTPD_SASL_USERS=A@b.org:p:q, c@d.org:r", NULL, "postfix.main", "smtpd_sender_login_maps",
		"static:{a@b.org, c@d.org}"},
	{"SMTPD_SASL_USERS=a@b.org:p", "ALLOWED_SENDER_DOMAINS=b.org", "sender_logins", "@b.org",
		"a@b.org"},
	{"SMTP_HEADER_CHECKS=/x", NULL, "postfix.main", "smtp_header_checks", "regexp:/x"},
	{"SMTP_HEADER_CHECKS=pcre:/x", NULL, "postfix.main", "smtp_header_checks", "pcre:/x"},
	{"RELAYHOST=[x.org]:25", NULL, "relay.tls", "", "may"},
	{"RELAYHOST=[x.org]:25", "RELAYHOST_USERNAME=u", "relay.tls", "", "secure"},
	{"POSTFIX_relayhost=[x.org]:25", "MAIL_DOMAINS=a.org", "relay.tls", "", "secure"},
	{"DKIM_SELECTOR=a,b.org=c", NULL, "dkim.selector", "", "a"},
	{"DKIM_SELECTOR=a,b.org=c,d.org=e", NULL, "dkim.selectors", "b.org", "c"},
	{"DKIM_SELECTOR=a,b.org=c,d.org=e", NULL, "dkim.selectors", "d.org", "e"},
	{"OPENDKIM_DOMAINS=a.org=s b.org=t", NULL, "dkim.selectors", "b.org", "t"},
	{"LOG_FORMAT=JSON", "RELAYHOST=x.org", "log.format", "", "json"},
	{"LOG_FORMAT=plain", "RELAYHOST=x.org", "log.format", "", "text"},
	{"LOG_FORMAT=json", "A=b", "log.format", "", "text"},
	{"LOG_LEVEL=trace", "DMS_VMAIL_UID=5000", "log.level", "", "debug"},
	{"ANONYMIZE_EMAILS=smart", NULL, "log.mask", "", "addresses"},
	{"ANONYMIZE_EMAILS=noop", NULL, "log.mask", "", "none"},
	{"INBOUND_DEBUGGING=1", NULL, "postfix.main", "debug_peer_list", "$mynetworks"},
	{"MASQUERADED_DOMAINS=a.org", NULL, "postfix.main", "masquerade_domains", "a.org"},
	{"DMS_VMAIL_UID=1000", "DMS_VMAIL_GID=1001", "mailboxes.uid", "", "1000"},
	{"DMS_VMAIL_UID=1000", "DMS_VMAIL_GID=1001", "mailboxes.gid", "", "1001"},
	{"DOVECOT_MAILBOX_FORMAT=sdbox", NULL, "mailboxes.format", "", "sdbox"},
	{"DOVECOT_INET_PROTOCOLS=ipv4", NULL, "dovecot.settings", "listen", "*"},
	{"DOVECOT_INET_PROTOCOLS=all", NULL, "dovecot.settings", "listen", "*,::"},
	{"POSTFIX_INET_PROTOCOLS=ipv4", NULL, "postfix.main", "inet_protocols", "ipv4"},
	{"POSTFIX_DAGENT=lmtp:inet:store:24", NULL, "delivery.lmtp", "", "inet:store:24"},
	{"POSTFIX_DAGENT=virtual", NULL, "postfix.main", "virtual_transport", "virtual"},
	{"MDA_LMTP_ADDRESS=store:24", NULL, "delivery.lmtp", "", "inet:store:24"},
	{"MDA_AUTH_ADDRESS=store:2102", NULL, "delivery.sasl", "", "inet:store:2102"},
	{"FILTER_MILTER_ADDRESS=rspamd:11332", NULL, "milters", "", "inet:rspamd:11332"},
	{"TLS_LEVEL=intermediate", "SSL_TYPE=manual", "tls.protocols", "", ">=TLSv1"},
	{"SSL_CERT_PATH=/c", "SSL_TYPE=manual", "tls.certificate", "", "/c"},
	{"SSL_KEY_PATH=/k", "SSL_TYPE=manual", "tls.key", "", "/k"},
	{"SSL_CERT_PATH=/c", NULL, "tls.certificate", "", NOTHING},
	{"SSL_DOMAIN=*.a.org", "SSL_TYPE=letsencrypt", "tls.directory", "",
		"/etc/letsencrypt/live/a.org"},
	{"SSL_TYPE=letsencrypt", "OVERRIDE_HOSTNAME=m.a.org", "tls.directory", "",
		"/etc/letsencrypt/live/m.a.org"},
	{"SSL_TYPE=self-signed", "OVERRIDE_HOSTNAME=m.a.org", "tls.key", "",
		"/tmp/docker-mailserver/ssl/m.a.org-key.pem"},
	{"POSTFIX_TLS_CERT_FILE=/c", NULL, "tls.certificate", "", "/c"},
	{"SMTP_ONLY=1", NULL, "roles", "", "relay dkim"},
	{"SMTP_ONLY=1", "ENABLE_OPENDKIM=0", "roles", "", "relay"},
	{"SMTP_ONLY=0", NULL, "roles", "", ROLES},
	{"ENABLE_OPENDKIM=0", NULL, "roles", "", "mx submission mailstore"},
	{"ENABLE_OPENDKIM=1", NULL, "roles", "", ROLES},
	{"ENABLE_POP3=0", NULL, "dovecot.settings", "protocols", "imap lmtp"},
	{"ENABLE_POP3=1", NULL, "dovecot.settings", "protocols", NOTHING},
	{"ALLOWED_SENDER_DOMAINS=a.org b.org", NULL, "roles", "", "relay"},
	{"ALLOWED_SENDER_DOMAINS=a.org b.org", NULL, "domains", "", NOTHING},
	{"ALLOWED_SENDER_DOMAINS=a.org b.org", NULL, "dkim.domains", "", "a.org b.org"},
	{"ALLOWED_SENDER_DOMAINS=a.org b.org", NULL, "postfix.main", "smtpd_sender_restrictions",
		"check_sender_access inline:{a.org=permit, b.org=permit}, reject"},
	{"ALLOWED_SENDER_DOMAINS=a.org", "DKIM_AUTOGENERATE=1", "roles", "", "relay dkim"},
	{"ALLOWED_SENDER_DOMAINS=a.org", "MAIL_DOMAINS=a.org", "roles", "", ROLES},
	{"ALLOWED_SENDER_DOMAINS=a.org", "MAIL_DOMAINS=a.org", "postfix.main",
		"smtpd_sender_restrictions", NOTHING},
	{"ALLOWED_SENDER_DOMAINS=a.org", "MAIL_ROLES=relay mx", "roles", "", "relay mx"},
	{"ALLOW_EMPTY_SENDER_DOMAINS=true", NULL, "roles", "", "relay"},
	{"POSTMASTER_ADDRESS=Me@a.org", "MAIL_DOMAINS=a.org b.org", "aliases", "postmaster@b.org",
		"me@a.org"},
	{"POSTMASTER_ADDRESS=postmaster@a.org", "MAIL_DOMAINS=a.org", "aliases", "postmaster@a.org",
		NOTHING},
	{"RECIPIENT_DELIMITER=-", NULL, "postfix.main", "recipient_delimiter", "-"},
	{"POSTFIX_SMTPD_BANNER=hi", NULL, "postfix.main", "smtpd_banner", "hi"},
	{"POSTFIX_SMTP_TLS_CAFILE=/x", NULL, "postfix.main", "smtp_tls_CAfile", "/x"},
	{"POSTFIX_smtpd_banner=hi", "POSTFIX_SMTPD_BANNER=ho", "postfix.main", "smtpd_banner",
		"hi"},
	{"POSTMAP_transport=a.org smtp:x\nb.org smtp:y\n", NULL, "postfix.tables", "transport",
		"a.org smtp:x\nb.org smtp:y\n"},
};

static void
test_becomes(void)
{
	for (size_t i = 0; i < sizeof(becomes) / sizeof(becomes[0]); i++) {
		const char *beside = becomes[i].beside != NULL ? becomes[i].beside : "X=y";
		struct node *settings = LOAD(NULL, false, becomes[i].variable, beside);

		CHECK_TEXT(value(settings, becomes[i].path, becomes[i].key), becomes[i].want,
			"%.*s, %s: %s%s%s", (int)strcspn(becomes[i].variable, "\n"),
			becomes[i].variable, beside, becomes[i].path,
			becomes[i].key[0] != '\0' ? "." : "", becomes[i].key);
		settings = LOAD(NULL, false, beside, becomes[i].variable);
		CHECK_TEXT(value(settings, becomes[i].path, becomes[i].key), becomes[i].want,
			"the same in the other order");
	}
}

/* One variable, or two, and a finding with that variable as its origin. */
static const struct {
	const char *variable, *beside, *id, *origin;
} finds[] = {
	{"ENABLE_CLAMAV=1", NULL, "compat-out-of-scope", "ENABLE_CLAMAV"},
	{"RSPAMD_x=1", "ENABLE_RSPAMD=1", "compat-out-of-scope", "RSPAMD_x"},
	{"LDAP_BIND_PW=s", "SSL_TYPE=manual", "compat-out-of-scope", "LDAP_BIND_PW"},
	{"SPOOF_PROTECTION=0", NULL, "compat-out-of-scope", "SPOOF_PROTECTION"},
	{"RELAY_PORT=25", NULL, "compat-out-of-scope", "RELAY_PORT"},
	{"SSL_KEY_PATH=/k", NULL, "compat-out-of-scope", "SSL_KEY_PATH"},
	{"SSL_TYPE=custom", NULL, "compat-by-hand", "SSL_TYPE"},
	{"SSL_TYPE=letsencrypt", NULL, "compat-by-hand", "SSL_TYPE"},
	{"PERMIT_DOCKER=host", NULL, "compat-by-hand", "PERMIT_DOCKER"},
	{"SMTPD_SASL_USERS=a@b.org:p", NULL, "compat-differs", "SMTPD_SASL_USERS"},
	{"SMTPD_SASL_USERS=a@b.org:p", "MAIL_ROLES=relay", "compat-by-hand", "SMTPD_SASL_USERS"},
	{"SMTPD_SASL_USERS=a@b.org", NULL, "value-type", "SMTPD_SASL_USERS"},
	{"SMTPD_SASL_USERS_FILE=/nowhere/x", NULL, "compat-differs", "SMTPD_SASL_USERS_FILE"},
	{"SMTP_HEADER_CHECKS=1", NULL, "compat-by-hand", "SMTP_HEADER_CHECKS"},
	{"RELAYHOST=x.org", "RELAYHOST_USERNAME=u", "compat-differs", "RELAYHOST"},
	{"ACCOUNT_PROVISIONER=LDAP", NULL, "compat-by-hand", "ACCOUNT_PROVISIONER"},
	{"XOAUTH2_SECRET=p", NULL, "compat-by-hand", "XOAUTH2_SECRET"},
	{"ALLOWED_SENDER_DOMAINS=a.org", NULL, "compat-differs", "ALLOWED_SENDER_DOMAINS"},
	{"RELAY_PASSWD_FILE=/x", NULL, "compat-by-hand", "RELAY_PASSWD_FILE"},
	{"RELAYHOST=x.org", "MAIL_RELAY_HOST=y.org", "setting-overridden", "MAIL_RELAY_HOST"},
	{"RELAYHOST=x.org", "RELAY_HOST=y.org", "setting-overridden", "RELAYHOST"},
	{"RELAYHOST_PASSWORD=x", "RELAYHOST_PASSWORD_FILE=/y", "env-both-forms",
		"RELAYHOST_PASSWORD_FILE"},
	{"RELAY_PASSWORD__FILE=/x", "RELAY_PASSWORD_FILE=/y", "env-both-forms",
		"RELAY_PASSWORD__FILE"},
	{"POSTFIX_SMTPD_BANER=x", NULL, "env-unknown", "POSTFIX_SMTPD_BANER"},
	{"POSTFIX_NO_SUCH_THING=x", NULL, "env-unknown", "POSTFIX_NO_SUCH_THING"},
	{"DMS_VMAIL_UID=root", NULL, "value-type", "DMS_VMAIL_UID"},
	{"RELAYHOST=x y", NULL, "value-type", "RELAYHOST"},
	{"POSTFIX_SMTPD_BANNER=a\nb", NULL, "value-newline", "POSTFIX_SMTPD_BANNER"},
	{"MASQUERADED_DOMAINS=a\nb", NULL, "value-newline", "MASQUERADED_DOMAINS"},
	{"OPENDKIM_SOMETHING=1", NULL, "env-ignored", "OPENDKIM_SOMETHING"},
};

static void
test_finds(void)
{
	for (size_t i = 0; i < sizeof(finds) / sizeof(finds[0]); i++) {
		LOAD(NULL, false, ENOUGH, finds[i].variable,
			finds[i].beside != NULL ? finds[i].beside : "X=y");
		/* with domains of ours the image's own role is not meant; a name would do */
		if (strncmp(finds[i].variable, "ALLOWED", 7) == 0 ||
			strncmp(finds[i].variable, "SSL_TYPE=let", 12) == 0)
			LOAD(NULL, false, finds[i].variable);
		CHECK(found(finds[i].id, finds[i].origin) == 1, "%.*s: %s",
			(int)strcspn(finds[i].variable, "\n"), finds[i].variable, finds[i].id);
		if (found(finds[i].id, finds[i].origin) != 1)
			show_findings();
	}
}

/* What changes nothing at all, and says nothing. */
static void
test_silent(void)
{
	static const char *const silent[] = {"TZ=Europe/Berlin", "ENABLE_CLAMAV=0",
		"HOSTNAME=laptop.example.net", "DEBUG=1", "LOG_LEVEL=debug", "LOG_FORMAT=json",
		"DOMAIN=x.org", "SMTP_SERVER=mail", "SMTP_PORT=25", "SMTP_PASSWORD=secret",
		"LDAP_BASE=x", "SUBNET=10.0.0.0/8", "SMTP_NETWORKS=0.0.0.0/0", "POSTMASTER=x",
		"ACCOUNT_PROVISIONER=FILE", "DKIM_BACKEND=opendkim", "SPOOF_PROTECTION=1",
		"RELAYHOST=", "MYNETWORKS=", "POSTFIX_MYNETWORKS=", "HTTP_PROXY=http://x",
		"PATH=/bin",
		/* what an engine sets for links */
		"POSTFIX_PORT_25_TCP=tcp://10.0.0.1:25", "POSTFIX_PORT_25_TCP_ADDR=10.0.0.1",
		"POSTFIX_PORT=tcp://10.0.0.1:25", "POSTFIX_SERVICE_PORT_SMTP=25",
		"MAIL_SERVICE_HOST=10.0.0.1", "MAIL_SERVICE_PORT=25", "MAIL_PORT=tcp://10.0.0.1:25",
		"OPENDKIM_PORT=tcp://10.0.0.1:8891", "OPENDKIM_PORT_8891_TCP_PROTO=tcp",
		"DOVECOT_SERVICE_HOST=10.0.0.1", "DOVECOT_SERVICE_PORT_IMAP=143",
		"POSTFIXMASTER_PORT=tcp://10.0.0.1:25", "POSTMAP_SERVICE_HOST=10.0.0.1",
		"RSPAMD_SERVICE_HOST=10.0.0.1", "RELAY_PORT=tcp://10.0.0.1:25",
		"SMTP_PORT=tcp://10.0.0.1:25", "LDAP_PORT_389_TCP=tcp://10.0.0.1:389",
		"FETCHMAIL_PORT=udp://10.0.0.1:1"};

	LOAD(NULL, false, ENOUGH);
	CHECK(findings.count == 0, "nothing is wrong to begin with");
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		/* what docker-mailserver's accounts and keys became is said */
		struct node *settings = LOAD(NULL, false, ENOUGH, "MAIL_DKIM_KEYS=/k",
			"MAIL_MAILBOXES_FILE=/m", silent[i]);

		CHECK(findings.count == 0, "%s: nothing is said", silent[i]);
		show_findings();
		CHECK_TEXT(value(settings, "roles", ""), ROLES, "and nothing is switched");
		CHECK(node_at(settings, "postfix.main") == NULL, "nor passed through");
		CHECK_TEXT(value(settings, "networks", ""), "loopback", "nor opened");
	}
}

/* test_fold - what is said of several variables is said once, and names them all */
static void
test_fold(void)
{
	const char *message = NULL;

	LOAD(NULL, false, ENOUGH, "ENABLE_CLAMAV=1", "ENABLE_AMAVIS=1", "ENABLE_FETCHMAIL=1",
		"ENABLE_FAIL2BAN=1", "SA_TAG=1", "MAIL_DKIM_KEYS=/k", "MAIL_MAILBOXES_FILE=/m");
	CHECK(found("compat-out-of-scope", NULL) == 3, "three things are said of five variables");
	for (size_t i = 0; i < findings.count; i++)
		if (strstr(findings.items[i].message, "ENABLE_CLAMAV") != NULL)
			message = findings.items[i].message;
	CHECK(message != NULL && strstr(message, "ENABLE_AMAVIS") != NULL &&
			strstr(message, "SA_TAG, variables of docker-mailserver: no filter") !=
				NULL,
		"%s", message != NULL ? message : "nothing is said of ENABLE_CLAMAV");
	show_findings();
}

/* test_left - keys and accounts that stay behind, until it is said where ours are */
static void
test_left(void)
{
	static const struct {
		const char *variable, *beside;
		size_t keys, mailboxes;
	} cases[] = {
		{"DKIM_AUTOGENERATE=1", "A=b", 1, 0},
		{"DKIM_SELECTOR=mail", "A=b", 1, 0},
		{"DKIM_AUTOGENERATE=1", "MAIL_DKIM_KEYS=/var/lib/mailinit/dkim", 0, 0},
		{"DKIM_AUTOGENERATE=1", "MAIL_ROLES=relay", 0, 0},
		{"OPENDKIM_DOMAINS=a.org", "A=b", 1, 0},
		{"PERMIT_DOCKER=none", "A=b", 1, 1},
		{"PERMIT_DOCKER=none", "ENABLE_OPENDKIM=0", 0, 1},
		{"PERMIT_DOCKER=none", "SMTP_ONLY=1", 1, 0},
		{"PERMIT_DOCKER=none", "MAIL_MAILBOXES_FILE=/m", 1, 0},
		{"MYNETWORKS=10.0.0.0/8", "A=b", 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		LOAD(NULL, false, ENOUGH, cases[i].variable, cases[i].beside);
		CHECK(found("compat-keys-left", NULL) == cases[i].keys, "%s, %s: keys",
			cases[i].variable, cases[i].beside);
		CHECK(found("compat-mailboxes-left", NULL) == cases[i].mailboxes,
			"%s, %s: mailboxes", cases[i].variable, cases[i].beside);
	}
}

/* what our own value takes the place of, or is lost to, keeps its secret */
static void
test_secret(void)
{
	struct node *settings =
		LOAD(NULL, false, "MAIL_HOSTNAME=m.b.org", "SMTPD_SASL_USERS=a@b.org:p",
			"POSTFIX_smtpd_sender_login_maps=pgsql:{password=hidden}");
	const struct node *maps =
		node_get(node_at(settings, "postfix.main"), "smtpd_sender_login_maps");

	CHECK(maps != NULL && strstr(maps->text, "hidden") != NULL && maps->secret,
		"a table with a password in it stays a secret beside SMTPD_SASL_USERS");
	settings = LOAD(NULL, false, "MAIL_HOSTNAME=m.b.org", "SMTPD_SASL_USERS=a@b.org:p");
	maps = node_get(node_at(settings, "postfix.main"), "smtpd_sender_login_maps");
	CHECK(maps != NULL && !maps->secret, "names alone are none");
}

/* Every row: its target is there, and its variables are known by both their forms. */
static void
test_table(void)
{
	struct compat_row row;
	const char *at = NULL;
	size_t count = 0;

	while (compat_row_next(&arena, &at, &row)) {
		char *path = arena_strndup(&arena, row.target, strcspn(row.target, " "));
		bool setting = row.act == COMPAT_SET || row.act == COMPAT_WORD;
		char name[64];

		count++;
		snprintf(name, sizeof(name), "%.*s", (int)strcspn(row.names, " *"), row.names);
		CHECK(row.peers[strspn(row.peers, "bdwjmyt")] == '\0' && row.peers[0] != '\0',
			"%s: its images", name);
		CHECK(!setting || schema_find(path) != NULL ||
				strncmp(path, "postfix.main.", 13) == 0 ||
				strncmp(path, "dovecot.settings.", 17) == 0,
			"%s: its setting", name);
		CHECK(setting || row.act == COMPAT_QUIET || row.words[0] != '\0',
			"%s: something is said of it", name);
		CHECK(strchr(row.words, '|') == NULL, "%s: its line has five fields", name);
		CHECK(strchr(row.names, '*') != NULL || compat_is_known(name), "%s: is known",
			name);
	}
	CHECK(count > 90, "the table is whole: %zu rows", count);
	CHECK(compat_is_known("RELAYHOST_PASSWORD_FILE") &&
			compat_is_known("RELAY_PASSWORD__FILE") && compat_is_known("LDAP_X"),
		"files and beginnings are known");
	CHECK(!compat_is_known("PATH") && !compat_is_known("RELAYHOSTS") &&
			!compat_is_known("_FILE") && !compat_is_known("RSPAMD_"),
		"others are not");
}

static void
test_origin_and_secret(void)
{
	struct node *settings = LOAD(NULL, false, ENOUGH, "RELAYHOST=x.org", "RELAYHOST_USERNAME=u",
		arena_printf(&arena, "RELAYHOST_PASSWORD_FILE=%s", write_file("pw", "canary\n")));
	const struct node *node = node_at(settings, "relay.host");

	CHECK(node->origin.kind == ORIGIN_COMPAT, "the origin is of kind compat");
	CHECK_TEXT(node->origin.name, "RELAYHOST", "and names the variable");
	node = node_at(settings, "relay.password");
	CHECK_TEXT(node->text, "canary", "a file's content is the value");
	CHECK(node->secret, "and a secret");
	CHECK_TEXT(node->origin.name, "RELAYHOST_PASSWORD_FILE", "its origin");
	settings = LOAD("relay: {host: y.org}\n", false, ENOUGH, "RELAYHOST=x.org");
	node = node_at(settings, "relay.host");
	CHECK_TEXT(node->text, "y.org", "YAML wins");
	for (size_t i = 0; i < findings.count; i++)
		if (strcmp(findings.items[i].rule->id, "setting-overridden") == 0)
			CHECK(strstr(findings.items[i].effect, "RELAYHOST says does nothing") !=
					NULL,
				"and the effect names both: %s", findings.items[i].effect);
	CHECK(node->overrode != NULL && node->overrode->origin.kind == ORIGIN_COMPAT,
		"and what lost is in its chain");
	settings = LOAD(NULL, false, ENOUGH, "POSTMAP_sasl_passwd=x.org u:canary");
	CHECK(node_get(node_at(settings, "postfix.tables"), "sasl_passwd")->secret,
		"a table of passwords is a secret");
	LOAD(NULL, false, ENOUGH, "RELAY_PASSWORD=can\nary");
	for (size_t i = 0; i < findings.count; i++)
		CHECK(strstr(findings.items[i].message, "can") == NULL ||
				strstr(findings.items[i].message, "cannot") != NULL,
			"no message shows a secret");
}

int
main(void)
{
	settings_case_start();
	test_secret();
	test_table();
	test_becomes();
	test_finds();
	test_silent();
	test_fold();
	test_left();
	test_origin_and_secret();
	settings_case_end();
	DONE();
}
