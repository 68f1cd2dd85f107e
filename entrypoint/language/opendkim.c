/* opendkim.c - the lines of opendkim.conf, and its parameters */
#include "language/opendkim.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "language/table.h"

#define TABLE "opendkim"

void
opendkim_reader_init(
	struct opendkim_reader *reader, struct arena *arena, const char *text, size_t len)
{
	*reader = (struct opendkim_reader){.arena = arena, .text = text, .len = len};
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* cut_blanks - takes the blanks off the end */
static void
cut_blanks(char *text)
{
	size_t len = strlen(text);

	while (len > 0 && is_blank(text[len - 1]))
		len--;
	text[len] = '\0';
}

bool
opendkim_next(struct opendkim_reader *reader, struct opendkim_line *line)
{
	while (reader->at < reader->len) {
		const char *from = reader->text + reader->at;
		const char *end = memchr(from, '\n', reader->len - reader->at);
		size_t len = end != NULL ? (size_t)(end - from) : reader->len - reader->at;
		char *text = arena_strndup(reader->arena, from, strnlen(from, len)), *value;

		reader->at += len + 1;
		reader->line++;
		text[strcspn(text, "#\r")] = '\0';
		text += strspn(text, " \t");
		if (*text == '\0')
			continue;
		value = text + strcspn(text, " \t");
		if (*value != '\0')
			*value++ = '\0';
		value += strspn(value, " \t");
		cut_blanks(value);
		*line = (struct opendkim_line){reader->line, text, value};
		return true;
	}
	return false;
}

/* fill - from "Mode\tM\tchoices" */
static void
fill(struct arena *arena, const char *text, size_t len, struct opendkim_parameter *parameter)
{
	char *row = arena_strndup(arena, text, len);
	char *type = strchr(row, '\t'), *choices;

	*type++ = '\0';
	choices = strchr(type, '\t');
	parameter->name = row;
	parameter->type = (enum opendkim_type) * type;
	parameter->choices = choices != NULL ? choices + 1 : "";
}

bool
opendkim_parameter_find(struct arena *arena, const char *name, struct opendkim_parameter *parameter)
{
	const char *at = table_text(TABLE);
	size_t len = strlen(name);

	/* sorted by bytes, and asked for in any case: so few rows are gone through */
	while (*at != '\0') {
		size_t row = strcspn(at, "\n");

		if (row > len && at[len] == '\t' && strncasecmp(at, name, len) == 0) {
			fill(arena, at, row, parameter);
			return true;
		}
		at += row + (at[row] == '\n');
	}
	return false;
}

static bool
is_known(const struct table_row *row, const void *context)
{
	(void)context;
	return row->fields[1][0] != OPENDKIM_REFUSED;
}

const char *
opendkim_parameter_nearest(struct arena *arena, const char *name)
{
	return table_nearest(arena, TABLE, name, is_known, NULL);
}

static bool
is_choice(const char *choices, const char *value)
{
	size_t len = strlen(value);

	while (*choices != '\0') {
		size_t word = strcspn(choices, ":");

		if (word == len && strncasecmp(choices, value, len) == 0)
			return true;
		choices += word + (choices[word] == ':');
	}
	return false;
}

static const char *
choice_mistake(struct arena *arena, const char *choices, const char *value)
{
	char *words, *colon;

	if (is_choice(choices, value))
		return NULL;
	words = arena_strdup(arena, choices);
	while ((colon = strchr(words, ':')) != NULL)
		*colon = ' ';
	return arena_printf(arena, "is none of: %s", words);
}

static const char *
integer_mistake(const char *value)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(value, &end, 0);
	if (*end != '\0')
		return "is no integer: digits alone make one (octal behind a 0), without a unit";
	/* OpenDKIM cuts what is too large, without a word */
	if (errno != 0 || number > INT_MAX || number < INT_MIN)
		return "is an integer that is too large";
	return NULL;
}

static const char *
canonicalization_mistake(struct arena *arena, const char *value)
{
	static const char known[] = "simple:relaxed";
	const char *slash = strchr(value, '/');
	size_t len = slash != NULL ? (size_t)(slash - value) : strlen(value);

	if (is_choice(known, arena_strndup(arena, value, len)) &&
		(slash == NULL || is_choice(known, slash + 1)))
		return NULL;
	return "is no canonicalization, such as relaxed/simple (simple and relaxed are the words)";
}

/* socket_mistake - smfi_setconn(3): the type, or a path */
static const char *
socket_mistake(const char *value)
{
	static const char *const types[] = {"inet:", "inet6:", "local:", "unix:"};
	size_t colon = strcspn(value, ":");

	if (value[colon] == '\0')
		return value[0] == '/' ? NULL : "is no socket, such as inet:8891@127.0.0.1";
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t len = strlen(types[i]);

		if (strncmp(value, types[i], len) != 0)
			continue;
		if (i < 2 && strtol(value + len, NULL, 10) > 65535)
			return "names a port above 65535";
		return value[len] != '\0' ? NULL : "names a type of socket, and nothing behind it";
	}
	return "is of no type of socket: these are inet, inet6, local and unix";
}

static const char *
minimum_mistake(const char *value)
{
	size_t digits = strspn(value, "0123456789");
	const char *rest = value + digits;

	if (digits == 0 || digits > 9 ||
		(strcmp(rest, "%") != 0 && strcmp(rest, "+") != 0 && rest[0] != '\0'))
		return "is no minimum: a number, and perhaps % or +";
	if (*rest == '%' && strtol(value, NULL, 10) > 100)
		return "is more than 100%";
	return NULL;
}

const char *
opendkim_value_mistake(
	struct arena *arena, const struct opendkim_parameter *parameter, const char *value)
{
	const char *rest;

	switch (parameter->type) {
	case OPENDKIM_BOOL:
		return strchr("tTyY1fFnN0", value[0]) != NULL
			? NULL
			: "is neither yes nor no: the first letter is y, t, 1, n, f or 0";
	case OPENDKIM_INTEGER:
		return integer_mistake(value);
	case OPENDKIM_CHOICE:
	case OPENDKIM_HANDLING:
		return choice_mistake(arena, parameter->choices, value);
	case OPENDKIM_CANONICALIZATION:
		return canonicalization_mistake(arena, value);
	case OPENDKIM_MODE:
		return value[strspn(value, "sv")] == '\0'
			? NULL
			: "is no mode: s signs, v verifies, sv does both";
	case OPENDKIM_SOCKET:
		return socket_mistake(value);
	case OPENDKIM_MINIMUM:
		return minimum_mistake(value);
	case OPENDKIM_DATASET:
		return opendkim_dataset_of(value, &rest) != OPENDKIM_DATASET_NONE
			? NULL
			: "begins with a word and a colon that name no type of dataset: these are "
			  "csl, file, refile, db, dsn, ldap, ldapi, ldaps and lua (csl:::1 is a "
			  "list of one IPv6 address)";
	default:
		return NULL;
	}
}

enum opendkim_dataset
opendkim_dataset_of(const char *value, const char **rest)
{
	static const struct {
		const char *name;
		enum opendkim_dataset kind;
	} types[] = {{"csl", OPENDKIM_DATASET_LIST}, {"file", OPENDKIM_DATASET_FILE},
		{"refile", OPENDKIM_DATASET_PATTERNS}, {"db", OPENDKIM_DATASET_OTHER},
		{"dsn", OPENDKIM_DATASET_OTHER}, {"ldap", OPENDKIM_DATASET_OTHER},
		{"ldapi", OPENDKIM_DATASET_OTHER}, {"ldaps", OPENDKIM_DATASET_OTHER},
		{"lua", OPENDKIM_DATASET_OTHER}};
	size_t colon = strcspn(value, ":,");

	*rest = value;
	if (value[colon] != ':') {
		if (text_ends(value, ".db"))
			return OPENDKIM_DATASET_OTHER;
		return value[0] == '/' ? OPENDKIM_DATASET_FILE : OPENDKIM_DATASET_LIST;
	}
	*rest = value + colon + 1;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == colon && strncasecmp(types[i].name, value, colon) == 0)
			return types[i].kind;
	return OPENDKIM_DATASET_NONE;
}
