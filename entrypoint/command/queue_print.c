/* queue_print.c - what is in the queues, for people and for programs */
#include "command/queue_print.h"

#include <string.h>

#include "report/json.h"
#include "supervise/clock.h"

#define QUEUE_SHOWN_TEXT 10 /* reasons and domains */
#define QUEUE_SHOWN_JSON 100

/* The length of the character at TEXT that a terminal may be shown, or 0. */
static size_t
printable(const unsigned char *text)
{
	unsigned char lead = text[0];
	size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	if (lead >= 0x20 && lead < 0x7f)
		return 1;
	/* Shorter forms than needed, surrogates and what lies above U+10FFFF are no characters. */
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	for (size_t i = 1; i < need; i++)
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	if ((lead == 0xe0 && text[1] < 0xa0) || (lead == 0xed && text[1] > 0x9f) ||
		(lead == 0xf0 && text[1] < 0x90) || (lead == 0xf4 && text[1] > 0x8f))
		return 0;
	/* C1 controls; U+2028 to U+202E and U+2066 to U+2069 break a line or turn it round. */
	if (lead == 0xc2 && text[1] < 0xa0)
		return 0;
	if (lead == 0xe2 && text[1] == 0x80 && text[2] >= 0xa8 && text[2] <= 0xae)
		return 0;
	if (lead == 0xe2 && text[1] == 0x81 && text[2] >= 0xa6 && text[2] <= 0xa9)
		return 0;
	return need;
}

void
queue_print_safe(const char *text, struct buffer *out)
{
	while (*text != '\0') {
		size_t len = printable((const unsigned char *)text);

		if (len > 0)
			buffer_append(out, text, len);
		else
			buffer_printf(out, "\\x%02x", (unsigned char)*text);
		text += len > 0 ? len : 1;
	}
}

static void
print_age(struct buffer *out, int64_t seconds)
{
	long long s = seconds > 0 ? seconds : 0;

	if (s >= 86400)
		buffer_printf(out, "%lld d %lld h", s / 86400, s / 3600 % 24);
	else if (s >= 3600)
		buffer_printf(out, "%lld h %lld min", s / 3600, s / 60 % 60);
	else if (s >= 60)
		buffer_printf(out, "%lld min %lld s", s / 60, s % 60);
	else
		buffer_printf(out, "%lld s", s);
}

static void
print_part(struct buffer *out, const char *name, const struct queue_part *part, int64_t now)
{
	buffer_printf(out, "%-10s %8llu %12llu  ", name, (unsigned long long)part->messages,
		(unsigned long long)part->bytes);
	if (part->messages > 0)
		print_age(out, now - part->oldest);
	else
		buffer_puts(out, "-");
	buffer_puts(out, "\n");
}

static struct queue_part
total(const struct queue_sum *sum)
{
	struct queue_part all = {0};

	for (int i = 0; i < QUEUE_COUNT; i++) {
		const struct queue_part *part = &sum->parts[i];

		all.messages += part->messages;
		all.bytes += part->bytes;
		if (part->messages > 0 && (all.oldest == 0 || part->oldest < all.oldest))
			all.oldest = part->oldest;
	}
	return all;
}

/* How many are not among the first SHOWN. */
static uint64_t
others(const struct tally *tally, size_t shown)
{
	uint64_t count = tally->rest;

	for (size_t i = shown; i < tally->count; i++)
		count += tally->entries[i].count;
	return count;
}

static void
print_tally(struct buffer *out, const char *title, struct tally *tally)
{
	uint64_t rest = others(tally, QUEUE_SHOWN_TEXT);

	if (tally->count == 0)
		return;
	buffer_printf(out, "\n%s\n", title);
	for (size_t i = 0; i < tally->count && i < QUEUE_SHOWN_TEXT; i++) {
		buffer_printf(out, "%8llu  ", (unsigned long long)tally->entries[i].count);
		queue_print_safe(tally->entries[i].text, out);
		buffer_puts(out, "\n");
	}
	if (rest > 0)
		buffer_printf(out, "%8llu  others\n", (unsigned long long)rest);
}

void
queue_print_text(struct queue_sum *sum, int64_t now, struct buffer *out)
{
	struct queue_part all = total(sum);

	tally_sort(&sum->reasons);
	tally_sort(&sum->domains);
	buffer_puts(out, "QUEUE      MESSAGES        BYTES  OLDEST\n");
	for (int i = 0; i < QUEUE_COUNT; i++)
		print_part(out, queue_part_name((enum queue_name)i), &sum->parts[i], now);
	print_part(out, "all", &all, now);
	print_tally(out, "Why recipients wait (# stands for numbers and ids):", &sum->reasons);
	print_tally(out, "Recipients by domain:", &sum->domains);
	if (sum->down)
		buffer_puts(out, "\nPostfix does not run: nothing of this moves until it does.\n");
}

static void
json_part(struct buffer *out, const struct queue_part *part)
{
	char at[CLOCK_TEXT_BYTES];

	buffer_printf(out, "\"messages\": %llu, \"bytes\": %llu, \"oldest\": ",
		(unsigned long long)part->messages, (unsigned long long)part->bytes);
	if (part->messages > 0)
		buffer_printf(out, "\"%s\"", clock_text_seconds(part->oldest * 1000, at));
	else
		buffer_puts(out, "null");
}

static void
json_tally(struct buffer *out, const char *name, const char *key, const struct tally *tally)
{
	buffer_printf(out, ",\n \"%s\": [", name);
	for (size_t i = 0; i < tally->count && i < QUEUE_SHOWN_JSON; i++) {
		buffer_printf(out, "%s\n  {\"%s\": ", i > 0 ? "," : "", key);
		json_string(out, tally->entries[i].text);
		buffer_printf(out, ", \"recipients\": %llu}",
			(unsigned long long)tally->entries[i].count);
	}
	buffer_printf(out, "],\n \"other_%s\": %llu", name,
		(unsigned long long)others(tally, QUEUE_SHOWN_JSON));
}

void
queue_print_json(struct queue_sum *sum, struct buffer *out)
{
	struct queue_part all = total(sum);

	tally_sort(&sum->reasons);
	tally_sort(&sum->domains);
	buffer_printf(
		out, "{\"version\": 1, \"postfix\": \"%s\", ", sum->down ? "down" : "running");
	json_part(out, &all);
	buffer_puts(out, ",\n \"queues\": [");
	for (int i = 0; i < QUEUE_COUNT; i++) {
		buffer_printf(out, "%s\n  {\"name\": \"%s\", ", i > 0 ? "," : "",
			queue_part_name((enum queue_name)i));
		json_part(out, &sum->parts[i]);
		buffer_puts(out, "}");
	}
	buffer_puts(out, "]");
	json_tally(out, "reasons", "reason", &sum->reasons);
	json_tally(out, "domains", "domain", &sum->domains);
	buffer_puts(out, "}\n");
}
