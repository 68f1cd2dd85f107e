/*
 * fuzz_queue.c - libFuzzer target: any bytes as what postqueue says
 *
 * What is shown of them must not tell a terminal anything, and must be JSON.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/json_read.h"
#include "command/queue_print.h"
#include "command/queue_sum.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct queue_message message;
	struct buffer out = {0};
	struct queue_sum sum;
	struct arena arena;
	const char *why;
	size_t at;

	arena_init(&arena);
	queue_sum_init(&sum, &arena);
	if (queue_read(&arena, (const char *)data, size, &message, &why) == 0) {
		queue_sum_add(&sum, &message);
		queue_print_text(&sum, 1795353500, &out);
		for (size_t i = 0; i < out.len; i++)
			if (((unsigned char)out.data[i] < 0x20 && out.data[i] != '\n') ||
				out.data[i] == 0x7f)
				abort();
		buffer_clear(&out);
		queue_print_json(&sum, &out);
		if (json_read(&arena, out.data, out.len, &why, &at) == NULL)
			abort();
	} else if (why == NULL) {
		abort(); /* refused, but for no reason */
	}
	buffer_free(&out);
	arena_free(&arena);
	return 0;
}
