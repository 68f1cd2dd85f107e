/*
 * rules.c - the one catalogue of what can be wrong
 *
 * From this table come the findings, `mailinit explain ID` and the page of
 * rules. An id never changes its meaning. Sections follow the rooms that find
 * them; a row says what is looked for, what happens to mail, what to change.
 */
#include "base/finding.h"

const struct rule rules[] = {
	/* settings: the environment and the YAML file */
	{"env-unknown", SEVERITY_ERROR, true, "A MAIL_ variable that mailinit does not know",
		"The setting that was meant keeps its default, silently.",
		"Correct the name, or remove the variable.", ""},
	{"env-both-forms", SEVERITY_ERROR, true, "A variable and its _FILE form are both set",
		"It is undecided which of the two values mail would run with.",
		"Keep one of the two.", ""},
	{"secret-unreadable", SEVERITY_ERROR, true,
		"A file named by a _FILE variable or setting cannot be read",
		"The secret is missing: authentication with it would fail.",
		"Mount the file, or correct its path and mode.", ""},
	{"not-checked", SEVERITY_NOTE, false, "A file that only the container has was not checked",
		"Nothing yet: the container itself checks it at its start.",
		"Use --root to check against a file system that has it.", ""},
	{"value-newline", SEVERITY_ERROR, true, "A value holds a line break or a control character",
		"It would start a new line, hence a new parameter, in a configuration file.",
		"Remove the line break; a file's last one is dropped for you.", ""},
	{"value-type", SEVERITY_ERROR, true, "A value is not of the setting's type",
		"The daemon that gets it would refuse to start or ignore it.",
		"Write the value as the table of settings says.", ""},
	{"setting-required", SEVERITY_ERROR, true, "A setting that the roles need is missing",
		"Mail cannot be accepted without it.", "Set it.", ""},
	{"setting-overridden", SEVERITY_NOTE, false,
		"Two sources give different values for one setting", "The later one wins.",
		"Keep one of them.", ""},
	{"hostname-invalid", SEVERITY_ERROR, true, "The host name is no full domain name",
		"Other servers refuse mail whose HELO is no full name; certificates cannot name "
		"it.",
		"Set MAIL_HOSTNAME to the full name of this server, as in mail.example.com.",
		"RFC 5321 section 4.1.1.1"},
	{"yaml-syntax", SEVERITY_ERROR, true, "The YAML file cannot be read as YAML",
		"No setting of the file is known.", "Correct the place that is shown.", ""},
	{"yaml-unknown-key", SEVERITY_ERROR, true, "A key that mailinit does not know",
		"The setting that was meant keeps its default, silently.",
		"Correct the name, or remove the line.", ""},
	{"yaml-duplicate-key", SEVERITY_ERROR, true, "A key stands twice in one map",
		"Only one of the two values would count.", "Keep one of them.", ""},
	{"yaml-alias", SEVERITY_ERROR, true, "An alias or merge key",
		"Aliases can make a small file large; they are not followed.",
		"Write the value out where it is needed.", ""},
	{"yaml-limit", SEVERITY_ERROR, true, "The YAML file is too large or nested too deep",
		"It is not read.", "Keep it under 16 MB and 64 levels.", ""},
	{"config-unreadable", SEVERITY_ERROR, true, "The configuration file cannot be read",
		"No setting of the file is known.", "Correct its path and mode.", ""},

	/* template: rendering */
	{"template-error", SEVERITY_ERROR, true, "A template cannot be rendered",
		"The daemon's file cannot be made.",
		"Correct the template at the place that is shown.", ""},
	{"template-unknown-name", SEVERITY_ERROR, true,
		"A template uses a name that nothing defines",
		"An empty value would stand in the daemon's file.", "Correct the name.", ""},
};

const size_t rules_count = sizeof(rules) / sizeof(rules[0]);
