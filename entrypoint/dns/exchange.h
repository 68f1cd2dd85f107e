#ifndef DNS_EXCHANGE_H
#define DNS_EXCHANGE_H

/* Private to dns/: one question to one server. */
#include <stddef.h>
#include <stdint.h>

#include "dns/lookup.h"

#define DNS_MESSAGE_MAX 65535
#define DNS_QUESTION_MAX 512

struct exchange {
	const unsigned char *question; /* a whole message, with its id */
	size_t question_len; /* DNS_QUESTION_MAX at most */
	unsigned char *answer; /* DNS_MESSAGE_MAX bytes */
	size_t answer_len;
};

/*
 * Sends the question to SERVER and waits until DEADLINE_MS (deadline_now) for an
 * answer to it; again over TCP when it was cut off. Returns 0, or -1 with errno:
 * ETIMEDOUT, or why the server cannot be reached.
 */
int exchange_with(struct exchange *exchange, const struct dns_server *server, int64_t deadline_ms);

#endif
