#ifndef LANGUAGE_EXPRESSION_COMPARE_H
#define LANGUAGE_EXPRESSION_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The comparisons of language/expression.h: numbers when both sides are all
 * digits, else bytes; with the suffix "level" compatibility levels of up to three
 * numbers (compat_level.c in Postfix's sources, since 3.6).
 */
struct comparison {
	bool less, equal, greater; /* which outcomes of a comparison make it true */
	bool level;
};

/* Reads an operator from TEXT. Returns its length with the suffix, or 0 when it is none. */
size_t comparison_take(struct comparison *comparison, const char *text, size_t len);

/* Returns 1, 0, or -1 when a side is no compatibility level where one is needed. */
int comparison_decide(const struct comparison *comparison, const char *left, const char *right);

#endif
