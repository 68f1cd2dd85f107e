/* fuzz_compose.c - libFuzzer target: any bytes as a compose file */
#include "fuzz_settings.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_settings(data, size, FUZZ_COMPOSE);
}
