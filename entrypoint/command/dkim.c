/*
 * dkim.c - mailinit dkim: the keys that mail is signed with, and their rotation
 *
 * For `docker exec`. Nothing of it runs in PID 1, which only reloads the signer
 * when a rotation has changed over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/text.h"
#include "command/command.h"
#include "command/dkim_step.h"
#include "settings/syntax.h"

#define TIMEOUT_MS_DEFAULT (3600 * 1000LL)
#define STATUS_MS 60000 /* for the questions of `dkim status`, all domains together */

static int
usage(void)
{
	fprintf(stderr,
		"mailinit: usage: mailinit dkim list|status [DOMAIN…]\n"
		"                 mailinit dkim rotate [--no-wait|--timeout TIME] [--selector "
		"NAME]\n"
		"                                      [--force] [--again] [DOMAIN…]\n"
		"                 mailinit dkim cancel [DOMAIN…]\n"
		"                 mailinit dkim retire [--force] [DOMAIN…]\n"
		"each with --format text|json, --config FILE, --env-file FILE\n");
	return EXIT_USAGE;
}

static int
read_timeout(struct dkim_options *options, const char *text)
{
	static const struct schema_row row = {.path = "--timeout", .type = SCHEMA_TIME};
	struct arena arena;
	const char *why, *value;

	arena_init(&arena);
	value = syntax_read(&arena, &row, text, &why);
	if (value == NULL)
		fprintf(stderr, "mailinit: --timeout: \"%s\" %s\n", text, why);
	else
		options->timeout_ms = strtoll(value, NULL, 10);
	arena_free(&arena);
	return value != NULL ? 0 : -1;
}

static int
read_selector(struct dkim_options *options, const char *text)
{
	if (!dkim_is_selector(text)) {
		fprintf(stderr,
			"mailinit: --selector: \"%s\" is no DNS label: letters, digits and "
			"hyphens, 63 at most\n",
			text);
		return -1;
	}
	options->selector = text;
	return 0;
}

/* read_own - a flag of rotate or retire at ARGV[*AT]; 1 when it was one, 0 when not, -1: wrong */
static int
read_own(struct dkim_options *options, int argc, char **argv, int *at)
{
	const struct {
		const char *flag;
		bool *set;
	} flags[] = {
		{"--no-wait", &options->no_wait},
		{"--force", &options->force},
		{"--again", &options->again},
	};
	const char *value;

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(argv[*at], flags[i].flag) == 0)
			return *flags[i].set = true, 1;
	value = options_value("--timeout", argc, argv, at);
	if (value != NULL)
		return read_timeout(options, value) == 0 ? 1 : -1;
	value = options_value("--selector", argc, argv, at);
	if (value != NULL)
		return read_selector(options, value) == 0 ? 1 : -1;
	return 0;
}

/* takes_value - a flag of all commands whose value is the next argument */
static bool
takes_value(const char *argument)
{
	static const char *const flags[] = {"--config", "--env-file", "--compose", "--root",
		"--out", "--templates", "--target", "--format", "--color"};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strcmp(argument, flags[i]) == 0)
			return true;
	return false;
}

/*
 * read_arguments - ARGV[0] is the verb. Domains are moved to DOMAINS, flags that all
 * commands share to SHARED, which both have room for ARGC.
 */
static int
read_arguments(
	struct dkim_options *options, int argc, char **argv, const char **domains, char **shared)
{
	int count = 0;

	shared[count++] = argv[0];
	for (int at = 1; at < argc; at++) {
		int found = read_own(options, argc, argv, &at);

		if (found < 0)
			return -1;
		if (found == 0 && argv[at][0] != '-') {
			domains[options->domain_count++] = argv[at];
		} else if (found == 0) {
			shared[count++] = argv[at];
			if (takes_value(argv[at]) && at + 1 < argc)
				shared[count++] = argv[++at];
		}
	}
	shared[count] = NULL;
	options->domains = domains;
	return options_read(&options->shared, count, shared, NULL);
}

/* check_options - flags that would do nothing */
static int
check_options(const struct dkim_options *options, const char *verb)
{
	bool rotate = strcmp(verb, "rotate") == 0, retire = strcmp(verb, "retire") == 0;
	const struct options *shared = &options->shared;

	if (((options->no_wait || options->again || options->selector != NULL ||
		     options->timeout_ms != TIMEOUT_MS_DEFAULT) &&
		    !rotate) ||
		(options->force && !rotate && !retire))
		return usage();
	if (shared->root[0] != '\0' || shared->compose != NULL || shared->target != NULL) {
		fprintf(stderr,
			"mailinit: dkim works on the keys of this container: --root, "
			"--compose and --target are for --dry-run, check, dns and explain\n");
		return EXIT_USAGE;
	}
	if (options_allow(shared, "dkim", false, "text or json") != 0)
		return EXIT_USAGE;
	return EXIT_DONE;
}

/* show - list, and with DNS asked for the keys that sign and those that are to follow: status */
static int
show(const struct dkim_options *options, bool ask)
{
	struct build build = {0};
	struct dkim_run run;
	int code = dkim_run_begin(&run, options, STATUS_MS);

	if (code == EXIT_DONE)
		code = dkim_build(&build, &options->shared);
	for (size_t i = 0; code == EXIT_DONE && ask && i < run.count; i++) {
		struct dkim_progress *item = &run.items[i];
		const struct plan_dkim_key *key = dkim_find_key(&build.plan, item->domain);

		item->asked = true;
		if (key != NULL && key->public_key != NULL)
			dkim_ask(&run, item->domain, key->selector, key->public_key, &item->active);
		if (key != NULL && key->next_public_key != NULL)
			dkim_ask(&run, item->domain, key->state->next, key->next_public_key,
				&item->next);
	}
	if (code == EXIT_DONE)
		code = dkim_report(&build.plan, &run);
	build_free(&build);
	dkim_run_end(&run);
	return code;
}

/* change - cancel or retire, for each domain */
static int
change(const struct dkim_options *options, bool cancel)
{
	struct build build = {0};
	struct dkim_run run;
	int worst = dkim_run_begin(&run, options, STATUS_MS), fd = -1;

	if (worst == EXIT_DONE)
		worst = dkim_build_locked(&build, &options->shared, &fd);
	for (size_t i = 0; worst == EXIT_DONE && i < run.count; i++) {
		struct plan_dkim_key *key = dkim_find_key(&build.plan, run.items[i].domain);

		if (key != NULL)
			run.items[i].code = cancel
				? dkim_step_cancel(&build.plan, key)
				: dkim_step_retire(&build.plan, key, options->force);
	}
	for (size_t i = 0; i < run.count; i++)
		worst = run.items[i].code > worst ? run.items[i].code : worst;
	if (fd >= 0)
		close(fd);
	build_free(&build);
	dkim_run_end(&run);
	return worst;
}

static int
act(const struct dkim_options *options, const char *verb)
{
	if (strcmp(verb, "list") == 0 || strcmp(verb, "status") == 0)
		return show(options, verb[0] == 's');
	if (strcmp(verb, "rotate") == 0)
		return dkim_rotate(options);
	return change(options, strcmp(verb, "cancel") == 0);
}

int
command_dkim(int argc, char **argv)
{
	static const char *const verbs[] = {"list", "status", "rotate", "cancel", "retire"};
	struct dkim_options options = {.timeout_ms = TIMEOUT_MS_DEFAULT};
	const char **domains = calloc((size_t)argc + 1, sizeof(*domains));
	char **shared = calloc((size_t)argc + 1, sizeof(*shared));
	bool known = false;
	int code = EXIT_USAGE;

	if (domains == NULL || shared == NULL)
		fatal_out_of_memory();
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		known = known || strcmp(argv[1], verbs[i]) == 0;
	if (!known)
		usage();
	else if (geteuid() != 0)
		fprintf(stderr,
			"mailinit: dkim: only root may look at private keys; `docker exec` "
			"runs it as root\n");
	else if (read_arguments(&options, argc - 1, argv + 1, domains, shared) == 0)
		code = check_options(&options, argv[1]);
	if (known && geteuid() == 0 && code == EXIT_DONE)
		code = act(&options, argv[1]);
	free(domains);
	free(shared);
	return known && geteuid() != 0 ? EXIT_SYSTEM : code;
}
