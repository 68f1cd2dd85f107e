#ifndef UNIT_H
#define UNIT_H

/*
 * The whole unit test library: each C file of test/unit is a program of its own that
 * speaks TAP. CHECK counts and says what it wanted; DONE ends main.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int unit_count, unit_failed;

#define CHECK(condition, ...) \
	do { \
		bool unit_ok_ = (condition); \
		unit_count++; \
		unit_failed += !unit_ok_; \
		printf("%sok %d - ", unit_ok_ ? "" : "not ", unit_count); \
		printf(__VA_ARGS__); \
		printf("\n"); \
		if (!unit_ok_) \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition); \
	} while (0)

#define CHECK_TEXT(got, want, ...) \
	do { \
		const char *unit_got_ = (got), *unit_want_ = (want); \
		CHECK(strcmp(unit_got_, unit_want_) == 0, __VA_ARGS__); \
		if (strcmp(unit_got_, unit_want_) != 0) \
			printf("# want \"%s\"\n# got  \"%s\"\n", unit_want_, unit_got_); \
	} while (0)

#define DONE() \
	do { \
		printf("1..%d\n", unit_count); \
		return unit_failed != 0; \
	} while (0)

#endif
