/*
 * fuzz_log.c - libFuzzer target: any bytes as a datagram or a line of a service
 *
 * The first byte chooses. Whatever comes in is one line of bounded length, in
 * both forms, and may be a fact about health or not.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "supervise/log_fact.h"
#include "supervise/log_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
write_out(const struct log_record *record, enum log_format format, size_t size)
{
	char *line = malloc(LOG_LINE_BYTES(size));
	size_t len;

	if (line == NULL)
		abort();
	len = log_write_record(line, record, format, LOG_MASK_ADDRESSES, 0);
	if (len > LOG_LINE_BYTES(size) || memchr(line, '\n', len) != line + len - 1)
		abort();
	free(line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct log_record record;
	const char *text = (const char *)data + 1;
	int fact;

	if (size == 0)
		return 0;
	size--;
	if (data[0] % 3 == 0)
		log_read_line(&record, text, size, "postfix", 7);
	else if (data[0] % 3 == 1)
		log_read_syslog(&record, text, size, 7);
	else
		log_read_own(&record, text, size, 7);
	fact = log_fact_of(&record);
	if (fact < 0 || fact > FACT_NONE)
		abort();
	write_out(&record, LOG_FORMAT_TEXT, size);
	write_out(&record, LOG_FORMAT_JSON, size);
	return 0;
}
