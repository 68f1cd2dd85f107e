/* test_dovecot_store.c - mail on disk in one format, and Dovecot told to read another */
#include "unit.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/place.h"
#include "base/file.h"
#include "daemon/dovecot_store.h"
#include "plan_fixture.h"

#define MESSAGE "From a@b Mon Nov 23 10:00:00 2026\nSubject: x\n\nhello\n"

static char top[] = "/tmp/test_dovecot_store.XXXXXX";

/* put - a file below the store, with its directories */
static void
put(const char *name, const char *text)
{
	char path[256], *slash;
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", top, name);
	slash = strrchr(path, '/');
	*slash = '\0';
	CHECK(file_make_directories(path, 0755) == 0, "the directory of %s", name);
	*slash = '/';
	out = fopen(path, "w");
	CHECK(out != NULL && fputs(text, out) >= 0 && fclose(out) == 0, "%s", name);
}

static void
clear(void)
{
	CHECK(place_remove_tree(top) == 0 && mkdir(top, 0755) == 0, "an empty store");
}

struct job {
	const char *version, *format, *setting, *value;
	bool elsewhere;
};

/* look - with the mailboxes a@x.org, b@x.org and c@x.org */
static void
look(struct fixture *fixture, const struct job *job)
{
	struct node *list;
	const char *path;

	arena_init(&fixture->arena);
	findings_init(&fixture->findings, &fixture->arena);
	plan_init(&fixture->plan, &fixture->arena, &fixture->findings);
	fixture->plan.live = !job->elsewhere;
	fixture->plan.target.dovecot_version = job->version;
	fixture->plan.settings = node_new(&fixture->arena, NODE_MAP, NULL);
	node_set_path(&fixture->arena, fixture->plan.settings, "mailboxes.format",
		node_scalar(&fixture->arena, job->format, NULL));
	if (job->setting != NULL)
		node_set(&fixture->arena,
			node_set(&fixture->arena,
				node_set(&fixture->arena, fixture->plan.settings, "dovecot",
					node_new(&fixture->arena, NODE_MAP, NULL)),
				"settings", node_new(&fixture->arena, NODE_MAP, NULL)),
			job->setting, node_scalar(&fixture->arena, job->value, NULL));
	list = node_new(&fixture->arena, NODE_LIST, NULL);
	for (const char *name = "abc"; *name != '\0'; name++) {
		struct node *record = node_new(&fixture->arena, NODE_MAP, NULL);

		node_set(&fixture->arena, record, "address",
			node_scalar(&fixture->arena,
				arena_printf(&fixture->arena, "%c@x.org", *name), NULL));
		node_add(&fixture->arena, list, record);
	}
	node_set_path(&fixture->arena, fixture->plan.settings, "mailboxes.list", list);
	path = arena_printf(&fixture->arena,
		job->version[2] == '3' ? "%s/%%d/%%n" : "%s/%%{user | domain}/%%{user | username}",
		top);
	dovecot_check_store(&fixture->plan, path);
}

static void
check(const struct job *job, size_t store, size_t mixed, const char *what)
{
	struct fixture fixture;

	look(&fixture, job);
	CHECK(found(&fixture, "mail-format") == store &&
			found(&fixture, "mail-format-mixed") == mixed,
		"%s, Dovecot %s", what, job->version);
	for (size_t i = 0; i < fixture.findings.count; i++)
		printf("# %s\n", fixture.findings.items[i].message);
	drop(&fixture);
}

static void
test_version(const char *version)
{
	const struct job maildir = {.version = version, .format = "maildir"};
	const struct job sdbox = {.version = version, .format = "sdbox"};
	const struct job elsewhere = {.version = version, .format = "maildir", .elsewhere = true};
	const bool is_2_3 = version[2] == '3';
	char location[128];
	struct job mbox = {.version = version, .format = "maildir"};

	snprintf(location, sizeof(location), "mbox:%s/%%d/%%n:INBOX=/x", top);
	mbox.setting = is_2_3 ? "mail_location" : "mail_driver";
	mbox.value = is_2_3 ? location : "mbox";

	clear();
	check(&maildir, 0, 0, "no mail at all");
	put("x.org/a/cur/1:2,S", "");
	check(&maildir, 0, 0, "a Maildir");
	check(&sdbox, 1, 0, "a Maildir where dbox is read");
	check(&mbox, 1, 0, "a Maildir where mbox is read, by a raw setting");
	put("x.org/b/inbox", MESSAGE);
	check(&maildir, 0, 1, "one mbox among Maildirs");
	check(&mbox, 0, 1, "one Maildir among mboxes");
	put("x.org/b/new/1", "");
	check(&maildir, 0, 1, "both in one mailbox");
	clear();
	put("x.org/b/inbox", MESSAGE);
	put("c", MESSAGE);
	check(&maildir, 1, 0, "mbox alone, one of them a spool");
	check(&elsewhere, 0, 0, "which is looked at in the container alone");
	clear();
	put("x.org/a", MESSAGE);
	check(&maildir, 1, 0, "a file in the place of the mailbox");
	clear();
	put("x.org/a/mailboxes/INBOX/dbox-Mails/u.1", "");
	check(&maildir, 1, 0, "sdbox");
	check(&sdbox, 0, 0, "sdbox as wanted");
	put("x.org/b/storage/m.1", "");
	check(&sdbox, 0, 1, "mdbox among sdbox");
	clear();
	put("x.org/a/inbox", "");
	put("x.org/b/inbox", "no mail\n");
	put("x.org/c/cur/.nfs1", "");
	check(&maildir, 0, 0, "empty files, other words, and hidden files are no mail");
	check(&mbox, 0, 0, "nor are they for mbox");
}

static void
test_unknown(void)
{
	const struct job driver = {"2.4.1", "maildir", "mail_driver", "imapc", false};
	const struct job path = {"2.4.1", "maildir", "mail_path", "~/mail", false};
	const struct job location = {"2.3.19", "maildir", "mail_location", "mbox", false};

	put("x.org/b/inbox", MESSAGE);
	check(&driver, 0, 0, "a driver that has no files is not judged");
	check(&path, 0, 0, "nor a path with other variables");
	check(&location, 0, 0, "nor a location without a path");
}

int
main(void)
{
	CHECK(mkdtemp(top) != NULL, "a store");
	test_version("2.3.19");
	test_version("2.4.1");
	test_unknown();
	CHECK(place_remove_tree(top) == 0, "the store is removed");
	DONE();
}
