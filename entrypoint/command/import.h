#ifndef COMMAND_IMPORT_H
#define COMMAND_IMPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "base/node.h"

/*
 * One run of `mailinit import`. SETTINGS is a loaded tree, VARIABLES what
 * settings_source calls so. All strings belong to ARENA.
 */
struct import {
	struct arena *arena;
	const struct node *settings, *variables;
	struct node *carried; /* names of the variables that a printed value came from */
	struct node *files; /* of secrets that the reader makes: name to the path of the setting */
	bool volume; /* a value came from a file of compat.directory */
	struct buffer *out;
};

/*
 * import_yaml.c: appends the settings that something other than a default set, as
 * mailinit.yaml has them, each with a comment of its origin. No secret is among
 * them: it becomes the reference to a file, or a variable that stays, which a line
 * "# environment: NAME=/path" says.
 */
void import_settings(struct import *import);

/* The key of a value, and where it is from, as a comment behind it; import_secret.c needs both. */
void import_key(struct import *import, const char *key, int indent);
void import_origin(struct import *import, const struct origin *origin);

/* import_secret.c: the setting PATH, of key KEY. WHOLE: all that its source says is this value. */
void import_secret(struct import *import, const char *key, const char *path,
	const struct node *node, bool whole, int indent);
void import_variable(struct import *import, const char *name, const struct node *node, int indent);
void import_stays(struct import *import, const char *path, const struct node *node, int indent);
void import_left(struct import *import, const char *path, const struct node *node, int indent);

/* import_text.c: TEXT as YAML has it, in double quotes where it must be. */
void import_scalar(struct buffer *out, const char *text);

/* The same for lines, which stand one by one, INDENT blanks in front; ends with a line break. */
void import_lines(struct buffer *out, const char *text, int indent);

#endif
