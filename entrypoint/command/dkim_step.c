/*
 * dkim_step.c - the steps of a rotation, each of them safe to repeat
 *
 * The state on disk says what is to be done before it is done: the selector of
 * the next key is noted before the key is made, and the change-over is the one
 * rename of a state that has the new key in it.
 */
#include "command/dkim_step.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "apply/dkim.h"
#include "base/fatal.h"
#include "crypto/key.h"
#include "language/main_cf.h"

#define DAY_SECONDS 86400
#define QUEUE_DAYS_DEFAULT 5 /* postconf(5), maximal_queue_lifetime */
#define FOREIGN_QUEUE_DAYS 5 /* RFC 5321 section 4.5.4.1: others give up after 4 to 5 days */
#define DATE_DIGITS 8
#define SELECTORS_A_DAY 100
#define CLOCK_EARLIEST 1750000000 /* June 2025: before, the clock was never set */

static int
refuse(const struct plan_dkim_key *key, const char *text, const char *hint)
{
	fprintf(stderr, "mailinit: %s: %s\n    hint: %s\n", key->domain, text, hint);
	return EXIT_FINDINGS;
}

/* state_of - a copy of what is remembered, or what a start would remember */
static int
state_of(const struct plan_dkim_key *key, struct dkim_state *state)
{
	if (key->state != NULL) {
		*state = *key->state;
		return EXIT_DONE;
	}
	if (key->pem == NULL)
		return refuse(
			key, "it has no key yet", "The first start makes it, or says why not.");
	*state = (struct dkim_state){
		.domain = key->domain,
		.configured = key->configured,
		.active = key->selector,
		.since = time(NULL),
		.pem = key->pem,
	};
	return EXIT_DONE;
}

/* write_state - and from now on KEY has it */
static int
write_state(struct plan *plan, struct plan_dkim_key *key, const struct dkim_state *state)
{
	struct dkim_state *kept = arena_alloc(plan->arena, sizeof(*kept));

	if (dkim_write_state(plan->arena, state) != 0)
		return EXIT_SYSTEM;
	*kept = *state;
	key->state = kept;
	return 0;
}

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

/*
 * dated_selector - "default-20261129": the settings' own word comes first, so that
 * two servers that sign for one domain with selectors of their own never meet
 */
static const char *
dated_selector(
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

/* needed_until - when the last record that mail may still need can go; 0: none is needed */
static long long
needed_until(const struct dkim_state *state)
{
	long long latest = 0, now = time(NULL);

	for (size_t i = 0; i < state->old_count; i++)
		if (state->old[i].until > now && state->old[i].until > latest)
			latest = state->old[i].until;
	return latest;
}

/* choose - the selector of the next key; NULL in it: nothing is to be rotated now */
static int
choose(struct plan *plan, struct plan_dkim_key *key, const struct dkim_options *options,
	struct dkim_state *state)
{
	if (options->selector != NULL) {
		if (strcmp(options->selector, state->active) == 0 && key->file_pem == NULL)
			return refuse(key, "mail is signed with that selector already",
				"Choose another one: the record of the present key must stay.");
		state->next = options->selector;
	} else if (key->file_pem != NULL) {
		state->next = state->active;
	} else if (strcmp(key->configured, state->configured) != 0 &&
		strcmp(key->configured, state->active) != 0) {
		state->next = key->configured;
	} else if (options->again || needed_until(state) == 0) {
		state->next = dated_selector(plan, key, state);
		if (state->next == NULL)
			return refuse(key, "there were too many keys today",
				"Name one: mailinit dkim rotate --selector NAME.");
	}
	if (state->next == NULL)
		return EXIT_DONE;
	state->next_made =
		access(dkim_key_path(plan->arena, plan->settings, key->domain, state->next),
			F_OK) != 0;
	state->next_since = time(NULL);
	state->next_seen = 0;
	return EXIT_DONE;
}

/* drop_expired - old ones whose records may be removed: the next rotation has seen them off */
static int
drop_expired(const struct plan *plan, struct dkim_state *state)
{
	long long now = time(NULL);

	for (size_t i = state->old_count; i-- > 0;) {
		if (state->old[i].until > now)
			continue;
		if (dkim_delete_old(plan, state, &state->old[i]) != 0)
			return EXIT_SYSTEM;
		dkim_state_drop_old(state, i);
	}
	return EXIT_DONE;
}

/* check_next - that the signer can use the next key */
static int
check_next(struct plan *plan, const struct plan_dkim_key *key)
{
	struct crypto_error error;
	struct key_facts facts;

	if (key_read(plan->arena, key->next_pem, strlen(key->next_pem), &facts, &error) != 0)
		return refuse(key, error.text, error.help);
	if (facts.type != KEY_RSA || facts.bits < KEY_RSA_BITS_MIN)
		return refuse(key,
			arena_printf(plan->arena,
				"the next key, %s, is no RSA key of %d bits or "
				"more",
				key->next_path, KEY_RSA_BITS_MIN),
			"Put another key there, or run `mailinit dkim cancel`.");
	return EXIT_DONE;
}

/* make_next - the key of the selector that was noted, unless it is there */
static int
make_next(struct plan *plan, struct plan_dkim_key *key)
{
	const struct dkim_state *state = key->state;
	const char *bits = node_text(plan->settings, "dkim.bits", "2048");

	key->next_path = dkim_key_path(plan->arena, plan->settings, key->domain, state->next);
	if (key->next_pem != NULL)
		return check_next(plan, key);
	if (!state->next_made || access(key->next_path, F_OK) == 0)
		return refuse(key,
			arena_printf(plan->arena, "the next key, %s, is not there, or no key",
				key->next_path),
			"Put it there; or give it up: mailinit dkim cancel.");
	if (dkim_make_key(plan->arena, key->next_path, (unsigned)strtoul(bits, NULL, 10),
		    &key->next_pem, &key->next_public_key) != 0)
		return EXIT_SYSTEM;
	return EXIT_DONE;
}

static void
tell_idle(struct plan *plan, const struct plan_dkim_key *key, const struct dkim_state *state)
{
	fprintf(stderr,
		"mailinit: %s: mail is signed with selector %s; nothing to do: the record of the "
		"key before is still needed until %s (--again begins another rotation)\n",
		key->domain, state->active, dkim_date(plan->arena, needed_until(state)));
}

/* begin_new - no rotation is under way: one begins, if there is a reason for it */
static int
begin_new(struct plan *plan, struct plan_dkim_key *key, const struct dkim_options *options,
	struct dkim_state *state)
{
	int code = choose(plan, key, options, state);

	if (code == EXIT_DONE)
		code = drop_expired(plan, state);
	if (code != EXIT_DONE || state->next == NULL)
		return code;
	return write_state(plan, key, state);
}

int
dkim_step_begin(struct plan *plan, struct plan_dkim_key *key, const struct dkim_options *options,
	bool *idle)
{
	struct dkim_state state;
	bool new;
	int code;

	*idle = false;
	if (time(NULL) < CLOCK_EARLIEST)
		return refuse(key, "the clock was never set, and a rotation counts days",
			"Set the clock of the machine.");
	code = state_of(key, &state);
	if (code != EXIT_DONE)
		return code;
	/* the file that was to be taken over may have been put back since */
	if (state.next != NULL && strcmp(state.next, state.active) == 0 && key->file_pem == NULL)
		state.next = NULL;
	new = state.next == NULL;
	if (!new && options->selector != NULL && strcmp(state.next, options->selector) != 0)
		return refuse(key,
			arena_printf(
				plan->arena, "a rotation to selector %s is under way", state.next),
			"Let it go on without --selector, or run `mailinit dkim cancel`.");
	if (new) {
		code = begin_new(plan, key, options, &state);
		*idle = code == EXIT_DONE && state.next == NULL;
		if (*idle)
			tell_idle(plan, key, &state);
		/* a file that lies there is read by a plan made anew */
		if (code != EXIT_DONE || *idle || !state.next_made)
			return code;
	}
	return make_next(plan, key);
}

int
dkim_step_seen(struct plan *plan, struct plan_dkim_key *key, long long seen)
{
	struct dkim_state state = *key->state;

	state.next_seen = seen;
	return write_state(plan, key, &state);
}

/* seconds_of - a time of Postfix ("5d", "36h", "7": days) in seconds; -1: it cannot be told */
static long long
seconds_of(const char *text)
{
	static const char units[] = "smhdw";
	static const long long lengths[] = {1, 60, 3600, DAY_SECONDS, 7LL * DAY_SECONDS};
	size_t digits = strspn(text, "0123456789");
	const char *unit = text[digits] != '\0' ? strchr(units, text[digits]) : strchr(units, 'd');

	if (digits == 0 || digits > 6 || unit == NULL ||
		(text[digits] != '\0' && text[digits + 1] != '\0'))
		return -1;
	return strtoll(text, NULL, 10) * lengths[unit - units];
}

/* kept_seconds - how long mail that was signed just now may need the record (docs/dkim.md) */
static long long
kept_seconds(const struct plan *plan)
{
	const struct plan_file *file = plan_find_file(plan, "postfix/main.cf");
	const struct main_cf_entry *entry = NULL;
	long long queue = -1;
	struct faults faults;
	struct main_cf main_cf;

	faults_init(&faults, plan->arena);
	if (file != NULL) {
		main_cf_parse(&faults, buffer_text(&file->content), file->content.len, &main_cf);
		entry = main_cf_find(&main_cf, "maximal_queue_lifetime");
	}
	if (entry != NULL)
		queue = seconds_of(entry->value);
	if (queue < 0)
		queue = QUEUE_DAYS_DEFAULT * DAY_SECONDS;
	return queue + FOREIGN_QUEUE_DAYS * DAY_SECONDS;
}

int
dkim_step_switch(struct plan *plan, struct plan_dkim_key *key)
{
	struct dkim_state state = *key->state;
	const struct dkim_old old = {
		.selector = state.active,
		.public_key = key->public_key,
		.until = time(NULL) + kept_seconds(plan),
		.made = state.made,
	};

	for (size_t i = state.old_count; i-- > 0;)
		if (strcmp(state.old[i].selector, state.next) == 0)
			dkim_state_drop_old(&state, i);
	/* another key under the same selector: the old record is gone, there is nothing to keep */
	if (strcmp(state.active, state.next) != 0)
		dkim_state_add_old(&state, &old);
	state.active = state.next;
	state.since = time(NULL);
	state.made = state.next_made;
	state.configured = key->configured;
	state.pem = key->next_pem;
	state.next = NULL;
	state.next_seen = 0;
	return write_state(plan, key, &state);
}

int
dkim_step_cancel(struct plan *plan, struct plan_dkim_key *key)
{
	struct dkim_state state;
	const char *path;

	if (key->state == NULL || key->state->next == NULL) {
		printf("%s: no rotation is under way\n", key->domain);
		return EXIT_DONE;
	}
	state = *key->state;
	path = dkim_key_path(plan->arena, plan->settings, key->domain, state.next);
	/* what the settings name is known from now on, so that it is not told at every start */
	state.configured = key->configured;
	state.next = NULL;
	if (write_state(plan, key, &state) != EXIT_DONE)
		return EXIT_SYSTEM;
	if (state.next_made && unlink(path) != 0 && errno != ENOENT) {
		fprintf(stderr, "mailinit: unable to delete %s: %s\n", path, strerror(errno));
		return EXIT_SYSTEM;
	}
	printf("%s: the next key is given up; its record may be removed from DNS. Mail is signed "
	       "with selector %s, as before\n",
		key->domain, state.active);
	return EXIT_DONE;
}

int
dkim_step_retire(struct plan *plan, struct plan_dkim_key *key, bool force)
{
	struct dkim_state state;

	if (key->state == NULL || key->state->old_count == 0) {
		printf("%s: there is no old key\n", key->domain);
		return EXIT_DONE;
	}
	state = *key->state;
	if (!force && needed_until(&state) != 0)
		return refuse(key, "mail that an old key has signed may still be on its way",
			"`mailinit dkim status` says until when; --force does not wait for that.");
	for (size_t i = 0; i < state.old_count; i++)
		if (dkim_delete_old(plan, &state, &state.old[i]) != 0)
			return EXIT_SYSTEM;
	state.old_count = 0;
	if (write_state(plan, key, &state) != EXIT_DONE)
		return EXIT_SYSTEM;
	printf("%s: the old keys are forgotten; their records may be removed from DNS\n",
		key->domain);
	return EXIT_DONE;
}
