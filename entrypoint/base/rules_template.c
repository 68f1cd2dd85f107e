/* rules_template.c - the catalogue: rendering */
#include "base/rules.h"

const struct rule rules_template[] = {
	{"template-error", SEVERITY_ERROR, true, "A template cannot be rendered",
		"The daemon's file cannot be made.",
		"Correct the template at the place that is shown.", "",
		"A section that is not closed swallows the rest of the file: Mailu#46 found an "
		"unrendered {{ RELAYHOST }} in relayhost.",
		"a template KeyTable.mustache whose section {{#opendkim.keys}} is not closed"},
	{"template-unknown-name", SEVERITY_ERROR, true,
		"A template uses a name that nothing defines",
		"An empty value would stand in the daemon's file.", "Correct the name.", "",
		"A misspelt name gives an empty text: `myhostname = ` makes Postfix take the "
		"container's id.",
		"a template KeyTable.mustache with {{selektor}} in it"},
	{"template-untaken-name", SEVERITY_WARNING, false,
		"A section of a template that is not in use holds a name that nothing defines",
		"None now; a start is refused once a setting brings the section into use.",
		"Correct the name.", "",
		"The name is looked for when a setting brings the section into use: that start "
		"then fails.",
		"a template with {{hostnam}} in a section that is not in use"},
	{"template-unused", SEVERITY_WARNING, false,
		"A file among the templates that replaces no template, nor is a partial of one",
		"None: the built-in template is in use.",
		"`mailinit template --list` prints the names that count, folder and all.", "",
		"A file of another name replaces nothing, and its author sees no difference.",
		"a file main.cff.mustache among the templates"},
	{"value-unsafe", SEVERITY_ERROR, true, "A value holds what its file has no way to write",
		"The daemon would read another value, or another setting.",
		"Change the value; the message says what cannot stand there.",
		"postconf(5), master(5), opendkim.conf(5)",
		"opendkim.conf has no quotes: all behind # is a comment, and the value is cut "
		"there without a word.",
		"`OPENDKIM_Canonicalization=relaxed/simple#x`"},
	{0},
};
