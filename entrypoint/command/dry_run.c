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
#include "command/build.h"
#include "command/command.h"
#include "daemon/target.h"
#include "report/report.h"

/* write_out_file - a plain copy for people and tests; secrets stay readable by the user alone */
static void
write_out_file(const char *directory, const struct plan_file *file)
{
	char path[PATH_MAX];
	char *slash;
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
	umask(file->secret ? 077 : 022);
	out = fopen(path, "wxe");
	if (out == NULL)
		fatal_system("write", path);
	if ((fwrite(buffer_text(&file->content), 1, file->content.len, out) != file->content.len) |
		(fclose(out) != 0))
		fatal_system("write", path);
}

static int
show(struct build *build, const struct options *options, bool findings_only)
{
	struct buffer text = {0};
	int result;

	if (options->format == FORMAT_JSON)
		report_plan_json(&build->plan, findings_only, &text);
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
	bool here = options->target == NULL && options->root[0] == '\0' && target_is_here();

	return here ? BUILD_HERE : BUILD_ELSEWHERE;
}

int
command_dry_run(int argc, char **argv)
{
	struct build build = {0};
	struct options options;
	int code;

	if (options_read(&options, argc, argv, NULL) != 0)
		return EXIT_USAGE;
	build_plan(&build, &options, purpose_of(&options));
	if (options.out != NULL)
		for (size_t i = 0; i < build.plan.file_count; i++)
			write_out_file(options.out, &build.plan.files[i]);
	code = show(&build, &options, false);
	build_free(&build);
	return code;
}

int
command_check(int argc, char **argv)
{
	struct build build = {0};
	struct options options;
	int code;

	if (options_read(&options, argc, argv, NULL) != 0)
		return EXIT_USAGE;
	build_plan(&build, &options, purpose_of(&options));
	code = show(&build, &options, true);
	build_free(&build);
	return code;
}
