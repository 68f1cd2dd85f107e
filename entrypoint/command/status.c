/* status.c - what PID 1 knows, over its control socket */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/text.h"
#include "command/command.h"
#include "command/status_print.h"
#include "supervise/control_client.h"
#include "supervise/signals.h"

#define STATUS_TIMEOUT_MS 5000

enum status_format { STATUS_TEXT, STATUS_JSON, STATUS_PROMETHEUS };

static int
read_format(const char *word, enum status_format *format)
{
	static const char *const words[] = {"text", "json", "prometheus"};

	for (int i = 0; i < 3; i++)
		if (word != NULL && strcmp(word, words[i]) == 0) {
			*format = (enum status_format)i;
			return 0;
		}
	fprintf(stderr, "mailinit: status: --format is text, json or prometheus\n");
	return -1;
}

static int
read_arguments(int argc, char **argv, enum status_format *format)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--format") == 0) {
			if (read_format(argv[++i], format) == -1)
				return -1;
		} else if (text_starts(argv[i], "--format=")) {
			if (read_format(argv[i] + strlen("--format="), format) == -1)
				return -1;
		} else {
			fprintf(stderr,
				"mailinit: status: unknown argument \"%s\"; "
				"usage: mailinit status [--format text|json|prometheus]\n",
				argv[i]);
			return -1;
		}
	}
	return 0;
}

static bool
wants_color(void)
{
	const char *no_color = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0');
}

int
command_status(int argc, char **argv)
{
	enum status_format format = STATUS_TEXT;
	struct status_snapshot snapshot;
	struct in_force in_force;
	struct arena arena;
	struct buffer out = {0};
	char why[CONTROL_WHY_BYTES];
	bool written;

	supervise_unblock_signals();
	if (read_arguments(argc, argv, &format) == -1)
		return EXIT_USAGE;
	if (control_status(&snapshot, STATUS_TIMEOUT_MS, why) == -1) {
		fprintf(stderr, "mailinit: %s\n", why);
		return EXIT_SYSTEM;
	}
	arena_init(&arena);
	status_in_force(&arena, &snapshot, &in_force);
	if (format == STATUS_JSON)
		status_print_json(&snapshot, &in_force, &out);
	else if (format == STATUS_PROMETHEUS)
		status_print_prometheus(&snapshot, &in_force, &out);
	else
		status_print_text(&snapshot, &in_force, wants_color(), &out);
	arena_free(&arena);
	written = fputs(buffer_text(&out), stdout) != EOF && fflush(stdout) != EOF;
	buffer_free(&out);
	if (written)
		return EXIT_DONE;
	fprintf(stderr, "mailinit: unable to write the status: %s\n", strerror(errno));
	return EXIT_SYSTEM;
}
