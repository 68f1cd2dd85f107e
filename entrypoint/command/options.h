#ifndef COMMAND_OPTIONS_H
#define COMMAND_OPTIONS_H

#include <stdbool.h>

/* The flags that all plan-building commands share (README, "Commands"). */
enum output_format { FORMAT_TEXT, FORMAT_JSON };

struct options {
	const char *config; /* --config, else MAIL_CONFIG, else NULL */
	const char *env_file; /* --env-file */
	const char *root; /* --root, "" for / */
	const char *out; /* --out */
	const char *templates; /* --templates */
	const char *target; /* --target */
	enum output_format format;
	bool strict;
	bool color;
	bool zone; /* dns --zone */
};

/*
 * Reads flags from ARGV[1]… . Operands are not allowed when OPERAND is NULL, else
 * one is stored there. Returns 0, or -1 after saying what is wrong (exit EXIT_USAGE).
 */
int options_read(struct options *options, int argc, char **argv, const char **operand);

#endif
