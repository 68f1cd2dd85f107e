/*
 * fuzz_spf.c - libFuzzer target: any text as the records that strangers publish
 *
 * Each line is a record; a question is answered with one of them, by the sum of its
 * name's bytes, so that includes and redirects lead from one to the next.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/nameser.h>

#include "dns/dkim_record.h"
#include "dns/dmarc.h"
#include "dns/spf.h"

#define LINES_MAX 32
#define LOOKUPS_MOST 11 /* the eleventh ends it */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct lines {
	struct arena *arena;
	struct dns_item items[LINES_MAX];
	size_t count;
};

static void
answer_one(void *context, const char *name, int type, struct dns_answer *answer)
{
	static const char *const addresses[] = {"192.0.2.7", "198.51.100.1", "no address"};
	struct lines *lines = context;
	unsigned sum = (unsigned)type;

	for (const char *at = name; *at != '\0'; at++)
		sum = sum * 31 + (unsigned char)*at;
	*answer = (struct dns_answer){.status = DNS_FOUND, .name = name, .count = 1};
	answer->items = arena_alloc(lines->arena, sizeof(*answer->items));
	if (lines->count == 0 || sum % 8 == 0) {
		answer->status = DNS_NO_NAME;
		answer->count = 0;
	} else if (sum % 8 == 1) {
		answer->status = DNS_TIMED_OUT;
		answer->why = "no answer";
		answer->count = 0;
	} else if (type == ns_t_txt) {
		answer->items[0] = lines->items[sum % lines->count];
	} else {
		answer->items[0].text = type == ns_t_mx ? "10 mx.test" : addresses[sum % 3];
		answer->items[0].len = strlen(answer->items[0].text);
	}
}

static void
split(struct lines *lines, const uint8_t *data, size_t size)
{
	const char *at = (const char *)data, *end = at + size;

	while (at < end && lines->count < LINES_MAX) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop != NULL ? stop : end) - at);

		lines->items[lines->count++] =
			(struct dns_item){.text = arena_strndup(lines->arena, at, len), .len = len};
		at += len + 1;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lines lines = {0};
	struct dns_session session;
	struct dkim_published published;
	struct spf_answer spf;
	struct dmarc dmarc;
	struct arena arena;

	arena_init(&arena);
	lines.arena = &arena;
	split(&lines, data, size);
	dns_session_init(&session, &arena);
	session.ask = answer_one;
	session.context = &lines;
	for (char domain[] = "a.test"; domain[0] <= 'h'; domain[0]++) {
		struct spf_question question = {domain[0] % 2 ? "192.0.2.7" : "2001:db8::7",
			"strong-bad", domain, "h.test"};

		spf_evaluate(&session, &question, &spf);
		if (spf.lookups > LOOKUPS_MOST || spf.why == NULL)
			abort();
		dmarc_find(&session, domain, &dmarc);
		dmarc_organisation(&session, domain);
		dkim_record_judge(&arena, dns_ask(&session, domain, ns_t_txt), "MIIB", &published);
		if (published.text == NULL)
			abort();
	}
	arena_free(&arena);
	return 0;
}
