/* rules_template.c - the catalogue: rendering */
#include "base/rules.h"

const struct rule rules_template[] = {
	{"template-error", SEVERITY_ERROR, true, "A template cannot be rendered",
		"The daemon's file cannot be made.",
		"Correct the template at the place that is shown.", ""},
	{"template-unknown-name", SEVERITY_ERROR, true,
		"A template uses a name that nothing defines",
		"An empty value would stand in the daemon's file.", "Correct the name.", ""},
	{"template-untaken-name", SEVERITY_WARNING, false,
		"A section of a template that is not in use holds a name that nothing defines",
		"None now; a start is refused once a setting brings the section into use.",
		"Correct the name.", ""},
	{"template-unused", SEVERITY_WARNING, false,
		"A file among the templates that replaces no template, nor is a partial of one",
		"None: the built-in template is in use.",
		"`mailinit template --list` prints the names that count, folder and all.", ""},
	{"value-unsafe", SEVERITY_ERROR, true, "A value holds what its file has no way to write",
		"The daemon would read another value, or another setting.",
		"Change the value; the message says what cannot stand there.",
		"postconf(5), master(5), opendkim.conf(5)"},
	{0},
};
