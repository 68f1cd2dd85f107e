/*
 * schema_json.c - the table of settings as a JSON Schema (draft 7), for editors
 *
 * YAML's values reach a validator with the types that YAML gives them, while
 * mailinit reads each as text: so a size is a number or a text, a list also a text
 * with blanks. Keywords of one type ignore values of another, which lets both
 * forms stand side by side without anyOf, whose messages nobody understands.
 */
#include "settings/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/finding.h"
#include "settings/schema_writer.h"

#define LABEL "[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
#define UNITS "(ms|s|m|h|d)"
#define KEYS_MAX 64
#define FIELDS_MAX 24
/* two colons at least: one parts a port from a host, and belongs behind the bracket */
#define IN_BRACKETS_V6 "([Ii][Pp][Vv]6:)?[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f.:]*"

/* pattern - what a value must look like as a text; NULL: anything */
static const char *
pattern(enum schema_type type)
{
	switch (type) {
	case SCHEMA_FULL_NAME:
		return "^" LABEL "(\\." LABEL ")+$";
	case SCHEMA_DOMAIN:
		return "^" LABEL "(\\." LABEL ")*$";
	case SCHEMA_NETWORK:
		return "^(loopback|container|connected|!?\\[?[0-9A-Fa-f.:]+\\]?(/[0-9]+)?)$";
	case SCHEMA_IP:
		return "^[0-9A-Fa-f.:]+$";
	case SCHEMA_ADDRESS:
		return "^[^@\\s]+@" LABEL "(\\." LABEL ")*$";
	case SCHEMA_HOST_PORT:
		return "^(\\[([A-Za-z0-9._-]+|" IN_BRACKETS_V6 ")\\]|[A-Za-z0-9._-]+)"
		       "(:[A-Za-z0-9-]+)?$";
	case SCHEMA_ENDPOINT:
		return "^(inet:\\S+:[A-Za-z0-9-]+|unix:\\S+)$";
	case SCHEMA_LISTEN:
		return "^(none|([0-9.]+:|\\[[0-9A-Fa-f.:]+\\]:)?[1-9][0-9]*)$";
	case SCHEMA_LABEL:
		return "^" LABEL "$";
	case SCHEMA_BOOL:
		return "^([Yy]es|YES|[Nn]o|NO|[Tt]rue|TRUE|[Ff]alse|FALSE|[Oo]n|ON|[Oo]ff|OFF)$";
	case SCHEMA_INTEGER:
		return "^[0-9]+$";
	case SCHEMA_SIZE:
		return "^[0-9]+[KMGkmg]?$";
	case SCHEMA_TIME:
		return "^[0-9]+" UNITS "$";
	case SCHEMA_RATE:
		return "^[0-9]+ +in +[0-9]+" UNITS "$";
	case SCHEMA_PATH:
		return "^/";
	case SCHEMA_TEXT:
	case SCHEMA_LINES:
	case SCHEMA_CHOICE:
		break;
	}
	return NULL;
}

static const char *
json_type(enum schema_type type)
{
	switch (type) {
	case SCHEMA_TEXT:
		return "[\"string\", \"number\", \"boolean\"]";
	case SCHEMA_BOOL:
		return "[\"boolean\", \"string\"]";
	case SCHEMA_LABEL:
	case SCHEMA_LISTEN:
		return "[\"string\", \"integer\"]";
	case SCHEMA_INTEGER:
	case SCHEMA_SIZE:
		return "[\"integer\", \"string\"]";
	default:
		return "\"string\"";
	}
}

static void
put_scalar(struct writer *writer, const struct schema_row *row)
{
	bool counts = row->type == SCHEMA_INTEGER || row->type == SCHEMA_SIZE;

	if (row->type == SCHEMA_CHOICE) {
		writer_words(writer, "enum", row->choices);
		return;
	}
	writer_raw(writer, "type", json_type(row->type));
	if (counts) {
		writer_key(writer, "minimum");
		buffer_printf(writer->out, "%lld", row->min);
	}
	if (counts && row->max != 0) {
		writer_key(writer, "maximum");
		buffer_printf(writer->out, "%lld", row->max);
	}
	if (pattern(row->type) != NULL)
		writer_pair(writer, "pattern", pattern(row->type));
}

static void
put_list(struct writer *writer, const struct schema_row *row)
{
	writer_raw(writer, "type", "[\"array\", \"string\"]");
	writer_open(writer, "items");
	put_scalar(writer, row);
	writer_close(writer);
}

/* put_default - as a value of the type that an editor would write */
static void
put_default(struct writer *writer, const struct schema_row *row)
{
	if (row->fallback == NULL || row->fallback[0] == '@')
		return;
	if (row->shape == SCHEMA_LIST)
		writer_words(writer, "default", row->fallback);
	else if (row->type == SCHEMA_INTEGER)
		writer_raw(writer, "default", row->fallback);
	else if (row->type == SCHEMA_BOOL)
		writer_raw(writer, "default", row->fallback[0] == 'y' ? "true" : "false");
	else
		writer_pair(writer, "default", row->fallback);
}

static void
put_description(struct writer *writer, const struct schema_row *row)
{
	char variable[SCHEMA_NAME_BYTES];
	struct buffer text = {0};

	buffer_printf(&text, "%s.", row->doc);
	if (row->fallback != NULL && row->fallback[0] == '@')
		buffer_printf(&text, " Default: as %s.", row->fallback + 1);
	if (schema_has_variable(row))
		buffer_printf(
			&text, " Variable: %s.", schema_variable(row, variable, sizeof(variable)));
	writer_pair(writer, "description", buffer_text(&text));
	buffer_free(&text);
}

static void put_setting(struct writer *writer, const char *key, const struct schema_row *row);

/* put_file_form - "password_file" of a secret, unless it has a row of its own */
static void
put_file_form(struct writer *writer, const char *key, const struct schema_row *row)
{
	char name[SCHEMA_NAME_BYTES + sizeof("_file")];
	struct buffer text = {0};

	snprintf(name, sizeof(name), "%s_file", key);
	writer_open(writer, name);
	writer_raw(writer, "type", "\"string\"");
	buffer_printf(&text, "File with the value of %s.", row->path);
	writer_pair(writer, "description", buffer_text(&text));
	writer_close(writer);
	buffer_free(&text);
}

/* put_record - the fields of one record */
static void
put_record(struct writer *writer, const struct schema_row *records)
{
	const char *fields[FIELDS_MAX];
	size_t count = schema_fields(records, fields, FIELDS_MAX);
	struct buffer required = {0};

	writer_raw(writer, "type", "\"object\"");
	writer_raw(writer, "additionalProperties", "false");
	writer_open(writer, "properties");
	for (size_t i = 0; i < count; i++) {
		const struct schema_row *row = schema_find_field(records, fields[i]);
		char file[SCHEMA_NAME_BYTES + sizeof("_file")];

		put_setting(writer, fields[i], row);
		if ((row->flags & SCHEMA_REQUIRED) != 0)
			buffer_printf(&required, "%s%s", required.len > 0 ? " " : "", fields[i]);
		snprintf(file, sizeof(file), "%s_file", fields[i]);
		if ((row->flags & SCHEMA_SECRET) != 0 && schema_find_field(records, file) == NULL)
			put_file_form(writer, fields[i], row);
	}
	writer_close(writer);
	writer_words(writer, "required", buffer_text(&required));
	if (strcmp(records->path, "mailboxes.list") == 0)
		writer_raw(writer, "oneOf",
			"[{\"required\": [\"password\"]}, {\"required\": [\"password_file\"]}]");
	buffer_free(&required);
}

/* put_checks - each rule is a key of its own, so that an editor offers them */
static void
put_checks(struct writer *writer, const struct schema_row *row)
{
	writer_open(writer, "properties");
	for (size_t i = 0; i < rule_count(); i++) {
		writer_open(writer, rule_at(i)->id);
		writer_pair(writer, "description", rule_at(i)->title);
		writer_words(writer, "enum", row->choices);
		writer_close(writer);
	}
	writer_close(writer);
}

static void
put_map(struct writer *writer, const struct schema_row *row)
{
	writer_raw(writer, "type", "\"object\"");
	writer_raw(writer, "additionalProperties", "false");
	if (strcmp(row->path, "checks") == 0) {
		put_checks(writer, row);
		return;
	}
	writer_open(writer, "patternProperties");
	/* names of parameters are checked by the daemons' own grammar */
	writer_open(writer, strchr(row->path, '.') != NULL ? "^[A-Za-z0-9_./:-]+$" : "^.+$");
	if (row->shape == SCHEMA_MAP)
		put_scalar(writer, row);
	else if (row->shape == SCHEMA_MAP_OF_LISTS)
		put_list(writer, row);
	else
		put_record(writer, row);
	writer_close(writer);
	writer_close(writer);
}

static void
put_shape(struct writer *writer, const struct schema_row *row)
{
	switch (row->shape) {
	case SCHEMA_ONE:
		put_scalar(writer, row);
		break;
	case SCHEMA_LIST:
	case SCHEMA_WORDS:
		put_list(writer, row);
		break;
	case SCHEMA_MAP:
	case SCHEMA_MAP_OF_LISTS:
	case SCHEMA_NAMED_RECORDS:
		put_map(writer, row);
		break;
	case SCHEMA_RECORDS:
		writer_raw(writer, "type", "\"array\"");
		writer_open(writer, "items");
		put_record(writer, row);
		writer_close(writer);
		break;
	}
}

static void
put_setting(struct writer *writer, const char *key, const struct schema_row *row)
{
	writer_open(writer, key);
	put_description(writer, row);
	put_default(writer, row);
	put_shape(writer, row);
	writer_close(writer);
}

static void put_group(struct writer *writer, const char *path);

/* put_child - a setting or a group, and the file form of a secret beside it */
static void
put_child(struct writer *writer, const char *path, const char *key)
{
	char full[2 * SCHEMA_NAME_BYTES];
	const struct schema_row *row;

	snprintf(full, sizeof(full), "%s%s%s", path, path[0] != '\0' ? "." : "", key);
	row = schema_find(full);
	if (row == NULL) {
		writer_open(writer, key);
		put_group(writer, full);
		writer_close(writer);
		return;
	}
	put_setting(writer, key, row);
	if (row->shape == SCHEMA_ONE && (row->flags & SCHEMA_SECRET) != 0)
		put_file_form(writer, key, row);
}

/* put_group - what stands below PATH; a group whose lines are all comments is empty */
static void
put_group(struct writer *writer, const char *path)
{
	char names[KEYS_MAX][SCHEMA_NAME_BYTES];
	const char *keys[KEYS_MAX];
	size_t count = schema_keys_below(path, names, keys, KEYS_MAX);
	bool mailboxes = strcmp(path, "mailboxes") == 0;

	writer_raw(writer, "type",
		mailboxes ? "[\"object\", \"array\", \"null\"]" : "[\"object\", \"null\"]");
	writer_raw(writer, "additionalProperties", "false");
	if (strcmp(path, "relay") == 0)
		writer_raw(writer, "not", "{\"required\": [\"password\", \"password_file\"]}");
	if (mailboxes) { /* the list may stand for the group */
		writer_open(writer, "items");
		put_record(writer, schema_find("mailboxes.list"));
		writer_close(writer);
	}
	writer_open(writer, "properties");
	for (size_t i = 0; i < count; i++)
		put_child(writer, path, keys[i]);
	writer_close(writer);
}

void
schema_print_json(struct buffer *buffer)
{
	struct writer writer = {.out = buffer};

	writer_open(&writer, NULL);
	writer_pair(&writer, "$schema", "http://json-schema.org/draft-07/schema#");
	writer_pair(&writer, "title", "mailinit.yaml");
	writer_pair(&writer, "description",
		"Settings of mailinit: a mail server of Postfix, Dovecot and OpenDKIM.");
	put_group(&writer, "");
	writer_close(&writer);
	buffer_putc(buffer, '\n');
}
