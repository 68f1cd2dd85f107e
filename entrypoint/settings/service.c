/* service.c - the records of services that the user adds */
#include "settings/service.h"

#include <string.h>

#include "base/text.h"
#include "settings/secret.h"
#include "settings/value.h"

#define NAME_LETTERS 31 /* SERVICE_NAME_BYTES less the NUL: what PID 1 has room for */
#define SUFFIX "_file"

static bool
check_name(struct loading *loading, const struct node *name, struct node *seen, const char *shown)
{
	const struct schema_row *row = schema_find("services.N.name");
	const struct node *before = node_get(seen, name->text);
	char where[256];

	if (strlen(name->text) > NAME_LETTERS) {
		value_refuse(loading, row, name, arena_printf(loading->arena, "%s.name", shown),
			"is too long: at most 31 letters");
		return false;
	}
	if (before != NULL) {
		finding_add(loading->findings, "service-name", &name->origin,
			"%s: a service is called %s already (%s)", shown, name->text,
			origin_text(&before->origin, where, sizeof(where)));
		return false;
	}
	node_set(loading->arena, seen, name->text,
		node_new(loading->arena, NODE_NULL, &name->origin));
	return true;
}

/* is_variable - letters, digits and "_", no digit first: what every program can ask for */
static bool
is_variable(const char *name)
{
	return name[0] != '\0' && (name[0] < '0' || name[0] > '9') &&
		name[strspn(name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

/* secret_value - the content of the file that the value names */
static struct node *
secret_value(struct loading *loading, const struct node *path, const char *setting)
{
	struct node *value = secret_read(loading, path->text, setting, &path->origin);

	if (value == NULL || value_check_line(loading, value, setting) != 0)
		return NULL;
	return value;
}

static bool
take_variable(struct loading *loading, const struct node *written, size_t place,
	struct node *variables, const char *shown)
{
	const char *name = written->keys[place];
	struct node *value = written->items[place];
	struct node key = {
		.type = NODE_SCALAR, .text = name, .origin = written->key_origins[place]};
	size_t len = strlen(name);
	/* in lower case, as the file of any other secret: NAME_FILE is the program's own */
	bool in_file = text_ends(name, SUFFIX) && len > strlen(SUFFIX);

	if (in_file)
		name = arena_strndup(loading->arena, name, len - strlen(SUFFIX));
	if (!is_variable(name)) {
		value_refuse(loading, schema_find("services.N.environment"), &key, shown,
			"is no name of a variable: letters, digits and _ alone");
		return false;
	}
	if (node_get(variables, name) != NULL) {
		finding_add(loading->findings, "env-both-forms", &key.origin,
			"%s: both %s and %s" SUFFIX " are set", shown, name, name);
		return false;
	}
	if (in_file)
		value = secret_value(
			loading, value, arena_printf(loading->arena, "%s.%s", shown, name));
	if (value == NULL)
		return false;
	node_set_at(loading->arena, variables, name, &key.origin, value);
	return true;
}

static bool
take_environment(struct loading *loading, struct node *record, const char *shown)
{
	const struct node *written = node_get(record, "environment");
	struct node *variables;
	bool good = true;

	if (written == NULL)
		return true;
	shown = arena_printf(loading->arena, "%s.environment", shown);
	variables = node_new(loading->arena, NODE_MAP, &written->origin);
	for (size_t i = 0; i < written->count; i++)
		if (!take_variable(loading, written, i, variables, shown))
			good = false;
	node_set(loading->arena, record, "environment", variables);
	return good;
}

/* Refuses VALUE, the field KEY of a record. Returns false. */
static bool
refuse(struct loading *loading, const struct node *value, const char *shown, const char *key,
	const char *why)
{
	value_refuse(loading, schema_find(arena_printf(loading->arena, "services.N.%s", key)),
		value, arena_printf(loading->arena, "%s.%s", shown, key), why);
	return false;
}

static bool
check_command(struct loading *loading, const struct node *command, const char *shown)
{
	if (command == NULL || command->items[0]->text[0] == '/')
		return true;
	return refuse(loading, command->items[0], shown, "command",
		"is no absolute path: no shell looks for the program");
}

/* is_endpoint - "host:port" */
static bool
is_endpoint(const char *text)
{
	const char *colon = strrchr(text, ':');

	return colon != NULL && colon != text && colon[1] != '\0';
}

/* is_descriptor - a number from 3 to 63, as plan/service.h has it */
static bool
is_descriptor(const char *text)
{
	size_t len = strspn(text, "0123456789");
	int number = text[0] - '0';

	if (len == 0 || len > 2 || text[len] != '\0')
		return false;
	if (len == 2)
		number = number * 10 + (text[1] - '0');
	return number >= 3 && number <= 63;
}

/* is_well_formed - WORD, the first of `ready`: a kind and what it says of itself */
static bool
is_well_formed(const char *word)
{
	if (text_starts(word, "socket:"))
		return word[7] == '/';
	if (text_starts(word, "tcp:"))
		return is_endpoint(word + 4);
	if (text_starts(word, "milter:"))
		return word[7] == '/' || is_endpoint(word + 7);
	if (text_starts(word, "fd:"))
		return is_descriptor(word + 3);
	if (text_starts(word, "exec:"))
		return word[5] == '/';
	return strcmp(word, "notify") == 0 || strcmp(word, "none") == 0;
}

static bool
check_ready(struct loading *loading, const struct node *ready, const char *shown)
{
	const struct node *word;

	if (ready == NULL)
		return true;
	word = ready->items[0];
	if (!is_well_formed(word->text))
		return refuse(loading, word, shown, "ready",
			"is none of: socket:/path, tcp:host:port, milter:/path, milter:host:port, "
			"fd:N (3 to 63), notify, exec:/program, none");
	if (ready->count > 1 && !text_starts(word->text, "exec:"))
		return refuse(loading, ready->items[1], shown, "ready",
			"is too much: only exec: has arguments");
	return true;
}

bool
service_check(struct loading *loading, struct node *record, struct node *seen, const char *shown)
{
	const struct node *name = node_get(record, "name");
	bool good = name != NULL && check_name(loading, name, seen, shown);

	good = check_command(loading, node_get(record, "command"), shown) && good;
	good = check_ready(loading, node_get(record, "ready"), shown) && good;
	return take_environment(loading, record, shown) && good;
}
