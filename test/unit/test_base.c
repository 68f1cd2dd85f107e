/* test_base.c - the tree of values, texts, files */
#include "unit.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/finding.h"
#include "base/node.h"
#include "base/text.h"

static void
test_node(struct arena *arena)
{
	struct node *root = node_new(arena, NODE_MAP, NULL);
	struct origin first = {.kind = ORIGIN_YAML, .file = "a.yaml", .line = 3, .column = 5};
	char key[32], origin[64];

	node_set_path(arena, root, "tls.certificate", node_scalar(arena, "/tls/a.pem", &first));
	node_set_path(arena, root, "tls.key", node_scalar(arena, "/tls/a.key", &first));
	CHECK_TEXT(
		node_text(root, "tls.key", "none"), "/tls/a.key", "a dotted path finds its value");
	CHECK_TEXT(node_text(root, "tls.names", "none"), "none",
		"an absent path gives the other value");
	CHECK_TEXT(node_text(root, "tls", "none"), "none", "a map is no text");
	CHECK(node_at(root, "tls.key.more") == NULL, "a scalar has nothing below it");
	CHECK_TEXT(origin_text(&node_at(root, "tls.key")->origin, origin, sizeof(origin)),
		"a.yaml:3:5", "a value knows its place");
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof(key), "key%d", i);
		node_set(arena, root, key, node_scalar(arena, key, NULL));
	}
	node_set(arena, root, "key17", node_scalar(arena, "again", NULL));
	CHECK_TEXT(node_text(root, "key17", ""), "again", "a key set twice has the second value");
	CHECK_TEXT(node_text(root, "key4999", ""), "key4999", "a large map finds its last key");
	CHECK(root->count == 5001, "and counts each key once");
	CHECK_TEXT(root->keys[1], "key0", "keys stay in the order in which they came");
	CHECK(node_find(root, "key5000") == -1, "a large map misses what it has not");
}

/* grown - whether an array keeps its numbers, and has zeros behind them, from FROM to TO elements */
static bool
grown(struct arena *arena, size_t from, size_t to)
{
	size_t *numbers = arena_alloc(arena, from * sizeof(*numbers));

	for (size_t i = 0; i < from; i++)
		numbers[i] = i;
	arena_strdup(arena, "something behind it");
	numbers = arena_grow(arena, numbers, from * sizeof(*numbers), to * sizeof(*numbers));
	for (size_t i = 0; i < to; i++)
		if (numbers[i] != (i < from ? i : 0))
			return false;
	numbers[to - 1] = 1;
	return (uintptr_t)numbers % _Alignof(void *) == 0;
}

static void
test_arena(struct arena *arena)
{
	static const size_t sizes[] = {1, 3, 1000, 16384, 20000, 131072, 1000000};
	const size_t count = sizeof(sizes) / sizeof(sizes[0]);
	char *text = arena_strdup(arena, "odd"), *first, *second;

	for (size_t i = 0; i < count; i++)
		for (size_t j = i; j < count; j++)
			CHECK(grown(arena, sizes[i], sizes[j]), "%zu elements grow to %zu",
				sizes[i], sizes[j]);
	CHECK_TEXT(text, "odd", "what came before stays where it is");
	/* two large arrays that grow in turn, as the keys and the values of a map do */
	first = second = NULL;
	for (size_t size = 65536; size <= 8 * 1024 * 1024; size *= 2) {
		first = arena_grow(arena, first, first != NULL ? size / 2 : 0, size);
		second = arena_grow(arena, second, second != NULL ? size / 2 : 0, size);
		memset(first + size / 2, 'a', size / 2);
		memset(second + size / 2, 'b', size / 2);
	}
	CHECK(memchr(first + 32768, 'b', 8 * 1024 * 1024 - 32768) == NULL &&
			memchr(second + 32768, 'a', 8 * 1024 * 1024 - 32768) == NULL,
		"large arrays do not run into each other");
	text = arena_printf(arena, "%0300d", 7);
	CHECK(strlen(text) == 300 && text[299] == '7', "a long text is formatted whole");
}

static void
test_list(struct arena *arena)
{
	struct node *list = node_new(arena, NODE_LIST, NULL);
	struct node *map = node_new(arena, NODE_MAP, NULL);
	const char *key = arena_strdup(arena, "kept");
	bool same = true;

	for (int i = 0; i < 1000; i++)
		node_add(arena, list, node_scalar(arena, arena_printf(arena, "%d", i), NULL));
	for (int i = 0; i < 1000; i++)
		same = same && strtol(list->items[i]->text, NULL, 10) == i;
	CHECK(list->count == 1000 && same, "a list grows and keeps its order");
	node_keep_at(arena, map, key, NULL, list);
	CHECK(map->keys[0] == key && node_get(map, "kept") == list, "a key can be kept as it is");
}

static void
test_buffer(void)
{
	struct buffer buffer = {0};
	char want[1100];

	for (int i = 0; i < 300; i++)
		buffer_putc(&buffer, 'x');
	CHECK(buffer.len == 300 && strlen(buffer_text(&buffer)) == 300, "single bytes add up");
	buffer_printf(&buffer, "%01000d", 5);
	snprintf(want, sizeof(want), "%01000d", 5);
	CHECK(buffer.len == 1300 && strcmp(buffer.data + 300, want) == 0,
		"a text longer than the room is formatted whole");
	buffer_free(&buffer);
}

/* test_short - a name that was cut off is for its whole, though another one is nearer */
static void
test_short(void)
{
	static const char *const names[] = {"MAIL_TLS_KEY", "MAIL_TLS_CERTIFICATE",
		"MAIL_RELAY_HOST", "MAIL_RELAY_PASSWORD", "MAIL_RELAY_USERNAME", "aliases", "a"};
	static const struct {
		const char *name, *nearest;
	} cases[] = {
		{"MAIL_TLS_CERT", "MAIL_TLS_CERTIFICATE"},
		{"MAIL_RELAY_PASS", "MAIL_RELAY_PASSWORD"},
		{"MAIL_RELAY_USER", "MAIL_RELAY_USERNAME"},
		{"mail-relay-user", "MAIL_RELAY_USERNAME"},
		{"alias", "aliases"},
		{"MAIL_RELAY_HOTS", "MAIL_RELAY_HOST"},
		{"MAIL_RELAY", NULL},
		{"MAIL_R", NULL},
		{"c", NULL},
		{"A", "a"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *nearest =
			text_nearest(cases[i].name, names, sizeof(names) / sizeof(names[0]));

		CHECK_TEXT(nearest != NULL ? nearest : "(none)",
			cases[i].nearest != NULL ? cases[i].nearest : "(none)",
			"%s: what was meant", cases[i].name);
	}
}

static void
test_text(struct arena *arena)
{
	static const char *const names[] = {"MAIL_HOSTNAME", "MAIL_DOMAINS", "MAIL_ROLES"};

	CHECK_TEXT(text_nearest("MAIL_HOSTNAM", names, 3), "MAIL_HOSTNAME", "a letter is missing");
	CHECK_TEXT(
		text_nearest("MAIL_DOAMINS", names, 3), "MAIL_DOMAINS", "two letters are swapped");
	CHECK_TEXT(text_nearest("mail-hostname", names, 3), "MAIL_HOSTNAME",
		"case and dash are no error");
	CHECK(text_nearest("MAIL_SOMETHING_ELSE", names, 3) == NULL, "what is far is not guessed");
	CHECK(text_distance("abc", "abc") == 0, "the same name is at distance 0");
	CHECK_TEXT(text_trim(arena, " \t a b \r\n"), "a b", "blanks go at both ends alone");
	CHECK(text_ends("x_FILE", "_FILE") && !text_ends("FILE", "_FILE"), "a suffix is found");
}

static void
test_file(void)
{
	char directory[] = "/tmp/mailinit-unit-XXXXXX", path[64];
	struct buffer content = {0};
	FILE *out;

	CHECK(mkdtemp(directory) != NULL, "a directory for files");
	snprintf(path, sizeof(path), "%s/fifo", directory);
	CHECK(mkfifo(path, 0600) == 0 && file_read(path, 100, &content, NULL) == -1 &&
			errno == EINVAL,
		"a FIFO is refused, not waited for");
	unlink(path);
	CHECK(file_read(directory, 100, &content, NULL) == -1 && errno == EISDIR,
		"a directory is no file");
	CHECK(file_read("/dev/zero", 100, &content, NULL) == -1 && errno == EINVAL,
		"a device is no file");
	snprintf(path, sizeof(path), "%s/file", directory);
	out = fopen(path, "w");
	CHECK(out != NULL && fputs("0123456789", out) >= 0 && fclose(out) == 0,
		"a file of ten bytes");
	CHECK(file_read(path, 9, &content, NULL) == -1 && errno == EFBIG,
		"over the limit is refused");
	CHECK(file_read(path, 10, &content, NULL) == 0 && content.len == 10,
		"the limit itself is read");
	unlink(path);
	snprintf(path, sizeof(path), "%s/a/b", directory);
	CHECK(file_make_directories(path, 0700) == 0 && access(path, F_OK) == 0,
		"parents are made");
	CHECK(file_make_directories(path, 0755) == 0, "and made twice is no error");
	rmdir(path);
	snprintf(path, sizeof(path), "%s/a", directory);
	rmdir(path);
	CHECK(rmdir(directory) == 0, "nothing is left");
	buffer_free(&content);
}

static void
test_rules(void)
{
	for (size_t i = 0; i < rule_count(); i++) {
		const struct rule *rule = rule_at(i);

		CHECK(rule_find(rule->id) == rule, "rule %s has an id of its own", rule->id);
		CHECK(strspn(rule->id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(rule->id),
			"rule %s is spelt in kebab-case", rule->id);
		CHECK(rule->title[0] != '\0' && rule->effect[0] != '\0' && rule->help[0] != '\0',
			"rule %s says what, what then, and what to do", rule->id);
		CHECK(rule->incident[0] != '\0' && rule->reproduce[0] != '\0',
			"rule %s says what was seen, and how to see it", rule->id);
		CHECK(!rule->refuses || rule->severity == SEVERITY_ERROR,
			"rule %s refuses a start only as an error", rule->id);
	}
	/* a start, or a reload for another reason, is refused for nothing that time alone brings */
	CHECK(!rule_find("tls-expired")->refuses && !rule_find("tls-not-yet-valid")->refuses &&
			!rule_find("tls-expires-soon")->refuses,
		"dates refuse nothing");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	test_arena(&arena);
	test_node(&arena);
	test_list(&arena);
	test_buffer();
	test_short();
	test_text(&arena);
	test_file();
	test_rules();
	arena_free(&arena);
	DONE();
}
