/*
 * explain.c - mailinit explain NAME: what it is, its value, where that came from
 *
 * A name may be that of many things. The order is from what mailinit itself
 * defines to what the daemons define.
 */
#include "command/explain.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/text.h"
#include "command/build.h"
#include "command/command.h"
#include "daemon/target.h"
#include "language/postfix_parameter.h"

#define HINTS_MAX 8

static bool
find(struct explain *explain, const char *name)
{
	static bool (*const kinds[])(struct explain *, const char *) = {
		explain_rule,
		explain_setting,
		explain_group,
		explain_variable,
		explain_parameter,
		explain_service,
		explain_line,
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i](explain, name))
			return true;
	return false;
}

const char *
explain_nearest(struct explain *explain, const char *name)
{
	const char *nearest = NULL, *parameter;
	int distance = strlen(name) > 5 ? 4 : 2;

	for (size_t i = 0; i < schema_count + rule_count(); i++) {
		const char *one =
			i < schema_count ? schema_rows[i].path : rule_at(i - schema_count)->id;

		if (text_distance(name, one) < distance) {
			distance = text_distance(name, one);
			nearest = one;
		}
	}
	parameter = postfix_parameter_nearest(
		explain->plan->arena, name, postfix_version(explain->plan->target.postfix_version));
	return parameter != NULL && text_distance(name, parameter) < distance ? parameter : nearest;
}

static int
show(struct explain *explain, bool json)
{
	struct buffer text = {0};
	int result;

	if (json)
		explain_print_json(explain, &text);
	else
		explain_print_text(explain, &text);
	result = build_print(STDOUT_FILENO, &text);
	buffer_free(&text);
	if (result != 0)
		fatal_system("write", "standard output");
	return EXIT_DONE;
}

/* has_word - whether WORD is a part of a name: "quota" of mailboxes.list.N.quota */
static bool
has_word(const char *name, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(name, word); at != NULL; at = strstr(at + 1, word))
		if ((at == name || strchr("._-", at[-1]) != NULL) &&
			(at[len] == '\0' || strchr("._-/", at[len]) != NULL))
			return true;
	return false;
}

/* hint - what else has the word in its name, on a line of its own */
static void
hint(struct explain *explain, const char *word)
{
	size_t count = 0;

	for (size_t i = 0; i < schema_count + rule_count() && count < HINTS_MAX; i++) {
		const char *one =
			i < schema_count ? schema_rows[i].path : rule_at(i - schema_count)->id;

		if (has_word(one, word))
			fprintf(stderr, "%s%s",
				count++ > 0 ? ", " : "mailinit: the word is part of ", one);
	}
	if (explain_service(explain, arena_printf(explain->plan->arena, "%s/inet", word)))
		fprintf(stderr, "%s%s/inet", count++ > 0 ? ", " : "mailinit: the word is part of ",
			word);
	if (explain_service(explain, arena_printf(explain->plan->arena, "%s/unix", word)))
		fprintf(stderr, "%s%s/unix", count++ > 0 ? ", " : "mailinit: the word is part of ",
			word);
	if (count > 0)
		fputc('\n', stderr);
}

static int
unknown(struct explain *explain, const char *name)
{
	const char *nearest = explain_nearest(explain, name);

	fprintf(stderr,
		"mailinit: there is no setting, parameter, variable or finding \"%s\"%s%s%s\n",
		name, nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "?" : "");
	hint(explain, name);
	return EXIT_USAGE;
}

int
command_explain(int argc, char **argv)
{
	struct build build = {0};
	struct options options;
	struct explain explain = {.plan = &build.plan};
	const char *name = NULL;
	int code;

	if (options_read(&options, argc, argv, &name) != 0 ||
		options_allow(&options, "explain", false, "text or json") != 0)
		return EXIT_USAGE;
	if (name == NULL) {
		fprintf(stderr,
			"mailinit: explain what? A setting (tls.names), a parameter (relayhost), a "
			"variable (MAIL_TLS_NAMES) or the id of a finding\n");
		return EXIT_USAGE;
	}
	build_plan(&build, &options, target_is_here() ? BUILD_HERE : BUILD_ELSEWHERE);
	code = find(&explain, name) ? show(&explain, options.format == FORMAT_JSON)
				    : unknown(&explain, name);
	build_free(&build);
	return code;
}
