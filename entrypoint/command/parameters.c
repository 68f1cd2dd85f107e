/*
 * parameters.c - mailinit parameters [postfix]: what main.cf may hold
 *
 * One parameter a line, fields parted by tabs, so that grep, cut and awk can
 * use it; tools/compare-parameters holds it against an image's `postconf -d`.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fatal.h"
#include "command/build.h"
#include "command/command.h"
#include "daemon/target.h"
#include "language/postfix_parameter.h"

static const char *
unit_name(char unit)
{
	switch (unit) {
	case 'm':
		return "minutes";
	case 'h':
		return "hours";
	case 'd':
		return "days";
	case 'w':
		return "weeks";
	default:
		return "seconds";
	}
}

static void
print_type(struct buffer *text, const struct postfix_parameter *parameter)
{
	static const char *const names[] = {
		[POSTFIX_TEXT] = "text",
		[POSTFIX_RAW] = "raw text",
		[POSTFIX_BOOL] = "yes or no",
		[POSTFIX_INTEGER] = "number",
		[POSTFIX_TIME] = "time in ",
		[POSTFIX_CHOICE] = "one of",
		[POSTFIX_CHOICES] = "some of",
	};

	buffer_puts(text, names[parameter->type]);
	if (parameter->type == POSTFIX_TIME)
		buffer_puts(text, unit_name(parameter->unit));
}

/* print_range - the words of a choice; else the least and the greatest, of a text its length */
static void
print_range(struct arena *arena, struct buffer *text, const struct postfix_parameter *parameter)
{
	if (parameter->choices != NULL) {
		buffer_puts(text, postfix_parameter_choices(arena, parameter));
		return;
	}
	if (!parameter->has_min && !parameter->has_max)
		return;
	if (parameter->has_min)
		buffer_printf(text, "%ld", parameter->min);
	buffer_puts(text, "..");
	if (parameter->has_max)
		buffer_printf(text, "%ld", parameter->max);
}

static void
print_version(struct buffer *text, int version)
{
	if (version != 0)
		buffer_printf(text, "%d.%d", version / 100, version % 100);
	buffer_putc(text, '\t');
}

static void
print_notes(struct buffer *text, const struct postfix_parameter *parameter, int version)
{
	const struct {
		bool holds;
		const char *text;
	} notes[] = {
		{parameter->restart, "needs a restart"},
		{parameter->varies, "default set by the build or the machine"},
		{parameter->deprecated, "deprecated"},
		{parameter->legacy, "old name"},
	};
	const char *separator = "";

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		if (notes[i].holds) {
			buffer_printf(text, "%s%s", separator, notes[i].text);
			separator = "; ";
		}
	if (parameter->instead != NULL) {
		buffer_printf(text, "%suse %s", separator, parameter->instead);
		separator = "; ";
	}
	if (version == 0 && parameter->earlier != NULL)
		buffer_printf(text, "%sdefault to %d.%d: %s", separator,
			parameter->earlier_until / 100, parameter->earlier_until % 100,
			parameter->earlier);
}

static void
print_parameter(
	struct arena *arena, struct buffer *text, struct postfix_parameter *parameter, int version)
{
	parameter->version = version;
	buffer_printf(text, "%s\t", parameter->name);
	print_type(text, parameter);
	buffer_putc(text, '\t');
	print_range(arena, text, parameter);
	buffer_putc(text, '\t');
	print_version(text, parameter->since);
	print_version(text, parameter->until);
	buffer_printf(text, "%s\t", postfix_parameter_default(parameter, version));
	print_notes(text, parameter, version);
	buffer_putc(text, '\n');
}

static void
print_postfix(struct arena *arena, struct buffer *text, int version)
{
	const char *at = postfix_parameter_table();
	struct postfix_parameter parameter;

	buffer_puts(text, "#name\ttype\trange\tsince\tuntil\tdefault\tnotes\n");
	while (postfix_parameter_next(arena, &at, &parameter))
		if (postfix_parameter_in(&parameter, version))
			print_parameter(arena, text, &parameter, version);
}

/* target_version - the Postfix that --target names: 0 without it, -1 when it is none */
static int
target_version(struct arena *arena, const char *wanted)
{
	struct findings findings;
	struct plan plan = {.arena = arena, .findings = &findings, .root = ""};
	int version;

	if (wanted == NULL)
		return 0;
	findings_init(&findings, arena);
	target_find(&plan, wanted);
	version = postfix_version(plan.target.postfix_version);
	if (findings.count == 0 && version != 0)
		return version;
	fprintf(stderr,
		"mailinit: --target is \"%s\"; it is debian13, debian12, or a file that says "
		"postfix=VERSION\n",
		wanted);
	return -1;
}

int
command_parameters(int argc, char **argv)
{
	struct options options;
	struct buffer text = {0};
	struct arena arena;
	const char *daemon = NULL;
	int version;

	if (options_read(&options, argc, argv, &daemon) != 0)
		return EXIT_USAGE;
	if (daemon != NULL && strcmp(daemon, "postfix") != 0) {
		fprintf(stderr, "mailinit: there are parameters of postfix, none of \"%s\"\n",
			daemon);
		return EXIT_USAGE;
	}
	arena_init(&arena);
	version = target_version(&arena, options.target);
	if (version < 0) {
		arena_free(&arena);
		return EXIT_USAGE;
	}
	print_postfix(&arena, &text, version);
	if (build_print(STDOUT_FILENO, &text) != 0)
		fatal_system("write", "standard output");
	buffer_free(&text);
	arena_free(&arena);
	return EXIT_DONE;
}
