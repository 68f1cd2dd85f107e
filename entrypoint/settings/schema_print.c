/* schema_print.c - the table of settings in words and as Markdown */
#include "settings/schema.h"

#include <string.h>

static const char *
scalar_text(enum schema_type type)
{
	switch (type) {
	case SCHEMA_TEXT:
		return "text";
	case SCHEMA_LINES:
		return "text of one or more lines";
	case SCHEMA_FULL_NAME:
		return "full host name, as in mail.example.com";
	case SCHEMA_DOMAIN:
		return "domain name, as in example.com";
	case SCHEMA_NETWORK:
		return "address, network (10.0.0.0/8), loopback, container or connected";
	case SCHEMA_IP:
		return "IPv4 or IPv6 address";
	case SCHEMA_ADDRESS:
		return "mail address, as in jane@example.com";
	case SCHEMA_HOST_PORT:
		return "host, as in [smtp.example.com]:587";
	case SCHEMA_ENDPOINT:
		return "socket, as in inet:host:port or unix:/path";
	case SCHEMA_LISTEN:
		return "port, as in 24, address and port, as in 10.8.0.2:24, or none";
	case SCHEMA_LABEL:
		return "DNS label: letters, digits and -";
	case SCHEMA_BOOL:
		return "yes or no";
	case SCHEMA_CHOICE:
		return "one of";
	case SCHEMA_INTEGER:
		return "whole number";
	case SCHEMA_SIZE:
		return "size, as in 50M";
	case SCHEMA_TIME:
		return "time, as in 500ms, 30s, 2m, 1h or 1d";
	case SCHEMA_RATE:
		return "count in a time, as in 8 in 2m";
	case SCHEMA_PATH:
		return "absolute path";
	}
	return "value";
}

const char *
schema_type_text(const struct schema_row *row)
{
	return row->choices != NULL ? row->choices : scalar_text(row->type);
}

/* put_cell - a table cell: '|' would end it */
static void
put_cell(struct buffer *buffer, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '|')
			buffer_putc(buffer, '\\');
		buffer_putc(buffer, *text);
	}
}

static void
put_default(struct buffer *buffer, const struct schema_row *row)
{
	if (row->fallback == NULL)
		return;
	if (row->fallback[0] == '@') {
		buffer_printf(buffer, "as `%s`", row->fallback + 1);
		return;
	}
	buffer_putc(buffer, '`');
	put_cell(buffer, row->fallback);
	buffer_putc(buffer, '`');
}

void
schema_print_table(struct buffer *buffer)
{
	char variable[SCHEMA_NAME_BYTES];

	buffer_puts(buffer, "| Path | Variable | Default | Meaning |\n|---|---|---|---|\n");
	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		buffer_printf(buffer, "| `%s` | ", row->path);
		if (schema_has_variable(row))
			buffer_printf(
				buffer, "`%s`", schema_variable(row, variable, sizeof(variable)));
		buffer_puts(buffer, " | ");
		put_default(buffer, row);
		buffer_puts(buffer, " | ");
		put_cell(buffer, row->doc);
		if (row->choices != NULL && row->shape == SCHEMA_ONE) {
			buffer_puts(buffer, " (");
			put_cell(buffer, row->choices);
			buffer_putc(buffer, ')');
		}
		buffer_puts(buffer, " |\n");
	}
}
