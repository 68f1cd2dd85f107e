/* explain_print.c - the facts about a name: put together, and shown as text or JSON */
#include "command/explain.h"

#include <string.h>

#include "base/text.h"
#include "report/json.h"

void
explain_begin(struct explain *explain, const char *name, const char *kind)
{
	explain->facts = node_new(explain->plan->arena, NODE_MAP, NULL);
	explain_text(explain, "name", name);
	explain_text(explain, "kind", kind);
}

void
explain_text(struct explain *explain, const char *key, const char *text)
{
	if (text != NULL)
		node_set(explain->plan->arena, explain->facts, key,
			node_scalar(explain->plan->arena, text, NULL));
}

void
explain_item(struct explain *explain, const char *key, struct node *item)
{
	struct arena *arena = explain->plan->arena;
	struct node *list = node_get(explain->facts, key);

	if (list == NULL)
		list = node_set(arena, explain->facts, key, node_new(arena, NODE_LIST, NULL));
	node_add(arena, list, item);
}

void
explain_word(struct explain *explain, const char *key, const char *text)
{
	if (!node_has_text(node_get(explain->facts, key), text))
		explain_item(explain, key, node_scalar(explain->plan->arena, text, NULL));
}

struct node *
explain_origin(struct explain *explain, const struct origin *origin)
{
	struct arena *arena = explain->plan->arena;
	struct node *node = node_new(arena, NODE_MAP, NULL);
	char text[512];

	origin_text(origin, text, sizeof(text));
	node_set(arena, node, "text", node_scalar(arena, text, NULL));
	node_set(arena, node, "kind", node_scalar(arena, origin_kind_name(origin->kind), NULL));
	if (origin->file != NULL)
		node_set(arena, node, "file", node_scalar(arena, origin->file, NULL));
	if (origin->line > 0)
		node_set(arena, node, "line",
			node_scalar(arena, arena_printf(arena, "%d", origin->line), NULL));
	if (origin->column > 0)
		node_set(arena, node, "column",
			node_scalar(arena, arena_printf(arena, "%d", (int)origin->column), NULL));
	return node;
}

struct node *
explain_value(struct explain *explain, const char *value, const struct origin *origin)
{
	struct arena *arena = explain->plan->arena;
	struct node *node = node_new(arena, NODE_MAP, NULL);

	node_set(arena, node, "value",
		value != NULL ? node_scalar(arena, value, NULL) : node_new(arena, NODE_NULL, NULL));
	if (origin != NULL)
		node_set(arena, node, "origin", explain_origin(explain, origin));
	return node;
}

/* put_one - a text; {value, origin} as "value, from origin"; {text, …} as its text */
static void
put_one(const struct node *node, struct buffer *out)
{
	const struct node *value = node_get(node, "value");
	const char *from = node_text(node, "origin.text", NULL);

	if (node->type != NODE_MAP) {
		buffer_puts(out, node->text[0] != '\0' ? node->text : "(empty)");
		return;
	}
	if (value == NULL) {
		buffer_puts(out, node_text(node, "text", ""));
		if (from != NULL)
			buffer_printf(out, " (%s)", from);
		return;
	}
	if (value->type == NODE_NULL)
		buffer_puts(out, "(secret)");
	else
		buffer_puts(out, value->text[0] != '\0' ? value->text : "(empty)");
	if (from != NULL)
		buffer_printf(out, ", from %s", from);
}

/* put_label - "made_of" as "Made of" */
static void
put_label(const char *key, struct buffer *out)
{
	for (const char *c = key; *c != '\0'; c++)
		buffer_putc(out,
			c == key && *c >= 'a' ? (char)(*c - 'a' + 'A')
				: *c == '_'   ? ' '
					      : *c);
	buffer_puts(out, ": ");
}

static bool
is_heading(const char *key)
{
	return strcmp(key, "name") == 0 || strcmp(key, "kind") == 0 || strcmp(key, "about") == 0;
}

static void
put_fact(const char *key, const struct node *node, struct buffer *out)
{
	for (size_t i = 0; i < (node->type == NODE_LIST ? node->count : 1); i++) {
		put_label(key, out);
		put_one(node->type == NODE_LIST ? node->items[i] : node, out);
		buffer_putc(out, '\n');
	}
}

void
explain_print_text(const struct explain *explain, struct buffer *out)
{
	const struct node *facts = explain->facts;

	buffer_printf(
		out, "%s (%s)\n\n", node_text(facts, "name", ""), node_text(facts, "kind", ""));
	if (node_get(facts, "about") != NULL)
		buffer_printf(out, "%s\n\n", node_text(facts, "about", ""));
	for (size_t i = 0; i < facts->count; i++)
		if (!is_heading(facts->keys[i]) && strcmp(facts->keys[i], "change") != 0)
			put_fact(facts->keys[i], facts->items[i], out);
	/* what to do comes last, whatever it was found with */
	if (node_get(facts, "change") != NULL)
		put_fact("change", node_get(facts, "change"), out);
}

static void
put_json(const struct node *node, const char *key, struct buffer *out)
{
	bool map = node->type == NODE_MAP;

	if (node->type == NODE_NULL) {
		buffer_puts(out, "null");
	} else if (map || node->type == NODE_LIST) {
		buffer_putc(out, map ? '{' : '[');
		for (size_t i = 0; i < node->count; i++) {
			if (i > 0)
				buffer_puts(out, ", ");
			if (map) {
				json_string(out, node->keys[i]);
				buffer_puts(out, ": ");
			}
			put_json(node->items[i], map ? node->keys[i] : "", out);
		}
		buffer_putc(out, map ? '}' : ']');
	} else if (strcmp(key, "line") == 0 || strcmp(key, "column") == 0 ||
		node->type == NODE_BOOL) {
		buffer_puts(out,
			node->type != NODE_BOOL ? node->text
				: node->truth   ? "true"
						: "false");
	} else {
		json_string(out, node->text);
	}
}

void
explain_print_json(const struct explain *explain, struct buffer *out)
{
	buffer_puts(out, "{\"version\": 1");
	for (size_t i = 0; i < explain->facts->count; i++) {
		buffer_puts(out, ", ");
		json_string(out, explain->facts->keys[i]);
		buffer_puts(out, ": ");
		put_json(explain->facts->items[i], "", out);
	}
	buffer_puts(out, "}\n");
}
