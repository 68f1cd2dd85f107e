#ifndef COMMAND_OPTIONS_H
#define COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* The flags that all plan-building commands share (README, "Commands"). */
enum output_format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_SARIF,
	FORMAT_GITHUB,
	FORMAT_MERMAID,
	FORMAT_SVG,
};

#define OPTIONS_FILES_MAX 16 /* of one kind */
#define OPTIONS_TIMEOUT_MAX_S 3600

struct options {
	const char *configs[OPTIONS_FILES_MAX]; /* --config, in order */
	size_t config_count;
	const char *env_files[OPTIONS_FILES_MAX]; /* --env-file, in order */
	size_t env_file_count;
	const char *compose; /* --compose: FILE or FILE:SERVICE, once; - is standard input */
	const char *root; /* --root, "" for / */
	const char *out; /* --out */
	const char *against; /* --against: what --out of an earlier dry run wrote */
	const char *templates; /* --templates */
	const char *target; /* --target */
	enum output_format format;
	bool strict;
	bool color;
	bool zone; /* dns --zone */
	bool live; /* check --live */
	int timeout_ms; /* --timeout; 0: not given */
};

/*
 * Reads flags from ARGV[1]… . Operands are not allowed when OPERAND is NULL, else
 * one is stored there. The directories of --root, --templates and --against must
 * be there.
 * Returns 0, or -1 after saying what is wrong (exit EXIT_USAGE).
 */
int options_read(struct options *options, int argc, char **argv, const char **operand);

/*
 * The value of FLAG at ARGV[*AT], as "--flag VALUE" (then *AT moves on to it) or
 * "--flag=VALUE"; NULL when another flag stands there, or no value behind it.
 */
const char *options_value(const char *flag, int argc, char **argv, int *at);

/* Says what is wrong with ARGUMENT when it is one of the COUNT FLAGS, or near to one; else false. */
bool options_tell_near(const char *argument, const char *const *flags, size_t count);

/*
 * Refuses, for COMMAND, --out and --against unless OUT, and a --format that is not among FORMATS
 * ("text or json"): they would do nothing. Returns 0, or -1 after saying so.
 */
int
options_allow(const struct options *options, const char *command, bool out, const char *formats);

#endif
