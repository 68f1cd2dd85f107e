/* test_addresses.c - who gets which mail, and who may send as whom */
#include "unit.h"

#include <stdlib.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/target.h"
#include "settings/settings.h"
#include "plan_fixture.h"

#define HASH "{SHA512-CRYPT}$6$salt$hash"
#define HEAD "hostname: mail.example.test\ndomains: [example.test]\n"
#define INFO "  - {address: info@example.test, password: '" HASH "'}\n"
#define JANE "  - {address: jane@example.test, password: '" HASH "'"

static char directory[] = "/tmp/test_addresses.XXXXXX";

/* put_file - TEXT as the file NAME of the test's directory; its path in PATH */
static const char *
put_file(const char *name, const char *text, char *path, size_t size)
{
	FILE *file;

	snprintf(path, size, "%s/%s", directory, name);
	file = fopen(path, "w");
	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
		perror(path);
		exit(1);
	}
	return path;
}

/* build - a plan from the YAML text */
static void
build(struct fixture *fixture, const char *yaml)
{
	char path[64];
	const char *config = put_file("m.yaml", yaml, path, sizeof(path));
	const struct settings_source source = {
		.configs = &config, .config_count = 1, .root = directory};

	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.root = directory;
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
	target_find(&fixture->plan, "debian13");
	daemons_contribute(&fixture->plan);
}

/* has - whether the file NAME holds LINE as a whole line */
static bool
has(const struct fixture *fixture, const char *name, const char *line)
{
	const struct plan_file *file = plan_find_file(&fixture->plan, name);
	const char *text = file != NULL ? buffer_text(&file->content) : "";
	size_t len = strlen(line);

	for (const char *at = strstr(text, line); at != NULL; at = strstr(at + 1, line))
		if ((at == text || at[-1] == '\n') && at[len] == '\n')
			return true;
	return false;
}

static void
test_catch_all(void)
{
	struct fixture f;

	build(&f,
		HEAD "mailboxes:\n" INFO JANE "}\n"
		     "aliases: {\"@example.test\": [info@example.test]}\n");
	CHECK(has(&f, "postfix/virtual", "@example.test info@example.test"), "a catch-all");
	CHECK(has(&f, "postfix/virtual", "jane@example.test jane@example.test"),
		"takes no mail from another mailbox");
	CHECK(!findings_refuse(&f.findings), "and is accepted");
	drop(&f);

	build(&f,
		HEAD "mailboxes:\n" INFO JANE "}\n"
		     "aliases: {\"@example.test\": [info@example.test], "
		     "jane@example.test: [info@example.test]}\n");
	CHECK(has(&f, "postfix/virtual", "jane@example.test info@example.test"),
		"a mailbox that is sent on stays so");
	drop(&f);

	build(&f, HEAD "mailboxes:\n" INFO);
	CHECK(!has(&f, "postfix/virtual", "info@example.test info@example.test"),
		"without a catch-all no row is needed");
	drop(&f);
}

static void
test_duplicates(void)
{
	struct fixture f;

	build(&f, HEAD "mailboxes:\n" INFO JANE ", aliases: [info@example.test]}\n");
	CHECK(found(&f, "alias-duplicate") == 1, "an alias that is another mailbox");
	CHECK(!has(&f, "postfix/virtual", "info@example.test jane@example.test"),
		"does not take its mail");
	drop(&f);
	build(&f, HEAD "mailboxes:\n" INFO JANE ", aliases: [jane@example.test]}\n");
	CHECK(found(&f, "alias-duplicate") == 0, "an alias that is the own address");
	drop(&f);
	build(&f,
		HEAD "mailboxes:\n" INFO
		     "aliases: {A@example.test: [b@x.test], a@example.test: [c@x.test]}\n");
	CHECK(found(&f, "alias-duplicate") == 1, "two aliases that differ in capitals alone");
	drop(&f);
}

static void
test_logins(void)
{
	struct fixture f;

	build(&f,
		HEAD "mailboxes:\n" INFO JANE "}\n"
		     "sender_logins: {all@example.test: [info@example.test, "
		     "jane@example.test]}\n");
	CHECK(has(&f, "postfix/sender_logins",
		      "all@example.test info@example.test, jane@example.test"),
		"several logins of one sender");
	drop(&f);
	build(&f, HEAD "mailboxes:\n  - {address: o'neil@example.test, password: '" HASH "'}\n");
	CHECK(found(&f, "mailbox-address-invalid") == 1, "a name that Dovecot refuses as a login");
	drop(&f);
	build(&f,
		HEAD "mailboxes:\n  - {address: o'neil@example.test, password: '" HASH "'}\n"
		     "dovecot: {settings: {auth_username_chars: \"\"}}\n");
	CHECK(found(&f, "mailbox-address-invalid") == 0, "unless it is told not to");
	drop(&f);
}

static void
test_file(void)
{
	struct fixture f;
	char path[64];

	put_file("users", "Info@Example.test:" HASH "\n", path, sizeof(path));
	build(&f, HEAD "mailboxes: {file: /users}\n");
	CHECK(has(&f, "postfix/mailboxes", "info@example.test mailbox"), "a mailbox of the file");
	CHECK(has(&f, "dovecot/users", "info@example.test:" HASH),
		"is found by the login in small letters");
	drop(&f);
}

static void
test_password_file(void)
{
	static const struct {
		const char *text, *finding;
	} cases[] = {
		{"a good one # \"\n", NULL},
		{"", "secret-unreadable"},
		{"\n", "secret-unreadable"},
		{"one\ntwo\n", "value-newline"},
	};
	char path[64], long_one[600];
	struct fixture f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put_file("pw", cases[i].text, path, sizeof(path));
		build(&f, HEAD "mailboxes: [{address: info@example.test, password_file: /pw}]\n");
		CHECK(cases[i].finding != NULL ? found(&f, cases[i].finding) == 1
					       : !findings_refuse(&f.findings),
			"password file %zu", i);
		drop(&f);
	}
	memset(long_one, 'x', sizeof(long_one) - 1);
	long_one[sizeof(long_one) - 1] = '\0';
	put_file("pw", long_one, path, sizeof(path));
	build(&f, HEAD "mailboxes: [{address: info@example.test, password_file: /pw}]\n");
	CHECK(found(&f, "value-type") == 1, "a password that is too long is told of beforehand");
	drop(&f);
}

static void
test_domains(void)
{
	struct fixture f;
	const struct node *domains;

	build(&f, HEAD "mailboxes:\n" INFO);
	CHECK(found(&f, "mailbox-outside-domains") == 0, "a mailbox in a domain of ours");
	drop(&f);
	build(&f, HEAD "mailboxes: [{address: info@example.org, password: '" HASH "'}]\n");
	CHECK(found(&f, "mailbox-outside-domains") == 1, "one that no mail reaches is told of");
	drop(&f);
	build(&f, "hostname: mail.example.test\ndomains: [example.test, EXAMPLE.test]\n");
	domains = node_at(f.plan.settings, "domains");
	CHECK(domains != NULL && domains->count == 1 && f.plan.dkim_key_count == 1,
		"a domain named twice counts once");
	drop(&f);
}

static void
test_dangling(void)
{
	struct fixture f;

	build(&f,
		HEAD "mailboxes:\n" INFO
		     "aliases: {a@example.test: [bobb@example.test], b@example.test: "
		     "[info+x@example.test, a@example.test, friend@gmail.test]}\n");
	CHECK(found(&f, "alias-dangling") == 1,
		"one target is nobody; extensions, aliases and "
		"strangers are somebody");
	drop(&f);
	build(&f,
		HEAD "mailboxes:\n" INFO
		     "aliases: {'@example.test': [info@example.test], c@example.test: "
		     "[x@example.test]}\n");
	CHECK(found(&f, "alias-dangling") == 0, "a catch-all takes what is nobody's");
	drop(&f);
}

/* What cleanup(8) was seen to do with each; see daemon/postfix_loop.c. */
static void
test_loops(void)
{
	static const struct {
		const char *aliases;
		size_t loops;
	} cases[] = {
		{"a@example.test: [b@example.test], b@example.test: [a@example.test]", 1},
		{"a@example.test: [b@example.test], b@example.test: [C@example.test], "
		 "c@example.test: [b@example.test, info@example.test]",
			1},
		/* who leads to itself is left alone, from wherever it is reached */
		{"a@example.test: [a@example.test, x@e.test]", 0},
		{"a@example.test: [a@example.test, b@example.test], "
		 "b@example.test: [a@example.test]",
			0},
		{"info@example.test: [a@example.test], a@example.test: [info@example.test]", 1},
		/* the extension is put behind the target again and again */
		{"a@example.test: [a+x@example.test]", 1},
		{"a@example.test: [info+x@example.test]", 0},
		{"'@example.test': [b@example.test]", 0},
		{"'@example.test': [info@example.test], a@example.test: [b@example.test]", 0},
		{"'@b.test': [a@example.test], a@example.test: [c@b.test]", 1},
		{"'@b.test': [x@example.test], '@example.test': [y@b.test]", 1},
		{"a@example.test: [c@example.test], b@example.test: [c@example.test], "
		 "c@example.test: [info@example.test]",
			0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;
		char yaml[1024];

		snprintf(yaml, sizeof(yaml), HEAD "mailboxes:\n" INFO "aliases: {%s}\n",
			cases[i].aliases);
		build(&f, yaml);
		CHECK(found(&f, "alias-loop") == cases[i].loops, "%s: %zu circles, %zu expected",
			cases[i].aliases, found(&f, "alias-loop"), cases[i].loops);
		drop(&f);
	}
}

static void
test_outside(void)
{
	struct fixture f;

	build(&f,
		HEAD "mailboxes:\n" INFO JANE ", aliases: [jane@exmaple.test, j@example.test]}\n"
		     "aliases: {sales@example.tset: [info@example.test], "
		     "sales@example.test: [info@example.test], root@localhost: "
		     "[info@example.test]}\n");
	CHECK(found(&f, "alias-outside-domains") == 2,
		"an alias, and a mailbox's own, of a domain that is not ours");
	drop(&f);
}

static void
test_schemes(void)
{
	static const struct {
		const char *password, *finding;
	} cases[] = {
		{"secret", "password-not-hashed"},
		{"{plain}x", "password-not-hashed"},
		{"{SHA-512-CRYPT}$6$salt$hash", "password-scheme-unknown"},
		{"{SHA512-CRYPT}$6$salt$short", "password-hash-damaged"},
		{"{MD5-CRYPT}$1$salt$qJH7.N4xYta3aEG/dfqo/0", "password-scheme-weak"},
	};
	const struct plan_file *users;
	char yaml[256];
	struct fixture f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(yaml, sizeof(yaml),
			HEAD "mailboxes: [{address: info@example.test, password: '%s'}]\n",
			cases[i].password);
		build(&f, yaml);
		CHECK(found(&f, cases[i].finding) == 1, "password %s is %s", cases[i].password,
			cases[i].finding);
		drop(&f);
	}
	build(&f,
		HEAD "mailboxes: [{address: info@example.test, password: "
		     "'$2y$05$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234'}]\n");
	users = plan_find_file(&f.plan, "dovecot/users");
	CHECK(users != NULL && strstr(buffer_text(&users->content), ":{BLF-CRYPT}$2y$05$") != NULL,
		"a bare hash gets its scheme");
	drop(&f);
}

int
main(void)
{
	static const char *const names[] = {"m.yaml", "users", "pw"};
	char path[64];

	CHECK(mkdtemp(directory) != NULL, "a directory");
	test_catch_all();
	test_duplicates();
	test_logins();
	test_file();
	test_password_file();
	test_domains();
	test_schemes();
	test_loops();
	test_outside();
	test_dangling();
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
	CHECK(rmdir(directory) == 0, "nothing else was written");
	DONE();
}
