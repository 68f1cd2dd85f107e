/* build.c - one way in, one plan */
#include "command/build.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/fatal.h"
#include "check/check.h"
#include "daemon/daemon.h"
#include "daemon/render.h"
#include "daemon/target.h"
#include "settings/settings.h"
#include "supervise/privilege.h"

extern char **environ;

/* forbid_core - what a plan is made of may be a password, which no core file is to keep */
static void
forbid_core(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit) != 0)
		fatal_system("read", "the limit of core files");
	limit.rlim_cur = 0;
	if (setrlimit(RLIMIT_CORE, &limit) != 0)
		fatal_system("set", "the limit of core files");
}

void
build_plan(struct build *build, const struct options *options, enum build_purpose purpose)
{
	struct settings_source source = {
		.configs = options->configs,
		.config_count = options->config_count,
		.env_files = options->env_files,
		.env_file_count = options->env_file_count,
		.compose = options->compose,
		.environment = environ,
		.root = options->root,
	};
	const char *start_anyway;
	size_t judged;

	/* a service of a compose file is elsewhere, even when the image itself is asked */
	if (options->compose != NULL)
		purpose = BUILD_ELSEWHERE;
	source.live = purpose != BUILD_ELSEWHERE;
	forbid_core();
	arena_init(&build->arena);
	findings_init(&build->findings, &build->arena);
	plan_init(&build->plan, &build->arena, &build->findings);
	build->plan.root = options->root;
	build->plan.against = options->against;
	build->plan.live = purpose != BUILD_ELSEWHERE;
	build->plan.applied = purpose == BUILD_TO_APPLY;
	if (build->plan.applied) {
		build->plan.capabilities = privilege_permitted();
		watches_init(&build->watches, &build->arena);
		build->plan.watches = source.watches = &build->watches;
	}
	if (options->compose != NULL)
		source.mounts = arena_alloc(&build->arena, sizeof(*source.mounts));
	build->plan.mounts = source.mounts;
	source.variables = node_new(&build->arena, NODE_MAP, NULL);
	build->variables = source.variables;
	build->plan.settings = settings_load(&build->arena, &build->findings, &source);
	/* of the env-file, where one stands for the environment */
	start_anyway = node_text(build->plan.settings, "MAIL_START_ANYWAY", NULL);
	target_find(&build->plan, options->target);
	render_templates_from(options->templates);
	judged = check_adjust(&build->plan, 0, start_anyway, options->strict);
	/* with settings that are wrong the daemons' files would only repeat it */
	if (findings_refuse(&build->findings))
		return;
	daemons_contribute(&build->plan);
	check_plan(&build->plan);
	check_adjust(&build->plan, judged, start_anyway, options->strict);
}

void
build_free(struct build *build)
{
	mounts_close(build->plan.mounts);
	plan_free(&build->plan);
	arena_free(&build->arena);
}

int
build_exit_code(const struct build *build)
{
	if (findings_refuse(&build->findings) ||
		findings_count(&build->findings, SEVERITY_ERROR) > 0)
		return EXIT_FINDINGS;
	return EXIT_DONE;
}

int
build_print(int fd, const struct buffer *text)
{
	const char *at = buffer_text(text);
	size_t left = text->len;

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
