/* syntax.c - numbers, sizes, times, choices; names stand in syntax_name.c */
#include "settings/syntax.h"

#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "settings/syntax_name.h"

struct unit {
	const char *name;
	long long factor;
};

static const struct unit sizes[] = {
	{"", 1}, {"K", 1024}, {"M", 1024 * 1024}, {"G", 1024LL * 1024 * 1024}};

static const struct unit times[] = {
	{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}};

static const struct unit ones[] = {{"", 1}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* read_number - decimal digits and a unit: -1 when TEXT is none or too large to count */
static long long
read_number(const char *text, const struct unit *units, size_t count)
{
	long long number = 0;
	const char *c = text;

	for (; *c >= '0' && *c <= '9'; c++) {
		if (number > (LLONG_MAX - 9) / 10)
			return -1;
		number = number * 10 + (*c - '0');
	}
	if (c == text)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(c, units[i].name) == 0)
			return number > LLONG_MAX / units[i].factor ? -1 : number * units[i].factor;
	return -1;
}

static const char *
read_bounded(struct arena *arena, const struct schema_row *row, long long number, const char **why)
{
	if (row->max == 0 || (number >= row->min && number <= row->max))
		return arena_printf(arena, "%lld", number);
	if (row->type == SCHEMA_TIME)
		*why = arena_printf(
			arena, "is out of range: %lldms to %llds", row->min, row->max / 1000);
	else
		*why = arena_printf(arena, "is out of range: %lld to %lld", row->min, row->max);
	return NULL;
}

static const char *
read_integer(struct arena *arena, const struct schema_row *row, const char *text, const char **why)
{
	long long number = read_number(text, ones, COUNT(ones));

	*why = "is no whole number: digits only, as in 1000";
	return number < 0 ? NULL : read_bounded(arena, row, number, why);
}

static const char *
read_size(struct arena *arena, const struct schema_row *row, const char *text, const char **why)
{
	long long number = read_number(text, sizes, COUNT(sizes));

	*why = "is no size: a whole number, perhaps with K, M or G behind it, as in 50M";
	return number < 0 ? NULL : read_bounded(arena, row, number, why);
}

/* read_ms - a time in milliseconds, or -1; 0 needs no unit */
static long long
read_ms(const char *text)
{
	return strcmp(text, "0") == 0 ? 0 : read_number(text, times, COUNT(times));
}

static const char *
read_time(struct arena *arena, const struct schema_row *row, const char *text, const char **why)
{
	long long number = read_ms(text);

	*why = "is no time: a whole number with ms, s, m, h or d behind it, as in 30s";
	return number < 0 ? NULL : read_bounded(arena, row, number, why);
}

/* read_rate - "8 in 2m" */
static const char *
read_rate(struct arena *arena, const struct schema_row *row, const char *text, const char **why)
{
	size_t first = strcspn(text, " "), gap;
	long long count, window;
	const char *rest;

	*why = "is no rate: a count, \"in\" and a time, as in 8 in 2m";
	gap = strspn(text + first, " ");
	rest = text + first + gap;
	if (gap == 0 || strncasecmp(rest, "in ", 3) != 0)
		return NULL;
	count = read_number(arena_strndup(arena, text, first), ones, COUNT(ones));
	window = read_ms(rest + 3 + strspn(rest + 3, " "));
	if (count < 1 || count > 1000000 || window < 1)
		return NULL;
	if (window > row->max) {
		*why = "is out of range: the time may be a day at most";
		return NULL;
	}
	return arena_printf(arena, "%lld in %lld", count, window);
}

static const char *
read_bool(const char *text, const char **why)
{
	static const char *const words[] = {"yes", "true", "on", "no", "false", "off"};

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcasecmp(text, words[i]) == 0)
			return i < 3 ? "yes" : "no";
	*why = "is neither yes nor no";
	return NULL;
}

#define CHOICES_MAX 16

/* near_choice - the word of CHOICES that TEXT is a misspelling of, or NULL */
static const char *
near_choice(struct arena *arena, const char *choices, const char *text)
{
	const char *words[CHOICES_MAX];
	size_t count = 0;

	for (const char *at = choices; *at != '\0' && count < CHOICES_MAX;) {
		size_t word = strcspn(at, " ");

		words[count++] = arena_strndup(arena, at, word);
		at += word + (at[word] == ' ');
	}
	return text_nearest(text, words, count);
}

static const char *
read_choice(struct arena *arena, const struct schema_row *row, const char *text, const char **why)
{
	size_t len = strlen(text);
	const char *near;

	for (const char *at = row->choices; *at != '\0';) {
		size_t word = strcspn(at, " ");

		if (word == len && strncasecmp(at, text, len) == 0)
			return arena_strndup(arena, at, word);
		at += word + (at[word] == ' ');
	}
	near = near_choice(arena, row->choices, text);
	*why = arena_printf(arena, "is none of: %s%s%s%s", row->choices,
		near != NULL ? "; did you mean " : "", near != NULL ? near : "",
		near != NULL ? "?" : "");
	return NULL;
}

static const char *
read_path(const char *text, const char **why)
{
	if (text[0] == '/')
		return text;
	*why = "is no absolute path: it must start with /";
	return NULL;
}

const char *
syntax_read(struct arena *arena, const struct schema_row *row, const char *text, const char **why)
{
	switch (row->type) {
	case SCHEMA_TEXT:
	case SCHEMA_LINES:
		return text;
	case SCHEMA_BOOL:
		return read_bool(text, why);
	case SCHEMA_CHOICE:
		return read_choice(arena, row, text, why);
	case SCHEMA_INTEGER:
		return read_integer(arena, row, text, why);
	case SCHEMA_SIZE:
		return read_size(arena, row, text, why);
	case SCHEMA_TIME:
		return read_time(arena, row, text, why);
	case SCHEMA_RATE:
		return read_rate(arena, row, text, why);
	case SCHEMA_PATH:
		return read_path(text, why);
	case SCHEMA_FULL_NAME:
	case SCHEMA_DOMAIN:
	case SCHEMA_NETWORK:
	case SCHEMA_IP:
	case SCHEMA_ADDRESS:
	case SCHEMA_HOST_PORT:
	case SCHEMA_ENDPOINT:
	case SCHEMA_LISTEN:
	case SCHEMA_LABEL:
		return syntax_read_name(arena, row, text, why);
	}
	return NULL;
}
