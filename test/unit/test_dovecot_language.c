/* test_dovecot_language.c - dovecot.conf as Dovecot 2.3 and 2.4 read it */
#include "unit.h"

#include "language/dovecot.h"
#include "language/dovecot_file.h"
#include "language/dovecot_setting.h"
#include "language/table.h"
#include "faults_case.h"

#define HEAD "dovecot_config_version = 2.4.1\ndovecot_storage_version = 2.4.1\n"

/* words - every line as "TYPE name|value", for comparing */
static const char *
words(struct arena *arena, const char *version, const char *text)
{
	static const char *const types[] = {
		"=", "<", "$", "<<", "{", "group", "}", "include", "dropped", "error"};
	struct dovecot_reader reader;
	struct dovecot_line line;
	const char *all = "";

	dovecot_reader_init(&reader, arena, version, text, strlen(text));
	while (dovecot_next(&reader, &line))
		all = arena_printf(arena, "%s%d%s%s %s|%s%s;", all, line.line,
			line.last != line.line ? "-" : "", types[line.type], line.name,
			line.type == DOVECOT_ERROR ? "" : line.value, line.hash ? "#" : "");
	return all;
}

static void
test_lines(void)
{
	static const struct {
		const char *version, *text, *want;
	} cases[] = {
		{"2.4.1", "a = b\n", "1= a|b;"},
		{"2.4.1", "  a=b c  \r\n", "1= a|b c;"},
		{"2.4.1", "a = b", "1= a|b;"},
		{"2.4.1", "# x\n\n \t\na = b # c\n", "4= a|b;"},
		{"2.4.1", "a = b#c\n", "1= a|b#;"},
		{"2.4.1", "a = \"b # c\"\n", "1= a|b # c;"},
		{"2.4.1", "a = 'b \\' # c' # d\n", "1= a|b ' # c;"},
		{"2.4.1", "a = \"x\\\"y\\\\z\"\n", "1= a|x\"y\\z;"},
		{"2.4.1", "a = \"b\" c\n", "1= a|\"b\" c;"},
		{"2.4.1", "a = \"\n", "1= a|;"},
		{"2.4.1", "a = it's # no comment\n", "1= a|it's # no comment;"},
		{"2.4.1", "a = b \\\n  c\\\nd\n", "1-= a|b c d;"},
		{"2.4.1", "a = b \\\n# c\nd = e\n", "1-dropped |;3= d|e;"},
		{"2.4.1", "a = b \\\n\nd = e\n", "1-dropped |;3= d|e;"},
		{"2.4.1", "a = b \\", "1dropped |;"},
		{"2.4.1", "\\\na = b\n", "1-= a|b;"},
		{"2.4.1", "a = < /etc/x\n", "1< a|/etc/x;"},
		{"2.4.1", "a = x $SET:y\n", "1$ a|x $SET:y;"},
		{"2.4.1", "a = \"$y\"\n", "1= a|$y;"},
		{"2.4.1", "a = <<EOF\n", "1< a|<EOF;"},
		{"2.4.5", "a = <<EOF\nb = c\nEOF\nd = e\n", "1-<< a|;4= d|e;"},
		{"2.4.5", "a = <<EOF\nb = c\n", "1-error a|;"},
		{"2.4.1", "a {\n}\n", "1{ a|;2} }|;"},
		{"2.4.1", "a b {\n}\n", "1{ a|b;2} }|;"},
		{"2.4.1", "a \"b c\" {\n}\n", "1{ a|b c;2} }|;"},
		{"2.4.1", "group @x y {\n}\n", "1group @x|y;2} }|;"},
		{"2.3.19", "group @x y {\n", "1error group|;"},
		{"2.4.1", "a { }\n", "1error a|;"},
		{"2.4.1", "a{\n", "1error a{|;"},
		{"2.4.1", "a b\n", "1error a|;"},
		{"2.4.1", "a\n", "1error a|;"},
		{"2.4.1", "= b\n", "1= |b;"},
		{"2.4.1", "!include x/*.conf\n", "1include !include|x/*.conf;"},
		{"2.4.1", "!include_try x\n", "1include !include_try|x;"},
		{"2.4.1", "\"a b\" = c\n", "1= a b|c;"},
		{"2.4.1", "\"a\"=c\n", "1= a|c;"},
		{"2.3.19", "\"a\" = c\n", "1= \"a\"|c;"},
		{"2.4.1", "a\v=\vb\n", "1= a|b;"},
		{"2.3.19", "a\v=\vb\n", "1= a\v|\vb;"},
	};
	struct arena arena;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arena_init(&arena);
		CHECK_TEXT(words(&arena, cases[i].version, cases[i].text), cases[i].want,
			"%zu: lines as Dovecot %s reads them", i, cases[i].version);
		arena_free(&arena);
	}
}

/* judged - all that is wrong, as told() has it */
static const char *
judged(struct arena *arena, const char *version, const char *text, struct faults *faults)
{
	faults_init(faults, arena);
	dovecot_file_check(faults, version, text, strlen(text));
	return told(faults);
}

/* The daemons' own answers to these are compared with ours in test/75-dovecot-language-*.bats. */
static void
test_both(void)
{
	static const struct {
		const char *text, *in_2_3, *in_2_4;
	} cases[] = {
		{"auth_verbose = yes\n", "", ""},
		{"auth_verbose = Y\n", "", ""},
		{"auth_verbose = true\n", "value:1", "value:3"},
		{"auth_verbose =\n", "value:1", "value:3"},
		{"auth_verbos = yes\n", "unknown:1", "unknown:3"},
		{"zebra_count = 4\n", "unverified:1", "unverified:3"},
		{"default_client_limit = 10k\n", "value:1", "value:3"},
		{"default_client_limit = -1\n", "value:1", "value:3"},
		{"default_client_limit = 5000000000\n", "value:1", "value:3"},
		{"default_client_limit = \"10 \"\n", "value:1", "value:3"},
		{"default_client_limit = unlimited\n", "value:1", ""},
		{"auth_cache_ttl = 30\n", "value:1", "value:3"},
		{"auth_cache_ttl = 0\n", "", ""},
		{"auth_cache_ttl = 5 Minutes\n", "", ""},
		{"auth_cache_ttl = 5x\n", "value:1", "value:3"},
		{"auth_cache_ttl = 1500ms\n", "value:1", "value:3"},
		{"auth_cache_ttl = 2000ms\n", "", ""},
		{"auth_cache_ttl = infinite\n", "value:1", ""},
		{"auth_cache_ttl = 99999999 weeks\n", "value:1", "value:3"},
		{"auth_cache_size = 10 MiB\n", "", ""},
		{"auth_cache_size = 10MBs\n", "value:1", "value:3"},
		{"auth_cache_size = 99999999999999999999\n", "value:1", "value:3"},
		{"mail_fsync = sometimes\n", "value:1", "value:3"},
		{"mail_fsync = Always\n", "value:1", "value:3"},
		{"login_greeting = a#b\n", "ambiguous:1", "ambiguous:3"},
		{"login_greeting = \"a#b\"\n", "", ""},
		{"login_greeting = $nosuch x\n", "value:1", ""},
		{"login_greeting = $SET:nosuch x\n", "value:1", "value:3"},
		{"login_greeting = $ENV:nosuch x\n", "", ""},
		{"login_greeting = <<EOF\n", "value:1", "value:3"},
		{"mail_plugins = $mail_plugins quota\n", "", "ambiguous:3"},
		{"mail_plugins = quota acl\n", "", ""},
		{"mail_plugins {\n quota = maybe\n}\n", "syntax:1", "value:4"},
		{"mail_plugins/quota = yes\n", "syntax:1", ""},
		{"mail_plugins/quota = 7\n", "syntax:1", "value:3"},
		{"protocols = imap lmtp\n", "", ""},
		{"protocols = imap zebra\n", "unverified:1", "unverified:3"},
		{"disable_plaintext_auth = yes\n", "", "renamed:3"},
		{"auth_allow_cleartext = yes\n", "newer:1", ""},
		{"mail_location = maildir:~/x\n", "", "renamed:3"},
		{"ssl_cert = </x\n", "", "renamed:3"},
		{"ssl_cert = /x\n", "value:1", "renamed:3"},
		{"ssl_server_cert_file = /x\n", "newer:1", ""},
		{"ssl_server_cert_file = </x\n", "newer:1", "value:3"},
		{"sieve_max_script_size = 1M\n", "newer:1", ""},
		{"plugin {\n sieve = x\n}\n", "", "renamed:3"},
		{"imap_id_send = name *\n", "", "value:3"},
		{"service auth {\n process_limit = 1\n}\n", "", ""},
		{"service auth {\n process_limt = 1\n}\n", "unknown:2", "unknown:4"},
		{"service auth {\n zebra = 1\n}\n", "unknown:2", "unverified:4"},
		{"service x {\n service_count = 1\n idle_kill = 1m\n}\n", "",
			"renamed:4 renamed:5"},
		{"service x {\n unix_listener y {\n mode = 0680\n }\n}\n", "value:3", "value:5"},
		{"service x {\n inet_listener y {\n port = 99999\n }\n}\n", "value:3", "value:5"},
		{"service x {\n inet_listener y {\n ssl = maybe\n }\n}\n", "value:3", "value:5"},
		{"service/auth/process_limit = 1\n", "", ""},
		{"service/auth/process_limt = 1\n", "", "unknown:3"},
		{"passdb {\n driver = pam\n}\n", "", "syntax:3"},
		{"passdb pam {\n args = x\n}\n", "", "renamed:4"},
		{"passdb passwd-file {\n passwd_file_path = /x\n}\n", "newer:2", ""},
		{"passdb static {\n password = x\n}\n", "unknown:2", ""},
		{"namespace inbox {\n inbox = maybe\n}\n", "value:2", "value:4"},
		{"namespace inbox {\n list = foo\n}\n", "value:2", "value:4"},
		{"namespace inbox {\n mailbox T {\n autoo = no\n }\n}\n", "unknown:3", "unknown:5"},
		{"protocol imap {\n mail_max_userip_connections = 5x\n}\n", "value:2", "value:4"},
		{"auth_verbose {\n}\n", "syntax:1", "ambiguous:3"},
		{"zebra {\n foo = bar\n}\n", "unverified:1", "unverified:3"},
		{"}\n", "syntax:1", "syntax:3"},
		{"service auth {\n", "syntax:1", "syntax:3"},
		{"service auth { }\n", "syntax:1", "syntax:3"},
		{"auth_verbose yes\n", "syntax:1", "syntax:3"},
		{"= yes\n", "syntax:1", "syntax:3"},
		{"quota_storage_size = %{x}\n", "newer:1", ""},
		{"dovecot_config_version = 2.4.1\n", "newer:1", ""},
		{"import_environment {\n A = b\n}\n", "syntax:1", ""},
	};
	struct arena arena;
	struct faults faults;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *full;

		arena_init(&arena);
		full = arena_printf(&arena, HEAD "%s", cases[i].text);
		CHECK_TEXT(judged(&arena, "2.3.19.1", cases[i].text, &faults), cases[i].in_2_3,
			"%zu: what 2.3 makes of it", i);
		CHECK_TEXT(judged(&arena, "2.4.1", full, &faults), cases[i].in_2_4,
			"%zu: what 2.4 makes of it", i);
		arena_free(&arena);
	}
}

static void
test_version(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"", "syntax:0"},
		{"auth_verbose = yes\n" HEAD, "syntax:1"},
		{"dovecot_config_version = 2.3.9\ndovecot_storage_version = 2.4.1\n", "value:1"},
		{"dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.1\n", ""},
		{"dovecot_config_version = 2.4.7\ndovecot_storage_version = 2.4.1\n",
			"unverified:1"},
		{"dovecot_config_version = 2.4.1\n", "syntax:0"},
		{"dovecot_config_version = 2.4.1\n!include x\n", ""},
	};
	struct arena arena;
	struct faults faults;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		arena_init(&arena);
		CHECK_TEXT(judged(&arena, "2.4.1", cases[i].text, &faults), cases[i].want,
			"%zu: the versions at the head of a file", i);
		arena_free(&arena);
	}
}

static void
test_texts(void)
{
	struct arena arena;
	struct faults faults;

	arena_init(&arena);
	judged(&arena, "2.4.1", HEAD "auth_verbos = s3cret\nauth_debug = s3cret\n", &faults);
	CHECK_TEXT(faults.items[0].text,
		"auth_verbos is no setting of Dovecot 2.4; did you mean auth_verbose?",
		"the name that was meant is told");
	CHECK(strstr(faults.items[1].text, "s3cret") == NULL &&
			strcmp(faults.items[1].value, "s3cret") == 0,
		"a value stands beside the text, not in it");
	judged(&arena, "2.4.1", HEAD "ssl_key = <x\n", &faults);
	CHECK(strstr(faults.items[0].text, "ssl_server_key_file") != NULL,
		"2.4's name for ssl_key is told");
	judged(&arena, "2.3.19.1", "mail_path = x\nssl_server_key_file = x\n", &faults);
	CHECK(strstr(faults.items[1].text, "in 2.3 it is ssl_key") != NULL,
		"2.3's name for ssl_server_key_file is told");
	judged(&arena, "2.3.19.1", "auth_verbose\033[2J = x\n", &faults);
	CHECK(faults.count == 1 && strchr(faults.items[0].text, '\033') == NULL,
		"no control character comes through");
	arena_free(&arena);
}

static void
test_bounds(void)
{
	struct buffer text = {0};
	struct arena arena;
	struct faults faults;

	arena_init(&arena);
	for (int i = 0; i < 5000; i++)
		buffer_puts(&text, i < 100 ? "service x {\n" : "}\n");
	faults_init(&faults, &arena);
	dovecot_file_check(&faults, "2.4.1", buffer_text(&text), text.len);
	CHECK(faults.count == FAULTS_MAX,
		"a hundred sections within each other, and a hundred faults, are enough");
	buffer_free(&text);
	arena_free(&arena);
}

/* The table is found in by bisection: it has to be sorted, and each row has to make sense. */
static void
test_table(void)
{
	const char *at = table_text("dovecot"), *before = "";
	struct dovecot_setting setting;
	struct table_row row;
	struct arena arena;
	size_t rows = 0, wrong = 0;

	arena_init(&arena);
	while (table_next(&arena, &at, &row)) {
		rows++;
		wrong += strcmp(before, row.fields[0]) >= 0;
		before = row.fields[0];
		if (strchr(before, '*') == NULL)
			wrong += !dovecot_setting_find(&arena, before, true, &setting) ||
				(setting.type == DOVECOT_NONE && setting.other == DOVECOT_NONE);
	}
	CHECK(rows > 500 && wrong == 0, "the table is sorted, and every row is found");
	arena_free(&arena);
}

int
main(void)
{
	test_lines();
	test_both();
	test_version();
	test_texts();
	test_bounds();
	test_table();
	DONE();
}
