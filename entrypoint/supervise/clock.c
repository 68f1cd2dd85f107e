/* clock.c - the two clocks, and the one way in which we write a time */
#include "supervise/clock.h"

#include <string.h>
#include <time.h>

#define CLOCK_DAY_SECONDS 86400
#define CLOCK_LAST_SECOND INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static int64_t
clock_read(clockid_t id)
{
	struct timespec now;

	/* Neither clock can fail on Linux with these ids. */
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_monotonic(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

int64_t
clock_wall(void)
{
	return clock_read(CLOCK_REALTIME);
}

static char *
put_digits(char *at, unsigned number, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		at[i] = (char)('0' + number % 10);
		number /= 10;
	}
	return at + digits;
}

/*
 * Days since 1970 as a date. The year is counted from March, so that the leap
 * day is its last one; an era is the 400 years after which all repeats.
 */
static char *
put_date(char *at, int64_t days)
{
	int64_t since_march_0 = days + 719468;
	int64_t era = since_march_0 / 146097;
	unsigned day = (unsigned)(since_march_0 - era * 146097);
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned month;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += (unsigned)era * 400 + (month >= 10);
	month = month < 10 ? month + 3 : month - 9;
	at = put_digits(at, year, 4);
	*at++ = '-';
	at = put_digits(at, month, 2);
	*at++ = '-';
	return put_digits(at, day + 1, 2);
}

static char *
put_seconds(char *at, int64_t seconds)
{
	unsigned rest = (unsigned)(seconds % CLOCK_DAY_SECONDS);

	at = put_date(at, seconds / CLOCK_DAY_SECONDS);
	*at++ = 'T';
	at = put_digits(at, rest / 3600, 2);
	*at++ = ':';
	at = put_digits(at, rest / 60 % 60, 2);
	*at++ = ':';
	return put_digits(at, rest % 60, 2);
}

static int64_t
within_range(int64_t wall_ms)
{
	if (wall_ms < 0)
		return 0;
	if (wall_ms / 1000 > CLOCK_LAST_SECOND)
		return CLOCK_LAST_SECOND * 1000;
	return wall_ms;
}

char *
clock_text(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
	int64_t ms = within_range(wall_ms);
	char *at = put_seconds(text, ms / 1000);

	*at++ = '.';
	at = put_digits(at, (unsigned)(ms % 1000), 3);
	memcpy(at, "Z", 2);
	return text;
}

char *
clock_text_seconds(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
	char *at = put_seconds(text, within_range(wall_ms) / 1000);

	memcpy(at, "Z", 2);
	return text;
}
