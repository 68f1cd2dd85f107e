/* import_secret.c - what stands in place of a secret: a file, a variable, or a word on where it is */
#include "command/import.h"

#include <string.h>

#include "base/text.h"
#include "settings/schema.h"

#define SECRETS "/run/secrets/"

/* name_of - "relay.by_sender.@example.com.password" as the name of a file */
static const char *
name_of(struct arena *arena, const char *path)
{
	char *name = text_lower(arena, path);

	for (char *c = name; *c != '\0'; c++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789", *c) == NULL)
			*c = '_';
	return name;
}

/* file_of - where the secret of PATH is to stand; a.b@ and a-b@ do not share one password */
static const char *
file_of(struct import *import, const char *path)
{
	const char *name = name_of(import->arena, path), *file = name;

	for (size_t i = 2; node_get(import->files, file) != NULL &&
		strcmp(node_get(import->files, file)->text, path) != 0;
		i++)
		file = arena_printf(import->arena, "%s_%zu", name, i);
	node_set(import->arena, import->files, file, node_scalar(import->arena, path, NULL));
	return arena_printf(import->arena, SECRETS "%s", file);
}

/*
 * import_secret - a reference in place of the value: to the file that it came from,
 * else to one that the reader makes. WHOLE: all that its source says is this value
 */
void
import_secret(struct import *import, const char *key, const char *path, const struct node *node,
	bool whole, int indent)
{
	const struct node *variable =
		node->origin.name != NULL ? node_get(import->variables, node->origin.name) : NULL;
	char text[512];
	const char *from = variable != NULL ? node->origin.name
					    : origin_text(&node->origin, text, sizeof(text));
	const char *file;

	if (whole && node->origin.kind == ORIGIN_SECRET && variable != NULL) {
		file = variable->text;
	} else {
		file = file_of(import, path);
		buffer_printf(import->out, "%*s# secret, not shown: write %s%s%s into this file\n",
			indent, "", whole ? "what " : "the password alone, of ", from,
			whole ? " says" : ",");
	}
	import_key(import, arena_printf(import->arena, "%s_file", key), indent);
	buffer_putc(import->out, ' ');
	import_scalar(import->out, file);
	import_origin(import, &node->origin);
	buffer_putc(import->out, '\n');
}

/* import_variable - a secret that YAML has no file for: a variable that stays, as NAME_FILE */
void
import_variable(struct import *import, const char *name, const struct node *node, int indent)
{
	const struct node *variable = node_get(import->variables, name);
	const char *file = arena_printf(import->arena, SECRETS "%s", name_of(import->arena, name));

	if (node->origin.kind == ORIGIN_SECRET && variable != NULL)
		file = variable->text;
	if (text_ends(name, "_FILE"))
		name = arena_strndup(
			import->arena, name, strlen(name) - (text_ends(name, "__FILE") ? 6 : 5));
	buffer_printf(import->out,
		"%*s# secret, not shown: it stays a variable, with the value in that file\n"
		"%*s# environment: %s%s=%s",
		indent, "", indent, "", name,
		schema_find_variable(arena_printf(import->arena, "%s_FILE", name)) != NULL
			? "__FILE"
			: "_FILE",
		file);
	import_origin(import, &node->origin);
	buffer_putc(import->out, '\n');
}

/* import_stays - a secret of a file of ours, which is there and stays so */
void
import_stays(struct import *import, const char *path, const struct node *node, int indent)
{
	char text[512];

	buffer_printf(import->out, "%*s# secret, not shown: %s stays as %s has it\n", indent, "",
		path, origin_text(&node->origin, text, sizeof(text)));
}

/*
 * import_left - a secret of a file of compat.directory, which is read no more: a raw parameter
 * can be a variable, anything else is to be written here
 */
void
import_left(struct import *import, const char *path, const struct node *node, int indent)
{
	static const char main[] = "postfix.main.", dovecot[] = "dovecot.settings.";
	char text[512];

	import->volume = true;
	if (text_starts(path, main))
		import_variable(import,
			arena_printf(import->arena, "POSTFIX_%s", path + strlen(main)), node,
			indent);
	else if (text_starts(path, dovecot))
		import_variable(import,
			arena_printf(import->arena, "DOVECOT_%s", path + strlen(dovecot)), node,
			indent);
	else
		buffer_printf(import->out,
			"%*s# secret, not shown: write here what %s says of %s\n", indent, "",
			origin_text(&node->origin, text, sizeof(text)), path);
}
