/*
 * template.c - mailinit template FILE: one template with data of one's own
 *
 * For people who write a template, or look for what is wrong with one, and for
 * the conformance test: no settings, no daemon, no plan. The result goes to
 * standard output, and only when all of it is right.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/fatal.h"
#include "base/file.h"
#include "base/text.h"
#include "command/build.h"
#include "command/command.h"
#include "report/report.h"
#include "settings/yaml.h"
#include "template/mustache.h"

struct arguments {
	const char *file; /* the template; "-" is standard input */
	const char *data; /* the same for the data */
	const char *partials; /* directory, or NULL: there are none */
	escape_function *escape;
	bool lenient, origins;
};

struct job {
	struct arguments arguments;
	struct arena arena;
	struct findings findings;
};

static const char usage[] =
	"usage: mailinit template FILE --data FILE.yaml [FLAG…]\n"
	"  --data FILE       YAML or JSON; - for either file is standard input\n"
	"  --escape WORD     " ESCAPE_NAMES "\n"
	"                    (default: that of the template's own name, else line)\n"
	"  --partials DIR    where {{>name}} is name or name.mustache (default: beside FILE)\n"
	"  --lenient         an unknown name prints nothing, and is no mistake\n"
	"  --origins         before each line its place in the template, and its values' origins\n";

/* ---- arguments ---- */

/* value_of - the value of FLAG at *AT, as "--flag value" or "--flag=value"; NULL if it is another */
static const char *
value_of(const char *flag, int argc, char **argv, int *at)
{
	size_t len = strlen(flag);

	if (strncmp(argv[*at], flag, len) != 0)
		return NULL;
	if (argv[*at][len] == '=')
		return argv[*at] + len + 1;
	if (argv[*at][len] != '\0' || *at + 1 == argc || argv[*at + 1] == NULL)
		return NULL;
	return argv[++*at];
}

static int
refuse(const char *argument)
{
	static const char *const flags[] = {
		"--data", "--escape", "--partials", "--lenient", "--origins"};
	const char *near = text_nearest(argument, flags, sizeof(flags) / sizeof(flags[0]));

	if (near != NULL && strcmp(near, argument) == 0)
		fprintf(stderr, "mailinit: %s needs a value\n", argument);
	else if (near != NULL)
		fprintf(stderr, "mailinit: unknown flag \"%s\"; did you mean %s?\n", argument,
			near);
	else
		fprintf(stderr, "mailinit: unexpected argument \"%s\"\n%s", argument, usage);
	return -1;
}

static int
take_argument(struct arguments *arguments, int argc, char **argv, int *at)
{
	const char *argument = argv[*at], *value;

	if (strcmp(argument, "--lenient") == 0) {
		arguments->lenient = true;
	} else if (strcmp(argument, "--origins") == 0) {
		arguments->origins = true;
	} else if ((value = value_of("--data", argc, argv, at)) != NULL) {
		arguments->data = value;
	} else if ((value = value_of("--partials", argc, argv, at)) != NULL) {
		arguments->partials = value;
	} else if ((value = value_of("--escape", argc, argv, at)) != NULL) {
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

static int
take_arguments(struct job *job, int argc, char **argv)
{
	struct arguments *arguments = &job->arguments;
	const char *slash;

	for (int at = 1; at < argc; at++)
		if (take_argument(arguments, argc, argv, &at) != 0)
			return -1;
	if (arguments->file == NULL || arguments->data == NULL)
		return fprintf(stderr, "mailinit: %s\n%s",
			       arguments->file == NULL
				       ? "which template?"
				       : "--data names the file with the data; it is missing",
			       usage),
		       -1;
	if (strcmp(arguments->file, "-") == 0 && strcmp(arguments->data, "-") == 0)
		return fputs("mailinit: only one of the two can be standard input\n", stderr), -1;
	if (arguments->escape == NULL)
		arguments->escape = escape_by_file(arguments->file);
	if (arguments->partials == NULL && strcmp(arguments->file, "-") != 0) {
		slash = strrchr(arguments->file, '/');
		arguments->partials = slash == NULL
			? "."
			: arena_strndup(&job->arena, arguments->file,
				  (size_t)(slash - arguments->file) + 1);
	}
	return 0;
}

/* ---- files ---- */

/* shown_name - the name of a file in messages */
static const char *
shown_name(const char *name)
{
	return strcmp(name, "-") == 0 ? "(standard input)" : name;
}

/* read_input - standard input, whole. Returns 0, or -1 with errno */
static int
read_input(size_t limit, struct buffer *content)
{
	char step[16384];

	for (;;) {
		ssize_t got = read(STDIN_FILENO, step, sizeof(step));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		if (content->len + (size_t)got > limit)
			return errno = EFBIG, -1;
		buffer_append(content, step, (size_t)got);
	}
}

/* read_whole - the file NAME, or standard input, as text of the arena; NULL with errno */
static const char *
read_whole(struct job *job, const char *name, size_t limit, size_t *len)
{
	struct buffer content = {0};
	bool input = strcmp(name, "-") == 0;
	const char *text = NULL;
	int saved;

	if ((input ? read_input(limit, &content) : file_read(name, limit, &content, NULL)) == 0) {
		char *copy = arena_alloc(&job->arena, content.len + 1);

		memcpy(copy, buffer_text(&content), content.len);
		*len = content.len;
		text = copy;
	}
	saved = errno;
	buffer_free(&content);
	errno = saved;
	return text;
}

/* read_or_exit - as read_whole, for what the command was asked to read: it ends without */
static const char *
read_or_exit(struct job *job, const char *name, size_t limit, size_t *len)
{
	const char *text = read_whole(job, name, limit, len);

	if (text != NULL)
		return text;
	if (errno == EFBIG) {
		fprintf(stderr, "mailinit: %s is larger than %zu bytes\n", name, limit);
		_exit(EXIT_FINDINGS);
	}
	if (errno == EINVAL)
		fprintf(stderr, "mailinit: %s is no regular file; - reads standard input\n", name);
	else
		fatal_system("read", name);
	_exit(EXIT_SYSTEM);
}

/* leads_out - whether a partial's name, which is text of a template, leaves its directory */
static bool
leads_out(const char *name)
{
	if (name[0] == '/')
		return true;
	for (const char *part = name; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return true;
	}
	return false;
}

/* find_partial - DIR/NAME, else DIR/NAME.mustache */
static bool
find_partial(void *context, const char *name, struct template_source *source)
{
	static const char *const suffixes[] = {"", ".mustache"};
	struct job *job = context;

	if (job->arguments.partials == NULL || leads_out(name))
		return false;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const char *directory = job->arguments.partials;
		const char *path = arena_printf(&job->arena, "%s%s%s%s", directory,
			text_ends(directory, "/") ? "" : "/", name, suffixes[i]);
		struct origin place = {.kind = ORIGIN_TEMPLATE, .name = name, .file = path};

		source->text = read_whole(job, path, TEMPLATE_BYTES_MAX, &source->len);
		if (source->text != NULL) {
			source->file = text_starts(path, "./") ? path + 2 : path;
			return true;
		}
		/* a directory of that name may stand beside the template */
		if (errno != ENOENT && errno != ENOTDIR && errno != EISDIR)
			finding_add(&job->findings, "template-error", &place,
				"the partial \"%s\" cannot be read: %s", name, strerror(errno));
	}
	return false;
}

/* ---- data ---- */

/*
 * type_words - the words for yes and no become what they mean, as settings of
 * that type do, unless they are quoted; a section of any other text is true
 */
static void
type_words(struct node *node)
{
	static const char *const words[] = {"yes", "true", "on", "no", "false", "off"};

	for (size_t i = 0; i < node->count; i++)
		type_words(node->items[i]);
	if (node->type != NODE_SCALAR || node->quoted)
		return;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(node->text, words[i]) == 0) {
			node->type = NODE_BOOL;
			node->truth = i < 3;
			return;
		}
}

/* read_data - the data as a tree; NULL when it cannot be read as YAML, and a finding says why */
static struct node *
read_data(struct job *job)
{
	struct yaml_text text = {.file = shown_name(job->arguments.data)};
	struct node *data;

	text.data = read_or_exit(job, job->arguments.data, YAML_FILE_BYTES, &text.len);
	data = yaml_parse_any(&job->arena, &job->findings, &text);
	if (data != NULL)
		type_words(data);
	return data;
}

/* ---- the result ---- */

/* put_origins - the output, each line behind where it came from */
static void
put_origins(const struct template_output *out, struct buffer *text)
{
	const char *at = buffer_text(&out->content);
	char origin[PATH_MAX];

	for (size_t i = 0; i < out->line_count; i++) {
		const struct template_line *line = &out->lines[i];
		size_t len = strcspn(at, "\n");

		buffer_printf(text, "%s:%d\t", line->file, line->line);
		for (size_t k = 0; k < line->origin_count; k++)
			buffer_printf(text, "%s%s", k > 0 ? " " : "",
				origin_text(&line->origins[k], origin, sizeof(origin)));
		buffer_putc(text, '\t');
		buffer_append(text, at, len);
		buffer_putc(text, '\n');
		at += len + (at[len] == '\n');
	}
}

/* show - the output, and what was found on standard error. Returns the exit code */
static int
show(struct job *job, const struct template_output *out)
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
		buffer_clear(&text);
	}
	if (!refused && job->arguments.origins) {
		put_origins(out, &text);
		failed = build_print(STDOUT_FILENO, &text) != 0 || failed;
	} else if (!refused) {
		failed = build_print(STDOUT_FILENO, &out->content) != 0 || failed;
	}
	buffer_free(&text);
	if (failed)
		fatal_system("write", "the result");
	return refused ? EXIT_FINDINGS : EXIT_DONE;
}

/* render - reads both files and renders; without data only the language is looked at */
static int
render(struct job *job)
{
	struct template_source source = {.file = shown_name(job->arguments.file)};
	struct template_options options = {
		.escape = job->arguments.escape, .find = find_partial, .context = job};
	struct template_output out;
	struct node *data = read_data(job);
	int code;

	/* What is raw stays within its line where a line means something. */
	options.raw = options.escape == escape_html || options.escape == escape_none ? escape_none
										     : escape_line;
	options.strict = data != NULL && !job->arguments.lenient;
	source.text = read_or_exit(job, job->arguments.file, TEMPLATE_BYTES_MAX, &source.len);
	/* Its findings are the result. */
	(void)template_render(&job->arena, &job->findings, &source, data, &options, &out);
	code = show(job, &out);
	template_output_free(&out);
	return code;
}

int
command_template(int argc, char **argv)
{
	struct job job = {0};
	int code = EXIT_USAGE;

	arena_init(&job.arena);
	findings_init(&job.findings, &job.arena);
	if (take_arguments(&job, argc, argv) == 0)
		code = render(&job);
	arena_free(&job.arena);
	return code;
}
