/*
 * map.c - mailinit map: the way that mail takes, drawn from the plan
 *
 * Of a compose file all services that are mailinit come into one picture. It is
 * drawn with errors in it, too: they are marked where they are, and `check` is who judges.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "check/path.h"
#include "command/build.h"
#include "command/command.h"
#include "daemon/target.h"
#include "report/map.h"
#include "report/report.h"
#include "settings/outline.h"

/* add - builds one plan and reads its part of the picture; -1 when there is nothing to draw */
static int
add(const struct options *options, const struct outline_service *service, struct path *path)
{
	struct build build = {0};
	struct buffer text = {0};
	size_t host;
	int result = 0;

	build_plan(&build, options,
		options->target == NULL && target_is_here() ? BUILD_HERE : BUILD_ELSEWHERE);
	if (build.plan.file_count == 0) {
		report_findings_text(&build.plan, options->color, &text);
		if (build_print(STDERR_FILENO, &text) != 0)
			fatal_system("write", "standard error");
		buffer_free(&text);
		result = -1;
	} else {
		host = path_read(&build.plan, service != NULL ? service->name : NULL, path);
		for (size_t i = 0; service != NULL && i < service->name_count; i++)
			path_name_host(path, host, service->names[i]);
		if (service != NULL)
			path->hosts[host].replicas = service->replicas;
	}
	build_free(&build);
	return result;
}

/* add_all - each mailinit of the compose file, or the one that was chosen */
static int
add_all(const struct options *options, const struct outline *outline, struct path *path)
{
	struct options one = *options;
	size_t count = 0;

	for (size_t i = 0; i < outline->count; i++) {
		const struct outline_service *service = &outline->services[i];

		if (outline->chosen != NULL ? strcmp(outline->chosen, service->name) != 0
					    : !service->ours)
			continue;
		one.compose = arena_printf(path->arena, "%s:%s", outline->file, service->name);
		if (add(&one, service, path) != 0)
			return -1;
		count++;
	}
	/* what is wrong with it is best said where one service is looked for */
	return count > 0 ? 0 : add(options, NULL, path);
}

/* read_outline - of a file that cannot be read, the plan says why: its findings are the same */
static int
read_outline(const struct options *options, struct arena *arena, struct outline *outline)
{
	struct findings findings;

	findings_init(&findings, arena);
	return outline_read(arena, &findings, options->compose, outline);
}

static void
draw(const struct options *options, const struct path *path)
{
	struct buffer text = {0};

	if (options->format == FORMAT_SVG)
		map_svg(path, &text);
	else if (options->format == FORMAT_MERMAID)
		map_mermaid(path, &text);
	else
		map_text(path, &text);
	if (build_print(STDOUT_FILENO, &text) != 0)
		fatal_system("write", "standard output");
	buffer_free(&text);
}

int
command_map(int argc, char **argv)
{
	struct options options;
	struct outline outline;
	struct arena arena;
	struct path path;
	int result;

	if (options_read(&options, argc, argv, NULL) != 0 ||
		options_allow(&options, "map", false, "text, mermaid or svg") != 0)
		return EXIT_USAGE;
	arena_init(&arena);
	path_init(&path, &arena);
	if (options.compose != NULL && read_outline(&options, &arena, &outline) == 0)
		result = add_all(&options, &outline, &path);
	else
		result = add(&options, NULL, &path);
	if (result == 0) {
		path_join(&path);
		draw(&options, &path);
	}
	arena_free(&arena);
	return result == 0 ? EXIT_DONE : EXIT_FINDINGS;
}
