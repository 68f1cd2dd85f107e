/* test_apply.c - what is made late, and where things are put */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apply/chroot.h"
#include "apply/late.h"
#include "apply/place.h"
#include "base/file.h"

static char directory[] = "/tmp/test_apply.XXXXXX";

/* a waived finding is no leave to replace a key that could not be read */
static void
test_key_stays(void)
{
	struct arena arena;
	struct findings findings;
	struct plan plan;
	struct plan_dkim_key key = {.domain = "example.test", .selector = "s", .bits = 1024};
	struct plan_file *file;
	struct buffer there = {0};
	char path[64];
	FILE *out;

	snprintf(path, sizeof(path), "%s/s.private", directory);
	out = fopen(path, "w");
	CHECK(out != NULL && fputs("encrypted\n", out) >= 0 && fclose(out) == 0, "a key");
	arena_init(&arena);
	findings_init(&findings, &arena);
	plan_init(&plan, &arena, &findings);
	key.path = path;
	plan.dkim_keys = &key;
	plan.dkim_key_count = 1;
	file = plan_add_file(&plan, "opendkim/keys/example.test.s.private", NULL);
	file->late = LATE_DKIM_KEY;
	CHECK(late_make(&plan) == 0, "the start goes on");
	CHECK(file_read(path, 1000, &there, NULL) == 0 &&
			strcmp(buffer_text(&there), "encrypted\n") == 0,
		"the key is as it was");
	CHECK(file->content.len == 0 && key.pem == NULL, "and no other one signs");
	buffer_free(&there);
	plan_free(&plan);
	arena_free(&arena);
	unlink(path);
}

static void
test_directory(void)
{
	char made[64], other[64], link[64];
	struct stat status;

	snprintf(made, sizeof(made), "%s/a", directory);
	snprintf(other, sizeof(other), "%s/b", directory);
	snprintf(link, sizeof(link), "%s/c", directory);
	CHECK(place_directory(made, 0750, geteuid(), getegid()) == 0 && stat(made, &status) == 0 &&
			(status.st_mode & 07777) == 0750,
		"a directory is made");
	CHECK(place_directory(made, 0700, geteuid(), getegid()) == 0 && stat(made, &status) == 0 &&
			(status.st_mode & 07777) == 0700,
		"and corrected");
	CHECK(mkdir(other, 0755) == 0 && symlink(other, link) == 0, "a link to another one");
	CHECK(place_directory(link, 0700, geteuid(), getegid()) != 0, "is refused");
	CHECK(stat(other, &status) == 0 && (status.st_mode & 07777) == 0755, "and not followed");
	unlink(link);
	rmdir(other);
	rmdir(made);
}

/* put - a file below the directory of this test, with the directories that it needs */
static void
put(const char *name, const char *text)
{
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	*strrchr(path, '/') = '\0';
	if (file_make_directories(path, 0755) != 0)
		abort();
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	out = fopen(path, "w");
	if (out == NULL || fputs(text, out) == EOF || fclose(out) == EOF)
		abort();
}

static bool
there(const char *name, const char *text)
{
	struct buffer content = {0};
	char path[128];
	bool same;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	same = file_read(path, 1000, &content, NULL) == 0 &&
		strcmp(buffer_text(&content), text) == 0;
	buffer_free(&content);
	return same;
}

static void
test_modules(void)
{
	char queue[64], command[80];
	bool changed = false;

	snprintf(queue, sizeof(queue), "%s/queue", directory);
	put("queue/etc/x", "");
	put("usr/lib/x86_64-linux-gnu/libnss_mdns4_minimal.so.2", "mdns");
	put("lib/libnss_myhostname.so.2", "myhostname");
	put("usr/lib/x86_64-linux-gnu/libnss_files.so.2", "files");
	put("usr/lib/x86_64-linux-gnu/libnss_systemd.so.2", "systemd");
	put("etc/nsswitch.conf",
		"passwd: files systemd\n"
		"# hosts: systemd\n"
		"hosts:\tfiles mdns4_minimal [NOTFOUND=return] dns gone ../x myhostname#systemd\n");
	CHECK(chroot_modules(directory, queue, &changed) == 0 && changed, "modules are copied");
	CHECK(there("queue/lib/libnss_mdns4_minimal.so.2", "mdns") &&
			there("queue/lib/libnss_myhostname.so.2", "myhostname"),
		"those that are named for hosts");
	CHECK(!there("queue/lib/libnss_files.so.2", "files") &&
			!there("queue/lib/libnss_systemd.so.2", "systemd"),
		"and no others");
	changed = false;
	CHECK(chroot_modules(directory, queue, &changed) == 0 && !changed, "once");
	put("lib/libnss_myhostname.so.2", "newer");
	CHECK(chroot_modules(directory, queue, &changed) == 0 && changed &&
			there("queue/lib/libnss_myhostname.so.2", "newer"),
		"and again when one has changed");
	put("etc/nsswitch.conf", "hosts: files [ dns");
	CHECK(chroot_modules(directory, queue, &changed) == 0, "a bracket that nothing closes");
	snprintf(command, sizeof(command), "cd %s && rm -r queue usr lib etc", directory);
	CHECK(system(command) == 0, "all of it is removed");
}

int
main(void)
{
	umask(022);
	CHECK(mkdtemp(directory) != NULL, "a directory");
	test_key_stays();
	test_directory();
	test_modules();
	CHECK(rmdir(directory) == 0, "nothing is left");
	DONE();
}
