/*
 * fuzz_dns.c - any bytes as the answer of a name server, and any text as a DKIM record
 *
 * The first byte chooses the type that was asked for. Beside what the sanitizers
 * see:
 *   - records come only with DNS_FOUND, and a reason only with what is not known;
 *   - a record is judged, with words that move no terminal.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dns/dkim_record.h"

#define NAME "s._domainkey.example.com"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int promise)
{
	if (!promise)
		abort();
}

static void
check(struct arena *arena, const struct dns_answer *answer)
{
	struct dkim_published published;

	must((answer->count > 0) == (answer->status == DNS_FOUND));
	must((answer->why == NULL) == dns_status_known(answer->status));
	for (size_t i = 0; i < answer->count; i++)
		must(strlen(answer->items[i].text) <= answer->items[i].len);
	dkim_record_judge(arena, answer, "MIIBIjANBgkq", &published);
	for (const char *at = published.text; *at != '\0'; at++)
		must((unsigned char)*at >= ' ' && *at != 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int types[] = {16, 1, 28, 15, 6, 5, 52, 257, 99, 12};
	struct dns_answer answer;
	struct dns_item item;
	struct arena arena;

	if (size == 0 || size > 65536)
		return 0;
	arena_init(&arena);
	dns_decode(&arena, data + 1, size - 1, NAME,
		types[data[0] % (sizeof(types) / sizeof(types[0]))], &answer);
	check(&arena, &answer);
	item.text = arena_strndup(&arena, (const char *)data, size);
	item.len = strlen(item.text);
	item.ttl = 1;
	answer = (struct dns_answer){.status = DNS_FOUND, .name = NAME, .items = &item, .count = 1};
	check(&arena, &answer);
	arena_free(&arena);
	return 0;
}
