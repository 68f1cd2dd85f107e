/* fuzz_envfile.c - libFuzzer target: any bytes as an env-file */
#include "fuzz_settings.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_settings(data, size, FUZZ_ENV_FILE);
}
