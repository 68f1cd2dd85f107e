/* status_facts.c - what the log told about health, in words and for programs */
#include "command/status_facts.h"

#include "report/json.h"
#include "supervise/clock.h"

/*
 * Postfix tries a throttled service again after service_throttle_time (1 s in our
 * template, 60 s by its own default) and says so again when that fails too: who
 * has been silent for longer, and was not started anew, is presumed to be well.
 */
#define FACTS_THROTTLED_MS 90000
/*
 * A process that dies tells so a second after it has met what it dies of (msg_fatal of
 * Postfix): one that began before a reload may do so after it, and proves nothing.
 */
#define FACTS_DYING_MS 2000

static const struct {
	const char *id, *meaning;
} facts[FACT_COUNT] = {
	[FACT_THROTTLED] = {"postfix-throttled",
		"a service of Postfix dies at its start, and its clients hang; the lines before "
		"\"throttling\" in the log say why"},
	[FACT_TABLE] = {"postfix-table",
		"Postfix cannot read a lookup table; mail that needs it is deferred or gets 451"},
	[FACT_SASL] = {"sasl-unreachable",
		"Postfix did not reach Dovecot's authentication; nobody could log in to send"},
	[FACT_MILTER] = {"milter-unreachable",
		"Postfix did not reach a milter; mail got 451, or passed it by"},
	[FACT_TLS_UNUSABLE] = {"tls-unusable",
		"a certificate or its key cannot be used; there is no TLS where it is needed"},
	[FACT_TLS_REFUSED] = {"tls-refused",
		"clients refuse the certificate (TLS alerts 42 to 46): look at its names and "
		"dates, or at clients that knew another one"},
	[FACT_TLS_UNKNOWN_CA] = {"tls-unknown-ca",
		"clients do not know who issued the certificate (TLS alert 48): it is "
		"self-signed, or its chain is not whole"},
	[FACT_DKIM_KEY] = {"dkim-key-insecure",
		"OpenDKIM refuses a key for its owner or mode; the mail to sign gets 451"},
	[FACT_DOVECOT_AUTH] = {"dovecot-auth",
		"Dovecot's authentication has an error of its own; logins fail"},
};

static bool
is_throttled(const struct status_snapshot *snapshot)
{
	const struct log_seen *seen = &snapshot->facts[FACT_THROTTLED];

	return seen->count > 0 && seen->last > seen->over + FACTS_DYING_MS &&
		clock_wall() - seen->last < FACTS_THROTTLED_MS;
}

bool
status_facts_healthy(const struct status_snapshot *snapshot, struct buffer *why)
{
	if (!is_throttled(snapshot))
		return true;
	buffer_printf(why, "unhealthy: %s", facts[FACT_THROTTLED].meaning);
	return false;
}

void
status_facts_text(const struct status_snapshot *snapshot, bool color, struct buffer *out)
{
	char at[CLOCK_TEXT_BYTES];

	for (int i = 0; i < FACT_COUNT; i++) {
		const struct log_seen *seen = &snapshot->facts[i];
		bool now = i == FACT_THROTTLED && is_throttled(snapshot);

		if (seen->count == 0)
			continue;
		buffer_printf(out, "%sseen in the log%s: %s, %llu times, last %s: %s\n",
			color ? now ? "\033[31m" : "\033[33m" : "", color ? "\033[0m" : "",
			facts[i].id, (unsigned long long)seen->count,
			clock_text_seconds(seen->last, at), facts[i].meaning);
	}
}

void
status_facts_json(const struct status_snapshot *snapshot, struct buffer *out)
{
	const char *before = "\n  ";
	char at[CLOCK_TEXT_BYTES];

	buffer_puts(out, "[");
	for (int i = 0; i < FACT_COUNT; i++) {
		const struct log_seen *seen = &snapshot->facts[i];

		if (seen->count == 0)
			continue;
		buffer_printf(out,
			"%s{\"id\": \"%s\", \"count\": %llu, \"last\": \"%s\", "
			"\"meaning\": ",
			before, facts[i].id, (unsigned long long)seen->count,
			clock_text_seconds(seen->last, at));
		json_string(out, facts[i].meaning);
		buffer_puts(out, "}");
		before = ",\n  ";
	}
	buffer_puts(out, "]");
}

void
status_facts_prometheus(const struct status_snapshot *snapshot, struct buffer *out)
{
	buffer_puts(out,
		"# HELP mailinit_log_facts_total Log lines that are facts about health.\n"
		"# TYPE mailinit_log_facts_total counter\n");
	for (int i = 0; i < FACT_COUNT; i++)
		buffer_printf(out, "mailinit_log_facts_total{fact=\"%s\"} %llu\n", facts[i].id,
			(unsigned long long)snapshot->facts[i].count);
	buffer_puts(out,
		"# HELP mailinit_log_fact_timestamp_seconds When it was seen last.\n"
		"# TYPE mailinit_log_fact_timestamp_seconds gauge\n");
	for (int i = 0; i < FACT_COUNT; i++)
		if (snapshot->facts[i].count > 0)
			buffer_printf(out,
				"mailinit_log_fact_timestamp_seconds{fact=\"%s\"} %lld\n",
				facts[i].id, (long long)snapshot->facts[i].last / 1000);
	buffer_puts(out,
		"# HELP mailinit_postfix_throttled Whether Postfix pauses a service "
		"that dies at its start.\n# TYPE mailinit_postfix_throttled gauge\n");
	buffer_printf(out, "mailinit_postfix_throttled %d\n", is_throttled(snapshot));
}
