/*
 * fuzz_opendkim.c - libFuzzer target: any bytes as opendkim.conf and as its tables
 *
 * The first byte chooses which of the files it is. Each fault has to lie within it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "language/opendkim_file.h"
#include "language/opendkim_table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(struct faults *faults, unsigned which, const char *text, size_t len)
{
	struct opendkim_signing signing;

	if (which == 0)
		opendkim_file_check(faults, text, len, &signing);
	else if (which == 1)
		opendkim_keytable_check(faults, text, len);
	else if (which == 2)
		opendkim_hosts_check(faults, text, len, FAULT_UNSIGNED);
	else
		/* the same text as the KeyTable, so that some keys are found */
		opendkim_signingtable_check(faults, text, len, which == 3, text, len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct faults faults;
	struct arena arena;
	int lines = 1;

	if (size == 0)
		return 0;
	for (size_t i = 1; i < size; i++)
		lines += data[i] == '\n';
	arena_init(&arena);
	faults_init(&faults, &arena);
	check(&faults, data[0] % 5, (const char *)data + 1, size - 1);
	for (size_t i = 0; i < faults.count; i++)
		if (faults.items[i].line < 0 || faults.items[i].last > lines ||
			strpbrk(faults.items[i].text, "\n\r\033") != NULL)
			abort();
	arena_free(&arena);
	return 0;
}
