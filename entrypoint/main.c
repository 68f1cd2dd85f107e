/*
 * main.c - picks the command
 *
 * Anything that is neither a verb nor a flag is a program to run as the only
 * child, as a good init does.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/fatal.h"
#include "base/version.h"
#include "command/build.h"
#include "command/command.h"
#include "command/init_flags.h"
#include "command/suggest.h"
#include "supervise/signals.h"

static int command_help(int argc, char **argv);
static int command_version(int argc, char **argv);

static const struct {
	const char *verb;
	int (*run)(int argc, char **argv);
	const char *help;
	bool is_init; /* signals stay blocked: they are waited for */
} verbs[] = {
	{"run", command_run, "plan, check, apply, supervise (what no argument does too)", true},
	{"--dry-run", command_dry_run, "plan and check, write nothing, show both", false},
	{"check", command_check, "the findings alone; --live: of DNS and the running system, too",
		false},
	{"dns", command_dns, "the records to publish; --zone as a zone file, --format=json", false},
	{"dkim", command_dkim, "the keys that mail is signed with; rotate, status, cancel, retire",
		false},
	{"explain", command_explain, "a setting, a parameter, a variable or a finding, in words",
		false},
	{"import", command_import, "mailinit.yaml for the variables of --compose or --env-file",
		false},
	{"hash-password", command_hash_password, "a password on stdin, its hash on stdout", false},
	{"map", command_map, "the way that mail takes, drawn; --format=text, mermaid, svg", false},
	{"parameters", command_parameters, "all parameters of Postfix's main.cf as a table", false},
	{"schema", command_schema, "all settings, as a JSON Schema for editors", false},
	{"template", command_template,
		"one template as a start renders it; --list, --print, --names", false},
	{"status", command_status, "what PID 1 knows; --format=json, prometheus", false},
	{"health", command_health, "0 healthy, 1 not; --quick for frequent probes", false},
	{"queue", command_queue, "what waits and why; flush, hold, release, delete", false},
	{"reload", command_control, "plan anew, and reload only what changed", false},
	{"start", command_control, "start NAME", false},
	{"stop", command_control, "stop NAME, until it is started again", false},
	{"restart", command_control, "restart NAME", false},
	{"--help", command_help, NULL, false},
	{"-h", command_help, NULL, false},
	{"help", command_help, NULL, false},
	{"--version", command_version, NULL, false},
};

/* print - TEXT on standard output; a full disk or a closed pipe is told, not passed over */
static int
print(struct buffer *text)
{
	int result = build_print(STDOUT_FILENO, text);

	buffer_free(text);
	if (result != 0)
		fatal_system("write", "standard output");
	return EXIT_DONE;
}

static int
command_help(int argc, char **argv)
{
	struct buffer text = {0};

	(void)argc;
	(void)argv;
	buffer_puts(&text,
		"mailinit " MAILINIT_VERSION ": Postfix, Dovecot and OpenDKIM under one PID 1\n\n"
		"  mailinit [COMMAND] [FLAG…]\n  mailinit [--] PROGRAM [ARGUMENT…]\n\n");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (verbs[i].help != NULL)
			buffer_printf(&text, "  %-14s %s\n", verbs[i].verb, verbs[i].help);
	buffer_puts(&text,
		"\nFlags of commands that build a plan:\n"
		"  --config FILE     settings (else $MAIL_CONFIG, else "
		"/etc/mailinit/mailinit.yaml);\n"
		"                    again: a later file wins; - is standard input\n"
		"  --env-file FILE   variables, taken instead of the environment\n"
		"  --compose FILE[:SERVICE]  the same, and its files, of a compose service;\n"
		"                    - is standard input, as of docker compose config\n"
		"  --root DIR        a file system to look at instead of /\n"
		"  --out DIR         write the rendered files there, secrets and all\n"
		"  --against DIR     compare with these files of an earlier --out\n"
		"  --templates DIR   templates that replace built-in ones\n"
		"  --target NAME     debian13 or trixie, debian12 or bookworm, or an image's\n"
		"                    target file (else the image's own; debian13 where none is)\n"
		"  --format WORD     text, json; of findings also sarif, github;\n"
		"                    of map text, mermaid, svg\n"
		"  --timeout N       seconds that check --live takes at most (20)\n"
		"  --strict          warnings count as errors\n"
		"  --color WORD      auto, always or never\n\n"
		"Exit codes: 0 done, 1 findings refuse a start (or unhealthy), 2 wrong usage,\n"
		"3 the system failed; as PID 1: 10 Postfix, 11 Dovecot, 12 OpenDKIM, 19 another\n"
		"failed for good; with a PROGRAM: its own, 128+N by signal N, 126, 127.\n");
	return print(&text);
}

static int
command_version(int argc, char **argv)
{
	struct buffer text = {0};

	(void)argc;
	(void)argv;
	buffer_puts(&text, "mailinit " MAILINIT_VERSION "\n");
	return print(&text);
}

/* has_flag - whether a flag stands among the arguments: "mailinit --config X --dry-run" works too */
static int
has_flag(int argc, char **argv, const char *flag)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], flag) == 0)
			return 1;
	return 0;
}

/* asks_for_help - of a verb; template has words of its own */
static bool
asks_for_help(int argc, char **argv)
{
	return strcmp(argv[0], "template") != 0 &&
		(has_flag(argc, argv, "--help") || has_flag(argc, argv, "-h"));
}

/* suggest - a verb that was nearly typed, before the program of that name is not found */
static void
suggest(const char *word)
{
	const char *names[sizeof(verbs) / sizeof(verbs[0])];

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		names[i] = verbs[i].verb;
	suggest_verb(word, names, sizeof(names) / sizeof(names[0]));
}

static int
pick(int argc, char **argv)
{
	char *none[] = {argv[0], NULL};

	if (argc < 2)
		return command_run(1, none);
	if (strcmp(argv[1], "--") == 0)
		return command_exec(argc - 1, argv + 1);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(argv[1], verbs[i].verb) == 0) {
			if (!verbs[i].is_init)
				supervise_unblock_signals();
			if (asks_for_help(argc - 1, argv + 1))
				return supervise_unblock_signals(), command_help(argc, argv);
			return verbs[i].run(argc - 1, argv + 1);
		}
	if (argv[1][0] != '-') {
		suggest(argv[1]);
		return command_exec(argc, argv);
	}
	if (init_flags_explain(argv[1]))
		return EXIT_USAGE;
	if (asks_for_help(argc, argv))
		return supervise_unblock_signals(), command_help(argc, argv);
	if (!has_flag(argc, argv, "--dry-run"))
		return command_run(argc, argv);
	supervise_unblock_signals();
	return command_dry_run(argc, argv);
}

int
main(int argc, char **argv)
{
	/* before anything else: no signal may be lost before the first child exists */
	supervise_block_signals();
	return pick(argc, argv);
}
