#ifndef TEST_CRYPTO_H
#define TEST_CRYPTO_H

/*
 * What the tests of the crypto room share: a scratch directory, and the openssl
 * command as the second opinion. Whatever the test itself needs and does not
 * get ends it with "Bail out!".
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/file.h"
#include "crypto/error.h"
#include "unit.h"

#define SCRATCH_FILE_BYTES (1024 * 1024)

static char scratch_directory[] = "/tmp/test_crypto.XXXXXX";

static void
bail_out(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(1);
}

static void
remove_scratch(void)
{
	char command[64];

	snprintf(command, sizeof(command), "rm -rf %s", scratch_directory);
	if (system(command) != 0)
		printf("# %s is left behind\n", scratch_directory);
}

/* Makes the scratch directory and goes there; it is removed at exit. */
static void
enter_scratch(void)
{
	if (mkdtemp(scratch_directory) == NULL || chdir(scratch_directory) < 0)
		bail_out("no scratch directory");
	atexit(remove_scratch);
}

/* Runs a shell command and gives what it printed, stderr too, and its status. */
static const char *
run_command(struct arena *arena, int *status, const char *command)
{
	struct buffer output = {0};
	char step[4096];
	const char *text;
	size_t got;
	FILE *pipe;

	fflush(stdout);
	text = arena_printf(arena, "exec 2>&1\n%s", command);
	pipe = popen(text, "r");
	if (pipe == NULL)
		bail_out("popen");
	while ((got = fread(step, 1, sizeof(step), pipe)) > 0)
		buffer_append(&output, step, got);
	*status = pclose(pipe);
	text = arena_strdup(arena, buffer_text(&output));
	buffer_free(&output);
	return text;
}

/* Runs what must succeed, and gives its output without the last line end. */
static const char *
must(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

static const char *
must(struct arena *arena, const char *format, ...)
{
	const char *command;
	char *output;
	va_list args;
	int status;

	va_start(args, format);
	command = arena_vprintf(arena, format, args);
	va_end(args);
	output = arena_strdup(arena, run_command(arena, &status, command));
	if (status != 0) {
		printf("# %s\n# %s\n", command, output);
		bail_out("a command that the test needs failed");
	}
	if (output[0] != '\0' && output[strlen(output) - 1] == '\n')
		output[strlen(output) - 1] = '\0';
	return output;
}

/* Whether a command ends with status 0. */
__attribute__((unused)) static bool
works(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool
works(struct arena *arena, const char *format, ...)
{
	const char *command;
	va_list args;
	int status;

	va_start(args, format);
	command = arena_vprintf(arena, format, args);
	va_end(args);
	run_command(arena, &status, command);
	return status == 0;
}

/* A file of the scratch directory, in the arena. LEN may be NULL. */
__attribute__((unused)) static const char *
slurp(struct arena *arena, const char *path, size_t *len)
{
	struct buffer content = {0};
	const char *text;

	if (file_read(path, SCRATCH_FILE_BYTES, &content, NULL) < 0)
		bail_out(path);
	text = arena_strndup(arena, buffer_text(&content), content.len);
	if (len != NULL)
		*len = content.len;
	buffer_free(&content);
	return text;
}

__attribute__((unused)) static void
spill(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	if (file == NULL || fwrite(text, 1, len, file) != len || fclose(file) != 0)
		bail_out(path);
}

#endif
