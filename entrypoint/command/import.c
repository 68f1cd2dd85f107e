/*
 * import.c - mailinit import: a mailinit.yaml that says what the variables say
 *
 * The settings are those of a dry run. What they cannot carry is told in comments:
 * the findings of the variables, and the variables that no value came from.
 */
#include "command/import.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/text.h"
#include "command/build.h"
#include "command/command.h"
#include "settings/compat_table.h"
#include "settings/environment.h"

/* put_comment - TEXT, whose lines may be several, as one comment */
static void
put_comment(struct buffer *out, const char *text)
{
	while (*text != '\0') {
		size_t len = strcspn(text, "\n");

		buffer_printf(out, "# %.*s\n", (int)len, text);
		text += len;
		text += *text == '\n';
	}
}

/* is_about_input - findings of what was read; those of the plan belong to a dry run */
static bool
is_about_input(const struct finding *finding)
{
	static const char *const ids[] = {
		"env-ignored", "env-unknown", "setting-overridden", "key-material-left"};

	if (finding->severity == SEVERITY_ERROR || text_starts(finding->rule->id, "compat-"))
		return true;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (strcmp(finding->rule->id, ids[i]) == 0)
			return true;
	return false;
}

static bool
same_place(const struct origin *a, const struct origin *b)
{
	return a->line == b->line && a->name != NULL && b->name != NULL &&
		strcmp(a->name, b->name) == 0;
}

/* put_findings - what could not be carried over; the variables that it names are told */
static size_t
put_findings(struct import *import, const struct findings *findings)
{
	size_t count = 0;
	char place[512];

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];

		if (!is_about_input(finding))
			continue;
		if (count++ == 0)
			buffer_puts(import->out, "\n# Not carried over:\n");
		buffer_puts(import->out, "#\n");
		put_comment(import->out,
			arena_printf(import->arena, "%s: %s [%s]: %s",
				origin_text(&finding->origin, place, sizeof(place)),
				severity_name(finding->severity), finding->rule->id,
				finding->message));
		if (finding->help != NULL)
			put_comment(import->out, finding->help);
	}
	return count;
}

/* is_told - whether a finding speaks of the variable: at its place, or by its name */
static bool
is_told(const struct findings *findings, const char *name, const struct node *variable)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		const char *at;

		if (!is_about_input(finding))
			continue;
		if (same_place(&finding->origin, &variable->origin))
			return true;
		at = strstr(finding->message, name);
		if (at != NULL && strchr(", :", at[strlen(name)]) != NULL)
			return true;
	}
	return false;
}

/* why_not - in words, why no value came from a variable that no finding speaks of */
static const char *
why_not(struct arena *arena, const char *name)
{
	const char *base = environment_file_base(arena, name);
	struct compat_row row;
	struct buffer text = {0};
	const char *words;

	if (strcmp(name, "MAIL_START_ANYWAY") == 0 || strcmp(name, "MAIL_CONFIG") == 0)
		return "steers mailinit itself: it stays a variable";
	if (strcmp(name, "TZ") == 0)
		return "the time zone of the daemons: it stays a variable";
	if (!compat_row_find(arena, name, &row) &&
		(base == NULL || !compat_row_find(arena, base, &row)))
		return "it says what is so already";
	if (row.act == COMPAT_SET || row.act == COMPAT_WORD)
		return "it says what is so already";
	if (row.act == COMPAT_SCOPE || row.act == COMPAT_HAND)
		return "its value asks for nothing";
	compat_print_becomes(&text, &row);
	words = arena_strdup(arena, buffer_text(&text));
	buffer_free(&text);
	return words;
}

/* put_rest - the variables that neither a value nor a finding speaks of */
static void
put_rest(struct import *import, const struct findings *findings)
{
	size_t count = 0;

	for (size_t i = 0; i < import->variables->count; i++) {
		const char *name = import->variables->keys[i];
		const struct node *variable = import->variables->items[i];

		if (node_find(import->carried, name) >= 0 || is_told(findings, name, variable) ||
			environment_is_link(name, variable->text))
			continue;
		if (count++ == 0)
			buffer_puts(import->out, "\n# Variables that add nothing:\n");
		put_comment(import->out,
			arena_printf(import->arena, "%s: %s", name, why_not(import->arena, name)));
	}
}

static const char *
input_name(struct arena *arena, const struct options *options)
{
	const char *files = "";

	if (options->compose != NULL)
		return options->compose;
	for (size_t i = 0; i < options->env_file_count; i++)
		files = arena_printf(
			arena, "%s%s%s", files, i > 0 ? ", " : "", options->env_files[i]);
	return files[0] != '\0' ? files : "the environment";
}

/* is_unreadable - a file was not understood: what was made of it may be anything, a secret too */
static bool
is_unreadable(const struct findings *findings)
{
	static const char *const ids[] = {"env-file-syntax", "yaml-syntax", "compose-invalid",
		"compose-interpolation", "config-unreadable", "yaml-limit"};

	for (size_t i = 0; i < findings->count; i++)
		for (size_t k = 0; k < sizeof(ids) / sizeof(ids[0]); k++)
			if (strcmp(findings->items[i].rule->id, ids[k]) == 0)
				return true;
	return false;
}

int
command_import(int argc, char **argv)
{
	struct build build = {0};
	struct buffer text = {0};
	struct import import = {.out = &text};
	struct options options;
	int code, result;

	if (options_read(&options, argc, argv, NULL) != 0 ||
		options_allow(&options, "import", false, "text, which is YAML") != 0)
		return EXIT_USAGE;
	build_plan(&build, &options, BUILD_ELSEWHERE);
	import.arena = &build.arena;
	import.settings = build.plan.settings;
	import.variables = build.variables;
	import.carried = node_new(import.arena, NODE_MAP, NULL);
	import.files = node_new(import.arena, NODE_MAP, NULL);
	buffer_printf(&text, "# What %s says, as mailinit.yaml; each value with its source.\n",
		input_name(import.arena, &options));
	if (!is_unreadable(&build.findings))
		import_settings(&import);
	put_findings(&import, &build.findings);
	put_rest(&import, &build.findings);
	code = findings_refuse(&build.findings) ? EXIT_FINDINGS : EXIT_DONE;
	result = build_print(STDOUT_FILENO, &text);
	buffer_free(&text);
	build_free(&build);
	if (result != 0)
		fatal_system("write", "standard output");
	if (code != EXIT_DONE)
		fprintf(stderr,
			"mailinit: it is not whole: a finding refuses a start; mailinit check "
			"tells more\n");
	return code;
}
