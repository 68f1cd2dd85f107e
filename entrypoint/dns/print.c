/* print.c - records as text and as a zone file */
#include "dns/records.h"

#include <string.h>

#define DNS_STRING_BYTES 255

/* put_strings - TEXT as quoted character-strings of at most 255 bytes */
static void
put_strings(const char *text, struct buffer *out)
{
	size_t len = strlen(text);

	do {
		size_t part = len < DNS_STRING_BYTES ? len : DNS_STRING_BYTES;

		buffer_putc(out, '"');
		for (size_t i = 0; i < part; i++) {
			if (text[i] == '"' || text[i] == '\\')
				buffer_putc(out, '\\');
			buffer_putc(out, text[i]);
		}
		buffer_putc(out, '"');
		text += part;
		len -= part;
		if (len > 0)
			buffer_putc(out, ' ');
	} while (len > 0);
}

static void
put_value(const struct dns_record *record, struct buffer *out)
{
	if (strcmp(record->type, "TXT") == 0)
		put_strings(record->value, out);
	else if (strcmp(record->type, "MX") == 0 || strcmp(record->type, "PTR") == 0)
		buffer_printf(out, "%s.", record->value);
	else
		buffer_puts(out, record->value);
}

void
dns_print_text(const struct dns_records *records, struct buffer *out)
{
	for (size_t i = 0; i < records->count; i++) {
		const struct dns_record *record = &records->items[i];

		buffer_printf(out, "%s %s%s\n    %s\n    %s\n\n", record->name, record->type,
			record->removable          ? " (may be removed)"
				: record->optional ? " (optional)"
						   : "",
			record->value != NULL ? record->value : "(not known)", record->why);
	}
}

void
dns_print_files(const struct dns_records *records, struct buffer *out)
{
	for (size_t i = 0; i < records->file_count; i++) {
		const struct dns_file *file = &records->files[i];

		buffer_printf(out, "%s%s\n", file->url, file->optional ? " (optional)" : "");
		for (const char *line = file->content; *line != '\0';) {
			size_t len = strcspn(line, "\n");

			buffer_printf(out, "    %.*s\n", (int)len, line);
			line += len + (line[len] == '\n');
		}
		buffer_printf(out, "    %s\n\n", file->why);
	}
}

void
dns_print_zone_line(const struct dns_record *record, struct buffer *out)
{
	bool reverse = strcmp(record->type, "PTR") == 0;

	/* a reverse zone is the provider's; it stands here for completeness */
	if (record->value == NULL || reverse || record->removable || record->aside ||
		record->optional)
		buffer_puts(out, "; ");
	if (record->removable)
		buffer_puts(out, "may be removed: ");
	else if (record->optional && record->value != NULL)
		buffer_puts(out, "optional: ");
	buffer_printf(out, "%s. IN %s ", record->name, record->type);
	if (record->value != NULL)
		put_value(record, out);
	else
		buffer_printf(out, "(not known) %s", record->why);
	buffer_putc(out, '\n');
}

void
dns_print_zone(const struct dns_records *records, struct buffer *out)
{
	for (size_t i = 0; i < records->count; i++)
		dns_print_zone_line(&records->items[i], out);
}
