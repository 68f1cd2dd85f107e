/* test_schema.c - what is printed from the tables: JSON Schema, pages, the man page's part */
#include "settings/schema.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/finding.h"
#include "command/rules.h"
#include "settings/compat_table.h"
#include "unit.h"

static struct arena arena;

static const char *
printed(void (*print)(struct buffer *buffer))
{
	struct buffer text = {0};
	const char *copy;

	print(&text);
	copy = arena_strdup(&arena, buffer_text(&text));
	buffer_free(&text);
	return copy;
}

/* depth_of - the depth of braces and brackets at the end of a JSON text; -1 when one closes too much */
static int
depth_of(const char *json)
{
	bool in_string = false;
	int depth = 0;

	for (; *json != '\0'; json++) {
		if (in_string && *json == '\\')
			json++;
		else if (*json == '"')
			in_string = !in_string;
		else if (!in_string && (*json == '{' || *json == '['))
			depth++;
		else if (!in_string && (*json == '}' || *json == ']') && depth-- == 0)
			return -1;
	}
	return in_string ? -1 : depth;
}

/* below - the text behind the key that PATH leads to, one brace deeper at each part; or NULL */
static const char *
below(const char *json, const char *path)
{
	while (*path != '\0') {
		size_t len = strcspn(path, ".");
		const char *key = arena_printf(&arena, "\"%.*s\": {", (int)len, path);

		json = strstr(json, key);
		if (json == NULL)
			return NULL;
		json += strlen(key);
		path += len + (path[len] == '.');
	}
	return json;
}

static void
test_json(void)
{
	const char *json = printed(schema_print_json), *at;

	CHECK(depth_of(json) == 0, "braces and quotes are paired");
	CHECK(strstr(json, ",\n\t\t}") == NULL && strstr(json, ",,") == NULL, "and commas");
	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];

		if ((row->flags & SCHEMA_FIELD) != 0)
			continue;
		at = below(json, row->path);
		CHECK(at != NULL, "%s stands in the JSON Schema", row->path);
		CHECK(at != NULL && strstr(at, "\"description\": \"") - at < 16,
			"%s: with its meaning", row->path);
	}
	at = below(json, "relay.password_file");
	CHECK(at != NULL, "a secret may stand in a file");
	CHECK(below(json, "relay.username_file") == NULL, "a text that is none may not");
	CHECK(below(json, "checks.properties.open-relay") != NULL, "each rule can be set");
	at = below(json, "tls.properties.sni");
	CHECK(at != NULL && strstr(at, "deprecationMessage") - at < 200,
		"what is refused is marked");
	CHECK(strstr(below(json, "postfix.properties.chroot"), "\"default\": true") != NULL,
		"a default is of its type");
}

static size_t
count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (const char *at = strstr(text, part); at != NULL; at = strstr(at + 1, part))
		count++;
	return count;
}

static void
test_pages(void)
{
	const char *page = printed(schema_print_page), *man = printed(schema_print_man);
	const char *table = printed(schema_print_table), *findings = printed(rules_print_page);

	CHECK(count_of(page, "\n### ") == schema_count, "docs/settings.md has every setting");
	CHECK(count_of(table, "\n| `") == schema_count, "the README's table too");
	CHECK(count_of(man, ".TP\n.B ") == schema_count, "and the man page");
	CHECK(count_of(findings, "\n## ") == rule_count(), "docs/rules.md has every finding");
	for (size_t i = 0; i < rule_count(); i++)
		CHECK(strstr(findings, arena_printf(&arena, "\n## %s\n", rule_at(i)->id)) != NULL,
			"%s among them", rule_at(i)->id);
	for (const char *line = man; *line != '\0'; line += strcspn(line, "\n") + 1)
		if (line[0] == '.' && strncmp(line, ".TP\n", 4) != 0 &&
			strncmp(line, ".B ", 3) != 0)
			CHECK(false, "a line of the man page is no request: %.40s", line);
	CHECK(strstr(page, "from 100ms to 3600s") != NULL, "ranges are told");
	CHECK(strstr(page, "`relay.password_file`") != NULL, "and files of secrets");
}

static void
test_variables(void)
{
	const char *page = printed(compat_print_table);
	struct compat_row row;
	const char *at = NULL;

	while (compat_row_next(&arena, &at, &row)) {
		const char *name =
			arena_printf(&arena, "| `%.*s`", (int)strcspn(row.names, " "), row.names);

		CHECK(count_of(page, name) == strlen(row.peers), "%s stands under each image",
			name);
	}
	CHECK(strstr(page, "`log.format`: plain is `text`; json is `json`") != NULL,
		"words are translated");
	CHECK(strstr(page, "`delivery.lmtp`: any other value is `inet:*`") == NULL,
		"what is only filled in is not called another value");
}

int
main(void)
{
	arena_init(&arena);
	test_json();
	test_pages();
	test_variables();
	arena_free(&arena);
	DONE();
}
