/*
 * fuzz_settings.h - any bytes as one of the files that settings are read from
 *
 * The whole way from the file to typed settings is run, so that the schema's own
 * checks are reached. Files that the input names are looked for below a root
 * that does not exist.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "settings/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* AS_ENV_FILE: an env-file, else the configuration file. Returns 0, as libFuzzer wants. */
static int
fuzz_settings(const uint8_t *data, size_t size, bool as_env_file)
{
	char *const environment[] = {NULL};
	struct settings_source source = {.root = "/nonexistent", .environment = environment};
	struct findings findings;
	struct arena arena;
	char path[64];
	int fd = memfd_create("settings", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (as_env_file)
		source.env_file = path;
	else
		source.config = path;
	arena_init(&arena);
	findings_init(&findings, &arena);
	if (settings_load(&arena, &findings, &source) == NULL)
		abort();
	arena_free(&arena);
	close(fd);
	return 0;
}
