/*
 * dry_run.c - mailinit --dry-run: what a start would do, and what is wrong
 *
 * Writes nothing, unless --out names a directory for the rendered files.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "base/version.h"
#include "check/check.h"
#include "command/build.h"
#include "command/command.h"
#include "command/live.h"
#include "command/neighbours.h"
#include "daemon/target.h"
#include "report/report.h"
#include "plan/secrecy.h"

/* write_out_file - a plain copy for people and tests; secrets stay readable by the user alone */
static void
write_out_file(const char *directory, const struct plan_file *file)
{
	char path[PATH_MAX];
	char *slash;
	size_t written;
	FILE *out;

	if (snprintf(path, sizeof(path), "%s/%s", directory, file->name) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		fatal_system("write", directory);
	}
	slash = strrchr(path, '/');
	*slash = '\0';
	if (file_make_directories(path, 0755) != 0)
		fatal_system("make directory", path);
	*slash = '/';
	if (unlink(path) != 0 && errno != ENOENT)
		fatal_system("replace", path);
	umask(file->secret || secrecy_has_line(file) ? 077 : 022);
	out = fopen(path, "wxe");
	if (out == NULL)
		fatal_system("write", path);
	written = fwrite(buffer_text(&file->content), 1, file->content.len, out);
	if (fclose(out) != 0 || written != file->content.len)
		fatal_system("write", path);
}

/* compose_file - the FILE of --compose FILE or FILE:SERVICE */
static const char *
compose_file(struct arena *arena, const char *value)
{
	const char *colon = strrchr(value, ':');

	if (colon == NULL || access(value, F_OK) == 0)
		return value;
	return arena_strndup(arena, value, (size_t)(colon - value));
}

/* input_of - the file where a reader looks for a variable; of several the last one, which wins */
static const char *
input_of(struct arena *arena, const struct options *options)
{
	if (options->compose != NULL)
		return compose_file(arena, options->compose);
	if (options->env_file_count > 0)
		return options->env_files[options->env_file_count - 1];
	if (options->config_count > 0)
		return options->configs[options->config_count - 1];
	return NULL;
}

/* put_findings - in a format of findings alone; false when it is none of these */
static bool
put_findings(const struct plan *plan, const struct options *options, struct buffer *text)
{
	char base[PATH_MAX];
	const struct report_place place = {
		.input = input_of(plan->arena, options),
		.base = getcwd(base, sizeof(base)),
	};

	if (options->format == FORMAT_SARIF)
		report_sarif(plan, &place, MAILINIT_VERSION, text);
	else if (options->format == FORMAT_GITHUB)
		report_github(plan, &place, text);
	else
		return false;
	return true;
}

static int
show(struct build *build, const struct options *options, bool findings_only)
{
	struct buffer text = {0};
	int result;

	if (options->format == FORMAT_JSON)
		report_plan_json(&build->plan, findings_only, &text);
	else if (put_findings(&build->plan, options, &text))
		; /* the files have no place in it */
	else if (findings_only)
		report_findings_text(&build->plan, options->color, &text);
	else
		report_plan_text(&build->plan, options->color, &text);
	result = build_print(STDOUT_FILENO, &text);
	buffer_free(&text);
	if (result != 0)
		fatal_system("write", "standard output");
	return build_exit_code(build);
}

/*
 * purpose_of - in our own image, and asked about itself, absent secrets are
 * errors; for another target, or on a laptop, they are notes
 */
static enum build_purpose
purpose_of(const struct options *options)
{
	bool here = options->target == NULL && options->compose == NULL &&
		options->root[0] == '\0' && target_is_here();

	return here ? BUILD_HERE : BUILD_ELSEWHERE;
}

/* write_out - all files; what is there stays when none was rendered, which must not be taken for it */
static void
write_out(const struct plan *plan, const char *directory)
{
	for (size_t i = 0; i < plan->file_count; i++)
		write_out_file(directory, &plan->files[i]);
	if (plan->file_count == 0)
		fprintf(stderr,
			"mailinit: nothing was written to %s: no file was rendered; what is there "
			"is older\n",
			directory);
}

int
command_dry_run(int argc, char **argv)
{
	struct build build = {0};
	struct options options;
	int code;

	if (options_read(&options, argc, argv, NULL) != 0)
		return EXIT_USAGE;
	if (options.live || options.timeout_ms != 0) {
		fprintf(stderr, "mailinit: a dry run asks nobody: --live is for check\n");
		return EXIT_USAGE;
	}
	build_plan(&build, &options, purpose_of(&options));
	neighbours_check(&build, &options);
	if (options.out != NULL)
		write_out(&build.plan, options.out);
	code = show(&build, &options, false);
	build_free(&build);
	return code;
}

/* only_live - --timeout bounds what is asked, and --live asks; -1 after saying so */
static int
only_live(const struct options *options)
{
	if (options->live || options->timeout_ms == 0)
		return 0;
	fprintf(stderr, "mailinit: --timeout is for check --live\n");
	return -1;
}

/* look - what DNS and the running system say; its findings are adjusted as all others are */
static void
look(struct build *build, const struct options *options, enum build_purpose purpose)
{
	size_t judged = build->findings.count;

	/* with settings that are wrong it is not known what to look for */
	if (build->plan.file_count == 0)
		finding_add(&build->findings, "live-not-checked", NULL,
			"DNS and the running system were not looked at: the settings are refused");
	else
		live_look(&build->plan,
			options->timeout_ms != 0 ? options->timeout_ms : LIVE_TIMEOUT_MS,
			purpose == BUILD_HERE);
	check_adjust(&build->plan, judged,
		node_text(build->plan.settings, "MAIL_START_ANYWAY", NULL), options->strict);
}

int
command_check(int argc, char **argv)
{
	struct build build = {0};
	struct options options;
	int code;

	if (options_read(&options, argc, argv, NULL) != 0 ||
		options_allow(&options, "check", false, "text, json, sarif or github") != 0 ||
		only_live(&options) != 0)
		return EXIT_USAGE;
	build_plan(&build, &options, purpose_of(&options));
	neighbours_check(&build, &options);
	if (options.live)
		look(&build, &options, purpose_of(&options));
	code = show(&build, &options, true);
	build_free(&build);
	return code;
}
