/*
 * yaml.c - from the parser's events to a tree
 *
 * The event interface of libyaml keeps no document in memory and resolves no
 * alias: a bomb of them costs what its text costs. Depth and number of nodes
 * are bounded here, the size of the file where it is read.
 */
#include "settings/yaml.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <yaml.h>

#include "settings/value.h"
#include "settings/yaml_lint.h"
#include "settings/yaml_merge.h"

struct frame {
	struct node *node;
	const char *key; /* of a map: the key that waits for its value */
	struct origin key_origin;
	bool skip; /* the value belongs to a key that was refused */
};

struct builder {
	yaml_parser_t parser;
	struct arena *arena;
	struct findings *findings;
	const struct yaml_text *text;
	struct node *root;
	struct frame stack[YAML_DEPTH];
	size_t depth, nodes, documents, first_finding;
	struct yaml_cursor cursor;
	struct node *anchors; /* of a compose file: map from a name to its node */
	bool broken; /* nothing of the file counts */
};

static struct origin
mark_origin(const struct builder *builder, const yaml_mark_t *mark)
{
	struct origin origin = {.kind = ORIGIN_YAML, .file = builder->text->file};

	yaml_place(builder->text, (int)mark->line + 1, (int)mark->column + 1, &origin);
	return origin;
}

/* refuse - a finding at MARK, with the source up to SHOWN characters from it */
static struct finding *__attribute__((format(printf, 5, 6))) refuse(struct builder *builder,
	const char *id, const yaml_mark_t *mark, size_t shown, const char *format, ...)
{
	struct origin origin = mark_origin(builder, mark);
	const char *message;
	va_list args;

	va_start(args, format);
	message = arena_vprintf(builder->arena, format, args);
	va_end(args);
	return finding_add(builder->findings, id, &origin, "%s%s", message,
		yaml_excerpt_key(builder->arena, builder->text, origin.line, origin.column, shown));
}

static void
give_up(struct builder *builder, const yaml_mark_t *mark, const char *why)
{
	refuse(builder, "yaml-limit", mark, 0, "%s", why);
	builder->broken = true;
}

static bool
is_null(const char *text)
{
	return text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 ||
		strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0;
}

/* refuse_extras - anchors and tags: what follows them is read as if they were not there */
static void
refuse_extras(struct builder *builder, const yaml_mark_t *mark, const yaml_char_t *anchor,
	const yaml_char_t *tag)
{
	if (builder->text->compose) {
		if (tag != NULL && strcmp((const char *)tag, "!") != 0 &&
			strcmp((const char *)tag, YAML_STR_TAG) != 0)
			refuse(builder, "compose-unsupported", mark, 1,
				"a tag (!) stands here; it is passed over");
		return;
	}
	if (anchor != NULL)
		refuse(builder, "yaml-alias", mark, 1,
			"an anchor (&) stands here; a value that starts with & needs quotes");
	if (tag != NULL && strcmp((const char *)tag, "!") != 0)
		refuse(builder, "yaml-syntax", mark, 1,
			"a tag (!) stands here; a value that starts with ! needs quotes");
}

/* name_node - for the aliases of a compose file */
static void
name_node(struct builder *builder, const yaml_char_t *anchor, struct node *node)
{
	if (anchor != NULL && builder->text->compose)
		node_set(builder->arena, builder->anchors, (const char *)anchor, node);
}

/* place_value - hangs VALUE where the stack's top wants it */
static void
place_value(struct builder *builder, struct node *value)
{
	struct frame *top;

	if (builder->depth == 0) {
		builder->root = value;
		return;
	}
	top = &builder->stack[builder->depth - 1];
	if (top->node->type == NODE_LIST) {
		node_add(builder->arena, top->node, value);
		return;
	}
	if (!top->skip)
		node_keep_at(builder->arena, top->node, top->key, &top->key_origin, value);
	top->key = NULL;
	top->skip = false;
}

static bool
wants_key(const struct builder *builder)
{
	const struct frame *top;

	if (builder->depth == 0)
		return false;
	top = &builder->stack[builder->depth - 1];
	return top->node->type == NODE_MAP && top->key == NULL;
}

static void
take_key(struct builder *builder, const yaml_event_t *event)
{
	struct frame *top = &builder->stack[builder->depth - 1];
	const char *key = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	ptrdiff_t before;

	top->key = arena_strdup(builder->arena, key);
	top->key_origin = mark_origin(builder, &event->start_mark);
	top->skip = false;
	if (strlen(key) != len) {
		value_help_control(refuse(
			builder, "value-newline", &event->start_mark, 1, "a key holds a NUL"));
		top->skip = true;
	} else if (strcmp(key, "<<") == 0 && event->data.scalar.plain_implicit &&
		!builder->text->compose) {
		refuse(builder, "yaml-alias", &event->start_mark, len,
			"a merge key (<<): maps are not merged here");
		top->skip = true;
	} else if ((before = node_find(top->node, key)) >= 0) {
		refuse(builder, "yaml-duplicate-key", &event->start_mark, len,
			"the key \"%s\" stands in line %d already", key,
			top->node->key_origins[before].line);
		top->skip = true;
	}
}

static void
take_scalar(struct builder *builder, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	struct origin origin = mark_origin(builder, &event->start_mark);
	bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	struct node *node;

	refuse_extras(
		builder, &event->start_mark, event->data.scalar.anchor, event->data.scalar.tag);
	if (wants_key(builder)) {
		take_key(builder, event);
		return;
	}
	if (strlen(value) != event->data.scalar.length) {
		/* cut at it, the value would be another one, and wrong in another way */
		value_help_control(refuse(
			builder, "value-newline", &event->start_mark, 1, "the value holds a NUL"));
		builder->broken = true;
		return;
	}
	if (plain && is_null(value)) {
		node = node_new(builder->arena, NODE_NULL, &origin);
		name_node(builder, event->data.scalar.anchor, node);
		place_value(builder, node);
		return;
	}
	node = node_scalar(builder->arena, value, &origin);
	node->quoted = !plain || event->data.scalar.tag != NULL;
	name_node(builder, event->data.scalar.anchor, node);
	if (plain && !builder->text->compose)
		yaml_lint_plain(builder->arena, builder->findings, builder->text, &builder->cursor,
			node, &event->end_mark);
	place_value(builder, node);
}

static void
open_container(struct builder *builder, const yaml_event_t *event, enum node_type type,
	const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct origin origin = mark_origin(builder, &event->start_mark);
	struct node *node;

	refuse_extras(builder, &event->start_mark, anchor, tag);
	if (wants_key(builder)) {
		refuse(builder, "yaml-syntax", &event->start_mark, 1,
			"a list or map stands where a key must be; text that starts with [ or { "
			"needs quotes");
		builder->broken = true;
		return;
	}
	if (builder->depth == YAML_DEPTH) {
		give_up(builder, &event->start_mark, "nested deeper than 64 levels");
		return;
	}
	node = node_new(builder->arena, type, &origin);
	name_node(builder, anchor, node);
	place_value(builder, node);
	builder->stack[builder->depth++] = (struct frame){.node = node};
}

static void
refuse_alias(struct builder *builder, const yaml_event_t *event)
{
	struct origin origin = mark_origin(builder, &event->start_mark);
	struct frame *top;

	refuse(builder, "yaml-alias", &event->start_mark, 1,
		"an alias (*) stands here; a value that starts with * needs quotes");
	if (!wants_key(builder)) {
		place_value(builder, node_new(builder->arena, NODE_NULL, &origin));
		return;
	}
	top = &builder->stack[builder->depth - 1];
	top->key = "";
	top->key_origin = origin;
	top->skip = true;
}

/* named_node - what an alias of a compose file stands for; NULL after a finding */
static struct node *
named_node(struct builder *builder, const yaml_event_t *event)
{
	struct node *node = node_get(builder->anchors, (const char *)event->data.alias.anchor);

	for (size_t i = 0; i < builder->depth && node != NULL; i++)
		if (builder->stack[i].node == node)
			node = NULL;
	if (node == NULL)
		refuse(builder, "yaml-alias", &event->start_mark, 1,
			"an alias (*) stands here for what no anchor (&) before it named");
	return node;
}

static void
take_alias(struct builder *builder, const yaml_event_t *event)
{
	struct node *named;

	if (builder->text->compose && !wants_key(builder)) {
		named = named_node(builder, event);
		builder->broken = named == NULL;
		if (named != NULL)
			place_value(builder, named);
		return;
	}
	refuse_alias(builder, event);
}

/* merge_keys - a map of a compose file is whole: what << names comes in */
static void
merge_keys(struct builder *builder)
{
	struct node *map = builder->stack[builder->depth].node;
	ptrdiff_t place = node_find(map, "<<");
	yaml_mark_t mark = {0};
	const char *why;

	if (place < 0)
		return;
	mark.line = (size_t)map->key_origins[place].line - 1;
	mark.column = (size_t)map->key_origins[place].column - 1;
	/* what is looked at counts too: many small merges of large maps are a bomb as well */
	why = yaml_merge(builder->arena, map, YAML_NODES, &builder->nodes);
	if (why != NULL)
		refuse(builder, "yaml-syntax", &mark, 2, "%s", why);
}

static void
take_event(struct builder *builder, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (++builder->documents > 1) {
			refuse(builder, "yaml-syntax", &event->start_mark, 3,
				"a second document starts here; the file must hold one");
			builder->broken = true;
		}
		break;
	case YAML_ALIAS_EVENT:
		builder->nodes++;
		take_alias(builder, event);
		break;
	case YAML_SCALAR_EVENT:
		builder->nodes++;
		if (event->data.scalar.length > YAML_SCALAR_BYTES)
			give_up(builder, &event->start_mark, "a text of more than 1 MB");
		else
			take_scalar(builder, event);
		break;
	case YAML_SEQUENCE_START_EVENT:
		builder->nodes++;
		open_container(builder, event, NODE_LIST, event->data.sequence_start.anchor,
			event->data.sequence_start.tag);
		break;
	case YAML_MAPPING_START_EVENT:
		builder->nodes++;
		open_container(builder, event, NODE_MAP, event->data.mapping_start.anchor,
			event->data.mapping_start.tag);
		break;
	case YAML_SEQUENCE_END_EVENT:
		builder->depth--;
		break;
	case YAML_MAPPING_END_EVENT:
		builder->depth--;
		if (builder->text->compose)
			merge_keys(builder);
		break;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	if (builder->broken)
		return;
	if (builder->nodes > YAML_NODES)
		give_up(builder, &event->start_mark, "more than 400,000 keys and values");
	else if (builder->findings->count - builder->first_finding > YAML_FINDINGS)
		give_up(builder, &event->start_mark,
			"more than 100 findings up to here; the rest was not read");
}

static void
read_events(struct builder *builder)
{
	bool ended = false;

	while (!ended && !builder->broken) {
		yaml_event_t event;

		if (!yaml_parser_parse(&builder->parser, &event)) {
			yaml_lint_error(
				builder->arena, builder->findings, builder->text, &builder->parser);
			builder->broken = true;
			return;
		}
		ended = event.type == YAML_STREAM_END_EVENT;
		take_event(builder, &event);
		yaml_event_delete(&event);
	}
}

struct node *
yaml_parse_any(struct arena *arena, struct findings *findings, const struct yaml_text *text)
{
	struct builder builder = {.arena = arena,
		.findings = findings,
		.text = text,
		.first_finding = findings->count};
	struct origin origin = {.kind = ORIGIN_YAML, .file = text->file};
	size_t mark = yaml_mark_bytes(text);

	yaml_place(text, 1, 1, &origin);
	builder.anchors = node_new(arena, NODE_MAP, &origin);
	if (yaml_lint_encoding(findings, text) != 0)
		return NULL;
	if (!yaml_parser_initialize(&builder.parser)) {
		finding_add(findings, "yaml-syntax", &origin, "no memory for the YAML reader");
		return NULL;
	}
	yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
	/* libyaml counts the mark as a column, and finds the other keys indented otherwise */
	yaml_parser_set_input_string(
		&builder.parser, (const unsigned char *)text->data + mark, text->len - mark);
	read_events(&builder);
	yaml_parser_delete(&builder.parser);
	if (builder.broken)
		return NULL;
	if (builder.root == NULL || builder.root->type == NODE_NULL)
		return node_new(arena, NODE_MAP, &origin);
	return builder.root;
}

struct node *
yaml_parse(struct arena *arena, struct findings *findings, const struct yaml_text *text)
{
	struct node *root = yaml_parse_any(arena, findings, text);

	if (root == NULL || root->type == NODE_MAP)
		return root;
	finding_add(findings, "yaml-syntax", &root->origin,
		"the file must hold a map of settings, as in \"hostname: mail.example.com\"");
	return NULL;
}
