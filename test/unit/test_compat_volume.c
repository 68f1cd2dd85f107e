/* What the files of docker-mailserver's config volume become, and which of their lines are told of. */
#include "settings_case.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/file.h"

/* lay - a file of the volume */
static void
lay(const char *name, const char *text)
{
	const char *path = arena_printf(&arena, "%s/v/%s", directory, name);
	char *slash = arena_strdup(&arena, path);
	FILE *file;

	*strrchr(slash, '/') = '\0';
	file_make_directories(slash, 0755);
	file = fopen(path, "w");
	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
}

static void
clear(void)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf '%s/v'", directory);
	CHECK(system(command) == 0, "the volume is gone");
}

static struct node *
read_volume(const char *beside)
{
	return LOAD(NULL, false, arena_printf(&arena, "MAIL_COMPAT_DIRECTORY=%s/v", directory),
		"MAIL_HOSTNAME=mail.example.com", beside);
}

/* value - of a setting, or of a key of its map; a list as words */
static const char *
value(const struct node *settings, const char *path, const char *key)
{
	const struct node *node = node_at(settings, path);
	const char *text = "";

	if (key != NULL)
		node = node_get(node, key);
	if (node == NULL)
		return "-";
	for (size_t i = 0; node->type == NODE_LIST && i < node->count; i++)
		text = arena_printf(&arena, "%s%s%s", text, i > 0 ? " " : "", node->items[i]->text);
	return node->type == NODE_LIST ? text : node->text;
}

/* told - how many findings of ID are at PLACE */
static int
told(const char *id, const char *at)
{
	int count = 0;

	for (size_t i = 0; i < findings.count; i++)
		count += strcmp(findings.items[i].rule->id, id) == 0 &&
			strcmp(place(&findings.items[i].origin), at) == 0;
	return count;
}

#define ACCOUNTS \
	"# a comment\n" \
	"\n" \
	"Hello@Example.com|{SHA512-CRYPT}$6$a$b\r\n" \
	"jane@example.org|{SHA512-CRYPT}$6$a$b|userdb_x=y\n"

static void
test_accounts(void)
{
	struct node *settings;

	lay("postfix-accounts.cf", ACCOUNTS);
	lay("postfix-virtual.cf",
		"info@example.com  hello@example.com, away@b.test\n"
		"@example.net jane@example.org\n"
		"local jane@example.org\n"
		"nothing@example.com\n");
	lay("dovecot-quotas.cf", "hello@example.com:5G\njane@example.org 7M\n");
	settings = read_volume("X=y");
	CHECK_TEXT(value(settings, "domains", NULL), "example.com example.org example.net",
		"domains are those of accounts and aliases");
	CHECK_TEXT(place(&node_at(settings, "domains")->origin), "v/postfix-accounts.cf:3",
		"from the line of the first");
	CHECK_TEXT(strstr(value(settings, "mailboxes.file", NULL), "/v/"), "/v/postfix-accounts.cf",
		"the accounts stay in their file");
	CHECK_TEXT(value(settings, "aliases", "info@example.com"), "hello@example.com away@b.test",
		"an alias of two");
	CHECK_TEXT(value(settings, "aliases", "@example.net"), "jane@example.org", "a catch-all");
	CHECK_TEXT(value(settings, "sender_logins", "info@example.com"), "hello@example.com",
		"the account at its end may send as it");
	CHECK_TEXT(value(settings, "mailboxes.quotas", "hello@example.com"), "5368709120",
		"a quota in bytes");
	CHECK(told("compat-by-hand", "v/postfix-virtual.cf:3") == 1, "an alias without a domain");
	CHECK(told("compat-by-hand", "v/postfix-virtual.cf:4") == 1, "an alias without a target");
	CHECK(told("compat-by-hand", "v/dovecot-quotas.cf:2") == 1, "a quota without a colon");
	settings = read_volume("MAIL_DOMAINS=example.org");
	CHECK_TEXT(value(settings, "domains", NULL), "example.org", "MAIL_DOMAINS wins");
	CHECK(told("setting-overridden", "MAIL_DOMAINS") == 1, "and that is told");
	clear();
}

/* a line without its separator has the hash in what stands for the address */
static void
test_accounts_without_separator(void)
{
	struct node *settings;

	lay("postfix-accounts.cf",
		"a@example.com {SHA512-CRYPT}$6$hidden\nb@example.com{SHA512-CRYPT}$6$hidden\n"
		"c@example.org:{SHA512-CRYPT}$6$hidden\n");
	settings = read_volume("X=y");
	CHECK_TEXT(value(settings, "domains", NULL), "example.org",
		"both forms of the file have domains, a line of neither has none");
	for (size_t i = 0; i < findings.count; i++)
		CHECK(strstr(findings.items[i].message, "hidden") == NULL, "no hash is told");
	clear();
}

/* lines - COUNT of them: BEFORE, a number, BEHIND */
static const char *
lines(const char *before, const char *behind, size_t count)
{
	struct buffer text = {0};
	const char *copy;

	for (size_t i = 0; i < count; i++) {
		buffer_printf(&text, "%s%zu%s\n", before, i, behind);
	}
	copy = arena_strdup(&arena, buffer_text(&text));
	buffer_free(&text);
	return copy;
}

#define MANY 4000
#define MANY_KILOBYTES (64 * 1024) /* of a square it would be some 300000 */

/* what is put together of many lines takes memory by the line */
static void
test_many(void)
{
	struct rusage before, after;
	struct node *settings;

	lay("postfix-send-access.cf", lines("", "a.long.name.of.a.user@example.com REJECT", MANY));
	lay("postfix-virtual.cf", lines("a@a.long.name.of.a.domain", ".example a@b.test", MANY));
	getrusage(RUSAGE_SELF, &before);
	settings = read_volume("X=y");
	getrusage(RUSAGE_SELF, &after);
	CHECK(strlen(value(settings, "postfix.tables", "send-access")) > MANY * 40, "all of them");
	CHECK(after.ru_maxrss - before.ru_maxrss < MANY_KILOBYTES, "%ld kB",
		after.ru_maxrss - before.ru_maxrss);
	clear();
}

/* what goes on in the next line is no parameter of its own, and no empty one */
static void
test_continued(void)
{
	struct node *settings;

	lay("postfix-main.cf",
		"  x=lost\nheader_checks =\n  regexp:/a,\n# a "
		"comment\n\tregexp:{x=y}\nmaillog_file_prefixes = /b\n");
	settings = read_volume("X=y");
	CHECK_TEXT(value(settings, "postfix.main", "header_checks"), "regexp:/a, regexp:{x=y}",
		"lines that are indented belong to the one before");
	CHECK_TEXT(value(settings, "postfix.main", "maillog_file_prefixes"), "/b",
		"the next does not");
	CHECK_TEXT(
		value(settings, "postfix.main", "x"), "-", "one that goes on with nothing is none");
	CHECK(told("compat-by-hand", "v/postfix-main.cf:1") == 1, "and is told");
	lay("postfix-regexp.cf", "/^a@/\n\tb@example.com\n/^c@/ d@example.com\n");
	settings = read_volume("X=y");
	CHECK_TEXT(value(settings, "postfix.tables", "regexp"),
		"/^a@/\n  b@example.com\n/^c@/ d@example.com\n", "in tables they stay so");
	clear();
}

static void
test_sizes(void)
{
	struct node *settings;

	lay("postfix-accounts.cf", ACCOUNTS);
	lay("dovecot-quotas.cf", "hello@example.com:1TB\njane@example.org:1024GB\n");
	settings = read_volume("X=y");
	CHECK_TEXT(value(settings, "mailboxes.quotas", "hello@example.com"), "1099511627776",
		"a T is 1024 G, with or without a B");
	CHECK_TEXT(value(settings, "mailboxes.quotas", "jane@example.org"), "1099511627776",
		"as that is");
	clear();
}

static void
test_relays(void)
{
	const struct node *senders;
	struct node *settings;

	lay("postfix-relaymap.cf",
		"@a.test [h.test]:587\n@b.test [h.test]:587\n@c.test\n@f.test [h.test]:587 "
		"u:hidden\n");
	lay("postfix-sasl-password.cf",
		"[h.test]:587 all:of:it\n@a.test me:x\n@d.test you:y\n[none.test]:25 a:b\n"
		"@e.test\n[r.test]:26 default:z\n");
	settings = read_volume("X=y");
	senders = node_at(settings, "relay.by_sender");
	CHECK_TEXT(value(senders, "host", NULL), "-", "no host of all");
	CHECK(told("compat-by-hand", "v/postfix-relaymap.cf:4") == 1 &&
			told("value-type", "v/postfix-relaymap.cf:4") == 0,
		"a login behind the host is told of, and not shown as a part of it");
	CHECK_TEXT(value(node_get(senders, "@a.test"), "username", NULL), "me",
		"a sender's own login wins over that of the host");
	CHECK_TEXT(value(node_get(senders, "@b.test"), "username", NULL), "all",
		"the login of the host is that of the others");
	CHECK_TEXT(value(node_get(senders, "@b.test"), "password", NULL), "of:it",
		"a password may hold a colon");
	CHECK(node_get(node_get(senders, "@b.test"), "password")->secret, "and is a secret");
	CHECK(told("compat-by-hand", "v/postfix-sasl-password.cf:3") == 1,
		"a sender without relay");
	CHECK(told("compat-by-hand", "v/postfix-sasl-password.cf:4") == 1, "a host of nobody");
	CHECK(told("compat-by-hand", "v/postfix-relaymap.cf:3") == 0, "left out of nothing");
	CHECK(told("compat-differs", "v/postfix-relaymap.cf:1") == 1,
		"the certificate is verified");
	settings = LOAD(NULL, false, arena_printf(&arena, "MAIL_COMPAT_DIRECTORY=%s/v", directory),
		ENOUGH, "RELAY_HOST=r.test", "RELAY_PORT=26");
	senders = node_at(settings, "relay.by_sender");
	CHECK_TEXT(value(node_get(senders, "@d.test"), "host", NULL), "[r.test]:26",
		"a login alone is for RELAY_HOST");
	CHECK_TEXT(value(settings, "relay.username", NULL), "default", "that host's own login");
	CHECK_TEXT(value(settings, "relay.tls", NULL), "secure", "no level is lowered");
	CHECK(told("compat-by-hand", "v/postfix-relaymap.cf:3") == 1, "a sender left out is told");
	clear();
}

static void
test_raw(void)
{
	struct node *settings;

	lay("postfix-main.cf", "message_size_limit = 1000000\nbiff=no\nbiff = yes\nlmtp_x y\n");
	lay("dovecot.cf",
		"mail_max = 3\nservice imap {\n  inner = 1\n}\n!include x\nafter = 2\nz\n");
	lay("postfix-master.cf", "submission/inet/a=b\nsubmission/inet/a=c=d\nno line\n");
	lay("user-patches.sh", "#!/bin/sh\n");
	lay("postfix-aliases.cf", "");
	lay("rspamd/override.d/x", "y");
	settings = read_volume("MAIL_DOMAINS=example.com");
	CHECK_TEXT(value(settings, "limits.message", NULL), "1000000", "a parameter of a setting");
	CHECK_TEXT(value(settings, "postfix.main", "biff"), "yes", "the last one counts");
	CHECK(told("compat-by-hand", "v/postfix-main.cf:4") == 1, "a line without =");
	CHECK_TEXT(value(settings, "dovecot.settings", "mail_max"), "3", "a setting of Dovecot");
	CHECK_TEXT(value(settings, "dovecot.settings", "inner"), "-", "none of a block");
	CHECK_TEXT(value(settings, "dovecot.settings", "after"), "2", "one behind a block");
	CHECK(told("compat-by-hand", "v/dovecot.cf:2") == 1, "the block");
	CHECK(told("compat-by-hand", "v/dovecot.cf:5") == 1, "the include");
	CHECK(told("compat-by-hand", "v/dovecot.cf:7") == 1, "no setting");
	CHECK_TEXT(value(settings, "postfix.options", "submission/inet/a"), "c=d",
		"a parameter of a service, the last one");
	CHECK(told("compat-by-hand", "v/postfix-master.cf:3") == 1, "no parameter of a service");
	CHECK(findings.count > 0 && told("compat-by-hand", "user-patches.sh") == 0, "by its path");
	CHECK_TEXT(value(settings, "roles", NULL), "mx submission mailstore", "nothing is signed");
	CHECK_TEXT(value(read_volume("POSTFIX_biff=x"), "postfix.main", "biff"), "x",
		"a parameter by a variable wins");
	clear();
}

static void
test_keys(void)
{
	struct node *settings;

	lay("opendkim/KeyTable",
		"mail._domainkey.a.test a.test:mail:/etc/opendkim/keys/a.test/mail.private\n"
		"k._domainkey.b.test b.test:k:/elsewhere/k.private\n"
		"wrong\n"
		"x a.test:\n");
	lay("opendkim/SigningTable",
		"*@a.test mail._domainkey.a.test\n*@c.test k._domainkey.b.test\n");
	lay("opendkim/TrustedHosts", "127.0.0.1\n10.0.0.1\n");
	settings = read_volume("MAIL_DOMAINS=a.test");
	CHECK_TEXT(value(settings, "dkim.domains", NULL), "a.test b.test", "domains with a key");
	CHECK_TEXT(value(settings, "dkim.selector", NULL), "mail", "the selector of the first");
	CHECK_TEXT(value(settings, "dkim.selectors", "b.test"), "k", "that of the other");
	CHECK_TEXT(value(settings, "dkim.generate", NULL), "never", "none is made");
	CHECK_TEXT(strstr(value(settings, "dkim.keys", NULL), "/v/"), "/v/opendkim/keys", "where");
	CHECK(told("compat-by-hand", "v/opendkim/KeyTable:2") == 1, "a key elsewhere");
	CHECK(told("compat-by-hand", "v/opendkim/KeyTable:3") == 1, "no key");
	CHECK(told("compat-by-hand", "v/opendkim/KeyTable:4") == 1, "half a key");
	CHECK(told("compat-by-hand", "v/opendkim/SigningTable:2") == 1, "another's key");
	CHECK(told("compat-by-hand", "v/opendkim/TrustedHosts:2") == 1, "another host");
	clear();
}

static void
test_absent(void)
{
	read_volume("MAIL_DOMAINS=a.test");
	CHECK(findings.count > 0 && strcmp(findings.items[0].rule->id, "not-checked") == 0,
		"a directory that was named is not here");
	LOAD(NULL, true, arena_printf(&arena, "MAIL_COMPAT_DIRECTORY=%s/v", directory), ENOUGH);
	CHECK(findings.count > 0 && strcmp(findings.items[0].rule->id, "config-unreadable") == 0,
		"in the container that is an error");
	LOAD(NULL, false, ENOUGH);
	CHECK(findings.count == 0, "the default, which is not there, is no matter");
}

int
main(void)
{
	settings_case_start();
	test_accounts();
	test_accounts_without_separator();
	test_many();
	test_continued();
	test_sizes();
	test_relays();
	test_raw();
	test_keys();
	test_absent();
	settings_case_end();
	DONE();
}
