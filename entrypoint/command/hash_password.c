/* hash_password.c - mailinit hash-password: a password on stdin, its hash on stdout */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "command/command.h"
#include "crypto/password.h"

#define LINE_BYTES 1024

int
command_hash_password(int argc, char **argv)
{
	char password[LINE_BYTES];
	struct arena arena;
	struct crypto_error error;
	const char *hash = NULL;
	size_t len;
	int result;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr,
			"mailinit: hash-password reads the password from standard input, so "
			"that it shows in no process list\n");
		return EXIT_USAGE;
	}
	if (isatty(STDIN_FILENO))
		fprintf(stderr, "Password (it will be shown): ");
	if (fgets(password, sizeof(password), stdin) == NULL) {
		fprintf(stderr, "mailinit: no password on standard input\n");
		return EXIT_USAGE;
	}
	arena_init(&arena);
	len = strlen(password);
	if (len > 0 && password[len - 1] == '\n')
		len--;
	if (len > 0 && password[len - 1] == '\r')
		len--;
	result = password_hash(&arena, password, len, 0, &hash, &error);
	explicit_bzero(password, sizeof(password));
	if (result == 0)
		puts(hash);
	else
		fprintf(stderr, "mailinit: unable to hash it: %s\n    hint: %s\n", error.text,
			error.help);
	arena_free(&arena);
	return result == 0 ? EXIT_DONE : EXIT_USAGE;
}
