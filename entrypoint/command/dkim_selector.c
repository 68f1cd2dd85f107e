/* dkim_selector.c - names for keys that are made */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "command/dkim_step.h"

#define DATE_DIGITS 8
#define SELECTORS_A_DAY 100

/* is_taken - whether SELECTOR is, or was, another key's */
static bool
is_taken(const struct plan *plan, const struct dkim_state *state, const char *selector)
{
	for (size_t i = 0; i < state->old_count; i++)
		if (strcmp(state->old[i].selector, selector) == 0)
			return true;
	return strcmp(state->active, selector) == 0 ||
		access(dkim_key_path(plan->arena, plan->settings, state->domain, selector), F_OK) ==
		0;
}

/* base_len - of "mail-20261129" or "mail-20261129-2" the length of "mail" */
static size_t
base_len(const char *selector)
{
	for (const char *at = selector; (at = strchr(at, '-')) != NULL; at++) {
		size_t digits = strspn(at + 1, "0123456789");

		if (digits == DATE_DIGITS && at > selector &&
			(at[1 + digits] == '\0' || at[1 + digits] == '-'))
			return (size_t)(at - selector);
	}
	return strlen(selector);
}

const char *
dkim_dated_selector(
	const struct plan *plan, const struct plan_dkim_key *key, const struct dkim_state *state)
{
	size_t len = base_len(key->configured);
	time_t now = time(NULL);
	struct tm today;

	gmtime_r(&now, &today);
	for (int i = 1; i < SELECTORS_A_DAY; i++) {
		char tail[sizeof("-YYYYMMDD-NN") + 24]; /* what any three numbers take */
		const char *selector;

		snprintf(tail, sizeof(tail), i > 1 ? "-%04d%02d%02d-%d" : "-%04d%02d%02d",
			today.tm_year + 1900, today.tm_mon + 1, today.tm_mday, i);
		if (len + strlen(tail) > DKIM_SELECTOR_MAX)
			len = DKIM_SELECTOR_MAX - strlen(tail);
		selector = arena_printf(plan->arena, "%.*s%s", (int)len, key->configured, tail);
		if (!is_taken(plan, state, selector))
			return selector;
	}
	return NULL;
}
