/*
 * health.c - for HEALTHCHECK and probes
 *
 * It asks PID 1, which knows whether every service works, and never a daemon:
 * so it costs nothing and leaves no line in any log. With --quick it says nothing,
 * and leaves out what a restart of the container would not mend.
 */
#include <stdio.h>
#include <string.h>

#include "base/fatal.h"
#include "command/command.h"
#include "command/status_facts.h"
#include "command/status_print.h"
#include "supervise/control_client.h"
#include "supervise/signals.h"

#define HEALTH_TIMEOUT_MS 3000

int
command_health(int argc, char **argv)
{
	struct status_snapshot snapshot;
	struct buffer line = {0}, trouble = {0};
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
	/* clients are served, so it is healthy; but not for ever, unless somebody reads this */
	if (healthy && !quick && status_certificates_trouble(&snapshot, &trouble))
		buffer_printf(&line, "\n%s", buffer_text(&trouble));
	buffer_free(&trouble);
	if (!quick)
		puts(buffer_text(&line));
	buffer_free(&line);
	return healthy ? EXIT_DONE : EXIT_FINDINGS;
}
