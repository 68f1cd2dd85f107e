/* test_mounts.c - links of a container, looked at from outside */
#include "base/mounts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "unit.h"

static struct arena arena;
static char directory[] = "/tmp/test_mounts.XXXXXX";

static const char *
below(const char *path)
{
	return arena_printf(&arena, "%s/%s", directory, path);
}

static const char *const directories[] = {"root", "root/etc", "root/etc/ssl", "root/a", "mount",
	"mount/live", "mount/archive", "outside"};

static const struct {
	const char *path, *target;
} links[] = {
	{"root/etc/absolute", "/etc/ssl/cert.pem"},
	{"root/etc/upwards", "../../../../../../etc/passwd"},
	{"root/etc/tls", "/etc/ssl"},
	{"root/etc/chain", "./absolute"},
	{"root/etc/loop", "loop"},
	{"root/etc/here", "."},
	{"root/var", "/"},
	{"mount/live/cert.pem", "../archive/cert1.pem"},
	{"mount/live/image.pem", "/etc/ssl/cert.pem"},
	{"mount/live/other.pem", "/run/secrets/key"},
	{"mount/live/away.pem", "../../../../../../etc/passwd"},
	{"outside/link", "../mount"},
};

static void
make_tree(void)
{
	arena_init(&arena);
	if (mkdtemp(directory) == NULL)
		abort();
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		if (mkdir(below(directories[i]), 0755) != 0)
			abort();
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlink(links[i].target, below(links[i].path)) != 0)
			abort();
}

static void
remove_tree(void)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		unlink(below(links[i].path));
	for (size_t i = sizeof(directories) / sizeof(directories[0]); i-- > 0;)
		rmdir(below(directories[i]));
	CHECK(rmdir(directory) == 0, "nothing was written");
	arena_free(&arena);
}

static void
test_root(void)
{
	static const char *const cases[][2] = {
		{"/etc/absolute", "/etc/ssl/cert.pem"},
		{"/etc/upwards", "/etc/passwd"},
		{"/etc/tls/key", "/etc/ssl/key"},
		{"/etc/chain", "/etc/ssl/cert.pem"},
		{"/etc/here/here/x", "/etc/x"},
		{"/var/var/a", "/a"},
		{"/../../etc/./ssl//x/../y", "/etc/ssl/y"},
		{"etc/plain", "/etc/plain"},
		{"/none/at/all", "/none/at/all"},
	};
	const char *root = below("root");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(mounts_path(&arena, NULL, root, cases[i][0]),
			arena_printf(&arena, "%s%s", root, cases[i][1]), "%s below the root",
			cases[i][0]);
	CHECK_TEXT(mounts_path(&arena, NULL, root, "/etc/loop"), "", "links in a circle");
	CHECK_TEXT(mounts_path(&arena, NULL, "", "/etc/../x"), "/etc/../x",
		"without a root a path stays as it is");
}

static void
test_compose(void)
{
	struct mounts mounts = {0};

	mounts_add(&arena, &mounts, "/certs", below("outside/link"));
	mounts_add(&arena, &mounts, "/run/secrets/key", below("outside"));
	CHECK_TEXT(mounts_path(&arena, &mounts, "", "/certs/live/cert.pem"),
		arena_printf(&arena, "%s/archive/cert1.pem", below("outside/link")),
		"a link within a mount, which is a link itself");
	CHECK_TEXT(mounts_path(&arena, &mounts, "", "/certs/live/image.pem"), "",
		"a link to the image's own files leads to nothing here");
	CHECK_TEXT(mounts_path(&arena, &mounts, "", "/certs/live/away.pem"), "",
		"nor does one that leads upwards");
	CHECK_TEXT(mounts_path(&arena, &mounts, "", "/certs/live/other.pem"), below("outside"),
		"a link to another mount");
	CHECK_TEXT(mounts_path(&arena, &mounts, below("root"), "/etc/absolute"),
		below("root/etc/ssl/cert.pem"), "the root stands for the image");
	CHECK_TEXT(mounts_path(&arena, &mounts, "", "/etc/passwd"), "", "no file of this machine");
}

/* guess - what is near PATH within mounts of ./near and of ./naer, which is not there; "" for none */
static const char *
guess(const char *path)
{
	struct mounts mounts = {0};
	struct mounts_guess found;

	mounts_add(&arena, &mounts, "/tls", below("near"));
	mounts_add(&arena, &mounts, "/typo", below("naer"));
	mounts_add(&arena, &mounts, "/volume", NULL);
	if (!mounts_guess(&arena, &mounts, path, &found))
		return "";
	return found.near + strlen(below(""));
}

static void
test_near(void)
{
	static const char *const names[] = {"fullchain.pem", "mail.pem", "key1.pem", "user_a",
		"relay_password.example", "ca.pem", "live/"};
	static const char *const cases[][2] = {
		{"/tls/fulchain.pem", "near/fullchain.pem"},
		{"/tls/fullchian.pem", "near/fullchain.pem"},
		{"/tls/lvie/cert.pem", "near/live"},
		{"/tls/mial.pem", "near/mail.pem"},
		/* what CI lacks beside what it has */
		{"/tls/fullchain.pem", ""},
		{"/tls/privkey.pem", ""},
		{"/tls/mail.key", ""},
		{"/tls/key2.pem", ""},
		{"/tls/key.pem", ""},
		{"/tls/user_b", ""},
		{"/tls/relay_password", ""},
		{"/tls/live/cert.pem", ""},
		{"/volume/fulchain.pem", ""},
		{"/elsewhere/fulchain.pem", ""},
	};

	for (size_t i = 0; i <= sizeof(names) / sizeof(names[0]); i++) {
		const char *name = i > 0 ? names[i - 1] : "/";
		char *path = arena_printf(&arena, "%s/%s", below("near"), name);

		if (text_ends(name, "/"))
			CHECK(mkdir(path, 0755) == 0, "a directory");
		else
			CHECK(close(creat(path, 0644)) == 0, "a file");
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_TEXT(guess(cases[i][0]), cases[i][1], "near %s", cases[i][0]);
	CHECK_TEXT(guess("/typo/fullchain.pem"), "near", "the mount itself is misspelt");
	for (size_t i = sizeof(names) / sizeof(names[0]); i-- > 0;)
		remove(arena_printf(&arena, "%s/%s", below("near"), names[i]));
	remove(below("near"));
	CHECK_TEXT(guess("/tls/fulchain.pem"), "", "a directory that is not here");
}

static void
test_long(void)
{
	char *path = arena_alloc(&arena, 9000);

	memset(path, 'x', 8999);
	path[0] = '/';
	CHECK_TEXT(mounts_path(&arena, NULL, "/tmp", path), "", "a path that is too long");
}

int
main(void)
{
	make_tree();
	test_root();
	test_compose();
	test_near();
	test_long();
	remove_tree();
	DONE();
}
