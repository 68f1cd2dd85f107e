/*
 * schema.c - the table of all settings
 *
 * One row a setting. Order is that of the documents: what everybody sets comes
 * first. A new setting is a new row, and nothing else in this room.
 */
#include "settings/schema.h"

#include "base/capability.h"

#define SECOND_MS 1000LL
#define HOUR_MS (3600 * SECOND_MS)
#define DAY_MS (24 * HOUR_MS)
#define KILOBYTE 1024LL
#define TERABYTE (KILOBYTE * KILOBYTE * KILOBYTE * KILOBYTE)
#define LARGEST_ID 4294967294LL /* (uid_t)-1 means "no change" */

#define TLS_LEVELS "none may encrypt dane dane-only verify secure"

static const struct schema_row rows[] = {
	{"hostname", SCHEMA_ONE, SCHEMA_FULL_NAME, NULL, 0, 0, 0, NULL,
		"Full name in banner, HELO and certificates; unset: the container's host name, if "
		"it has a dot"},
	{"domains", SCHEMA_LIST, SCHEMA_DOMAIN, NULL, 0, 0, 0, NULL,
		"Domains that mail is accepted for and signed for; required, except for the role "
		"relay alone"},
	{"roles", SCHEMA_LIST, SCHEMA_CHOICE, "mx submission mailstore dkim", 0, 0, 0,
		"mx submission relay mailstore dkim",
		"What this container does: mx (port 25 from the world), submission (587 and 465, "
		"with a password), relay (25 and 587 from networks only), mailstore (IMAP, POP3, "
		"LMTP, SASL), dkim (signs)"},
	{"networks", SCHEMA_LIST, SCHEMA_NETWORK, "loopback", 0, 0, 0, NULL,
		"Clients that may relay without a password: addresses, networks, or the words "
		"loopback, container, connected"},

	{"tls.certificate", SCHEMA_ONE, SCHEMA_PATH, NULL, 0, 0, 0, NULL,
		"PEM file: certificate and its chain"},
	{"tls.key", SCHEMA_ONE, SCHEMA_PATH, NULL, 0, 0, 0, NULL, "PEM file: private key"},
	{"tls.directory", SCHEMA_ONE, SCHEMA_PATH, NULL, 0, 0, 0, NULL,
		"Where others leave certificates, instead of the two: a directory of certbot, a "
		"Kubernetes secret, Tailscale or Caddy, or Traefik's acme.json"},
	{"tls.alternative.certificate", SCHEMA_ONE, SCHEMA_PATH, NULL, 0, 0, 0, NULL,
		"PEM file: a certificate beside tls.certificate for the other kind of key, RSA or "
		"EC"},
	{"tls.alternative.key", SCHEMA_ONE, SCHEMA_PATH, NULL, 0, 0, 0, NULL,
		"PEM file: private key of that one"},
	{"tls.self_signed", SCHEMA_ONE, SCHEMA_CHOICE, "when-missing", 0, 0, 0,
		"when-missing never", "Whether a certificate is made when none is given"},
	{"tls.names", SCHEMA_LIST, SCHEMA_DOMAIN, "@hostname", 0, 0, 0, NULL,
		"Names that clients connect to; each must be in the certificate"},
	{"tls.sni", SCHEMA_NAMED_RECORDS, SCHEMA_TEXT, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"Further certificates, by the name that the client asks for (SNI)"},
	{"tls.sni.NAME.certificate", SCHEMA_ONE, SCHEMA_PATH, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"PEM file: certificate and chain of that name"},
	{"tls.sni.NAME.key", SCHEMA_ONE, SCHEMA_PATH, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"PEM file: private key of that name"},
	{"tls.sni.NAME.directory", SCHEMA_ONE, SCHEMA_PATH, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Instead of the two, as tls.directory; with RSA and EC where it has both"},
	{"tls.level_25", SCHEMA_ONE, SCHEMA_CHOICE, "may", 0, 0, 0, "none may encrypt",
		"TLS on port 25; encrypt refuses servers that cannot"},
	{"tls.protocols", SCHEMA_ONE, SCHEMA_CHOICE, ">=TLSv1.2", 0, 0, 0,
		">=TLSv1 >=TLSv1.1 >=TLSv1.2 >=TLSv1.3", "Oldest TLS version that is spoken"},

	{"relay.host", SCHEMA_ONE, SCHEMA_HOST_PORT, NULL, 0, 0, 0, NULL,
		"Smarthost for all mail to outside; [brackets] ask for no MX"},
	{"relay.username", SCHEMA_ONE, SCHEMA_TEXT, NULL, 0, 0, 0, NULL, "Login at the smarthost"},
	{"relay.password", SCHEMA_ONE, SCHEMA_TEXT, NULL, SCHEMA_SECRET, 0, 0, NULL,
		"Password at the smarthost; better MAIL_RELAY_PASSWORD_FILE, or "
		"relay.password_file"},
	{"relay.tls", SCHEMA_ONE, SCHEMA_CHOICE, "secure", 0, 0, 0, TLS_LEVELS,
		"Postfix's TLS level towards the smarthost"},
	{"relay.by_sender", SCHEMA_NAMED_RECORDS, SCHEMA_TEXT, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"Other smarthosts, by sender address or domain"},
	{"relay.by_sender.SENDER.host", SCHEMA_ONE, SCHEMA_HOST_PORT, NULL,
		SCHEMA_FIELD | SCHEMA_REQUIRED, 0, 0, NULL, "Smarthost of that sender"},
	{"relay.by_sender.SENDER.username", SCHEMA_ONE, SCHEMA_TEXT, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Login there"},
	{"relay.by_sender.SENDER.password", SCHEMA_ONE, SCHEMA_TEXT, NULL,
		SCHEMA_FIELD | SCHEMA_SECRET, 0, 0, NULL, "Password there, or password_file"},

	{"delivery.lmtp", SCHEMA_ONE, SCHEMA_ENDPOINT, NULL, 0, 0, 0, NULL,
		"Mail store elsewhere, inet:host:port; unset: Dovecot's own socket"},
	{"delivery.sasl", SCHEMA_ONE, SCHEMA_ENDPOINT, NULL, 0, 0, 0, NULL,
		"Dovecot's authentication elsewhere, inet:host:port; unset: its own socket"},

	{"mailboxes.list", SCHEMA_RECORDS, SCHEMA_TEXT, NULL, SCHEMA_SECRET, 0, 0, NULL,
		"The mailboxes, also as `mailboxes:` itself; in the variable blank-separated "
		"address={SCHEME}hash"},
	{"mailboxes.list.N.address", SCHEMA_ONE, SCHEMA_ADDRESS, NULL,
		SCHEMA_FIELD | SCHEMA_REQUIRED, 0, 0, NULL, "Its address, which is the login"},
	{"mailboxes.list.N.password", SCHEMA_ONE, SCHEMA_TEXT, NULL, SCHEMA_FIELD | SCHEMA_SECRET,
		0, 0, NULL, "Hash of its password, as `doveadm pw` prints it: {SCHEME}hash"},
	{"mailboxes.list.N.password_file", SCHEMA_ONE, SCHEMA_PATH, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"File with the plain password, hashed when the container starts"},
	{"mailboxes.list.N.quota", SCHEMA_ONE, SCHEMA_SIZE, NULL, SCHEMA_FIELD, 0, TERABYTE, NULL,
		"Its room, instead of limits.mailbox"},
	{"mailboxes.list.N.aliases", SCHEMA_LIST, SCHEMA_ADDRESS, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Further addresses of the same mailbox, which its owner may also send as"},
	{"mailboxes.file", SCHEMA_ONE, SCHEMA_PATH, NULL, 0, 0, 0, NULL,
		"File of mailboxes in Dovecot's passwd-file form, or in that of "
		"docker-mailserver's "
		"postfix-accounts.cf"},
	{"mailboxes.uid", SCHEMA_ONE, SCHEMA_INTEGER, "5000", 0, 1, LARGEST_ID, NULL,
		"Numeric owner of the mail store"},
	{"mailboxes.gid", SCHEMA_ONE, SCHEMA_INTEGER, "5000", 0, 1, LARGEST_ID, NULL,
		"Numeric group of the mail store"},
	{"mailboxes.format", SCHEMA_ONE, SCHEMA_CHOICE, "maildir", 0, 0, 0, "maildir sdbox mdbox",
		"How Dovecot stores mail"},
	{"mailboxes.path", SCHEMA_ONE, SCHEMA_PATH, "/var/mail/%{user | domain}/%{user | username}",
		0, 0, 0, NULL, "Where a mailbox lies, in the words of Dovecot 2.4"},

	{"mailboxes.quotas", SCHEMA_MAP, SCHEMA_SIZE, NULL, 0, 0, TERABYTE, NULL,
		"Address to the room of its mailbox, instead of limits.mailbox, for those of "
		"mailboxes.file; in the variable blank-separated address=5G"},

	{"aliases", SCHEMA_MAP_OF_LISTS, SCHEMA_TEXT, NULL, 0, 0, 0, NULL,
		"Address to addresses; gives nobody the right to send as it, as a mailbox's own "
		"aliases do; in the variable blank-separated from=to,to"},
	{"transports", SCHEMA_MAP, SCHEMA_TEXT, NULL, 0, 0, 0, NULL,
		"Domain or address to Postfix transport, as in example.com=smtp:[10.0.0.5]:25"},
	{"sender_logins", SCHEMA_MAP_OF_LISTS, SCHEMA_TEXT, NULL, 0, 0, 0, NULL,
		"Sender address, or @domain, to the logins that may use it"},

	{"dkim.selector", SCHEMA_ONE, SCHEMA_LABEL, "default", 0, 0, 0, NULL,
		"Selector of the keys, a DNS label"},
	{"dkim.selectors", SCHEMA_MAP, SCHEMA_LABEL, NULL, 0, 0, 0, NULL,
		"Domain to a selector of its own; in the variable blank-separated "
		"example.org=mail2026"},
	{"dkim.domains", SCHEMA_LIST, SCHEMA_DOMAIN, "@domains", 0, 0, 0, NULL,
		"Domains whose mail is signed"},
	{"dkim.keys", SCHEMA_ONE, SCHEMA_PATH, "/var/lib/mailinit/dkim", 0, 0, 0, NULL,
		"Directory of the private keys, on a volume: DOMAIN/SELECTOR.private, as in "
		"example.com/mail.private"},
	{"dkim.generate", SCHEMA_ONE, SCHEMA_CHOICE, "when-missing", 0, 0, 0, "when-missing never",
		"Whether a missing key is made"},
	{"dkim.bits", SCHEMA_ONE, SCHEMA_INTEGER, "2048", 0, 1024, 4096, NULL,
		"Size of an RSA key that is made"},
	{"dkim.on_failure", SCHEMA_ONE, SCHEMA_CHOICE, "tempfail", 0, 0, 0, "tempfail accept",
		"While the signer is down: tempfail (clients get 451, nothing leaves unsigned) or "
		"accept"},

	{"dns.addresses", SCHEMA_LIST, SCHEMA_IP, NULL, 0, 0, 0, NULL,
		"Public addresses of this server, for the records to publish"},
	{"dns.spf", SCHEMA_ONE, SCHEMA_TEXT, NULL, 0, 0, 0, NULL,
		"SPF record that must be published; unset: made from what is known"},
	{"dns.dmarc", SCHEMA_ONE, SCHEMA_TEXT, NULL, 0, 0, 0, NULL,
		"DMARC record that must be published; unset: a cautious one"},
	{"dns.report_to", SCHEMA_ONE, SCHEMA_ADDRESS, NULL, 0, 0, 0, NULL,
		"Address for DMARC and TLS reports"},
	{"dns.mta_sts", SCHEMA_ONE, SCHEMA_CHOICE, "testing", 0, 0, 0, "none testing enforce",
		"Mode of the MTA-STS policy to publish, which a web server must serve; unless it "
		"is set, its records are optional"},

	{"milters", SCHEMA_LIST, SCHEMA_ENDPOINT, NULL, 0, 0, 0, NULL,
		"Further milters, as in inet:rspamd:11332"},
	{"postfix.chroot", SCHEMA_ONE, SCHEMA_BOOL, "yes", 0, 0, 0, NULL,
		"Whether Postfix's services run in a chroot, as Debian has it"},

	{"limits.message", SCHEMA_ONE, SCHEMA_SIZE, "50M", 0, 0, TERABYTE, NULL,
		"Largest message; 0: no limit"},
	{"limits.mailbox", SCHEMA_ONE, SCHEMA_SIZE, "0", 0, 0, 1024 * TERABYTE, NULL,
		"Room of a mailbox; 0: no limit"},
	{"limits.recipients", SCHEMA_ONE, SCHEMA_INTEGER, "1000", 0, 1, 2147483647, NULL,
		"Most recipients of one message"},

	{"log.format", SCHEMA_ONE, SCHEMA_CHOICE, "text", 0, 0, 0, "text json", "Form of the log"},
	{"log.level", SCHEMA_ONE, SCHEMA_CHOICE, "info", 0, 0, 0, "debug info warning error",
		"Least level that is logged"},
	{"log.mask", SCHEMA_ONE, SCHEMA_CHOICE, "none", 0, 0, 0, "none addresses",
		"What is made unreadable in the log"},

	{"start.timeout", SCHEMA_ONE, SCHEMA_TIME, "30s", 0, 100, HOUR_MS, NULL,
		"How long a daemon may take to become ready"},
	{"stop.timeout", SCHEMA_ONE, SCHEMA_TIME, "8s", 0, 100, HOUR_MS, NULL,
		"How long a stop may take; less than the engine's own limit, 10s with Docker"},
	{"restart.delay", SCHEMA_ONE, SCHEMA_TIME, "500ms", 0, 1, HOUR_MS, NULL,
		"Pause before the second restart; it doubles from there"},
	{"restart.max_delay", SCHEMA_ONE, SCHEMA_TIME, "30s", 0, 1, DAY_MS, NULL,
		"Longest pause between two restarts"},
	{"restart.give_up_after", SCHEMA_ONE, SCHEMA_RATE, "8 in 2m", 0, 1, DAY_MS, NULL,
		"So many failures in so much time are final"},
	{"restart.give_up", SCHEMA_ONE, SCHEMA_CHOICE, "exit", 0, 0, 0, "exit stay",
		"What follows: the container exits, or stays unhealthy for debugging"},

	{"services", SCHEMA_RECORDS, SCHEMA_TEXT, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"Further programs to supervise beside the mail daemons"},
	{"services.N.name", SCHEMA_ONE, SCHEMA_LABEL, NULL, SCHEMA_FIELD | SCHEMA_REQUIRED, 0, 0,
		NULL, "Its name in log, status and needs, at most 31 letters, digits and hyphens"},
	{"services.N.command", SCHEMA_WORDS, SCHEMA_TEXT, NULL, SCHEMA_FIELD | SCHEMA_REQUIRED, 0,
		0, NULL, "Program, by its absolute path, and arguments; no shell reads them"},
	{"services.N.user", SCHEMA_ONE, SCHEMA_TEXT, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"User that it runs as, by name or number; unset: root"},
	{"services.N.group", SCHEMA_ONE, SCHEMA_TEXT, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Group that it runs as, by name or number; unset: that of its user"},
	{"services.N.needs", SCHEMA_LIST, SCHEMA_LABEL, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Services that must be ready before it starts"},
	{"services.N.needed_by", SCHEMA_LIST, SCHEMA_LABEL, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Services that start when it is ready, as postfix for a further milter"},
	{"services.N.ready", SCHEMA_WORDS, SCHEMA_TEXT, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"When it counts as ready: socket:/path or tcp:host:port accepts, milter:/path or "
		"milter:host:port answers, it writes a line break on descriptor fd:N, notify "
		"(READY=1 to $NOTIFY_SOCKET), exec:/program and arguments end with code 0, or "
		"none, the default: once it runs"},
	{"services.N.required", SCHEMA_ONE, SCHEMA_BOOL, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Whether the container ends, with code 19, when it fails for good; unset: yes"},
	{"services.N.stop_signal", SCHEMA_ONE, SCHEMA_CHOICE, NULL, SCHEMA_FIELD, 0, 0,
		"TERM INT QUIT KILL HUP USR1 USR2", "Signal that ends it; unset: TERM"},
	{"services.N.reload_signal", SCHEMA_ONE, SCHEMA_CHOICE, NULL, SCHEMA_FIELD, 0, 0,
		"none HUP USR1 USR2 INT TERM WINCH",
		"Signal sent when what it needs came back; unset: none"},
	{"services.N.start_timeout", SCHEMA_ONE, SCHEMA_TIME, NULL, SCHEMA_FIELD, 100, HOUR_MS,
		NULL, "How long it may take to become ready; unset: start.timeout"},
	{"services.N.stop_timeout", SCHEMA_ONE, SCHEMA_TIME, NULL, SCHEMA_FIELD, 100, HOUR_MS, NULL,
		"How long its stop may take, within stop.timeout; unset: stop.timeout"},
	{"services.N.capabilities", SCHEMA_LIST, SCHEMA_CHOICE, NULL, SCHEMA_FIELD, 0, 0,
		CAPABILITY_NAMES, "Capabilities that it gets; unset: none, whatever its user"},
	{"services.N.no_new_privs", SCHEMA_ONE, SCHEMA_BOOL, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Whether set-user-id programs give it no further rights; unset: yes"},
	{"services.N.environment", SCHEMA_MAP, SCHEMA_TEXT, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Variables that it gets beside PATH, LANG and TZ; of NAME_file the file's content "
		"becomes NAME"},
	{"services.N.directory", SCHEMA_ONE, SCHEMA_PATH, NULL, SCHEMA_FIELD, 0, 0, NULL,
		"Working directory; unset: /"},
	{"postfix.main", SCHEMA_MAP, SCHEMA_TEXT, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"Parameters for main.cf as they are, also POSTFIX_parameter; empty removes one"},
	{"postfix.master", SCHEMA_MAP, SCHEMA_TEXT, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"Lines for master.cf by service/type, also POSTFIXMASTER_service__type: what "
		"follows "
		"the type, as in n - y - - smtpd, or the whole line"},
	{"postfix.options", SCHEMA_MAP, SCHEMA_TEXT, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"Parameters of one service of master.cf by service/type/parameter, as in "
		"submission/inet/smtpd_client_restrictions"},
	{"postfix.tables", SCHEMA_MAP, SCHEMA_LINES, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"Lookup tables by file name, also POSTMAP_file; hash:/etc/postfix/file in a "
		"parameter means it"},
	{"dovecot.settings", SCHEMA_MAP, SCHEMA_TEXT, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"Dovecot settings as they are, also DOVECOT_setting"},
	{"opendkim.settings", SCHEMA_MAP, SCHEMA_TEXT, NULL, SCHEMA_NO_VARIABLE, 0, 0, NULL,
		"OpenDKIM parameters as they are, also OPENDKIM_Key"},
	{"vars", SCHEMA_MAP, SCHEMA_TEXT, NULL, 0, 0, 0, NULL,
		"Values of your own for templates of your own, where {{vars.name}} stands for "
		"them; "
		"in the variable blank-separated name=value"},
	{"compat.directory", SCHEMA_ONE, SCHEMA_PATH, "/tmp/docker-mailserver", 0, 0, 0, NULL,
		"Where docker-mailserver's config volume is mounted; when it is there, its files "
		"are read"},
	{"compat.read", SCHEMA_ONE, SCHEMA_BOOL, "yes", 0, 0, 0, NULL,
		"Whether they are; no once mailinit.yaml says what they said"},
	{"checks", SCHEMA_MAP, SCHEMA_CHOICE, NULL, 0, 0, 0, "error warning note off",
		"Severity of single rules, by their id"},
};

const struct schema_row *const schema_rows = rows;
const size_t schema_count = sizeof(rows) / sizeof(rows[0]);
