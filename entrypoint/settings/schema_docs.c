/* schema_docs.c - the table of settings as docs/settings.md, and as a part of the man page */
#include "settings/schema.h"

#include <string.h>

#define FIELDS_MAX 24 /* of a record */

static const char *
shape_text(enum schema_shape shape)
{
	switch (shape) {
	case SCHEMA_LIST:
		return "list; each: ";
	case SCHEMA_MAP:
		return "map; each value: ";
	case SCHEMA_MAP_OF_LISTS:
		return "map of lists; each: ";
	case SCHEMA_WORDS:
		return "list, or one text that is split at blanks; each: ";
	case SCHEMA_RECORDS:
		return "list of maps";
	case SCHEMA_NAMED_RECORDS:
		return "map of maps";
	case SCHEMA_ONE:
		break;
	}
	return "";
}

static bool
has_scalars(enum schema_shape shape)
{
	return shape != SCHEMA_RECORDS && shape != SCHEMA_NAMED_RECORDS;
}

static void
put_amount(struct buffer *buffer, const struct schema_row *row, long long amount)
{
	if (row->type != SCHEMA_TIME)
		buffer_printf(buffer, "%lld", amount);
	else if (amount % 1000 != 0)
		buffer_printf(buffer, "%lldms", amount);
	else
		buffer_printf(buffer, "%llds", amount / 1000);
}

static void
put_range(struct buffer *buffer, const struct schema_row *row)
{
	if (row->max == 0 || row->type == SCHEMA_RATE)
		return;
	buffer_puts(buffer, ", from ");
	put_amount(buffer, row, row->min);
	buffer_puts(buffer, " to ");
	put_amount(buffer, row, row->max);
}

/* put_choices - "`may`, `encrypt`": words of one kind, parted by commas; plain, without marks */
static void
put_choices(struct buffer *buffer, const char *choices, bool plain)
{
	const char *mark = plain ? "" : "`";

	buffer_puts(buffer, "one of ");
	for (const char *at = choices; *at != '\0';) {
		size_t len = strcspn(at, " ");

		buffer_printf(
			buffer, "%s%s%.*s%s", at == choices ? "" : ", ", mark, (int)len, at, mark);
		at += len + (at[len] == ' ');
	}
}

static void
put_fields(struct buffer *buffer, const struct schema_row *row, bool plain)
{
	const char *keys[FIELDS_MAX], *mark = plain ? "" : "`";
	size_t count = schema_fields(row, keys, FIELDS_MAX);

	for (size_t i = 0; i < count; i++)
		buffer_printf(buffer, "%s%s%s%s", i == 0 ? " of " : ", ", mark, keys[i], mark);
}

void
schema_print_written(struct buffer *buffer, const struct schema_row *row, bool plain)
{
	buffer_puts(buffer, shape_text(row->shape));
	if (!has_scalars(row->shape))
		put_fields(buffer, row, plain);
	else if (row->choices != NULL)
		put_choices(buffer, row->choices, plain);
	else
		buffer_puts(buffer, schema_type_text(row));
}

static void
put_default(struct buffer *buffer, const struct schema_row *row)
{
	if (row->fallback == NULL)
		return;
	if (row->fallback[0] == '@')
		buffer_printf(buffer, "- Default: as `%s`\n", row->fallback + 1);
	else
		buffer_printf(buffer, "- Default: `%s`\n", row->fallback);
}

static void
put_variable(struct buffer *buffer, const struct schema_row *row)
{
	char variable[SCHEMA_NAME_BYTES];

	if (!schema_has_variable(row))
		return;
	buffer_printf(buffer, "- Variable: `%s`", schema_variable(row, variable, sizeof(variable)));
	buffer_printf(buffer, ", or the name of a file in `%s`\n",
		schema_file_variable(row, variable, sizeof(variable)));
}

static void
put_setting(struct buffer *buffer, const struct schema_row *row)
{
	bool field = (row->flags & SCHEMA_FIELD) != 0;

	buffer_printf(buffer, "\n### %s\n\n%s.\n\n- Written: ", row->path, row->doc);
	schema_print_written(buffer, row, false);
	if (has_scalars(row->shape))
		put_range(buffer, row);
	buffer_putc(buffer, '\n');
	put_default(buffer, row);
	put_variable(buffer, row);
	if ((row->flags & SCHEMA_REQUIRED) != 0)
		buffer_puts(buffer, "- Must be in each record\n");
	if ((row->flags & SCHEMA_SECRET) != 0 && row->shape == SCHEMA_ONE &&
		strcmp(row->path, "mailboxes.list.N.password") != 0)
		buffer_printf(buffer, "- Secret, never shown; in YAML also `%s_file`\n",
			field ? strrchr(row->path, '.') + 1 : row->path);
}

void
schema_print_page(struct buffer *buffer)
{
	size_t group = 0; /* length of the group's name that was written last */
	const char *last = "";

	buffer_puts(buffer,
		"# Settings\n\n"
		"This page is what `mailinit schema --format=settings` prints. `mailinit explain "
		"NAME` says the\nsame of one setting, with its value and where that came from; "
		"`mailinit schema` is a JSON Schema\nof `mailinit.yaml`, for editors:\n\n"
		"    mailinit schema >mailinit.schema.json\n"
		"    # yaml-language-server: $schema=mailinit.schema.json\n\n"
		"A part of a name in capitals stands for what you choose, or for a place in a "
		"list. Lists may be\nwritten as one text with blanks or commas. Sizes take K, M, "
		"G; times ms, s, m, h, d.\n");
	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];
		size_t len = strcspn(row->path, ".");

		if (len != group || strncmp(last, row->path, len) != 0)
			buffer_printf(buffer, "\n## %.*s\n", (int)len, row->path);
		group = len;
		last = row->path;
		put_setting(buffer, row);
	}
}

/* put_roff - text for troff: no line of it may begin as a request */
static void
put_roff(struct buffer *buffer, const char *text)
{
	if (*text == '.' || *text == '\'')
		buffer_puts(buffer, "\\&");
	for (; *text != '\0'; text++) {
		if (*text == '\\')
			buffer_puts(buffer, "\\e");
		else if (*text == '-')
			buffer_puts(buffer, "\\-");
		else if (*text != '`')
			buffer_putc(buffer, *text);
	}
}

void
schema_print_man(struct buffer *buffer)
{
	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		buffer_puts(buffer, ".TP\n.B ");
		put_roff(buffer, row->path);
		buffer_putc(buffer, '\n');
		put_roff(buffer, row->doc);
		if (row->choices != NULL && row->shape == SCHEMA_ONE) {
			buffer_puts(buffer, " (");
			put_roff(buffer, row->choices);
			buffer_putc(buffer, ')');
		}
		if (row->fallback != NULL) {
			buffer_puts(
				buffer, row->fallback[0] == '@' ? "; default: as " : "; default: ");
			put_roff(buffer, row->fallback + (row->fallback[0] == '@'));
		}
		buffer_puts(buffer, ".\n");
	}
}
