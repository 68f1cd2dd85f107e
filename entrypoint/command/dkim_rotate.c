/*
 * dkim_rotate.c - mailinit dkim rotate: the next key, once DNS shows it
 *
 * A loop of looks. Each makes the plan anew, under the lock, so that it goes on
 * from whatever is on disk: from where an earlier run was interrupted, or where
 * another one got to meanwhile. The lock is never held while DNS is asked.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/fatal.h"
#include "command/dkim_step.h"
#include "dns/exchange.h"
#include "dns/records.h"
#include "supervise/control_client.h"

/* How long DNS must have shown the key before it signs (docs/dkim.md says why). */
#define HOLD_SECONDS_MIN 10
#define HOLD_SECONDS_MAX (3 * 3600) /* RFC 2308 section 5: longer negative caching is unwise */
#define HOLD_SECONDS_UNKNOWN 3600 /* the zone did not tell */
#define RELOAD_MS 150000 /* as mailinit reload */

/* tell - a line about a domain, unless it was the last one */
static void
tell(struct dkim_run *run, struct dkim_progress *item, const char *text)
{
	if (item->told != NULL && strcmp(item->told, text) == 0)
		return;
	item->told = arena_strdup(&run->arena, text);
	fprintf(stderr, "mailinit: %s: %s\n", item->domain, text);
}

/* give_up - after a step that returned CODE */
static void
give_up(struct dkim_progress *item, int code)
{
	item->done = true;
	item->code = code;
}

/* print_record - what is to be published, once a run */
static void
print_record(struct dkim_run *run, struct dkim_progress *item, const struct plan *plan,
	const struct plan_dkim_key *key)
{
	const struct dns_record record = dns_record_of_key(
		plan->arena, key->domain, key->state->next, key->next_public_key, "");
	struct buffer line = {0};

	if (item->printed || run->options->shared.format == FORMAT_JSON)
		return;
	item->printed = true;
	/* a comment of a zone file, so that all of standard output can go into one */
	buffer_printf(&line, "; %s: publish this record%s\n", item->domain,
		strcmp(key->state->next, key->state->active) == 0
			? " in the place of the present one"
			: ", and leave the present one where it is");
	dns_print_zone_line(&record, &line);
	if (build_print(STDOUT_FILENO, &line) != 0)
		fatal_system("write", "standard output");
	buffer_free(&line);
}

/*
 * begin_all - under the lock: next keys are chosen and made. *UNREAD: one was chosen whose file was
 * there already, and which a plan made anew will have. Returns an exit code.
 */
static int
begin_all(struct dkim_run *run, bool *unread)
{
	struct build build = {0};
	int fd, code = dkim_build_locked(&build, &run->options->shared, &fd);

	*unread = false;
	for (size_t i = 0; code == EXIT_DONE && i < run->count; i++) {
		struct dkim_progress *item = &run->items[i];
		struct plan_dkim_key *key = dkim_find_key(&build.plan, item->domain);
		int result = EXIT_FINDINGS;
		bool idle = false;

		if (item->done)
			continue;
		if (key == NULL)
			tell(run, item, "it is no longer among dkim.domains");
		else
			result = dkim_step_begin(&build.plan, key, run->options, &idle);
		if (result != EXIT_DONE)
			give_up(item, result);
		else if (idle)
			item->done = true;
		else
			*unread = *unread || key->next_pem == NULL;
	}
	if (fd >= 0)
		close(fd);
	build_free(&build);
	return code;
}

static void
ask_one(struct dkim_run *run, struct dkim_progress *item, const struct plan_dkim_key *key)
{
	uint32_t told;

	dkim_ask(run, item->domain, key->state->next, key->next_public_key, &item->next);
	item->asked = true;
	if (item->next.verdict != DKIM_RIGHT || item->hold_known)
		return;
	told = dkim_ask_negative_ttl(run, item->domain, key->state->next);
	item->hold = told != 0 ? told : HOLD_SECONDS_UNKNOWN;
	item->hold_known = told != 0;
}

/* ask_all - without the lock: what DNS shows of the next keys */
static int
ask_all(struct dkim_run *run)
{
	struct build build = {0};
	int code = dkim_build(&build, &run->options->shared);

	for (size_t i = 0; code == EXIT_DONE && i < run->count; i++) {
		struct dkim_progress *item = &run->items[i];
		const struct plan_dkim_key *key = dkim_find_key(&build.plan, item->domain);

		item->asked = false;
		if (item->done || key == NULL || key->state == NULL || key->state->next == NULL ||
			key->next_public_key == NULL)
			continue;
		print_record(run, item, &build.plan, key);
		if (!run->options->force)
			ask_one(run, item, key);
	}
	build_free(&build);
	return code;
}

/* hold_of - the seconds that DNS must have shown the next key for */
static long long
hold_of(const struct dkim_progress *item, const struct dkim_state *state)
{
	long long hold = item->hold;

	/* the same name: others may remember the record that was there before */
	if (strcmp(state->next, state->active) == 0 && item->next.ttl > hold)
		hold = item->next.ttl;
	return hold < HOLD_SECONDS_MIN    ? HOLD_SECONDS_MIN
		: hold > HOLD_SECONDS_MAX ? HOLD_SECONDS_MAX
					  : hold;
}

static void
tell_switched(struct dkim_run *run, struct dkim_progress *item, const struct plan *plan,
	const struct plan_dkim_key *key)
{
	const struct dkim_state *state = key->state;
	const struct dkim_old *old =
		state->old_count > 0 ? &state->old[state->old_count - 1] : NULL;

	item->done = item->switched = true;
	tell(run, item,
		old != NULL
			? arena_printf(plan->arena,
				  "selector %s signs from now on; keep the record of selector "
				  "%s until %s, for mail on its way",
				  state->active, old->selector, dkim_date(plan->arena, old->until))
			: arena_printf(
				  plan->arena, "selector %s signs from now on", state->active));
}

static void
change_over(struct dkim_run *run, struct dkim_progress *item, struct plan *plan,
	struct plan_dkim_key *key)
{
	int code = dkim_step_switch(plan, key);

	if (code == EXIT_DONE)
		tell_switched(run, item, plan, key);
	else
		give_up(item, code);
}

/* note_seen - when DNS began to show the next key; 0: it does not */
static bool
note_seen(struct dkim_progress *item, struct plan *plan, struct plan_dkim_key *key, long long seen)
{
	int code = seen != key->state->next_seen ? dkim_step_seen(plan, key, seen) : EXIT_DONE;

	if (code != EXIT_DONE)
		give_up(item, code);
	return code == EXIT_DONE;
}

/* go_on - what DNS said of one next key, taken further */
static void
go_on(struct dkim_run *run, struct dkim_progress *item, struct plan *plan,
	struct plan_dkim_key *key)
{
	const struct dkim_state *state = key->state;
	long long now = time(NULL), seen, hold;

	/* "could not be asked" is no reason to begin to count anew */
	if (item->next.verdict == DKIM_UNKNOWN) {
		tell(run, item, item->next.text);
		return;
	}
	if (item->next.verdict != DKIM_RIGHT) {
		if (note_seen(item, plan, key, 0))
			tell(run, item, item->next.text);
		return;
	}
	/* a clock that was set back must not make us wait for ever */
	seen = state->next_seen != 0 && state->next_seen <= now ? state->next_seen : now;
	hold = hold_of(item, state);
	if (seen + hold <= now)
		change_over(run, item, plan, key);
	else if (note_seen(item, plan, key, seen))
		tell(run, item,
			arena_printf(plan->arena,
				"DNS shows the key; it signs after %lld s of that, when no "
				"resolver remembers any more that it was not there",
				hold));
}

/* go_on_all - under the lock again: only what was asked for is taken further */
static int
go_on_all(struct dkim_run *run)
{
	struct build build = {0};
	int fd, code = dkim_build_locked(&build, &run->options->shared, &fd);

	for (size_t i = 0; code == EXIT_DONE && i < run->count; i++) {
		struct dkim_progress *item = &run->items[i];
		struct plan_dkim_key *key = dkim_find_key(&build.plan, item->domain);
		bool idle;
		int result;

		if (item->done || key == NULL || !(item->asked || run->options->force) ||
			key->state == NULL || key->state->next == NULL)
			continue;
		/* the same step as before: it makes nothing now, but finds the key of the state */
		result = dkim_step_begin(&build.plan, key, run->options, &idle);
		if (result != EXIT_DONE)
			give_up(item, result);
		else if (!idle && key->next_pem != NULL && run->options->force)
			change_over(run, item, &build.plan, key);
		else if (!idle && key->next_pem != NULL)
			go_on(run, item, &build.plan, key);
	}
	if (fd >= 0)
		close(fd);
	build_free(&build);
	return code;
}

static bool
all_done(const struct dkim_run *run)
{
	for (size_t i = 0; i < run->count; i++)
		if (!run->items[i].done)
			return false;
	return true;
}

/* worst - EXIT_SYSTEM is worse than EXIT_FINDINGS */
static int
worst(const struct dkim_run *run)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < run->count; i++)
		if (run->items[i].code > code)
			code = run->items[i].code;
	return code;
}

/*
 * bring_into_use - the running signer follows what is on disk, also when an earlier
 * run was interrupted between the two. Returns an exit code.
 */
static int
bring_into_use(struct dkim_run *run)
{
	struct build build = {0};
	struct status_reply reply;
	char why[CONTROL_WHY_BYTES];
	bool behind = false;
	int code = dkim_build(&build, &run->options->shared);

	for (size_t i = 0; code == EXIT_DONE && i < run->count; i++) {
		const struct plan_dkim_key *key = dkim_find_key(&build.plan, run->items[i].domain);

		behind = behind ||
			(key != NULL && key->state != NULL &&
				dkim_in_use(&build.plan, key) == DKIM_NOT_IN_USE);
	}
	build_free(&build);
	if (code != EXIT_DONE || !behind)
		return code;
	if (control_ask("reload", &reply, RELOAD_MS, why) != 0) {
		fprintf(stderr,
			"mailinit: the signer could not be told: %s\n    hint: The next start or "
			"reload signs with the new key.\n",
			why);
		return EXIT_SYSTEM;
	}
	if (reply.code != EXIT_DONE)
		fprintf(stderr, "mailinit: the signer goes on with the old key: %s\n", reply.text);
	return reply.code;
}

/* nap - until the next look, but not beyond the deadline */
static void
nap(int64_t deadline_ms)
{
	int64_t left = deadline_ms - deadline_now();
	int64_t ms = left < DKIM_POLL_MS ? left : DKIM_POLL_MS;
	struct timespec time_left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	if (ms > 0)
		nanosleep(&time_left, NULL);
}

static int
look(struct dkim_run *run)
{
	bool unread;
	int code = begin_all(run, &unread);

	if (code == EXIT_DONE && unread)
		code = begin_all(run, &unread);
	if (code == EXIT_DONE && !all_done(run))
		code = ask_all(run);
	if (code == EXIT_DONE && !all_done(run))
		code = go_on_all(run);
	return code;
}

/* finish - the running signer is told, and the outcome reported */
static int
finish(struct dkim_run *run, int code)
{
	struct build build = {0};
	int use = bring_into_use(run), shown = EXIT_DONE;

	if (code == EXIT_DONE)
		code = worst(run) != EXIT_DONE ? worst(run) : use;
	if (run->options->shared.format == FORMAT_JSON) {
		shown = dkim_build(&build, &run->options->shared);
		if (shown == EXIT_DONE)
			shown = dkim_report(&build.plan, run);
		build_free(&build);
	}
	return code != EXIT_DONE ? code : shown;
}

int
dkim_rotate(const struct dkim_options *options)
{
	struct dkim_run run;
	int code = dkim_run_begin(&run, options, options->timeout_ms);
	bool late = false, told = false;

	if (code != EXIT_DONE) {
		dkim_run_end(&run);
		return code;
	}
	for (;;) {
		code = look(&run);
		if (code != EXIT_DONE || all_done(&run) || options->no_wait)
			break;
		late = deadline_now() >= run.deadline_ms;
		if (late)
			break;
		if (!told)
			fprintf(stderr,
				"mailinit: DNS is asked again and again, for %lld minutes at "
				"most; who leaves now goes on later with `mailinit dkim rotate`\n",
				(long long)(run.deadline_ms - deadline_now() + 59999) / 60000);
		told = true;
		nap(run.deadline_ms);
	}
	if (code == EXIT_DONE && !all_done(&run))
		fprintf(stderr,
			"mailinit: mail is signed as before; `mailinit dkim rotate` goes on "
			"from here\n");
	code = finish(&run, code);
	dkim_run_end(&run);
	return code == EXIT_DONE && late ? EXIT_FINDINGS : code;
}
