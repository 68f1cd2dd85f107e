/* expression_compare.c - comparisons in ${{a} == {b} ? …} */
#include "language/expression_compare.h"

#include <stdlib.h>
#include <string.h>

#define SIGNS "<>!=?+-*/~&|%" /* Postfix takes all of these for one operator */
#define LEVEL "level"
#define LEVEL_PART_MAX 1023 /* of minor and patch; more is an error */
#define DIGITS "0123456789"

static bool
is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

size_t
comparison_take(struct comparison *comparison, const char *text, size_t len)
{
	static const struct {
		const char *sign;
		struct comparison comparison;
	} signs[] = {
		{"==", {false, true, false, false}},
		{"!=", {true, false, true, false}},
		{"<", {true, false, false, false}},
		{"<=", {true, true, false, false}},
		{">=", {false, true, true, false}},
		{">", {false, false, true, false}},
	};
	size_t end = 0, sign;

	while (end < len && text[end] != '\0' && strchr(SIGNS, text[end]) != NULL)
		end++;
	sign = end;
	while (end < len && is_alnum(text[end]))
		end++;
	if (end != sign &&
		(end - sign != strlen(LEVEL) || strncmp(text + sign, LEVEL, end - sign) != 0))
		return 0;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strlen(signs[i].sign) == sign && strncmp(signs[i].sign, text, sign) == 0) {
			*comparison = signs[i].comparison;
			comparison->level = end != sign;
			return end;
		}
	return 0;
}

/* level_part - a number of a level at *TEXT, which moves behind it; -1 when there is none */
static long
level_part(const char **text)
{
	size_t digits = strspn(*text, DIGITS);
	long part;

	if (digits == 0 || digits > 4)
		return -1;
	part = strtol(*text, NULL, 10);
	*text += digits;
	return part <= LEVEL_PART_MAX ? part : -1;
}

/* level_number - "3.6" as one number that sorts; -1 when it is no level */
static long
level_number(const char *text)
{
	long number = 0;

	for (int i = 0; i < 3; i++) {
		long part = level_part(&text);

		if (part < 0)
			return -1;
		number += part << (10 * (2 - i));
		if (*text == '\0')
			return number;
		if (*text++ != '.')
			return -1;
	}
	return -1;
}

static bool
all_digits(const char *text)
{
	return text[0] != '\0' && text[strspn(text, DIGITS)] == '\0';
}

/* by_number - of digits without bound: the longer one is larger, less its zeros */
static int
by_number(const char *left, const char *right)
{
	size_t left_len, right_len;

	left += strspn(left, "0");
	right += strspn(right, "0");
	left_len = strlen(left);
	right_len = strlen(right);
	if (left_len != right_len)
		return left_len < right_len ? -1 : 1;
	return strcmp(left, right);
}

int
comparison_decide(const struct comparison *comparison, const char *left, const char *right)
{
	int order;

	if (comparison->level) {
		long left_level = level_number(left), right_level = level_number(right);

		if (left_level < 0 || right_level < 0)
			return -1;
		order = (left_level > right_level) - (left_level < right_level);
	} else if (all_digits(left) && all_digits(right)) {
		order = by_number(left, right);
	} else {
		order = strcmp(left, right);
	}
	return order < 0 ? comparison->less : order > 0 ? comparison->greater : comparison->equal;
}
