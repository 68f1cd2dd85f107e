/* test_by_hand.c - the difference of a change made by hand, and what makes it last */
#include "unit.h"

#include "base/unified.h"
#include "check/byhand.h"
#include "plan_fixture.h"

static void
begin(struct fixture *fixture)
{
	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.target.dovecot_version = "2.4.1";
}

/* ---- the difference ---- */

static bool
hides(void *context, const char *line, size_t len)
{
	return len > 0 && line[0] == *(const char *)context;
}

static const char *
difference(struct arena *arena, const char *old, const char *new, size_t *changed)
{
	static char secret = 's';
	const struct unified how = {
		.old_name = "a", .new_name = "b", .hide = hides, .context = &secret};
	struct lines from = lines_cut(arena, old, strlen(old));
	struct lines to = lines_cut(arena, new, strlen(new));
	struct buffer out = {0};
	const char *text;

	*changed = unified_put(arena, &from, &to, &how, &out);
	text = arena_strndup(arena, buffer_text(&out), out.len);
	buffer_free(&out);
	return text;
}

static void
test_difference(void)
{
	static const struct {
		const char *old, *new, *want;
		size_t changed;
	} cases[] = {
		{"a\nb\n", "a\nb\n", "", 0},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
			"--- a\n+++ b\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n", 2},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "0\n1\n2\n3\n4\n5\n6\n7\n8\n",
			"--- a\n+++ b\n@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n"
			"@@ -6,4 +7,3 @@\n 6\n 7\n 8\n-9\n",
			2},
		{"", "a\n", "--- a\n+++ b\n@@ -0,0 +1,1 @@\n+a\n", 1},
		{"a\n", "", "--- a\n+++ b\n@@ -1,1 +0,0 @@\n-a\n", 1},
		{"secret 1\nb\n", "secret 2\nb\n",
			"--- a\n+++ b\n@@ -1,2 +1,2 @@\n-(a line that may hold a secret)\n"
			"+(a line that may hold a secret)\n b\n",
			2},
		{"a\n", "\033[31ma\n", "--- a\n+++ b\n@@ -1,1 +1,1 @@\n-a\n+?[31ma\n", 2},
	};
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t changed;

		CHECK_TEXT(difference(&arena, cases[i].old, cases[i].new, &changed), cases[i].want,
			"difference %zu", i);
		CHECK(changed == cases[i].changed, "and so many lines");
	}
	arena_free(&arena);
}

/* ---- what makes it last ---- */

static void
test_variables(void)
{
	static const struct {
		const char *name, *rendered, *changed, *want;
		bool whole;
	} cases[] = {
		{"postfix/main.cf", "a = 1\nb = 2\n", "a = 1\nb = 3\n", "POSTFIX_b=3", true},
		{"postfix/main.cf", "a = 1\nb = 2\n", "#x\nb=2\n\na   =   1\n", "", true},
		{"postfix/main.cf", "a = 1\n", "", "POSTFIX_a=", true},
		{"postfix/main.cf", "a = 1\n", "a =\n", "", false},
		{"postfix/main.cf", "", "l = x,\n# no\n    y\n\tz\n", "'POSTFIX_l=x, y z'", true},
		{"postfix/main.cf", "a = 1\n", "a = 2\na = it's $x\n", "'POSTFIX_a=it'\\''s $x'",
			true},
		{"postfix/main.cf", "", "tls_password = x\n", "POSTFIX_tls_password_FILE=FILE",
			true},
		{"postfix/main.cf", "", "bad:name = x\ngood = y\n", "POSTFIX_good=y", false},
		{"postfix/master.cf", "smtp inet n - y - - smtpd\n",
			"smtp  inet n - n - - smtpd\n  -o a=b\n  -o { c = d e }\n",
			"'POSTFIXMASTER_smtp__inet=n - n - - smtpd -o a=b -o { c = d e }'", true},
		{"postfix/master.cf", "smtp inet n - y - - smtpd\n-x unix - - - - - lmtp\n",
			"smtp  inet  n  -  y  -  -  smtpd\n", "POSTFIXMASTER_-x__unix=", true},
		{"postfix/master.cf", "", "[::1]:99 inet n - n - - smtpd\n", "", false},
		{"dovecot/dovecot.conf", "a = 1\ns {\n  b = 2\n}\n",
			"a = \"x y\" # why\ns {\n  b = 2\n}\n", "'DOVECOT_a=\"x y\" # why'", true},
		{"dovecot/dovecot.conf", "a = 1\ns {\n  b = 2\n}\n", "a = 3\ns {\n  b = 3\n}\n",
			"DOVECOT_a=3", false},
		{"dovecot/dovecot.conf", "a = 1\nb = 2\n", "b = 2\n", "", false},
		{"opendkim/opendkim.conf", "Mode sv\nSyslog yes\n", "mode  s\nSyslog yes\n",
			"OPENDKIM_mode=s", true},
		{"opendkim/opendkim.conf", "Mode sv\nSyslog yes\n", "Mode sv\n",
			"OPENDKIM_Syslog=", true},
		{"postfix/virtual", "a b\n", "a c\n", "", false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture fixture;
		struct byhand byhand = {
			.plan = &fixture.plan,
			.name = cases[i].name,
			.rendered = cases[i].rendered,
			.rendered_len = strlen(cases[i].rendered),
			.changed = cases[i].changed,
			.changed_len = strlen(cases[i].changed),
		};
		bool whole;

		begin(&fixture);
		CHECK_TEXT(byhand_variables(&byhand, &whole), cases[i].want, "variables %zu of %s",
			i, cases[i].name);
		CHECK(whole == cases[i].whole, "which are %s",
			cases[i].whole ? "all of it" : "a part of it");
		drop(&fixture);
	}
}

/* a secret that flows into a line now hides the line of that name, whatever it says */
static void
test_hides(void)
{
	static struct plan_line lines[] = {{.secret = false}, {.secret = true}};
	struct fixture fixture;
	struct byhand byhand = {.plan = &fixture.plan};
	struct plan_file *file;

	begin(&fixture);
	file = plan_add_file(&fixture.plan, "postfix/main.cf", NULL);
	buffer_puts(&file->content, "relayhost = a\nbanner = b\n");
	file->lines = lines;
	file->line_count = 2;
	byhand.file = file;
	CHECK(byhand_hides(&byhand, "banner=x", 8), "the same parameter");
	CHECK(!byhand_hides(&byhand, "relayhost=x", 11), "but not its neighbour");
	CHECK(byhand_hides(&byhand, "smtp_password=x", 15), "and what speaks of a password");
	CHECK(found(&fixture, "changed-by-hand") == 0, "and nothing is told by that");
	drop(&fixture);
}

int
main(void)
{
	test_difference();
	test_variables();
	test_hides();
	DONE();
}
