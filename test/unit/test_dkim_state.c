/* test_dkim_state.c - what is remembered of a domain's keys, and texts that only look like it */
#include "unit.h"

#include <stdlib.h>

#include "plan/dkim_state.h"

#define KEY "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"
#define HEAD "mailinit-dkim 1\ndomain example.com\nconfigured default\n"
#define GOOD HEAD "active default 100 made\n"

static int
reads(struct arena *arena, const char *text, size_t len, struct dkim_state *state)
{
	const char *why = NULL;
	/* a copy that ends where the text does */
	char *copy = malloc(len != 0 ? len : 1);
	int result;

	memcpy(copy, text, len);
	result = dkim_state_read(arena, "example.com", copy, len, state, &why);
	free(copy);
	CHECK((result == 0) == (why == NULL), "a reason if, and only if, it is refused: %s",
		why != NULL ? why : "taken");
	return result;
}

static void
test_round(struct arena *arena)
{
	struct dkim_state state = {
		.domain = "example.com",
		.configured = "default",
		.active = "default-20261129",
		.since = 1795910400,
		.made = true,
		.pem = KEY,
		.next = "s3",
		.next_since = 1795910401,
		.next_seen = 1795910402,
	};
	const struct dkim_old old = {"default", "MIIB+/==", 1796774400, true};
	struct dkim_state again;
	struct buffer text = {0}, twice = {0};

	dkim_state_add_old(&state, &old);
	dkim_state_print(&state, &text);
	CHECK(reads(arena, text.data, text.len, &again) == 0, "what was written is read");
	dkim_state_print(&again, &twice);
	CHECK_TEXT(buffer_text(&twice), buffer_text(&text), "and is the same");
	CHECK_TEXT(again.pem, KEY, "the key too");
	CHECK(again.next_seen == 1795910402 && !again.next_made && again.old[0].made,
		"times, and whose keys they are");
	buffer_free(&text);
	buffer_free(&twice);
}

static void
test_refused(struct arena *arena)
{
	static const char *const texts[] = {
		"",
		"\n",
		"garbage",
		KEY,
		"mailinit-dkim 2\n" GOOD KEY,
		GOOD, /* no key */
		"mailinit-dkim 1\ndomain example.org\nconfigured d\nactive d 1 made\n" KEY,
		"mailinit-dkim 1\nconfigured d\nactive d 1 made\n" KEY,
		HEAD KEY, /* nothing signs */
		"mailinit-dkim 1\ndomain example.com\nactive d 1 made\n" KEY,
		GOOD "active other 1 made\n" KEY,
		HEAD "active ../../etc/shadow 1 made\n" KEY,
		HEAD "active a.b 1 made\n" KEY,
		HEAD "active default -1 made\n" KEY,
		HEAD "active default 99999999999999999999 made\n" KEY,
		HEAD "active default 1\n" KEY,
		HEAD "active default 1 stolen\n" KEY,
		HEAD "active default 1 made x y\n" KEY,
		GOOD "next s 1 made\n" KEY,
		GOOD "next s 1 0 made\nnext t 1 0 made\n" KEY,
		GOOD "old s 1 made p=\"x\"\n" KEY,
		GOOD "old s 1 made\n" KEY,
		GOOD "new s\n" KEY,
		GOOD "\n" KEY,
	};
	char many[2048];
	struct dkim_state state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CHECK(reads(arena, texts[i], strlen(texts[i]), &state) != 0, "text %zu is refused",
			i);
	snprintf(many, sizeof(many), "%s", GOOD);
	for (int i = 0; i <= DKIM_OLD_MAX; i++)
		snprintf(
			many + strlen(many), sizeof(many) - strlen(many), "old s%d 1 made AA\n", i);
	strcat(many, KEY);
	CHECK(reads(arena, many, strlen(many), &state) != 0,
		"more old keys than there is room for");
	CHECK(reads(arena, GOOD "\0" KEY, sizeof(GOOD "\0" KEY) - 1, &state) != 0, "a NUL byte");
	/* every cut before the key begins */
	for (size_t len = 0; len < strlen(GOOD) + strlen("-----BEGIN "); len++)
		CHECK(reads(arena, GOOD KEY, len, &state) != 0, "the first %zu bytes", len);
	CHECK(reads(arena, GOOD KEY, strlen(GOOD KEY), &state) == 0, "the whole is taken");
}

static void
test_old(void)
{
	struct dkim_state state = {.active = "a"};
	char names[DKIM_OLD_MAX + 2][16];

	for (int i = 0; i < DKIM_OLD_MAX + 2; i++) {
		snprintf(names[i], sizeof(names[i]), "s%d", i);
		dkim_state_add_old(&state, &(struct dkim_old){.selector = names[i]});
	}
	CHECK(state.old_count == DKIM_OLD_MAX, "only so many old ones are kept");
	CHECK_TEXT(state.old[0].selector, "s2", "the oldest have made room");
	dkim_state_drop_old(&state, 1);
	CHECK_TEXT(state.old[1].selector, "s4", "one in the middle is dropped");
	dkim_state_drop_old(&state, state.old_count - 1);
	CHECK(state.old_count == DKIM_OLD_MAX - 2, "and the last one");
}

static void
test_selectors(struct arena *arena)
{
	static const char *const good[] = {"a", "default", "s-1", "20261129", "A1"};
	static const char *const bad[] = {"", "-", "a-", "-a", "a.b", "a_b", "a/b", "..", "a b",
		"\303\244", "0123456789012345678901234567890123456789012345678901234567890123"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		CHECK(dkim_is_selector(good[i]), "\"%s\" is a selector", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CHECK(!dkim_is_selector(bad[i]), "\"%s\" is none", bad[i]);
	CHECK_TEXT(dkim_date(arena, 1795910400), "2026-11-29", "a date");
	CHECK_TEXT(
		dkim_date(arena, 999999999999999999), "a time far away", "a date beyond all years");
	CHECK_TEXT(dkim_key_path(arena, NULL, "example.com", "s"),
		"/var/lib/mailinit/dkim/example.com/s.private", "where a key lies by default");
}

int
main(void)
{
	struct arena arena;

	arena_init(&arena);
	test_round(&arena);
	test_refused(&arena);
	test_old();
	test_selectors(&arena);
	arena_free(&arena);
	DONE();
}
