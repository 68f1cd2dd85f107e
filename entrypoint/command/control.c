/*
 * control.c - reload, start, stop and restart
 *
 * PID 1 answers when the outcome is there: the plan was applied or refused, the
 * service is ready or down. So the exit code means what it seems to mean.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "command/build.h"
#include "command/command.h"
#include "report/report.h"
#include "supervise/control_client.h"
#include "supervise/signals.h"

#define CONTROL_TIMEOUT_MS 150000 /* longer than PID 1 itself waits for an outcome */

/* show_refusal - the findings that refused a reload, for whoever asked: PID 1 knows only their number */
static void
show_refusal(void)
{
	char *argv[] = {(char[]){"reload"}, NULL};
	struct build build = {0};
	struct buffer text = {0};
	struct options options;

	if (options_read(&options, 1, argv, NULL) != 0)
		return;
	build_plan(&build, &options, BUILD_TO_APPLY);
	if (findings_refuse(&build.findings)) {
		report_findings_text(&build.plan, options.color, &text);
		if (build_print(STDERR_FILENO, &text) != 0)
			fatal_system("write", "standard error");
	}
	buffer_free(&text);
	build_free(&build);
}

int
command_control(int argc, char **argv)
{
	bool reload = strcmp(argv[0], "reload") == 0;
	char request[STATUS_REQUEST_BYTES + 1], why[CONTROL_WHY_BYTES];
	struct status_reply reply;
	int len;

	supervise_unblock_signals();
	if (argc != (reload ? 1 : 2)) {
		fprintf(stderr, "mailinit: usage: mailinit %s%s\n", argv[0], reload ? "" : " NAME");
		return EXIT_USAGE;
	}
	len = snprintf(request, sizeof(request), "%s%s%s", argv[0], reload ? "" : " ",
		reload ? "" : argv[1]);
	if (len < 0 || len >= (int)sizeof(request)) {
		fprintf(stderr, "mailinit: no service has so long a name\n");
		return EXIT_USAGE;
	}
	if (control_ask(request, &reply, CONTROL_TIMEOUT_MS, why) == -1) {
		fprintf(stderr, "mailinit: %s\n", why);
		return EXIT_SYSTEM;
	}
	if (reload && reply.code == EXIT_FINDINGS)
		show_refusal();
	fprintf(reply.code == EXIT_DONE ? stdout : stderr, "%s%s\n",
		reply.code == EXIT_DONE ? "" : "mailinit: ", reply.text);
	return reply.code;
}
