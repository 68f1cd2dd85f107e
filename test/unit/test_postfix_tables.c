/* test_postfix_tables.c - lookup tables that the user writes out, and what refers to them */
#include "daemon/daemon.h"
#include "daemon/postfix.h"
#include "daemon/target.h"
#include "settings/settings.h"

#include "plan_fixture.h"
#include "unit.h"

#define ENOUGH "MAIL_HOSTNAME=mail.example.com", "MAIL_DOMAINS=example.com"
#define PLACE PLAN_CURRENT "/postfix/tables/"
#define COPY PLAN_CURRENT "/postfix/maps/"

static void
build(struct fixture *fixture, char *const *environment)
{
	const struct settings_source source = {.environment = environment, .root = "/nonexistent"};

	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
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

static void
test_references(void)
{
	static const struct {
		const char *value, *want;
	} cases[] = {
		{"hash:/etc/postfix/tr", "texthash:" PLACE "tr"},
		{"lmdb:/etc/postfix/tr", "texthash:" PLACE "tr"},
		{"regexp:/etc/postfix/tr", "regexp:" PLACE "tr"},
		{"proxy:hash:/etc/postfix/tr", "proxy:texthash:" PLACE "tr"},
		{"hash:/etc/postfix/tr, cidr:/etc/postfix/tr",
			"texthash:" PLACE "tr, cidr:" PLACE "tr"},
		{"hash:/etc/postfix/trx", "texthash:" COPY "etc_postfix_trx"},
		{"hash:/etc/postfix/tr, hash:/etc/postfix/other",
			"texthash:" PLACE "tr, texthash:" COPY "etc_postfix_other"},
		{"hash:/etc/postfix/other, hash:/etc/postfix/tr",
			"texthash:" COPY "etc_postfix_other, texthash:" PLACE "tr"},
		{":/etc/postfix/tr", ":/etc/postfix/tr"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char variable[256], line[256];
		char *environment[] = {ENOUGH, "POSTMAP_tr=a.org smtp:b", variable, NULL};
		struct fixture f;

		snprintf(variable, sizeof(variable), "POSTFIX_transport_maps=%s", cases[i].value);
		snprintf(line, sizeof(line), "\ntransport_maps = %s\n", cases[i].want);
		build(&f, environment);
		CHECK(main_has(&f, line), "%s becomes %s", cases[i].value, cases[i].want);
		drop(&f);
	}
}

static void
test_files(void)
{
	char *environment[] = {ENOUGH, "POSTMAP_tr=a.org smtp:b\r\n# why\n\nb.org smtp:c\n",
		"POSTMAP_sasl_passwd=x.org u:canary", "POSTMAP_..=x y", "POSTMAP_a/b=x y", NULL};
	const struct plan_file *file;
	struct fixture f;

	build(&f, environment);
	file = plan_find_file(&f.plan, "postfix/tables/tr");
	CHECK(file != NULL, "the table is a file of the generation");
	if (file != NULL) {
		CHECK_TEXT(buffer_text(&file->content), "a.org smtp:b\n# why\n\nb.org smtp:c\n",
			"line by line, without an editor's carriage returns");
		CHECK(file->line_count == 4 &&
				strcmp(file->lines[0].origins[0].name, "POSTMAP_tr") == 0,
			"each with its origin");
		CHECK(file->mode == 0644 && file->services != 0, "that Postfix reads");
	}
	file = plan_find_file(&f.plan, "postfix/tables/sasl_passwd");
	CHECK(file != NULL && file->secret && file->mode == 0600, "passwords are for root alone");
	CHECK(found(&f, "passthrough-name") == 2, "a name that leads elsewhere is refused");
	CHECK(plan_find_file(&f.plan, "postfix/tables/..") == NULL, "and not written");
	drop(&f);
}

int
main(void)
{
	test_references();
	test_files();
	DONE();
}
