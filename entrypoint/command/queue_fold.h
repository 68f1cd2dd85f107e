#ifndef COMMAND_QUEUE_FOLD_H
#define COMMAND_QUEUE_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"

/*
 * Reasons of deferral and domains, counted. Both come from strangers: from other
 * servers' replies and from addresses.
 */

/*
 * Appends REASON without what differs from message to message, so that equal
 * causes are one text: numbers and ids become "#", [addresses] "[#]", the part
 * of a mail address before its @ "*". The codes of SMTP (RFC 5321 section 4.2.1,
 * RFC 3463) stay, for they are the cause.
 */
void queue_fold(const char *reason, struct buffer *out);

struct tally_entry {
	const char *text; /* in the tally's arena */
	uint64_t count;
};

/*
 * Texts and how often each came. A tally that was zeroed but for its arena is
 * empty. It holds TALLY_MAX texts; what comes on top of them is counted in REST.
 */
#define TALLY_MAX 20000

struct tally {
	struct arena *arena;
	struct tally_entry *entries; /* in the arena */
	uint32_t *slots; /* 0: free; else the place of an entry, from 1 on */
	size_t count, size, slot_count;
	uint64_t rest;
};

void tally_add(struct tally *tally, const char *text);

/* The most frequent first, and equal ones by their text. Nothing can be added after it. */
void tally_sort(struct tally *tally);

#endif
