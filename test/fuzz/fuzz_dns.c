/* fuzz_dns.c - libFuzzer target: any bytes as the answer of a name server */
#include <arpa/nameser.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dns/lookup.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int types[] = {ns_t_a, ns_t_aaaa, ns_t_txt, ns_t_mx, ns_t_ptr, ns_t_soa,
		ns_t_cname, DNS_TYPE_TLSA, DNS_TYPE_CAA, ns_t_srv};
	struct dns_answer answer;
	struct arena arena;

	arena_init(&arena);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		dns_decode(&arena, data, size, "a.test", types[i], &answer);
		if ((answer.status == DNS_FOUND) != (answer.count > 0))
			abort();
		if (!dns_status_known(answer.status) && answer.why == NULL)
			abort();
		for (size_t j = 0; j < answer.count; j++)
			if (answer.items[j].text[answer.items[j].len] != '\0')
				abort();
	}
	arena_free(&arena);
	return 0;
}
