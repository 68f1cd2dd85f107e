/* dkim_report.c - the keys of each domain, for people and for programs */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fatal.h"
#include "command/dkim.h"
#include "dns/records.h"
#include "report/json.h"

static const char *const in_use_words[] = {
	[DKIM_IN_USE] = "true",
	[DKIM_NOT_IN_USE] = "false",
	[DKIM_NOT_RUNNING] = "null",
};

/* time_text - RFC 3339, in the arena */
static const char *
time_text(struct arena *arena, long long seconds)
{
	time_t when = (time_t)seconds;
	struct tm parts;

	if (gmtime_r(&when, &parts) == NULL)
		return "a time far away";
	return arena_printf(arena, "%sT%02d:%02d:%02dZ", dkim_date(arena, seconds), parts.tm_hour,
		parts.tm_min, parts.tm_sec);
}

static void
put_verdict(struct buffer *out, const struct dkim_published *published)
{
	buffer_puts(out, "\"dns\": ");
	if (published->text == NULL) {
		buffer_puts(out, "null");
		return;
	}
	buffer_printf(
		out, "{\"verdict\": \"%s\", \"text\": ", dkim_verdict_name(published->verdict));
	json_string(out, published->text);
	buffer_putc(out, '}');
}

static void
put_next(struct buffer *out, const struct plan *plan, const struct plan_dkim_key *key,
	const struct dkim_progress *item)
{
	const struct dkim_state *state = key->state;
	struct dns_record record;

	if (state == NULL || state->next == NULL) {
		buffer_puts(out, "null");
		return;
	}
	record = dns_record_of_key(plan->arena, key->domain, state->next, key->next_public_key, "");
	buffer_printf(out,
		"{\"selector\": \"%s\", \"since\": \"%s\", \"seen_since\": ", state->next,
		time_text(plan->arena, state->next_since));
	json_string(out, state->next_seen != 0 ? time_text(plan->arena, state->next_seen) : NULL);
	buffer_puts(out, ", \"name\": ");
	json_string(out, record.name);
	buffer_puts(out, ", \"value\": ");
	json_string(out, record.value);
	buffer_puts(out, ", ");
	put_verdict(out, &item->next);
	buffer_putc(out, '}');
}

static void
put_old(struct buffer *out, const struct plan *plan, const struct dkim_state *state)
{
	for (size_t i = 0; state != NULL && i < state->old_count; i++)
		buffer_printf(out, "%s{\"selector\": \"%s\", \"until\": \"%s\", \"removable\": %s}",
			i > 0 ? ", " : "", state->old[i].selector,
			time_text(plan->arena, state->old[i].until),
			state->old[i].until <= time(NULL) ? "true" : "false");
}

static void
print_json(struct buffer *out, const struct plan *plan, const struct dkim_run *run)
{
	buffer_puts(out, "{\"version\": 1, \"domains\": [");
	for (size_t i = 0; i < run->count; i++) {
		const struct dkim_progress *item = &run->items[i];
		const struct plan_dkim_key *key = dkim_find_key(plan, item->domain);

		if (key == NULL)
			continue;
		buffer_puts(out, i > 0 ? ",\n  {\"domain\": " : "\n  {\"domain\": ");
		json_string(out, key->domain);
		buffer_puts(out, ", \"selector\": ");
		json_string(out, key->selector);
		buffer_puts(out, ", \"configured\": ");
		json_string(out, key->configured);
		buffer_printf(out, ", \"bits\": %u, \"since\": ", key->bits);
		json_string(
			out, key->state != NULL ? time_text(plan->arena, key->state->since) : NULL);
		buffer_printf(out, ", \"in_use\": %s, \"switched\": %s, ",
			in_use_words[dkim_in_use(plan, key)], item->switched ? "true" : "false");
		put_verdict(out, &item->active);
		buffer_puts(out, ", \"next\": ");
		put_next(out, plan, key, item);
		buffer_puts(out, ", \"old\": [");
		put_old(out, plan, key->state);
		buffer_puts(out, "]}");
	}
	buffer_puts(out, "]}\n");
}

static void
print_text(struct buffer *out, const struct plan *plan, const struct plan_dkim_key *key,
	const struct dkim_progress *item)
{
	const struct dkim_state *state = key->state;

	buffer_printf(
		out, "%s: selector %s, RSA with %u bits", key->domain, key->selector, key->bits);
	if (state != NULL)
		buffer_printf(out, ", since %s", dkim_date(plan->arena, state->since));
	buffer_putc(out, '\n');
	if (dkim_in_use(plan, key) == DKIM_NOT_IN_USE)
		buffer_puts(out, "    the running signer does not have it yet: mailinit reload\n");
	if (item->active.text != NULL)
		buffer_printf(out, "    %s\n", item->active.text);
	if (state != NULL && state->next != NULL)
		buffer_printf(out,
			"    next: selector %s, since %s; mailinit dkim rotate goes on\n",
			state->next, dkim_date(plan->arena, state->next_since));
	if (item->next.text != NULL)
		buffer_printf(out, "        %s\n", item->next.text);
	for (size_t i = 0; state != NULL && i < state->old_count; i++)
		buffer_printf(out,
			state->old[i].until <= time(NULL)
				? "    old: selector %s; since %s its record may be removed\n"
				: "    old: selector %s; keep its record until %s\n",
			state->old[i].selector, dkim_date(plan->arena, state->old[i].until));
}

/* judged - 1 when a signing key's record is wrong, 3 when one could not be asked for */
static int
judged(const struct dkim_run *run)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < run->count; i++) {
		const struct dkim_published *active = &run->items[i].active;

		if (active->text == NULL || active->verdict == DKIM_RIGHT)
			continue;
		if (active->verdict != DKIM_UNKNOWN)
			return EXIT_FINDINGS;
		code = EXIT_SYSTEM;
	}
	return code;
}

int
dkim_report(const struct plan *plan, const struct dkim_run *run)
{
	struct buffer out = {0};

	if (run->options->shared.format == FORMAT_JSON)
		print_json(&out, plan, run);
	for (size_t i = 0; run->options->shared.format != FORMAT_JSON && i < run->count; i++) {
		const struct plan_dkim_key *key = dkim_find_key(plan, run->items[i].domain);

		if (key != NULL)
			print_text(&out, plan, key, &run->items[i]);
	}
	if (build_print(STDOUT_FILENO, &out) != 0)
		fatal_system("write", "standard output");
	buffer_free(&out);
	return judged(run);
}
