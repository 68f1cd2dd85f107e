/* test_difference.c - the changes between two texts, against what they must add up to */
#include "unit.h"

#include "base/difference.h"

#include <stdlib.h>
#include <string.h>

static struct lines
cut(struct arena *arena, const char *text)
{
	return lines_cut(arena, text, strlen(text));
}

/* replay - NEW as it comes of OLD and the ranges; how many lines come or go, or -1 */
static long
replay(const struct lines *old, const struct lines *new, const struct difference *ranges,
	size_t count)
{
	size_t x = 0, y = 0;
	long edits = 0;

	for (size_t i = 0; i <= count; i++) {
		size_t until = i < count ? ranges[i].old_from : old->count;

		for (; x < until; x++, y++)
			if (y >= new->count || !lines_equal(old, x, new, y))
				return -1;
		if (i == count)
			break;
		if (y != ranges[i].new_from || ranges[i].old_to > old->count ||
			ranges[i].new_to > new->count)
			return -1;
		edits += (long)(ranges[i].old_to - x) + (long)(ranges[i].new_to - y);
		x = ranges[i].old_to;
		y = ranges[i].new_to;
	}
	return y == new->count ? edits : -1;
}

static long
edits_of(const char *before, const char *after, size_t *count)
{
	struct arena arena;
	struct lines old, new;
	struct difference *ranges;
	long edits;

	arena_init(&arena);
	old = cut(&arena, before);
	new = cut(&arena, after);
	*count = difference_find(&arena, &old, &new, &ranges);
	edits = replay(&old, &new, ranges, *count);
	arena_free(&arena);
	return edits;
}

/* longest_common - the textbook's table: what the shortest list of changes leaves */
static long
longest_common(const char *a, const char *b)
{
	long table[32][32] = {{0}};
	size_t n = strlen(a) / 2, m = strlen(b) / 2;

	for (size_t i = n; i-- > 0;)
		for (size_t j = m; j-- > 0;)
			table[i][j] = a[2 * i] == b[2 * j]          ? table[i + 1][j + 1] + 1
				: table[i + 1][j] > table[i][j + 1] ? table[i + 1][j]
								    : table[i][j + 1];
	return table[0][0];
}

/* random_text - up to 20 lines of three kinds */
static void
random_text(unsigned *seed, char *text)
{
	size_t len = (size_t)(rand_r(seed) % 21);

	for (size_t i = 0; i < len; i++) {
		text[2 * i] = (char)('a' + rand_r(seed) % 3);
		text[2 * i + 1] = '\n';
	}
	text[2 * len] = '\0';
}

static void
test_shortest(void)
{
	unsigned seed = 1;
	long wrong = 0;

	for (int i = 0; i < 2000; i++) {
		char a[64], b[64];
		size_t count;
		long edits;

		random_text(&seed, a);
		random_text(&seed, b);
		edits = edits_of(a, b, &count);
		wrong += edits != (long)(strlen(a) / 2 + strlen(b) / 2) - 2 * longest_common(a, b);
	}
	CHECK(wrong == 0,
		"2000 random texts: the changes lead from one to the other, the "
		"shortest way");
}

/* two texts without one line in common, or far apart, are still told right */
static void
test_far_apart(void)
{
	struct buffer old = {0}, new = {0};
	size_t count;

	for (int i = 0; i < 2000; i++) {
		buffer_printf(&old, "%d\n", i);
		buffer_printf(&new, "%s%d\n", i % 2 == 0 ? "" : "x", i);
	}
	CHECK(edits_of(old.data, new.data, &count) == 3998,
		"more edits than are looked for: all between head and tail goes and comes");
	CHECK(count == 1, "as one range");
	buffer_puts(&old, "end\n");
	CHECK(edits_of("", new.data, &count) == 2000, "all lines are new");
	CHECK(edits_of(old.data, "", &count) == 2001, "all lines go");
	buffer_free(&old);
	buffer_free(&new);
}

int
main(void)
{
	size_t count;

	CHECK(edits_of("a\nb\nc\n", "a\nb\nc\n", &count) == 0, "nothing differs");
	CHECK(count == 0, "so there is no range");
	CHECK(edits_of("a\nb\nc\n", "a\nx\nc\n", &count) == 2, "one line is another");
	CHECK(count == 1, "which is one range");
	CHECK(edits_of("a\nb\nc\nd\ne\n", "x\nb\nc\nd\ny\n", &count) == 4, "both ends differ");
	CHECK(count == 2, "which are two ranges");
	CHECK(edits_of("", "", &count) == 0, "nothing at all");
	test_shortest();
	test_far_apart();
	DONE();
}
