/* test_values.c - single settings on their way into the daemons' files */
#include "unit.h"

#include "daemon/daemon.h"
#include "daemon/target.h"
#include "settings/settings.h"
#include "plan_fixture.h"

/* build - a plan from two variables beside the necessary ones; ROOT as --root has it */
static void
build(struct fixture *fixture, const char *root, const char *one, const char *other)
{
	char first[128], second[128];
	char *environment[] = {"MAIL_HOSTNAME=mail.example.test", "MAIL_DOMAINS=example.test",
		first, other != NULL ? second : NULL, NULL};
	const struct settings_source source = {.environment = environment, .root = root};

	snprintf(first, sizeof(first), "%s", one);
	snprintf(second, sizeof(second), "%s", other != NULL ? other : "");
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.root = root;
	fixture->plan.settings = settings_load(&fixture->arena, &fixture->findings, &source);
	target_find(&fixture->plan, "debian13");
	daemons_contribute(&fixture->plan);
}

static bool
main_cf_has(const struct fixture *fixture, const char *line)
{
	const struct plan_file *file = plan_find_file(&fixture->plan, "postfix/main.cf");

	return file != NULL && strstr(buffer_text(&file->content), line) != NULL;
}

static bool
makes_directory(const struct fixture *fixture, const char *path)
{
	for (size_t i = 0; i < fixture->plan.directory_count; i++)
		if (strcmp(fixture->plan.directories[i].path, path) == 0)
			return true;
	return false;
}

static void
test_dkim(void)
{
	struct fixture f;

	build(&f, "", "MAIL_DKIM_BITS=2049", NULL);
	CHECK(found(&f, "value-type"), "a key that cannot be made is refused before the start");
	drop(&f);
	build(&f, "", "MAIL_DKIM_KEYS=/nonexistent/keys", NULL);
	CHECK(makes_directory(&f, "/nonexistent/keys"), "a directory for keys to be made");
	drop(&f);
	build(&f, "", "MAIL_DKIM_KEYS=/nonexistent/keys", "MAIL_DKIM_GENERATE=never");
	CHECK(!makes_directory(&f, "/nonexistent/keys"),
		"the user's own keys may lie on a read-only mount");
	drop(&f);
}

static void
test_tls(void)
{
	struct fixture f;

	build(&f, "/nonexistent", "MAIL_TLS_CERTIFICATE=/c.pem", NULL);
	CHECK(found(&f, "tls-file-unreadable"), "under a root a certificate must be there");
	drop(&f);
	build(&f, "", "MAIL_TLS_CERTIFICATE=/nonexistent/c.pem", NULL);
	CHECK(!found(&f, "tls-file-unreadable"), "on a laptop it need not");
	drop(&f);
}

static void
test_smarthost(void)
{
	static const struct {
		const char *host, *wrapper;
	} cases[] = {
		{"MAIL_RELAY_HOST=[s.example.net]:587", "\nsmtp_tls_wrappermode = no\n"},
		{"MAIL_RELAY_HOST=[s.example.net]:465", "\nsmtp_tls_wrappermode = yes\n"},
		{"MAIL_RELAY_HOST=s.example.net:submissions", "\nsmtp_tls_wrappermode = yes\n"},
		{"MAIL_RELAY_HOST=s.example.net:smtps", "\nsmtp_tls_wrappermode = yes\n"},
	};
	struct fixture f;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		build(&f, "", cases[i].host, NULL);
		CHECK(main_cf_has(&f, cases[i].wrapper), "%s", cases[i].host);
		drop(&f);
	}
}

static void
test_dovecot(void)
{
	struct fixture f;
	const struct plan_file *file;

	build(&f, "", "DOVECOT_a=x\\", NULL);
	CHECK(found(&f, "value-unsafe"), "a backslash would join the next line");
	drop(&f);
	build(&f, "", "DOVECOT_a=<<END", NULL);
	CHECK(found(&f, "value-unsafe"), "a here-document would swallow the rest");
	drop(&f);
	build(&f, "", "DOVECOT_a=</run/x", NULL);
	CHECK(!found(&f, "value-unsafe"), "a file is the user's choice");
	drop(&f);
	build(&f, "", "DOVECOT_doveadm_password=p", NULL);
	file = plan_find_file(&f.plan, "dovecot/dovecot.conf");
	CHECK(file != NULL && file->secret && file->mode == 0600, "a password is for root alone");
	drop(&f);
}

/* a waived finding about the certificate leaves something to serve */
static void
test_waived(void)
{
	struct arena arena;
	struct findings findings;
	struct plan plan;
	char *environment[] = {"MAIL_HOSTNAME=mail.example.test", "MAIL_DOMAINS=example.test",
		"MAIL_TLS_CERTIFICATE=/nonexistent/c.pem", NULL};
	const struct settings_source source = {.environment = environment, .root = ""};

	arena_init(&arena);
	findings_init(&findings, &arena);
	plan_init(&plan, &arena, &findings);
	plan.live = true;
	plan.settings = settings_load(&arena, &findings, &source);
	target_find(&plan, "debian13");
	daemons_contribute(&plan);
	CHECK(findings_refuse(&findings), "a missing certificate refuses the start");
	CHECK(plan.certificate_count == 1 && plan.certificates[0].name_count == 1,
		"waived, one for the host's name can be made");
	plan_free(&plan);
	arena_free(&arena);
}

int
main(void)
{
	test_dkim();
	test_tls();
	test_smarthost();
	test_dovecot();
	test_waived();
	DONE();
}
