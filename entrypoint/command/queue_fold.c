/* queue_fold.c - what differs from message to message is left out, and the rest is counted */
#include "command/queue_fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define FOLD_ID_BYTES 6 /* letters and digits, so many in one word, are an id */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t
digits(const char *text)
{
	size_t len = 0;

	while (is_digit(text[len]))
		len++;
	return len;
}

/* The length of "4.7.1" at TEXT, or 0. */
static size_t
enhanced_code(const char *text)
{
	size_t second, third;

	if ((*text != '2' && *text != '4' && *text != '5') || text[1] != '.')
		return 0;
	second = digits(text + 2);
	if (second == 0 || second > 3 || text[2 + second] != '.')
		return 0;
	third = digits(text + 3 + second);
	if (third == 0 || third > 3 || is_word(text[3 + second + third]) ||
		text[3 + second + third] == '.')
		return 0;
	return 3 + second + third;
}

/* The length of "451" or "451-" at TEXT, or 0. A number within a sentence is none. */
static size_t
reply_code(const char *reason, const char *text)
{
	static const char before[] = "said: ";
	size_t len = sizeof(before) - 1;

	if (*text < '2' || *text > '5' || digits(text) != 3 ||
		(text[3] != ' ' && text[3] != '-' && text[3] != '\0'))
		return 0;
	if (text == reason ||
		((size_t)(text - reason) >= len && memcmp(text - len, before, len) == 0))
		return 3;
	return 0;
}

/* The length of "[192.0.2.1]" or "[2001:db8::1]" at TEXT, or 0. */
static size_t
bracketed_address(const char *text)
{
	size_t len = *text == '[' ? 1 + strspn(text + 1, "0123456789abcdefABCDEF.:") : 0;

	return len > 1 && text[len] == ']' ? len + 1 : 0;
}

/* The length of a mail address's part before its @, when TEXT is its beginning, or 0. */
static size_t
local_part(const char *text)
{
	size_t len = strcspn(text, "@<>()[]\", ;:");

	return len > 0 && text[len] == '@' ? len : 0;
}

/* A word: plain, an id, or with numbers in it. Returns its length. */
static size_t
fold_word(const char *text, struct buffer *out)
{
	size_t len = 0, numbers = 0;

	for (; is_word(text[len]); len++)
		numbers += is_digit(text[len]);
	if (numbers == 0) {
		buffer_append(out, text, len);
	} else if (numbers == len || len >= FOLD_ID_BYTES) {
		buffer_putc(out, '#');
	} else {
		for (size_t i = 0; i < len; i++)
			if (!is_digit(text[i]))
				buffer_putc(out, text[i]);
			else if (i == 0 || !is_digit(text[i - 1]))
				buffer_putc(out, '#');
	}
	return len;
}

static size_t
fold_one(const char *reason, const char *at, struct buffer *out)
{
	size_t len = enhanced_code(at);

	if (len == 0)
		len = reply_code(reason, at);
	if (len > 0) {
		buffer_append(out, at, len);
		return len;
	}
	len = bracketed_address(at);
	if (len > 0) {
		buffer_puts(out, "[#]");
		return len;
	}
	len = local_part(at);
	if (len > 0) {
		buffer_putc(out, '*');
		return len;
	}
	return fold_word(at, out);
}

void
queue_fold(const char *reason, struct buffer *out)
{
	static const char suspended[] = "delivery temporarily suspended: ";
	const char *at;

	/* qmgr(8) puts this before the cause when it tries nobody else there for a while. */
	if (strncmp(reason, suspended, sizeof(suspended) - 1) == 0)
		reason += sizeof(suspended) - 1;
	at = reason;
	while (*at != '\0') {
		/* Codes, addresses and words begin where no word goes on. */
		bool begins = at == reason || !is_word(at[-1]) || !is_word(*at);
		size_t len = begins ? fold_one(reason, at, out) : 0;

		if (len == 0)
			buffer_putc(out, *at++);
		else
			at += len;
	}
}

/* FNV-1a. Texts that were made to meet in one slot cost TALLY_MAX comparisons at most. */
static uint32_t
hash(const char *text)
{
	uint32_t value = 2166136261u;

	for (; *text != '\0'; text++)
		value = (value ^ (unsigned char)*text) * 16777619u;
	return value;
}

static uint32_t *
slot_of(const struct tally *tally, const char *text)
{
	size_t at = hash(text) & (tally->slot_count - 1);

	while (tally->slots[at] != 0 &&
		strcmp(tally->entries[tally->slots[at] - 1].text, text) != 0)
		at = (at + 1) & (tally->slot_count - 1);
	return &tally->slots[at];
}

/* Room for one more, with half of the slots free. */
static void
make_room(struct tally *tally)
{
	if (tally->count < tally->size)
		return;
	tally->size = tally->size == 0 ? 64 : 2 * tally->size;
	tally->entries = arena_grow(tally->arena, tally->entries,
		tally->count * sizeof(tally->entries[0]), tally->size * sizeof(tally->entries[0]));
	tally->slot_count = 2 * tally->size;
	tally->slots = arena_alloc(tally->arena, tally->slot_count * sizeof(tally->slots[0]));
	for (size_t i = 0; i < tally->count; i++)
		*slot_of(tally, tally->entries[i].text) = (uint32_t)(i + 1);
}

void
tally_add(struct tally *tally, const char *text)
{
	uint32_t *slot;

	make_room(tally);
	slot = slot_of(tally, text);
	if (*slot == 0 && tally->count == TALLY_MAX) {
		tally->rest++;
		return;
	}
	if (*slot == 0) {
		tally->entries[tally->count].text = arena_strdup(tally->arena, text);
		*slot = (uint32_t)++tally->count;
	}
	tally->entries[*slot - 1].count++;
}

static int
more_often(const void *left, const void *right)
{
	const struct tally_entry *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->text, b->text);
}

void
tally_sort(struct tally *tally)
{
	if (tally->count > 0)
		qsort(tally->entries, tally->count, sizeof(tally->entries[0]), more_often);
}
