/*
 * template.c - mailinit template: one template, with the real settings or with data of
 * one's own; the built-in templates, and the names that they use
 *
 * For people who write a template, or look for what is wrong with one, and for
 * the conformance test. The result goes to standard output, and only when all of
 * it is right.
 */
#include "command/template.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/text.h"
#include "command/command.h"
#include "report/report.h"

static const char usage[] =
	"usage: mailinit template FILE [FLAG…]           rendered as a start would\n"
	"       mailinit template FILE --data FILE.yaml  rendered with data of your own\n"
	"       mailinit template --list                 the names of the built-in templates\n"
	"       mailinit template --print NAME           the text of one of them\n"
	"       mailinit template --names [NAME]         what may stand between braces\n"
	"  --data FILE       YAML or JSON; - for either file is standard input\n"
	"  --as NAME         the built-in template that FILE replaces (default: by its own name)\n"
	"  --escape WORD     " ESCAPE_NAMES "\n"
	"                    (default: that of the template's own name, else line)\n"
	"  --partials DIR    where {{>name}} is name or name.mustache (default: beside FILE)\n"
	"  --lenient         an unknown name prints nothing, and is no mistake\n"
	"  --origins         before each line its place in the template, and its values' origins\n"
	"  --config, --env-file, --compose, --root, --templates, --target: the settings, as in\n"
	"                    other commands (mailinit --help)\n";

/* ---- arguments ---- */

/* The flags of other commands, which say where the settings are. */
static const char *const shared[] = {
	"--config", "--env-file", "--compose", "--root", "--templates", "--target"};

#define SHARED_MAX 64

/* What goes to options_read. */
struct shared {
	char *argv[SHARED_MAX + 1];
	int argc;
};

/* take_shared - a flag of other commands, with its value; 1, 0 when it is none, -1 when they are too many */
static int
take_shared(struct shared *words, int argc, char **argv, int *at)
{
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		size_t len = strlen(shared[i]);

		if (strncmp(argv[*at], shared[i], len) != 0 ||
			(argv[*at][len] != '\0' && argv[*at][len] != '='))
			continue;
		if (words->argc + 2 > SHARED_MAX)
			return fputs("mailinit: too many arguments\n", stderr), -1;
		words->argv[words->argc++] = argv[*at];
		if (argv[*at][len] == '\0' && *at + 1 < argc)
			words->argv[words->argc++] = argv[++*at];
		return 1;
	}
	return 0;
}

static int
refuse(const char *argument)
{
	static const char *const flags[] = {"--data", "--escape", "--partials", "--lenient",
		"--origins", "--as", "--list", "--print", "--names", "--config", "--env-file",
		"--compose", "--root", "--templates", "--target"};

	if (!options_tell_near(argument, flags, sizeof(flags) / sizeof(flags[0])))
		fprintf(stderr, "mailinit: unexpected argument \"%s\"\n%s", argument, usage);
	return -1;
}

/* take_word - a flag without a value; false when it is none */
static bool
take_word(struct template_arguments *arguments, const char *argument)
{
	if (strcmp(argument, "--lenient") == 0)
		arguments->lenient = true;
	else if (strcmp(argument, "--origins") == 0)
		arguments->origins = true;
	else if (strcmp(argument, "--list") == 0)
		arguments->deed = TEMPLATE_LIST;
	else if (strcmp(argument, "--print") == 0)
		arguments->deed = TEMPLATE_PRINT;
	else if (strcmp(argument, "--names") == 0)
		arguments->deed = TEMPLATE_NAMES;
	else
		return false;
	return true;
}

static int
take_argument(
	struct template_arguments *arguments, struct shared *words, int argc, char **argv, int *at)
{
	const char *argument = argv[*at], *value;
	int found = take_shared(words, argc, argv, at);

	if (found != 0)
		return found < 0 ? -1 : 0;
	if (take_word(arguments, argument))
		return 0;
	if ((value = options_value("--data", argc, argv, at)) != NULL) {
		arguments->data = value;
	} else if ((value = options_value("--as", argc, argv, at)) != NULL) {
		arguments->as = value;
	} else if ((value = options_value("--partials", argc, argv, at)) != NULL) {
		arguments->partials = value;
	} else if ((value = options_value("--escape", argc, argv, at)) != NULL) {
		arguments->escape = escape_by_name(value);
		if (arguments->escape == NULL) {
			fprintf(stderr, "mailinit: --escape is \"%s\"; it is " ESCAPE_NAMES "\n",
				value);
			return -1;
		}
	} else if (arguments->file == NULL && (argument[0] != '-' || argument[1] == '\0')) {
		arguments->file = argument;
	} else {
		return refuse(argument);
	}
	return 0;
}

/* check_arguments - what only all of them together show */
static int
check_arguments(const struct template_arguments *arguments)
{
	bool needs_file = arguments->deed == TEMPLATE_RENDER || arguments->deed == TEMPLATE_PRINT;

	if (needs_file && arguments->file == NULL)
		return fprintf(stderr, "mailinit: which template?\n%s", usage), -1;
	if (arguments->data != NULL && arguments->file != NULL &&
		strcmp(arguments->file, "-") == 0 && strcmp(arguments->data, "-") == 0)
		return fputs("mailinit: only one of the two can be standard input\n", stderr), -1;
	return 0;
}

/* set_partials - a path that ends in a template's name has its partials below the same root */
static void
set_partials(struct template_job *job, const char *name)
{
	struct template_arguments *arguments = &job->arguments;
	const char *file = arguments->file, *slash = strrchr(file, '/');
	size_t len = slash != NULL ? (size_t)(slash - file) + 1 : 0;

	if (arguments->partials != NULL || strcmp(file, "-") == 0)
		return;
	if (name != NULL && text_ends(file, name))
		len = strlen(file) - strlen(name);
	arguments->partials = len > 0 ? arena_strndup(&job->arena, file, len) : ".";
}

static int
take_arguments(struct template_job *job, int argc, char **argv)
{
	struct shared words = {.argv = {argv[0]}, .argc = 1};

	for (int at = 1; at < argc; at++)
		if (take_argument(&job->arguments, &words, argc, argv, &at) != 0)
			return -1;
	if (check_arguments(&job->arguments) != 0)
		return -1;
	return options_read(&job->arguments.options, words.argc, words.argv, NULL);
}

/* ---- the result ---- */

/* put_line_origins - where a line came from */
static void
put_line_origins(const struct template_line *line, struct buffer *text)
{
	char origin[PATH_MAX];

	buffer_printf(text, "%s:%d\t", line->file, line->line);
	for (size_t k = 0; k < line->origin_count; k++)
		buffer_printf(text, "%s%s", k > 0 ? " " : "",
			origin_text(&line->origins[k], origin, sizeof(origin)));
	buffer_putc(text, '\t');
}

/* put_lines - the output line by line, but for those that hold a secret; returns how many do */
static size_t
put_lines(const struct template_output *out, bool origins, struct buffer *text)
{
	const char *at = buffer_text(&out->content);
	size_t secret = 0;

	for (size_t i = 0; i < out->line_count; i++) {
		const struct template_line *line = &out->lines[i];
		size_t len = strcspn(at, "\n");

		if (origins)
			put_line_origins(line, text);
		if (line->secret)
			buffer_puts(text, "(a line with a secret)");
		else
			buffer_append(text, at, len);
		secret += line->secret;
		if (origins || at[len] == '\n')
			buffer_putc(text, '\n');
		at += len + (at[len] == '\n');
	}
	return secret;
}

/* put_output - returns 0, or -1 with errno */
static int
put_output(const struct template_output *out, bool origins)
{
	struct buffer text = {0};
	size_t secret;
	int result;

	if (!origins && !out->secret)
		return build_print(STDOUT_FILENO, &out->content);
	secret = put_lines(out, origins, &text);
	if (secret > 0)
		fprintf(stderr, "mailinit: %zu %s a secret and %s not shown\n", secret,
			secret == 1 ? "line holds" : "lines hold", secret == 1 ? "is" : "are");
	result = build_print(STDOUT_FILENO, &text);
	buffer_free(&text);
	return result;
}

/* show - the output, and what was found on standard error. Returns the exit code */
static int
show(struct template_job *job, const struct template_output *out)
{
	struct plan plan;
	struct buffer text = {0};
	bool refused = findings_count(&job->findings, SEVERITY_ERROR) > 0;
	bool failed = false;

	if (job->findings.count > 0) {
		plan_init(&plan, &job->arena, &job->findings);
		report_findings_text(&plan, false, &text);
		plan_free(&plan);
		failed = build_print(STDERR_FILENO, &text) != 0;
	}
	if (!refused)
		failed = put_output(out, job->arguments.origins) != 0 || failed;
	buffer_free(&text);
	if (failed)
		fatal_system("write", "the result");
	return refused ? EXIT_FINDINGS : EXIT_DONE;
}

/* find_data - what FILE is rendered with, and the template whose names it has; -1 without */
static int
find_data(struct template_job *job, const struct node **data, const char **name, int *code)
{
	const struct template_arguments *arguments = &job->arguments;
	const struct plan_view *view;

	*name = arguments->as;
	if (arguments->data != NULL) {
		*data = template_read_data(job);
		return 0;
	}
	view = template_view(job, arguments->as != NULL ? arguments->as : arguments->file, code);
	if (view == NULL)
		return -1;
	*data = view->view;
	*name = view->template_name;
	return 0;
}

/* render - reads both files and renders; without data only the language is looked at */
static int
render(struct template_job *job)
{
	struct template_options options = {.find = template_find_partial, .context = job};
	const struct node *data;
	struct template_source source;
	struct template_output out;
	const char *name;
	int code;

	if (find_data(job, &data, &name, &code) != 0)
		return code;
	set_partials(job, name);
	options.escape = job->arguments.escape;
	if (options.escape == NULL)
		options.escape = escape_by_file(name != NULL ? name : job->arguments.file);
	/* What is raw stays within its line where a line means something. */
	options.raw = options.escape == escape_html || options.escape == escape_none ? escape_none
										     : escape_line;
	options.strict = data != NULL && !job->arguments.lenient;
	template_read(job, &source);
	/* Its findings are the result. */
	(void)template_render(&job->arena, &job->findings, &source, data, &options, &out);
	code = show(job, &out);
	template_output_free(&out);
	return code;
}

static int
carry_out(struct template_job *job)
{
	switch (job->arguments.deed) {
	case TEMPLATE_LIST:
		return template_list();
	case TEMPLATE_PRINT:
		return template_print(job->arguments.file);
	case TEMPLATE_NAMES:
		return template_names(job);
	case TEMPLATE_RENDER:
		break;
	}
	return render(job);
}

static int
print_usage(void)
{
	struct buffer text = {0};
	int result;

	buffer_puts(&text, usage);
	result = build_print(STDOUT_FILENO, &text);
	buffer_free(&text);
	if (result != 0)
		fatal_system("write", "standard output");
	return EXIT_DONE;
}

int
command_template(int argc, char **argv)
{
	struct template_job job = {0};
	int code = EXIT_USAGE;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return print_usage();
	arena_init(&job.arena);
	findings_init(&job.findings, &job.arena);
	if (take_arguments(&job, argc, argv) == 0)
		code = carry_out(&job);
	if (job.built)
		build_free(&job.build);
	arena_free(&job.arena);
	return code;
}
