/* test_watches.c - the list of what a plan was made from, the hops of a path, and events */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/watch_list.h"
#include "supervise/watch_hops.h"
#include "supervise/watch_known.h"
#include "supervise/watch_set.h"

static char top[] = "/tmp/test_watches.XXXXXX";

/* at - NAME below the directory of this test; a few results are good at a time */
static const char *
at(const char *name)
{
	static char rooms[4][PATH_MAX];
	static unsigned next;
	char *room = rooms[next++ % 4];

	snprintf(room, sizeof(rooms[0]), "%s/%s", top, name);
	return room;
}

static void
put(const char *name, const char *text)
{
	FILE *file = fopen(at(name), "w");

	if (file == NULL || fputs(text, file) == EOF || fclose(file) == EOF)
		abort();
}

static void
make(const char *name)
{
	if (mkdir(at(name), 0755) != 0)
		abort();
}

static void
turn(const char *target, const char *link)
{
	if (symlink(target, at(link)) != 0)
		abort();
}

/* ---- the list ---- */

static const struct watched items[] = {
	{"/a", {.error = ENOENT}},
	{"/b c/d\n", {.device = 1, .inode = 2, .size = 3, .modified_ns = 4, .changed_ns = 5}},
};

static void
list_comes_back(void)
{
	struct buffer text = {0};
	struct watch_list list;
	struct watched item;

	CHECK(watch_list_write(items, 2, &text) == 0, "all rows are written");
	CHECK(watch_list_begin(&list, text.data, text.len) == 0, "it is a list");
	for (int i = 0; i < 2; i++) {
		CHECK(watch_list_next(&list, &item) == 1, "row %d", i);
		CHECK_TEXT(item.path, items[i].path, "its path");
		CHECK(watch_same(&item.mark, &items[i].mark), "its mark");
	}
	CHECK(watch_list_next(&list, &item) == 0, "and no more");
	buffer_free(&text);
}

static void
rows_that_are_left_out(void)
{
	static char longest[WATCH_PATH_BYTES + 1];
	const struct watched odd[] = {{.path = "relative"}, {.path = ""}, {.path = longest}};
	struct buffer text = {0};
	struct watch_list list;
	struct watched item;

	memset(longest, 'x', sizeof(longest) - 1);
	longest[0] = '/';
	CHECK(watch_list_write(odd, 3, &text) == 3, "they are counted");
	CHECK(watch_list_begin(&list, text.data, text.len) == 0 &&
			watch_list_next(&list, &item) == 0,
		"the list is empty");
	buffer_free(&text);
}

/* Reads all rows of a list that somebody has damaged; ASan tells of what lies outside. */
static int
read_all(const char *data, size_t size)
{
	/* exactly as long, so that one byte too much is seen */
	char *copy = malloc(size == 0 ? 1 : size);
	struct watch_list list;
	struct watched item;
	size_t lengths = 0;
	int result = -1;

	memcpy(copy, data, size);
	if (watch_list_begin(&list, copy, size) == 0)
		while ((result = watch_list_next(&list, &item)) == 1)
			lengths += strlen(item.path);
	free(copy);
	return lengths > size ? -2 : result;
}

static void
damaged_lists(void)
{
	struct buffer text = {0};
	int bad = 0, whole = 0;

	watch_list_write(items, 2, &text);
	for (size_t len = 0; len < text.len; len++) {
		int result = read_all(text.data, len);

		bad += result == -1;
		whole += result == 0;
	}
	CHECK(whole == 2 && bad == (int)text.len - 2,
		"cut anywhere but between rows it is broken (%d, %d)", bad, whole);
	for (size_t i = 0; i < text.len; i++)
		for (int bit = 0; bit < 8; bit++) {
			text.data[i] = (char)(text.data[i] ^ 1 << bit);
			if (read_all(text.data, text.len) == -2)
				bad = -1;
			text.data[i] = (char)(text.data[i] ^ 1 << bit);
		}
	CHECK(bad >= 0, "whatever bit is turned, paths stay within the list");
	buffer_free(&text);
}

static void
whose_list(void)
{
	struct watch_known known;
	struct watch_list list;
	struct buffer text = {0};
	int fd;

	watch_known_init(&known, top);
	CHECK(!watch_known_renew(&known) && !watch_known_begin(&known, &list), "there is no list");
	watch_list_write(items, 2, &text);
	fd = open(at(WATCH_LIST_NAME), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	CHECK(fd >= 0 && write(fd, text.data, text.len) == (ssize_t)text.len && close(fd) == 0,
		"one is written");
	CHECK(watch_known_renew(&known) && watch_known_begin(&known, &list), "and taken");
	CHECK(!watch_known_renew(&known), "once");
	CHECK(chmod(at(WATCH_LIST_NAME), 0620) == 0 && watch_known_renew(&known) &&
			!watch_known_begin(&known, &list),
		"one that others may write is not believed");
	CHECK(unlink(at(WATCH_LIST_NAME)) == 0 && symlink("/etc/passwd", at(WATCH_LIST_NAME)) == 0,
		"a link in its place");
	CHECK(watch_known_renew(&known) && !watch_known_begin(&known, &list), "is not followed");
	unlink(at(WATCH_LIST_NAME));
	buffer_free(&text);
}

/* ---- hops ---- */

static struct buffer seen;

/* One line a hop, relative to the directory of this test; what lies above it is left out. */
static void
note(void *context, const char *path, enum watch_hop hop)
{
	static const char *const names[] = {"passed", "decides", "end"};
	size_t len = strlen(top);

	(void)context;
	if (strncmp(path, top, len) == 0)
		buffer_printf(
			&seen, "%s %s\n", names[hop], path[len] == '\0' ? "." : path + len + 1);
}

static void
check_hops(const char *name, const char *want, const char *what)
{
	buffer_clear(&seen);
	watch_hops(at(name), note, NULL);
	CHECK_TEXT(buffer_text(&seen), want, "%s", what);
}

static void
hops(void)
{
	make("dir");
	put("dir/file", "");
	make("archive");
	put("archive/cert1.pem", "");
	make("live");
	turn("../archive/cert1.pem", "live/cert.pem");
	make("secret");
	make("secret/..1");
	put("secret/..1/tls.crt", "");
	turn("..1", "secret/..data");
	turn("..data/tls.crt", "secret/tls.crt");
	turn(at("live"), "absolute");
	turn("b", "a");
	turn("a", "b");
	turn("dir/", "slash");

	check_hops("dir/file", "passed .\npassed dir\ndecides dir\nend dir/file\n", "a plain file");
	check_hops("dir//./file", "passed .\npassed dir\ndecides dir\nend dir/file\n",
		"empty steps, and steps that lead nowhere");
	check_hops("dir", "passed .\ndecides .\nend dir\n", "a directory");
	check_hops("dir/", "passed .\ndecides .\nend dir\n", "a directory with a slash");
	check_hops("live/cert.pem",
		"passed .\npassed live\ndecides live\npassed archive\ndecides archive\n"
		"end archive/cert1.pem\n",
		"certbot's");
	check_hops("secret/tls.crt",
		"passed .\npassed secret\ndecides secret\ndecides secret\npassed secret/..1\n"
		"decides secret/..1\nend secret/..1/tls.crt\n",
		"Kubernetes'");
	check_hops("absolute/cert.pem",
		"passed .\ndecides .\npassed .\npassed live\ndecides live\npassed archive\n"
		"decides archive\nend archive/cert1.pem\n",
		"an absolute link in the middle");
	check_hops("slash/file", "passed .\ndecides .\npassed dir\ndecides dir\nend dir/file\n",
		"a link that ends in a slash");
	check_hops("gone/file", "passed .\ndecides .\n", "what is missing in the middle");
	check_hops("dir/gone", "passed .\npassed dir\ndecides dir\n", "what is missing at the end");
	check_hops("dir/file/x",
		"passed .\npassed dir\npassed dir/file\ndecides dir/file\ndecides dir\n",
		"a file where a directory should be");
	buffer_clear(&seen);
	watch_hops(at("a"), note, NULL);
	CHECK(strstr(buffer_text(&seen), "end") == NULL &&
			strstr(buffer_text(&seen), "decides .\n") != NULL,
		"links in a circle end");
	buffer_clear(&seen);
	watch_hops("relative", note, NULL);
	watch_hops("", note, NULL);
	CHECK(seen.len == 0, "only absolute paths are followed");
	buffer_free(&seen);
}

static void
long_paths(void)
{
	static char path[PATH_MAX + 100];
	char step[NAME_MAX + 3];

	buffer_clear(&seen);
	memset(path, '/', sizeof(path) - 1);
	watch_hops(path, note, NULL);
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	watch_hops(path, note, NULL);
	path[PATH_MAX - 1] = '\0';
	watch_hops(path, note, NULL);
	memset(step, 'y', sizeof(step) - 1);
	step[sizeof(step) - 1] = '\0';
	watch_hops(at(step), note, NULL);
	CHECK(true, "paths that are too long are passed over");
	/* each link doubles what is still to be followed */
	for (int i = 0; i < 12; i++) {
		char link[24], target[48];

		snprintf(link, sizeof(link), "double%d", i + 1);
		snprintf(target, sizeof(target), "double%d/double%d", i, i);
		turn(target, link);
	}
	watch_hops(at("double12"), note, NULL);
	CHECK(true, "and links that grow");
	buffer_free(&seen);
}

/* ---- events ---- */

static struct watch_set set;

static void
watch(const char *path)
{
	watch_set_begin(&set);
	watch_set_path(&set, path);
	watch_set_end(&set);
	(void)watch_set_drain(&set); /* what was taken out says so */
}

static bool
woken(void)
{
	struct pollfd ready = {.fd = set.fd, .events = POLLIN};

	return poll(&ready, 1, 0) == 1 && watch_set_drain(&set);
}

static void
events(void)
{
	watch_set_init(&set);
	watch(at("live/cert.pem"));
	CHECK(set.error == 0 && set.count > 2, "watches are set");
	CHECK(!woken(), "nothing happens");

	put("archive/cert2.pem", "2");
	(void)woken();
	CHECK(unlink(at("live/cert.pem")) == 0, "a link is taken away");
	turn("../archive/cert2.pem", "live/cert.pem");
	CHECK(woken(), "a link is turned");
	watch(at("live/cert.pem"));
	put("archive/cert2.pem", "3");
	CHECK(woken(), "its file is written to");
	watch(at("live/cert.pem"));
	CHECK(rename(at("archive"), at("archive.old")) == 0, "a directory of the way is moved");
	CHECK(woken(), "and that is seen");
	watch(at("live/cert.pem"));
	CHECK(rename(at("archive.old"), at("archive")) == 0, "it comes back");
	CHECK(woken(), "and that is seen, too");

	watch(at("secret/tls.crt"));
	make("secret/..2");
	put("secret/..2/tls.crt", "2");
	(void)woken();
	turn("..2", "secret/..data_tmp");
	CHECK(rename(at("secret/..data_tmp"), at("secret/..data")) == 0 && woken(),
		"..data is turned");
	watch(at("secret/tls.crt"));
	put("secret/..1/tls.crt", "nobody reads it");
	CHECK(!woken(), "what is no longer on the way wakes nobody");

	watch(at("not/yet/there"));
	make("not");
	CHECK(woken(), "the first step of what is missing comes");
	watch(at("not/yet/there"));
	make("not/yet");
	CHECK(woken(), "and the second");

	watch(at("dir/file"));
	put("beside", "");
	CHECK(!woken(), "a directory that is only passed is quiet");
	watch_set_begin(&set);
	watch_set_end(&set);
	CHECK(set.count == 0, "nothing is wanted any more");
	close(set.fd);
}

int
main(void)
{
	char command[64];

	CHECK(mkdtemp(top) != NULL, "a directory");
	list_comes_back();
	rows_that_are_left_out();
	damaged_lists();
	whose_list();
	hops();
	long_paths();
	events();
	snprintf(command, sizeof(command), "rm -r %s", top);
	CHECK(system(command) == 0, "nothing is left");
	DONE();
}
