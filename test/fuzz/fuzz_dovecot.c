/*
 * fuzz_dovecot.c - libFuzzer target: any bytes as dovecot.conf
 *
 * The first byte chooses the release. Each fault has to lie within the file.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "language/dovecot_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const versions[] = {"2.3.19.1", "2.4.1", "2.4.5"};
	static struct faults faults;
	struct arena arena;
	int lines = 1;

	if (size == 0)
		return 0;
	for (size_t i = 1; i < size; i++)
		lines += data[i] == '\n';
	arena_init(&arena);
	faults_init(&faults, &arena);
	dovecot_file_check(&faults, versions[data[0] % 3], (const char *)data + 1, size - 1);
	for (size_t i = 0; i < faults.count; i++) {
		const struct fault *fault = &faults.items[i];

		if (fault->line < 0 || fault->last < fault->line || fault->last > lines ||
			strpbrk(fault->text, "\n\r\033") != NULL)
			abort();
	}
	arena_free(&arena);
	return 0;
}
