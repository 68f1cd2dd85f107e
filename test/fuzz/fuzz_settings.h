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

enum fuzz_input { FUZZ_CONFIG, FUZZ_ENV_FILE, FUZZ_COMPOSE };

/* Returns 0, as libFuzzer wants. */
static int
fuzz_settings(const uint8_t *data, size_t size, enum fuzz_input input)
{
	char set[] = "SET=a value", empty[] = "EMPTY=";
	char *const environment[] = {set, empty, NULL};
	struct mounts mounts = {0};
	struct settings_source source = {.root = "/nonexistent", .environment = environment};
	struct findings findings;
	struct arena arena;
	char path[64];
	const char *paths[] = {path};
	int fd = memfd_create("settings", MFD_CLOEXEC);

	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (input == FUZZ_COMPOSE) {
		source.compose = path;
		source.mounts = &mounts;
	} else if (input == FUZZ_ENV_FILE) {
		source.env_files = paths;
		source.env_file_count = 1;
	} else {
		source.configs = paths;
		source.config_count = 1;
	}
	arena_init(&arena);
	findings_init(&findings, &arena);
	if (settings_load(&arena, &findings, &source) == NULL)
		abort();
	mounts_close(&mounts);
	arena_free(&arena);
	close(fd);
	return 0;
}
