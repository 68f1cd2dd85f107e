/* test_report.c - a plan as text and JSON, and what must never show in either */
#include "unit.h"

#include "report/hunks.h"
#include "report/json.h"
#include "report/present.h"
#include "report/report.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define CANARY "s3cret-c4nary"

/* a secret that is no longer set still lies in the file on disk, at PATH */
static void
test_removed(struct plan *plan, struct plan_file *file, const char *path)
{
	FILE *out = fopen(path, "w");
	struct buffer text = {0};

	CHECK(out != NULL &&
			fputs("a = 1\nsmtp_sasl_password_maps = static:u:" CANARY "\n", out) >= 0 &&
			fclose(out) == 0,
		"an older file");
	file->late = LATE_NOT;
	buffer_clear(&file->content);
	buffer_puts(&file->content, "b = 1\n");
	report_plan_text(plan, false, &text);
	CHECK(strstr(text.data, "- a = 1") != NULL, "lines that go are shown");
	CHECK(strstr(text.data, CANARY) == NULL, "but for those with a password");
	buffer_free(&text);
}

/* put_numbers - a text of LINES numbers, one of them with more behind it */
static void
put_numbers(struct buffer *content, int lines, int changed, const char *with)
{
	buffer_clear(content);
	for (int i = 0; i < lines; i++)
		buffer_printf(content, "%d%s\n", i, i == changed ? with : "");
}

/* a change within many lines is shown with its neighbours, and a flood is cut */
static void
test_hunks(struct plan *plan)
{
	struct plan_line lines[1000] = {{0}};
	struct plan_file file = {.name = "postfix/main.cf", .lines = lines, .line_count = 1000};
	struct buffer there = {0}, text = {0};
	const char *hunk;

	for (int i = 0; i < 1000; i++) {
		lines[i].template_file = "postfix/main.cf.mustache";
		lines[i].template_line = i + 1;
	}
	put_numbers(&there, 1000, 500, "");
	put_numbers(&file.content, 1000, 500, " = x");
	hunks_put(plan, &file, &there, "postfix/main.cf.mustache", false, &text);
	CHECK_TEXT(text.data,
		"@@ -498,7 +498,7 @@\n  497\n  498\n  499\n- 500\n+ 500 = x # template:501\n"
		"  501\n  502\n  503\n",
		"one changed line is shown between three that stay on either side");
	buffer_clear(&text);
	hunks_put(plan, &file, &there, "postfix/main.cf.mustache", true, &text);
	CHECK(strstr(text.data, "\033[32m+ 500 = x\033[0m") != NULL,
		"and in colour when asked for");
	buffer_clear(&text);
	buffer_clear(&there);
	hunks_put(plan, &file, &there, NULL, false, &text);
	CHECK(strstr(text.data, "+ 199 ") != NULL && strstr(text.data, "+ 200 ") == NULL,
		"of a file that is new, two hundred lines are shown");
	CHECK(strstr(text.data, "and 800 more changed lines") != NULL,
		"and the others are counted");
	buffer_clear(&text);
	lines[500].secret = true;
	put_numbers(&there, 1000, 500, CANARY);
	hunks_put(plan, &file, &there, NULL, false, &text);
	hunk = strstr(text.data, "- (a line that may hold a secret)\n+ (a line with a secret)");
	CHECK(hunk != NULL && strstr(text.data, CANARY) == NULL,
		"a secret that changes is not shown, neither the old one nor the new");
	buffer_clear(&text);
	put_numbers(&there, 1000, 510, "x");
	put_numbers(&file.content, 1000, 498, "y");
	hunks_put(plan, &file, &there, NULL, false, &text);
	CHECK(strstr(text.data, "  (a line with a secret)") != NULL,
		"nor one that stays, among the neighbours");
	buffer_free(&there);
	buffer_free(&text);
	buffer_free(&file.content);
}

/* a file of the present generation that the next one lacks */
static void
test_gone(struct plan *plan, const char *root)
{
	char path[128];
	struct buffer text = {0};
	FILE *out;

	snprintf(path, sizeof(path), "%s/run/mailinit/current/manifest", root);
	out = fopen(path, "w");
	CHECK(out != NULL && fputs("00  dovecot/users\n00  postfix/gone\n", out) >= 0 &&
			fclose(out) == 0,
		"a manifest");
	report_plan_text(plan, false, &text);
	CHECK(strstr(text.data, "remove /run/mailinit/current/postfix/gone\n") != NULL,
		"a file that goes is told");
	CHECK(strstr(text.data, "remove /run/mailinit/current/dovecot/users") == NULL,
		"one that stays is not");
	buffer_clear(&text);
	report_plan_json(plan, false, &text);
	CHECK(strstr(text.data, "postfix/gone\", \"action\": \"remove\"") != NULL,
		"in JSON as well");
	CHECK(strstr(text.data, "\"removed\": 1") != NULL, "where it is counted");
	buffer_free(&text);
	unlink(path);
}

/* a hash that only the container has does not make a file look changed */
static void
test_deferred(struct plan *plan)
{
	char root[] = "/tmp/mailinit-report-XXXXXX", path[128];
	const char *parts[] = {
		"/run", "/run/mailinit", "/run/mailinit/current", "/run/mailinit/current/dovecot"};
	struct plan_file *file = plan_add_file(plan, "dovecot/users", NULL);
	FILE *out;

	CHECK(mkdtemp(root) != NULL, "a root to look at");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", root, parts[i]);
		mkdir(path, 0700);
	}
	snprintf(path, sizeof(path), "%s/run/mailinit/current/dovecot/users", root);
	out = fopen(path, "w");
	CHECK(out != NULL && fputs("a@b.test:{X}hash:::::\n", out) >= 0 && fclose(out) == 0,
		"a file on disk");
	plan->root = root;
	file->late = LATE_PASSWORDS;
	buffer_puts(&file->content, "a@b.test:{deferred:password:a@b.test}:::::\n");
	CHECK_TEXT(present_action_name(present_action(plan, file)), "keep",
		"the hash stands for its placeholder");
	buffer_clear(&file->content);
	buffer_puts(&file->content, "c@b.test:{deferred:password:c@b.test}:::::\n");
	CHECK_TEXT(present_action_name(present_action(plan, file)), "change",
		"another address is a change");
	test_removed(plan, file, path);
	test_gone(plan, root);
	unlink(path);
	for (size_t i = sizeof(parts) / sizeof(parts[0]); i-- > 0;) {
		snprintf(path, sizeof(path), "%s%s", root, parts[i]);
		rmdir(path);
	}
	CHECK(rmdir(root) == 0, "nothing is left");
}

/* put - a file below DIRECTORY with that text */
static void
put(const char *directory, const char *name, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	out = fopen(path, "w");
	CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0, "%s is written", name);
}

/* what an earlier --out wrote stands for the present files, whatever is below the root */
static void
test_against(struct arena *arena, struct findings *findings)
{
	char directory[] = "/tmp/mailinit-report-XXXXXX", path[128];
	static const char *const names[] = {"a/key.pem", "a/same", "a/secret", "gone", "main.cf"};
	struct plan plan;
	struct plan_file *file;
	struct buffer text = {0};

	plan_init(&plan, arena, findings);
	plan.root = "";
	CHECK(mkdtemp(directory) != NULL, "a directory");
	snprintf(path, sizeof(path), "%s/a", directory);
	mkdir(path, 0700);
	put(directory, "a/key.pem", "{deferred:tls}\n");
	put(directory, "a/same", "x\n");
	put(directory, "a/secret", "canary-old\n");
	put(directory, "gone", "canary-gone\n");
	put(directory, "main.cf", "relayhost = a\n");
	file = plan_add_file(&plan, "a/key.pem", NULL);
	file->late = LATE_TLS_PAIR;
	buffer_puts(&file->content, "{deferred:tls}\n");
	buffer_puts(&plan_add_file(&plan, "a/same", NULL)->content, "x\n");
	file = plan_add_file(&plan, "a/secret", NULL);
	file->secret = true;
	buffer_puts(&file->content, "canary-new\n");
	/* the link that the image bakes belongs to the root, which is not looked at */
	buffer_puts(&plan_add_file(&plan, "group", "/etc/group")->content, "y\n");
	buffer_puts(&plan_add_file(&plan, "main.cf", NULL)->content, "relayhost = b\n");
	plan.against = directory;
	report_plan_text(&plan, false, &text);
	CHECK(strstr(text.data, "- relayhost = a\n+ relayhost = b\n") != NULL,
		"a line that changes");
	CHECK(strstr(text.data, "create /etc/group (") != NULL, "a file that is new");
	CHECK(strstr(text.data, "\nremove /run/mailinit/current/gone\n") != NULL, "one that goes");
	CHECK(strstr(text.data,
		      "keep /run/mailinit/current/a/key.pem, "
		      "/run/mailinit/current/a/same\n") != NULL,
		"those that stay, a key that only the container makes among them");
	CHECK(strstr(text.data, "1 to create, 2 to change, 1 to remove, 2 to keep, of 6 files\n") !=
			NULL,
		"how many");
	CHECK(strstr(text.data, "canary") == NULL, "no secret of either side, nor what goes");
	buffer_free(&text);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/a", directory);
	CHECK(rmdir(path) == 0 && rmdir(directory) == 0, "nothing is left");
	plan_free(&plan);
}

int
main(void)
{
	struct arena arena;
	struct findings findings;
	struct plan plan;
	struct plan_file *file;
	struct buffer text = {0}, json = {0};
	struct origin origin = {.kind = ORIGIN_ENVIRONMENT, .name = "MAIL_HOSTNAME"};
	struct origin lost = {.kind = ORIGIN_YAML, .file = "m.yaml", .line = 1, .column = 1};
	struct plan_line lines[2] = {
		{.template_file = "postfix/main.cf.mustache",
			.template_line = 4,
			.origins = &origin,
			.origin_count = 1,
			.overrode = &lost,
			.overrode_count = 1},
		{.secret = true},
	};

	arena_init(&arena);
	findings_init(&findings, &arena);
	plan_init(&plan, &arena, &findings);
	plan.root = "/nowhere";
	file = plan_add_file(&plan, "postfix/main.cf", "/etc/postfix/main.cf");
	buffer_puts(&file->content, "myhostname = mail.example.com\npassword = " CANARY "\n");
	file->lines = lines;
	file->line_count = 2;
	file = plan_add_file(&plan, "postfix/sasl_passwd", NULL);
	buffer_puts(&file->content, "host user:" CANARY "\n");
	file->secret = true;
	finding_add(&findings, "tls-name-mismatch", &origin, "it carries \"a\"\nand \x01");

	report_plan_text(&plan, false, &text);
	CHECK(strstr(text.data, "create /etc/postfix/main.cf") != NULL,
		"an absent file is created");
	CHECK(strstr(text.data, "+ myhostname = mail.example.com") != NULL, "its lines are shown");
	CHECK(strstr(text.data, "# MAIL_HOSTNAME; instead of m.yaml:1:1") != NULL,
		"with what set them, and what lost");
	CHECK(strstr(text.data, CANARY) == NULL, "no secret is in the text");
	CHECK(strstr(text.data, "MAIL_HOSTNAME: error [tls-name-mismatch]") != NULL,
		"a finding has its origin and id");
	CHECK(strstr(text.data, "1 error, 0 warnings, 0 notes\n") != NULL, "findings are counted");

	report_plan_json(&plan, false, &json);
	CHECK(strstr(json.data, CANARY) == NULL, "no secret is in the JSON");
	CHECK(strstr(json.data, "\"template\": \"postfix/main.cf.mustache:4\"") != NULL,
		"a line knows its template");
	CHECK(strstr(json.data, "\\nand ?") != NULL, "a message holds no control characters");
	buffer_clear(&json);
	json_bytes(&json, "a\xff\"\\", 4);
	CHECK_TEXT(json.data, "\"a\xef\xbf\xbd\\\"\\\\\"", "bytes that are not UTF-8 are replaced");
	buffer_clear(&json);
	json_bytes(&json, "\x01", 1);
	CHECK_TEXT(json.data, "\"\\u0001\"", "control characters are escaped");
	buffer_clear(&json);
	report_plan_json(&plan, true, &json);
	CHECK(strstr(json.data, "\"files\": [") == NULL, "findings alone hold no files");

	test_deferred(&plan);
	test_against(&arena, &findings);
	test_hunks(&plan);
	buffer_free(&text);
	buffer_free(&json);
	plan_free(&plan);
	arena_free(&arena);
	DONE();
}
