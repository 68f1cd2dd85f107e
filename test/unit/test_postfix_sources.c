/* test_postfix_sources.c - lookup tables that the user has as files */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "daemon/daemon.h"
#include "daemon/target.h"
#include "plan_fixture.h"
#include "settings/settings.h"

#define COPY PLAN_CURRENT "/postfix/maps/"

static char root[] = "/tmp/test_postfix_sources.XXXXXX";

static void
put(const char *path, const char *text, mode_t mode)
{
	char whole[256];
	FILE *out;

	snprintf(whole, sizeof(whole), "%s%s", root, path);
	out = fopen(whole, "w");
	CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0 && chmod(whole, mode) == 0,
		"%s", path);
}

/* build - with main.cf's PARAMETER set, in a container whose files lie below ROOT; "" for elsewhere */
static void
build(struct fixture *fixture, const char *below, const char *parameter)
{
	char variable[256];
	char *environment[] = {
		"MAIL_HOSTNAME=mail.example.com", "MAIL_DOMAINS=example.com", variable, NULL};
	const struct settings_source source = {.environment = environment, .root = below};

	snprintf(variable, sizeof(variable), "POSTFIX_%s", parameter);
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.root = below;
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
	target_find(&fixture->plan, "debian13");
	daemons_contribute(&fixture->plan);
}

static bool
main_has(const struct fixture *fixture, const char *line)
{
	const struct plan_file *file = plan_find_file(&fixture->plan, "postfix/main.cf");

	return file != NULL && strstr(buffer_text(&file->content), line) != NULL;
}

static const char *
content(const struct fixture *fixture, const char *name)
{
	const struct plan_file *file = plan_find_file(&fixture->plan, name);

	return file != NULL ? buffer_text(&file->content) : "(no such file)";
}

static void
test_references(void)
{
	static const struct {
		const char *given, *want;
		size_t copied;
	} cases[] = {
		{"transport_maps=hash:/m/a", "\ntransport_maps = texthash:" COPY "m_a\n", 1},
		{"transport_maps=lmdb:/m/a,btree:/m/b cdb:/m/a",
			"\ntransport_maps = texthash:" COPY "m_a,texthash:" COPY
			"m_b texthash:" COPY "m_a\n",
			2},
		{"transport_maps=proxy:hash:/m/a", "= proxy:texthash:" COPY "m_a\n", 1},
		{"transport_maps=hash:${config_directory}/a", "= texthash:" COPY "etc_postfix_a\n",
			1},
		{"transport_maps=hash:$config_directory/a", "= texthash:" COPY "etc_postfix_a\n",
			1},
		{"transport_maps=$default_database_type:/m/a", "= texthash:" COPY "m_a\n", 1},
		{"smtpd_client_restrictions=check_client_access hash:/m/a, permit",
			"= check_client_access texthash:" COPY "m_a, permit\n", 1},
		{"smtpd_client_restrictions=check_client_access { hash:/m/a, x=y }, permit",
			"= check_client_access { texthash:" COPY "m_a, x=y }, permit\n", 1},
		{"transport_maps=hash:$queue_directory/a", "= hash:$queue_directory/a\n", 0},
		{"transport_maps=hash:/m/$x", "= hash:/m/$x\n", 0},
		{"transport_maps=hash:/m/only", "= hash:/m/only\n", 0},
		{"alias_database=hash:/m/a", "\nalias_database = hash:/m/a\n", 0},
		{"header_checks=regexp:/m/r", "= regexp:/m/r\n", 0},
		{"virtual_transport=inet:/m/a", "= inet:/m/a\n", 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;

		build(&f, root, cases[i].given);
		CHECK(main_has(&f, cases[i].want), "%s", cases[i].given);
		CHECK(found(&f, "map-copied") == cases[i].copied, "which has %zu copies",
			cases[i].copied);
		CHECK(found(&f, "map-unreadable") == 0, "and lacks no file");
		drop(&f);
	}
}

static void
test_copies(void)
{
	struct fixture f;
	const struct plan_file *file;

	build(&f, root, "transport_maps=hash:/m/a");
	file = plan_find_file(&f.plan, "postfix/maps/m_a");
	CHECK_TEXT(content(&f, "postfix/maps/m_a"), "a.org  smtp:x\n#b\nc.org smtp:y\n  z\n",
		"the copy is the source, byte for byte");
	CHECK(file->mode == 0644 && !file->secret && file->services != 0,
		"everybody may read it, as they may the source, and a change concerns Postfix");
	drop(&f);
	build(&f, root, "transport_maps=hash:/m/private");
	file = plan_find_file(&f.plan, "postfix/maps/m_private");
	CHECK(file->mode == 0600 && file->secret, "a source that not everybody reads is a secret");
	drop(&f);
	build(&f, root, "smtp_sasl_password_maps=hash:/m/a");
	file = plan_find_file(&f.plan, "postfix/maps/m_a");
	CHECK(file->mode == 0600 && file->secret, "and so is what logins are read from");
	drop(&f);
	build(&f, root, "alias_maps=hash:/m/aliases");
	CHECK_TEXT(content(&f, "postfix/maps/aliases_of_m_aliases"),
		"root info@example.com,  \"|/bin/x -y\"\npostmaster root\n",
		"aliases lose their colons");
	drop(&f);
	build(&f, root, "header_checks=regexp:/m/r, pcre:/m/r");
	CHECK(strstr(content(&f, "postfix/maps/sums"), "  /m/r\n") != NULL,
		"what Postfix reads where it is has its sum in the plan");
	drop(&f);
}

static void
test_elsewhere(void)
{
	struct fixture f;

	build(&f, "", "transport_maps=hash:/nonexistent/a, regexp:/nonexistent/b");
	CHECK(main_has(&f, "= texthash:" COPY "nonexistent_a, regexp:/nonexistent/b\n"),
		"elsewhere the reference is as it will be");
	CHECK_TEXT(content(&f, "postfix/maps/nonexistent_a"), "# {deferred:map:/nonexistent/a}\n",
		"and the table is deferred");
	CHECK(strstr(content(&f, "postfix/maps/sums"), "{deferred:sum}  /nonexistent/b\n") != NULL,
		"as is the sum");
	CHECK(found(&f, "not-checked") == 2 && found(&f, "map-unreadable") == 0, "which are notes");
	drop(&f);
	build(&f, root, "transport_maps=hash:/m/none, regexp:/m/none");
	CHECK(found(&f, "map-unreadable") == 2, "in the container they are errors");
	CHECK(main_has(&f, "= hash:/m/none, regexp:/m/none\n"), "and nothing is led elsewhere");
	drop(&f);
	build(&f, root, "transport_maps=hash:/m/large");
	CHECK(found(&f, "map-unreadable") == 1, "a text that is too large needs its .db");
	drop(&f);
	put("/m/large.db", "not a text", 0644);
	build(&f, root, "transport_maps=hash:/m/large");
	CHECK(found(&f, "map-unreadable") == 0 && main_has(&f, "= hash:/m/large\n"),
		"and is left to it");
	drop(&f);
	build(&f, root, "transport_maps=hash:/m");
	CHECK(found(&f, "map-unreadable") == 1, "a directory is no table");
	drop(&f);
}

static void
test_lines(void)
{
	static const struct {
		const char *text;
		size_t wrong, twice;
		int line;
	} cases[] = {
		{"a b\n# c\n\n  d\ne f\n", 0, 0, 0},
		{"a b\nc\nd e\n", 1, 0, 2},
		{"a b\nc   \n", 1, 0, 2},
		{"a\n b\n", 0, 0, 0},
		{"  a b\nc d\n", 1, 0, 1},
		{"root: x\n", 1, 0, 1},
		{"\"a b\"@c.org d\n", 0, 0, 0},
		{"a b\nA c\nd e\n", 0, 1, 2},
		{"", 0, 0, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture f;
		int line = 0;

		put("/m/lines", cases[i].text, 0644);
		build(&f, root, "transport_maps=hash:/m/lines");
		CHECK(found(&f, "map-line") == cases[i].wrong, "text %zu: %zu lines are none", i,
			cases[i].wrong);
		CHECK(found(&f, "map-duplicate") == cases[i].twice, "and %zu stand twice",
			cases[i].twice);
		for (size_t k = 0; k < f.findings.count; k++)
			if (strcmp(f.findings.items[k].rule->id, "map-line") == 0 ||
				strcmp(f.findings.items[k].rule->id, "map-duplicate") == 0)
				line = f.findings.items[k].origin.line;
		CHECK(line == cases[i].line, "told at line %d", cases[i].line);
		drop(&f);
	}
}

int
main(void)
{
	char path[256];

	CHECK(mkdtemp(root) != NULL, "a directory");
	snprintf(path, sizeof(path), "%s/m", root);
	CHECK(file_make_directories(path, 0755) == 0, "/m");
	snprintf(path, sizeof(path), "%s/etc/postfix", root);
	CHECK(file_make_directories(path, 0755) == 0, "/etc/postfix");
	put("/m/a", "a.org  smtp:x\n#b\nc.org smtp:y\n  z\n", 0644);
	put("/m/b", "b.org smtp:x\n", 0644);
	put("/m/private", "b.org smtp:x\n", 0640);
	put("/m/only.db", "not a text", 0644);
	put("/m/large", "a b\n", 0644);
	snprintf(path, sizeof(path), "%s/m/large", root);
	CHECK(truncate(path, 17 * 1024 * 1024) == 0, "which is large");
	put("/m/r", "/x/ REJECT\n", 0644);
	put("/m/aliases",
		"# of the host\nRoot: info@example.com,\n  \"|/bin/x -y\"\npostmaster:root\n",
		0644);
	put("/etc/postfix/a", "a.org smtp:x\n", 0644);
	test_references();
	test_copies();
	test_elsewhere();
	test_lines();
	DONE();
}
