/* dkim_state.c - what is remembered of a domain's keys, as text */
#include "plan/dkim_state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STATE_TITLE "mailinit-dkim 1"
#define STATE_KEY "-----BEGIN "
#define STATE_WORDS 5 /* of a line, its name among them */
#define TIME_DIGITS_MAX 18

/* What was seen while reading. */
struct reading {
	struct arena *arena;
	struct dkim_state *state;
	bool domain; /* its line was there */
	const char *why;
};

bool
dkim_is_selector(const char *text)
{
	size_t len = strlen(text);

	if (len == 0 || len > DKIM_SELECTOR_MAX || text[0] == '-' || text[len - 1] == '-')
		return false;
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
		len;
}

static int
refuse(struct reading *reading, const char *why)
{
	reading->why = why;
	return -1;
}

static int
read_selector(struct reading *reading, const char *word, const char **selector)
{
	if (word == NULL || !dkim_is_selector(word))
		return refuse(reading, "it names something that is no selector");
	*selector = word;
	return 0;
}

static int
read_time(struct reading *reading, const char *word, long long *when)
{
	if (word == NULL || word[0] == '\0' || strlen(word) > TIME_DIGITS_MAX ||
		strspn(word, "0123456789") != strlen(word))
		return refuse(reading, "it has something else where a time belongs");
	*when = strtoll(word, NULL, 10);
	return 0;
}

static int
read_made(struct reading *reading, const char *word, bool *made)
{
	if (word == NULL || (strcmp(word, "made") != 0 && strcmp(word, "given") != 0))
		return refuse(reading, "it does not say whose a key is");
	*made = strcmp(word, "made") == 0;
	return 0;
}

static int
read_public_key(struct reading *reading, const char *word, const char **public_key)
{
	static const char base64[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

	if (word == NULL || word[0] == '\0' || strspn(word, base64) != strlen(word))
		return refuse(reading, "it has something else where a public key belongs");
	*public_key = word;
	return 0;
}

static int
read_old(struct reading *reading, char *const words[STATE_WORDS])
{
	struct dkim_old old = {0};

	if (reading->state->old_count == DKIM_OLD_MAX)
		return refuse(reading, "it has too many old keys");
	if (read_selector(reading, words[1], &old.selector) != 0 ||
		read_time(reading, words[2], &old.until) != 0 ||
		read_made(reading, words[3], &old.made) != 0 ||
		read_public_key(reading, words[4], &old.public_key) != 0)
		return -1;
	dkim_state_add_old(reading->state, &old);
	return 0;
}

static int
read_active(struct reading *reading, char *const words[STATE_WORDS])
{
	struct dkim_state *state = reading->state;

	if (state->active != NULL)
		return refuse(reading, "it has two active keys");
	return read_selector(reading, words[1], &state->active) != 0 ||
			read_time(reading, words[2], &state->since) != 0 ||
			read_made(reading, words[3], &state->made) != 0
		? -1
		: 0;
}

static int
read_next(struct reading *reading, char *const words[STATE_WORDS])
{
	struct dkim_state *state = reading->state;

	if (state->next != NULL)
		return refuse(reading, "it has two next keys");
	return read_selector(reading, words[1], &state->next) != 0 ||
			read_time(reading, words[2], &state->next_since) != 0 ||
			read_time(reading, words[3], &state->next_seen) != 0 ||
			read_made(reading, words[4], &state->next_made) != 0
		? -1
		: 0;
}

/* split - the words of LINE, parted by single blanks; what is missing is NULL */
static int
split(struct reading *reading, char *line, char *words[STATE_WORDS])
{
	size_t count = 0;
	char *rest;

	memset(words, 0, STATE_WORDS * sizeof(*words));
	for (char *word = strtok_r(line, " ", &rest); word != NULL;
		word = strtok_r(NULL, " ", &rest)) {
		if (count == STATE_WORDS)
			return refuse(reading, "a line of it is too long");
		words[count++] = word;
	}
	return count > 0 ? 0 : refuse(reading, "a line of it is empty");
}

static int
read_line(struct reading *reading, char *line)
{
	struct dkim_state *state = reading->state;
	char *words[STATE_WORDS];

	if (split(reading, line, words) != 0)
		return -1;
	if (strcmp(words[0], "domain") == 0) {
		if (words[1] == NULL || strcmp(words[1], state->domain) != 0)
			return refuse(reading, "it is of another domain");
		reading->domain = true;
		return 0;
	}
	if (strcmp(words[0], "configured") == 0)
		return read_selector(reading, words[1], &state->configured);
	if (strcmp(words[0], "active") == 0)
		return read_active(reading, words);
	if (strcmp(words[0], "next") == 0)
		return read_next(reading, words);
	if (strcmp(words[0], "old") == 0)
		return read_old(reading, words);
	return refuse(reading, "a line of it is not known");
}

/* read_lines - all up to the key; TEXT is changed. Returns the key, or NULL. */
static char *
read_lines(struct reading *reading, char *text)
{
	bool titled = false;

	for (char *line = text; *line != '\0';) {
		char *end = strchr(line, '\n');

		if (titled && strncmp(line, STATE_KEY, strlen(STATE_KEY)) == 0)
			return line;
		if (end == NULL)
			break;
		*end = '\0';
		if (!titled && strcmp(line, STATE_TITLE) != 0)
			return refuse(reading, "it is no file of mailinit's, or of a later one"),
			       NULL;
		if (titled && read_line(reading, line) != 0)
			return NULL;
		titled = true;
		line = end + 1;
	}
	reading->why = "it is cut off";
	return NULL;
}

int
dkim_state_read(struct arena *arena, const char *domain, const char *text, size_t len,
	struct dkim_state *state, const char **why)
{
	struct reading reading = {.arena = arena, .state = state};

	memset(state, 0, sizeof(*state));
	state->domain = domain;
	if (memchr(text, '\0', len) != NULL)
		reading.why = "it has a NUL byte";
	else
		state->pem = read_lines(&reading, arena_strndup(arena, text, len));
	if (reading.why == NULL &&
		(!reading.domain || state->configured == NULL || state->active == NULL))
		reading.why = "it does not say which key signs";
	*why = reading.why;
	return reading.why == NULL ? 0 : -1;
}

static const char *
whose(bool made)
{
	return made ? "made" : "given";
}

void
dkim_state_print(const struct dkim_state *state, struct buffer *out)
{
	buffer_printf(out, "%s\ndomain %s\nconfigured %s\nactive %s %lld %s\n", STATE_TITLE,
		state->domain, state->configured, state->active, state->since, whose(state->made));
	if (state->next != NULL)
		buffer_printf(out, "next %s %lld %lld %s\n", state->next, state->next_since,
			state->next_seen, whose(state->next_made));
	for (size_t i = 0; i < state->old_count; i++)
		buffer_printf(out, "old %s %lld %s %s\n", state->old[i].selector,
			state->old[i].until, whose(state->old[i].made), state->old[i].public_key);
	buffer_puts(out, state->pem);
}

void
dkim_state_drop_old(struct dkim_state *state, size_t place)
{
	state->old_count--;
	memmove(&state->old[place], &state->old[place + 1],
		(state->old_count - place) * sizeof(state->old[0]));
}

void
dkim_state_add_old(struct dkim_state *state, const struct dkim_old *old)
{
	if (state->old_count == DKIM_OLD_MAX)
		dkim_state_drop_old(state, 0);
	state->old[state->old_count++] = *old;
}

const char *
dkim_date(struct arena *arena, long long seconds)
{
	time_t when = (time_t)seconds;
	struct tm date;

	if (gmtime_r(&when, &date) == NULL)
		return "a time far away";
	return arena_printf(
		arena, "%04d-%02d-%02d", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

const char *
dkim_state_path(struct arena *arena, const char *domain, const char *name)
{
	return arena_printf(arena, "%s/%s/%s", DKIM_STATE_DIRECTORY, domain, name);
}

const char *
dkim_key_path(
	struct arena *arena, const struct node *settings, const char *domain, const char *selector)
{
	return arena_printf(arena, "%s/%s/%s.private",
		node_text(settings, "dkim.keys", DKIM_STATE_DIRECTORY), domain, selector);
}
