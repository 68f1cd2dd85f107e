/*
 * health.c - for HEALTHCHECK and probes
 *
 * It asks PID 1, which knows whether every service works, and never a daemon:
 * so it costs nothing and leaves no line in any log. With --quick it says nothing,
 * and leaves out what a restart of the container would not mend. Findings in force
 * are told and change no answer: they may depend on dates, or on anything outside.
 */
#include <stdio.h>
#include <string.h>

#include "base/fatal.h"
#include "command/command.h"
#include "command/status_facts.h"
#include "command/status_findings.h"
#include "command/status_print.h"
#include "supervise/control_client.h"
#include "supervise/signals.h"

#define HEALTH_TIMEOUT_MS 3000

/* put_findings - on lines of their own, behind the answer */
static void
put_findings(const struct status_snapshot *snapshot, struct buffer *out)
{
	struct in_force in_force;
	struct arena arena;

	arena_init(&arena);
	status_in_force(&arena, snapshot, &in_force);
	status_findings_text(&in_force, false, out);
	arena_free(&arena);
}

int
command_health(int argc, char **argv)
{
	struct status_snapshot snapshot;
	struct buffer line = {0};
	char why[CONTROL_WHY_BYTES];
	bool quick = argc == 2 && strcmp(argv[1], "--quick") == 0;
	bool healthy;

	supervise_unblock_signals();
	if (argc > 1 && !quick) {
		fprintf(stderr, "mailinit: health: usage: mailinit health [--quick]\n");
		return EXIT_USAGE;
	}
	if (control_status(&snapshot, HEALTH_TIMEOUT_MS, why) == -1) {
		fprintf(stderr, "unhealthy: %s\n", why);
		return EXIT_FINDINGS;
	}
	healthy = status_healthy(&snapshot, &line);
	/* A probe that may restart the container asks only what a restart could mend. */
	if (healthy && !quick) {
		buffer_clear(&line);
		healthy = status_facts_healthy(&snapshot, &line);
		if (healthy)
			buffer_puts(&line, "healthy");
	}
	if (!quick) {
		buffer_putc(&line, '\n');
		put_findings(&snapshot, &line);
		fputs(buffer_text(&line), stdout);
	}
	buffer_free(&line);
	return healthy ? EXIT_DONE : EXIT_FINDINGS;
}
