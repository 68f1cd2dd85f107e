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
#include <sys/prctl.h>
#include <unistd.h>

#include "apply/apply.h"
#include "apply/byhand.h"
#include "apply/watched.h"
#include "base/fatal.h"
#include "command/build.h"
#include "command/command.h"
#include "command/in_force.h"
#include "command/queue_retry.h"
#include "command/run_findings.h"
#include "daemon/dovecot.h"
#include "supervise/supervise.h"

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
	bool refused;
	int code;

	/* what a change by hand was told of before: a start begins anew */
	if (mode == PREPARE_START && byhand_forget() != 0)
		return EXIT_SYSTEM;
	build_plan(&build, options, BUILD_TO_APPLY);
	run_findings(&build, mode == PREPARE_START);
	refused = findings_refuse(&build.findings);
	code = refused ? EXIT_FINDINGS : apply_plan(&build.plan, mode == PREPARE_START);
	/* what is corrected is to be noticed; what could not be applied is tried again by the watcher */
	if (refused && mode == PREPARE_RELOAD)
		(void)watched_extend(&build.plan);
	else if (code == EXIT_DONE)
		(void)watched_replace(&build.plan);
	/* a start that is refused leaves nothing behind, and nobody to ask for it */
	if (code == EXIT_DONE || mode == PREPARE_RELOAD)
		in_force_write(&build.plan, PLAN_RUN_DIRECTORY, code != EXIT_DONE);
	/* of a refused plan PID 1 reads how many findings there are, and no more */
	table->findings_errors = (uint32_t)findings_count(&build.findings, SEVERITY_ERROR);
	table->findings_warnings = (uint32_t)findings_count(&build.findings, SEVERITY_WARNING);
	table->findings_notes = (uint32_t)findings_count(&build.findings, SEVERITY_NOTE);
	if (hand_over(table, table_fd) != 0)
		fatal_system("hand over", "the service table");
	return code; /* the process ends: nothing is freed */
}

/* returned - in a short-lived child: a service that others need is ready again */
static void
returned(void *context, const char *service)
{
	(void)context;
	if (strcmp(service, "dovecot") == 0)
		queue_retry(DOVECOT_LMTP_IN_REASONS, service);
}

/*
 * hide_memory - the environment may hold passwords, and so does whatever plans:
 * neither a core file nor another process of the container is to have them.
 * A daemon gets its own setting when it is executed (prctl(2), PR_SET_DUMPABLE).
 */
static void
hide_memory(void)
{
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		fprintf(stderr, "mailinit: warning: unable to keep memory out of core files: %s\n",
			strerror(errno));
}

int
command_run(int argc, char **argv)
{
	struct options options;
	struct supervise_options supervise = {
		.prepare = prepare, .returned = returned, .context = &options};

	if (options_read(&options, argc, argv, NULL) != 0)
		return EXIT_USAGE;
	if (options.compose != NULL) {
		fprintf(stderr,
			"mailinit: a start takes what the engine gives it: --compose is "
			"for --dry-run, check, dns and explain\n");
		return EXIT_USAGE;
	}
	hide_memory();
	return supervise_run(&supervise);
}
