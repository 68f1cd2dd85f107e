/*
 * compat_table.c - the variables of other images
 *
 * A line: names | images | act | target | words. Images: b bokysan/docker-postfix,
 * d docker-mailserver, w wader/postfix-relay, j juanluisbaptiste/docker-postfix,
 * m Mailu, y jeboehm/docker-mailserver, t tozd/docker-postfix; ? before them marks a
 * name that programs of all kinds use. Acts: s set, w word, o own, n note that it is
 * out of scope, h to be done by hand, q quiet. Of two rows for one setting the upper
 * one wins.
 */
#include "settings/compat_table.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

#define FIELDS 5

#define NO_LDAP "accounts come from `mailboxes`; LDAP and SQL are not read"
#define NO_SPAM "no filter of spam or viruses is in the image; give one as a milter: `milters`"
#define NO_GREY "nobody is made to try again (greylisting); a milter may do it: `milters`"
#define NO_BAN "nobody is locked out after failed logins; do it on the host, by the log"
#define NO_FETCH "mail is not fetched from other servers"
#define NO_REPORT "the log goes to standard output, and no reports are sent"
#define NO_CHOWN "nothing here needs it"
#define NO_OAUTH "logins with OAuth are not offered; use `relay.username` and `relay.password`"

static const char table[] =
	/* bokysan/docker-postfix: an outgoing relay */
	"POSTFIX_myhostname POSTFIX_MYHOSTNAME|bwd|s|hostname|\n"
	"POSTFIX_mynetworks POSTFIX_MYNETWORKS|bw|s|networks|\n"
	"POSTFIX_relayhost POSTFIX_RELAYHOST|bw|s|relay.host|\n"
	"POSTFIX_message_size_limit POSTFIX_MESSAGE_SIZE_LIMIT|bdw|s|limits.message|\n"
	"POSTFIX_smtpd_tls_cert_file POSTFIX_SMTPD_TLS_CERT_FILE|wb|s|tls.certificate|\n"
	"POSTFIX_smtpd_tls_key_file POSTFIX_SMTPD_TLS_KEY_FILE|wb|s|tls.key|\n"
	"ALLOWED_SENDER_DOMAINS|b|o||`dkim.domains`; without `domains` of ours also `roles`: "
	"relay, "
	"and dkim when keys are mounted or DKIM_AUTOGENERATE is set; `networks`: loopback, "
	"connected; "
	"and other senders are refused (`smtpd_sender_restrictions`)\n"
	"ALLOW_EMPTY_SENDER_DOMAINS|b|o||without `domains` of ours `roles`: relay, and `networks`\n"
	"RELAYHOST|bmy|w|relay.host false= *=*|\n"
	"RELAYHOST_USERNAME|b|s|relay.username|\n"
	"RELAYHOST_PASSWORD|b|s|relay.password|\n"
	"RELAYHOST_TLS_LEVEL|b|s|relay.tls|\n"
	"SASL_RELAYHOST|b|n||the login is always used at `relay.host`\n"
	"MYNETWORKS|by|s|networks|\n"
	"MESSAGE_SIZE_LIMIT|bjm|s|limits.message|\n"
	"SMTPD_SASL_USERS|b|o||`mailboxes.list`: a login each, which keeps no mail, with `roles`: "
	"relay and submission; `sender_logins`: each may send as any of ALLOWED_SENDER_DOMAINS\n"
	"MASQUERADED_DOMAINS|b|o||`postfix.main`: masquerade_domains, and "
	"local_header_rewrite_clients = static:all\n"
	"SMTP_HEADER_CHECKS|b|o||`postfix.main.smtp_header_checks`, as regexp: unless a type "
	"stands "
	"before it; 1 is a warning: that image's own table is not here\n"
	"AUTOSET_HOSTNAME AUTOSET_HOSTNAME_SERVICES|b|h|0|nobody outside is asked for this "
	"server's "
	"name: set `hostname`\n"
	"DKIM_SELECTOR|b|o||`dkim.selector`, `dkim.selectors`; keys are made only when "
	"DKIM_AUTOGENERATE is set "
	"too (`dkim.generate`)\n"
	"DKIM_AUTOGENERATE|b|o||`dkim.generate`: when-missing, and `dkim.selector`: mail unless "
	"DKIM_SELECTOR is set\n"
	"DKIM_BACKEND|b|n|opendkim|OpenDKIM signs\n"
	"LOG_FORMAT|?b|w|log.format plain=text json=json|\n"
	"ANONYMIZE_EMAILS|b|w|log.mask 0= no= false= off= noop= *=addresses|\n"
	"INBOUND_DEBUGGING|b|w|postfix.main.debug_peer_list 0= no= false= *=$mynetworks|\n"
	"HOSTNAME|?b|o||`hostname`, if it is a full name: an engine sets it to the container's id\n"
	"TZ|?bd|q||the time zone of the daemons, as it stands\n"
	"FORCE_COLOR|?b|q||nothing: the log has no colours\n"
	"SKIP_ROOT_SPOOL_CHOWN POSTFIXD_DIR POSTFIXD_ETC POSTFIX_ZIF "
	"K8S_STATEFULSET_PERSISTENCE_ENABLED|b|n||" NO_CHOWN "\n"
	"XOAUTH2_*|b|h||" NO_OAUTH "\n"
	"RSPAMD_*|?bd|n||" NO_SPAM "\n"

	/* docker-mailserver */
	"OVERRIDE_HOSTNAME|d|s|hostname|\n"
	"POSTFIX_TLS_CERT_FILE|d|s|tls.certificate|\n"
	"POSTFIX_TLS_KEY_FILE|d|s|tls.key|\n"
	"SSL_TYPE|d|o||manual: `tls.certificate`, `tls.key` from SSL_CERT_PATH, SSL_KEY_PATH; "
	"letsencrypt: `tls.directory` /etc/letsencrypt/live/NAME; self-signed: the pair below "
	"/tmp/docker-mailserver/ssl\n"
	"SSL_CERT_PATH SSL_KEY_PATH SSL_DOMAIN|d|o||see SSL_TYPE\n"
	"SSL_ALT_CERT_PATH|d|s|tls.alternative.certificate|\n"
	"SSL_ALT_KEY_PATH|d|s|tls.alternative.key|\n"
	"TLS_LEVEL|?d|w|tls.protocols modern=>=TLSv1.2 intermediate=>=TLSv1|\n"
	"PERMIT_DOCKER|d|w|networks none=loopback container=loopback,container "
	"network=loopback,172.16.0.0/12 connected-networks=loopback,connected|for host, write the "
	"network itself into `networks`\n"
	"NETWORK_INTERFACE|?d|n||all networks of the container are looked at\n"
	"POSTMASTER_ADDRESS|dw|o||an alias postmaster@ of each of `domains`; in a relay "
	"`postfix.main`: error_notice_recipient and its like\n"
	"DEFAULT_RELAY_HOST|d|s|relay.host|\n"
	"RELAY_HOST|d|o||`relay.host`: [RELAY_HOST]:RELAY_PORT\n"
	"RELAY_PORT|d|o||see RELAY_HOST\n"
	"RELAY_USER|d|s|relay.username|\n"
	"RELAY_PASSWORD|d|s|relay.password|\n"
	"POSTFIX_MAILBOX_SIZE_LIMIT|d|s|limits.mailbox|\n"
	"POSTFIX_INET_PROTOCOLS|d|s|postfix.main.inet_protocols|\n"
	"POSTFIX_DAGENT|d|o||`delivery.lmtp`, when it is lmtp:inet:host:port, else "
	"`postfix.main`: virtual_transport\n"
	"POSTFIX_REJECT_UNKNOWN_CLIENT_HOSTNAME|d|h|0|set POSTFIX_smtpd_client_restrictions="
	"reject_unknown_client_hostname\n"
	"POSTSCREEN_ACTION|d|n||postscreen is not used\n"
	"DMS_VMAIL_UID|d|s|mailboxes.uid|\n"
	"DMS_VMAIL_GID|d|s|mailboxes.gid|\n"
	"DOVECOT_MAILBOX_FORMAT|d|s|mailboxes.format|\n"
	"DOVECOT_INET_PROTOCOLS|d|w|dovecot.settings.listen all=*,:: ipv4=* ipv6=::|\n"
	"SMTP_ONLY|d|o||1: `roles`: relay and dkim\n"
	"ENABLE_OPENDKIM|d|o||0: `roles` without dkim\n"
	"ENABLE_IMAP ENABLE_POP3|d|o||0: `dovecot.settings`: protocols without it\n"
	"LOG_LEVEL|?d|w|log.level trace=debug debug=debug info=info warn=warning warning=warning "
	"error=error|\n"
	"SPOOF_PROTECTION|d|n|1|a sender's address is always bound to the login\n"
	"ACCOUNT_PROVISIONER|d|h|FILE file|" NO_LDAP "\n"
	"ENABLE_QUOTAS|d|n||set `limits.mailbox`, or a mailbox's own quota\n"
	"ENABLE_SASLAUTHD ENABLE_OAUTH2|d|h|0|" NO_LDAP "\n"
	"SASLAUTHD_* OAUTH2_* LDAP_*|?d|n||" NO_LDAP "\n"
	"DOVECOT_TLS DOVECOT_BASE DOVECOT_DN DOVECOT_DNPASS DOVECOT_URIS DOVECOT_HOSTS "
	"DOVECOT_LDAP_VERSION DOVECOT_AUTH_BIND DOVECOT_USER_FILTER DOVECOT_USER_ATTRS "
	"DOVECOT_PASS_FILTER DOVECOT_PASS_ATTRS DOVECOT_DEFAULT_PASS_SCHEME "
	"DOVECOT_SCOPE|d|n||" NO_LDAP "\n"
	"ENABLE_OPENDMARC ENABLE_POLICYD_SPF|d|n||SPF and DMARC of incoming mail are not checked; "
	"give a program that does as a milter: `milters`\n"
	"ENABLE_POSTGREY|d|n||" NO_GREY "\n"
	"POSTGREY_*|?d|n||" NO_GREY "\n"
	"ENABLE_DNSBL|d|n||no block list is asked; set POSTFIX_smtpd_client_restrictions="
	"reject_rbl_client and its name\n"
	"ENABLE_FAIL2BAN|d|n||" NO_BAN "\n"
	"FAIL2BAN_*|?d|n||" NO_BAN "\n"
	"ENABLE_RSPAMD ENABLE_RSPAMD_REDIS ENABLE_AMAVIS ENABLE_CLAMAV ENABLE_SPAMASSASSIN "
	"ENABLE_SPAMASSASSIN_KAM|d|n||" NO_SPAM "\n"
	"AMAVIS_* CLAMAV_* SA_* SPAMASSASSIN_* SPAM_SUBJECT MOVE_SPAM_TO_JUNK "
	"MARK_SPAM_AS_READ VIRUSMAILS_DELETE_DELAY|?d|n||" NO_SPAM "\n"
	"ENABLE_FETCHMAIL ENABLE_GETMAIL|d|n||" NO_FETCH "\n"
	"FETCHMAIL_* GETMAIL_*|?d|n||" NO_FETCH "\n"
	"ENABLE_MTA_STS ENABLE_SRS ENABLE_MANAGESIEVE|d|n||the program for it is not in the image\n"
	"SRS_*|?d|n||sender addresses are not rewritten\n"
	"REPORT_RECIPIENT REPORT_SENDER PFLOGSUMM_* LOGWATCH_* LOGROTATE_INTERVAL LOGROTATE_COUNT "
	"SUPERVISOR_LOGLEVEL ENABLE_UPDATE_CHECK UPDATE_CHECK_INTERVAL|?d|n||" NO_REPORT "\n"
	"DMS_CONFIG_POLL|d|n||changes are told by the kernel, and nothing is polled\n"
	"ONE_DIR|?d|q||nothing: what is kept lies in three volumes\n"

	/* wader/postfix-relay */
	"OPENDKIM_DOMAINS|w|o||`dkim.domains`; `dkim.selector`: mail, or what stands behind =; "
	"`dkim.keys`: /etc/opendkim/keys, when it is mounted; without `domains` of ours also "
	"`roles`: relay and dkim, and `networks`: loopback, connected\n"
	"SASL_Passwds|w|s|mailboxes.file|\n"
	"POSTSRSD_*|w|n||sender addresses are not rewritten\n"
	"RSYSLOG_*|?w|n||" NO_REPORT "\n"

	/* juanluisbaptiste/docker-postfix */
	"SERVER_HOSTNAME|j|s|hostname|\n"
	"SMTP_SERVER|?j|o||`relay.host`: [SMTP_SERVER]:SMTP_PORT, by default 587\n"
	"SMTP_PORT|?j|o||see SMTP_SERVER\n"
	"SMTP_USERNAME|?j|s|relay.username|\n"
	"SMTP_PASSWORD|?j|s|relay.password|\n"
	"SMTP_NETWORKS|?j|s|networks|\n"
	"ALWAYS_ADD_MISSING_HEADERS|?j|w|postfix.main.always_add_missing_headers yes=yes no=no|\n"
	"SMTPUTF8_ENABLE|?j|w|postfix.main.smtputf8_enable yes=yes no=no|\n"
	"OVERWRITE_FROM SMTP_HEADER_TAG LOG_SUBJECT|?j|h|no|set POSTFIX_smtp_header_checks or "
	"POSTFIX_header_checks to a table of yours\n"
	"DOMAIN DESTINATION|?jm|n||set `domains`, if mail for it ends here\n"
	"DEBUG|?j|q||nothing; see `log.level`\n"

	/* Mailu */
	"RELAYNETS|m|s|networks|\n"
	"RELAYUSER|m|s|relay.username|\n"
	"RELAYPASSWORD|m|s|relay.password|\n"
	"OUTBOUND_TLS_LEVEL|m|s|postfix.main.smtp_tls_security_level|\n"
	"RECIPIENT_DELIMITER|m|s|postfix.main.recipient_delimiter|\n"
	"HOSTNAMES|?m|n||set `hostname` to the first of them, and `tls.names` to all\n"
	"SUBNET SUBNET6|?m|n||`networks` says who may relay\n"
	"POSTMASTER|?m|n||set an alias postmaster@ your domain\n"
	"TLS_FLAVOR|?m|n||set `tls.certificate` and `tls.key`, or `tls.directory`\n"
	"PROXY_PROTOCOL DEFER_ON_TLS_ERROR|?m|n||set the parameter of Postfix itself: "
	"POSTFIX_<parameter>\n"
	"POSTFIX_LOG_FILE|m|n||" NO_REPORT "\n"

	/* jeboehm/docker-mailserver, tozd/docker-postfix */
	"MAILNAME|yt|s|hostname|\n"
	"MDA_LMTP_ADDRESS|y|w|delivery.lmtp *=inet:*|\n"
	"MDA_AUTH_ADDRESS|y|w|delivery.sasl *=inet:*|\n"
	"FILTER_MILTER_ADDRESS|y|w|milters *=inet:*|\n"
	"RELAY_PASSWD_FILE|y|h||set `relay.username` and `relay.password`\n"
	"MY_NETWORKS|t|s|networks|\n"
	"MY_DESTINATION|t|h||set `domains`\n"
	"ROOT_ALIAS|t|h||set an alias postmaster@ your domain\n"
	"LOG_TO_STDOUT|t|q||nothing: the log always goes there\n";

/* field - the length of the field at TEXT, ended by | or the line's end */
static size_t
field(const char *text)
{
	return strcspn(text, "|\n");
}

/* matches - how well NAME fits one of the names of a line: 2 exactly, 1 by its beginning, 0 */
static int
matches(const char *names, const char *name, size_t name_len)
{
	const char *end = names + field(names);
	int best = 0;

	while (names < end) {
		size_t len = strcspn(names, " |");

		if (len == name_len && strncmp(names, name, len) == 0)
			return 2;
		if (names[len - 1] == '*' && len - 1 < name_len &&
			strncmp(names, name, len - 1) == 0)
			best = 1;
		names += len + (names[len] == ' ');
	}
	return best;
}

/* find_line - the line of NAME, or NULL */
static const char *
find_line(const char *name, size_t len)
{
	const char *found = NULL;

	for (const char *line = table; *line != '\0'; line += strcspn(line, "\n") + 1) {
		int fit = matches(line, name, len);

		if (fit == 2)
			return line;
		if (fit == 1 && found == NULL)
			found = line;
	}
	return found;
}

static enum compat_act
act_of(char letter)
{
	static const char letters[] = "swonhq";
	const char *at = strchr(letters, letter);

	return at != NULL ? (enum compat_act)(at - letters) : COMPAT_QUIET;
}

static void
take_line(struct arena *arena, const char *line, struct compat_row *row)
{
	const char *fields[FIELDS];

	for (size_t i = 0; i < FIELDS; i++) {
		size_t len = i + 1 < FIELDS ? field(line) : strcspn(line, "\n");

		fields[i] = arena_strndup(arena, line, len);
		line += len + 1;
	}
	row->names = fields[0];
	row->weak = fields[1][0] == '?';
	row->peers = fields[1] + row->weak;
	row->act = act_of(fields[2][0]);
	row->target = fields[3];
	row->words = fields[4];
}

bool
compat_row_next(struct arena *arena, const char **at, struct compat_row *row)
{
	if (*at == NULL)
		*at = table;
	if (**at == '\0')
		return false;
	take_line(arena, *at, row);
	*at += strcspn(*at, "\n") + 1;
	return true;
}

bool
compat_row_find(struct arena *arena, const char *name, struct compat_row *row)
{
	const char *line = find_line(name, strlen(name));

	if (line == NULL)
		return false;
	take_line(arena, line, row);
	return true;
}

bool
compat_is_known(const char *name)
{
	static const char *const suffixes[] = {"", "__FILE", "_FILE"};
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (len > strlen(suffixes[i]) && text_ends(name, suffixes[i]) &&
			find_line(name, len - strlen(suffixes[i])) != NULL)
			return true;
	return false;
}

/* fill_star - NEW with VALUE for its star */
static const char *
fill_star(struct arena *arena, const char *new, const char *value)
{
	const char *star = strchr(new, '*');

	if (star == NULL)
		return new;
	return arena_printf(arena, "%.*s%s%s", (int)(star - new), new, value, star + 1);
}

const char *
compat_word(struct arena *arena, const char *target, const char *value, char **path)
{
	size_t len = strcspn(target, " ");

	*path = arena_strndup(arena, target, len);
	for (target += len; *target == ' ';) {
		size_t word = strcspn(++target, " "), old = strcspn(target, "=");
		const char *new = arena_strndup(arena, target + old + 1, word - old - 1);

		if (old == 1 && target[0] == '*')
			return fill_star(arena, new, value);
		if (strlen(value) == old && strncasecmp(target, value, old) == 0)
			return new;
		target += word;
	}
	return NULL;
}

const char *
compat_peer(char letter)
{
	static const struct {
		char letter;
		const char *name;
	} peers[] = {
		{'b', "bokysan/docker-postfix"},
		{'d', "docker-mailserver"},
		{'w', "wader/postfix-relay"},
		{'j', "juanluisbaptiste/docker-postfix"},
		{'m', "Mailu"},
		{'y', "jeboehm/docker-mailserver"},
		{'t', "tozd/docker-postfix"},
	};

	for (size_t i = 0; i < sizeof(peers) / sizeof(peers[0]); i++)
		if (peers[i].letter == letter)
			return peers[i].name;
	return NULL;
}
