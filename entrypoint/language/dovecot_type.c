/* dovecot_type.c - values of Dovecot's settings, as their types have it */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "language/dovecot_setting.h"

/* read_number - the digits at *AT, which moves behind them. Returns 0, or -1 if there is none. */
static int
read_number(const char **at, unsigned long long *number)
{
	char *end;

	if (!isdigit((unsigned char)**at))
		return -1; /* strtoull would take blanks and signs */
	errno = 0;
	*number = strtoull(*at, &end, 10);
	if (errno != 0)
		return -1;
	*at = end;
	while (**at == ' ')
		(*at)++;
	return 0;
}

/* is_unlimited - a word of 2.4 for any number without end */
static bool
is_unlimited(bool is_2_3, const char *value)
{
	return !is_2_3 && (strcmp(value, "unlimited") == 0 || strcmp(value, "infinite") == 0);
}

static bool
begins_word(const char *text, const char *word)
{
	size_t len = strlen(text);

	return len <= strlen(word) && strncasecmp(word, text, len) == 0;
}

/* unit_seconds - how many seconds UNIT stands for, 0 for one that is none; MS: milliseconds */
static unsigned
unit_seconds(const char *unit, bool *ms)
{
	static const struct {
		const char *word;
		unsigned seconds;
	} units[] = {{"secs", 1}, {"seconds", 1}, {"mins", 60}, {"minutes", 60}, {"hours", 3600},
		{"days", 86400}, {"weeks", 604800}};
	static const char *const milliseconds[] = {
		"msecs", "mseconds", "millisecs", "milliseconds"};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (begins_word(unit, units[i].word))
			return units[i].seconds;
	for (size_t i = 0; i < sizeof(milliseconds) / sizeof(milliseconds[0]); i++)
		if (begins_word(unit, milliseconds[i]))
			return *ms = true, 1;
	return 0;
}

static const char *
time_mistake(const char *value, bool finer)
{
	unsigned long long number, most = UINT_MAX;
	unsigned seconds = 1;
	bool ms = false;

	if (read_number(&value, &number) != 0)
		return "is no time: a time is a number and a unit, as in 30s, 5 mins or 1 hour";
	if (*value == '\0')
		return number == 0 ? NULL : "is a time without its unit: write 30s, not 30";
	seconds = unit_seconds(value, &ms);
	if (seconds == 0)
		return "is no time: units are s, mins, hours, days, weeks and ms";
	if (ms && !finer && number % 1000 != 0)
		return "is a time in milliseconds, but only whole seconds count here";
	if (finer && !ms)
		most /= 1000;
	return number > most / seconds ? "is a time that is too long" : NULL;
}

static const char *
size_mistake(const char *value)
{
	static const char wrong[] = "is no size: a size is a number and B, K, M, G or T, as in 50M";
	static const char units[] = "BKMGT";
	unsigned long long number;
	const char *unit;

	if (read_number(&value, &number) != 0)
		return wrong;
	if (*value == '\0')
		return NULL;
	unit = strchr(units, toupper((unsigned char)*value));
	if (unit == NULL)
		return wrong;
	value++;
	if (unit != units) {
		value += *value == 'i' || *value == 'I';
		value += *value == 'b' || *value == 'B';
	}
	if (*value != '\0')
		return wrong;
	return number > ULLONG_MAX >> (10 * (unit - units)) ? "is a size that is too large" : NULL;
}

static const char *
number_mistake(const char *value, unsigned long long most)
{
	unsigned long long number;
	size_t len = strlen(value);

	if (read_number(&value, &number) != 0 || *value != '\0' || (len > 0 && value[-1] == ' '))
		return "is no number: digits alone make one, without a unit";
	return number > most ? "is a number that is too large" : NULL;
}

static const char *
octal_mistake(const char *value)
{
	if (*value != '0')
		return number_mistake(value, UINT_MAX);
	return value[strspn(value, "01234567")] == '\0'
		? NULL
		: "is no number in octal, as in 0660: digits from 0 to 7 make one";
}

static const char *
bool_mistake(const char *value)
{
	if (strcasecmp(value, "yes") == 0 || strcasecmp(value, "y") == 0 ||
		strcmp(value, "1") == 0 || strcasecmp(value, "no") == 0)
		return NULL;
	return "is neither yes nor no, the two words that Dovecot takes here";
}

static const char *
choice_mistake(struct arena *arena, const char *choices, const char *value)
{
	size_t len = strlen(value);
	char *words, *colon;

	for (const char *at = choices; *at != '\0';) {
		size_t word = strcspn(at, ":");

		if (word == len && strncmp(at, value, len) == 0)
			return NULL;
		at += word + (at[word] == ':');
	}
	words = arena_strdup(arena, choices);
	while ((colon = strchr(words, ':')) != NULL)
		*colon = ' ';
	return arena_printf(arena, "is none of: %s", words);
}

const char *
dovecot_value_mistake(
	struct arena *arena, const struct dovecot_setting *setting, bool is_2_3, const char *value)
{
	bool unlimited = is_unlimited(is_2_3, value);

	if (!is_2_3 && strstr(value, "%{") != NULL)
		return NULL;
	switch (setting->type) {
	case DOVECOT_BOOL:
		return bool_mistake(value);
	case DOVECOT_UNSIGNED:
		return unlimited ? NULL : number_mistake(value, UINT_MAX);
	case DOVECOT_OCTAL:
		return unlimited ? NULL : octal_mistake(value);
	case DOVECOT_TIME:
	case DOVECOT_TIME_MS:
		return unlimited ? NULL : time_mistake(value, setting->type == DOVECOT_TIME_MS);
	case DOVECOT_SIZE:
		return unlimited ? NULL : size_mistake(value);
	case DOVECOT_PORT:
		return number_mistake(value, UINT16_MAX);
	case DOVECOT_CHOICE:
		return choice_mistake(arena, setting->choices, value);
	default:
		return NULL;
	}
}
