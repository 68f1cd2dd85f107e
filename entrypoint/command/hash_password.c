/* hash_password.c - mailinit hash-password: a password on stdin, its hash on stdout */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fatal.h"
#include "command/command.h"
#include "crypto/password.h"

#define LINE_BYTES 1024

/* read_password - one line; at a terminal it is asked for and not shown */
static bool
read_password(char password[LINE_BYTES])
{
	struct termios shown, hidden;
	bool at_terminal = tcgetattr(STDIN_FILENO, &shown) == 0, got;

	if (at_terminal) {
		fprintf(stderr, "Password: ");
		hidden = shown;
		hidden.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
	}
	got = fgets(password, LINE_BYTES, stdin) != NULL;
	if (at_terminal) {
		tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
		fputc('\n', stderr);
	}
	return got;
}

int
command_hash_password(int argc, char **argv)
{
	char password[LINE_BYTES];
	struct arena arena;
	struct crypto_error error;
	const char *hash = NULL;
	size_t len;
	bool written = true;
	int result;

	(void)argv;
	if (argc > 1) {
		fprintf(stderr,
			"mailinit: hash-password reads the password from standard input, so "
			"that it shows in no process list\n");
		return EXIT_USAGE;
	}
	if (!read_password(password)) {
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
		written = puts(hash) != EOF && fflush(stdout) != EOF;
	else
		fprintf(stderr, "mailinit: unable to hash it: %s\n    hint: %s\n", error.text,
			error.help);
	arena_free(&arena);
	if (!written)
		fatal_system("write", "standard output");
	return result == 0 ? EXIT_DONE : EXIT_USAGE;
}
