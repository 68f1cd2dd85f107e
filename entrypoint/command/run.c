/*
 * run.c - mailinit as PID 1
 *
 * The long-lived process does not parse. It forks; the child plans, checks and
 * applies here, hands over the finished service table through a pipe, and is
 * gone. A crash in it is a refused start or reload, never a dead container.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "apply/apply.h"
#include "base/fatal.h"
#include "command/build.h"
#include "command/command.h"
#include "report/report.h"
#include "supervise/supervise.h"

/* show_findings - only when there is something to say */
static void
show_findings(const struct build *build)
{
	struct buffer text = {0};

	if (build->findings.count == 0)
		return;
	report_findings_text(&build->plan, false, &text);
	if (findings_refuse(&build->findings))
		buffer_puts(&text, "mailinit: refused; nothing was written\n");
	if (build_print(STDERR_FILENO, &text) != 0)
		fatal_system("write", "standard error");
	buffer_free(&text);
}

static int
hand_over(const struct service_table *table, int fd)
{
	const char *at = (const char *)table;
	size_t left = sizeof(*table);

	while (left > 0) {
		ssize_t done = write(fd, at, left);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		at += done;
		left -= (size_t)done;
	}
	return 0;
}

/* prepare - in the short-lived child: from settings to a service table */
static int
prepare(void *context, enum prepare_mode mode, int table_fd)
{
	const struct options *options = context;
	struct build build = {0};
	struct service_table *table = &build.plan.services;
	int code;

	build_plan(&build, options, BUILD_TO_APPLY);
	show_findings(&build);
	if (findings_refuse(&build.findings))
		return EXIT_FINDINGS;
	code = apply_plan(&build.plan, mode == PREPARE_START);
	if (code != EXIT_DONE)
		return code;
	table->findings_errors = (uint32_t)findings_count(&build.findings, SEVERITY_ERROR);
	table->findings_warnings = (uint32_t)findings_count(&build.findings, SEVERITY_WARNING);
	table->findings_notes = (uint32_t)findings_count(&build.findings, SEVERITY_NOTE);
	if (hand_over(table, table_fd) != 0)
		fatal_system("hand over", "the service table");
	return EXIT_DONE; /* the process ends: nothing is freed */
}

int
command_run(int argc, char **argv)
{
	struct options options;
	struct supervise_options supervise = {.prepare = prepare, .context = &options};

	if (options_read(&options, argc, argv, NULL) != 0)
		return EXIT_USAGE;
	return supervise_run(&supervise);
}
