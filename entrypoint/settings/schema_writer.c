/* schema_writer.c - JSON, indented, key by key */
#include "settings/schema_writer.h"

#include <string.h>

#include "settings/schema.h"

static void
writer_string(struct writer *writer, const char *text)
{
	buffer_putc(writer->out, '"');
	for (; *text != '\0'; text++) {
		/* the table holds neither line breaks nor other control characters */
		if (*text == '"' || *text == '\\')
			buffer_putc(writer->out, '\\');
		buffer_putc(writer->out, *text);
	}
	buffer_putc(writer->out, '"');
}

static void
next(struct writer *writer)
{
	buffer_puts(writer->out, writer->first ? "\n" : ",\n");
	for (unsigned i = 0; i < writer->depth; i++)
		buffer_putc(writer->out, '\t');
	writer->first = false;
}

void
writer_key(struct writer *writer, const char *key)
{
	next(writer);
	writer_string(writer, key);
	buffer_puts(writer->out, ": ");
}

void
writer_pair(struct writer *writer, const char *key, const char *text)
{
	writer_key(writer, key);
	writer_string(writer, text);
}

/* writer_raw - a value that is JSON already */
void
writer_raw(struct writer *writer, const char *key, const char *json)
{
	writer_key(writer, key);
	buffer_puts(writer->out, json);
}

void
writer_open(struct writer *writer, const char *key)
{
	if (key != NULL)
		writer_key(writer, key);
	buffer_putc(writer->out, '{');
	writer->depth++;
	writer->first = true;
}

void
writer_close(struct writer *writer)
{
	bool empty = writer->first;

	writer->depth--;
	writer->first = true;
	if (!empty)
		next(writer);
	buffer_putc(writer->out, '}');
	writer->first = false;
}

/* writer_words - blank-separated words as a JSON list */
void
writer_words(struct writer *writer, const char *key, const char *words)
{
	writer_key(writer, key);
	buffer_putc(writer->out, '[');
	for (const char *at = words; *at != '\0';) {
		size_t len = strcspn(at, " ,");
		char word[SCHEMA_NAME_BYTES];

		if (len >= sizeof(word))
			len = sizeof(word) - 1;
		memcpy(word, at, len);
		word[len] = '\0';
		writer_string(writer, word);
		at += len + strspn(at + len, " ,");
		if (*at != '\0')
			buffer_puts(writer->out, ", ");
	}
	buffer_putc(writer->out, ']');
}
