/* test_apply.c - what is made late, and where things are put */
#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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

int
main(void)
{
	umask(022);
	CHECK(mkdtemp(directory) != NULL, "a directory");
	test_key_stays();
	test_directory();
	CHECK(rmdir(directory) == 0, "nothing is left");
	DONE();
}
