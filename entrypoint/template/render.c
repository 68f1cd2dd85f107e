/*
 * render.c - a list of tags and a tree of data become a file
 *
 * The walk calls itself once for each open section and partial, and both are
 * bounded, so the stack is; the number of steps is bounded too, because a few
 * nested sections over the same list can ask for more work than a day holds.
 */
#include "template/mustache.h"

#include <string.h>

#include "template/line.h"
#include "template/lookup.h"
#include "template/partial.h"
#include "template/tag.h"
#include "template/untaken.h"

struct render {
	struct arena *arena;
	struct mistakes mistakes;
	const struct template_options *options;
	struct partials partials;
	struct line_book book;
	struct template_output *out;
	size_t steps_left, output_bytes_max;
};

static void walk(struct render *render, const struct include *include, size_t from, size_t to,
	const struct frame *frame);

static struct place
tag_place(const struct include *include, const struct tag *tag)
{
	struct place place = {&include->list->source, tag->line, tag->column};

	return place;
}

/* take_step - whether the limits allow another tag */
static bool
take_step(struct render *render, const struct include *include, const struct tag *tag)
{
	struct place place = tag_place(include, tag);

	if (render->mistakes.stop)
		return false;
	if (render->steps_left == 0) {
		mistake_add(&render->mistakes, "template-error", &place,
			"rendering takes too many steps; lists are nested within each other here");
		render->mistakes.stop = true;
		return false;
	}
	render->steps_left--;
	return true;
}

/* account - books what TAG appended from FROM on, and stops at the limit of the output */
static void
account(struct render *render, const struct include *include, const struct tag *tag, size_t from,
	const struct found *found)
{
	struct place place = tag_place(include, tag);

	line_account(&render->book, from, include->list->source.file, tag->line, found);
	if (render->out->content.len <= render->output_bytes_max)
		return;
	mistake_add(&render->mistakes, "template-error", &place,
		"the output is larger than %zu bytes", render->output_bytes_max);
	render->mistakes.stop = true;
}

static void
put_text(struct render *render, const struct include *include, const struct tag *tag,
	const char *text, size_t len)
{
	size_t from = render->out->content.len;

	buffer_append(&render->out->content, text, len);
	account(render, include, tag, from, NULL);
}

/* tell_unknown - nothing defines the name, which strict rendering does not forgive */
static void
tell_unknown(struct render *render, const struct include *include, struct tag *tag,
	const struct frame *frame, const struct found *found)
{
	struct place place = tag_place(include, tag);
	struct finding *finding;
	const char *nearest;

	if (!render->options->strict || tag->told)
		return;
	tag->told = true;
	if (found->within != NULL && found->within->type != NODE_MAP)
		finding = mistake_add(&render->mistakes, "template-unknown-name", &place,
			"nothing defines \"%s\": what stands before \".%s\" has no parts",
			tag->name, tag->parts[found->part]);
	else
		finding = mistake_add(&render->mistakes, "template-unknown-name", &place,
			"nothing defines \"%s\"", tag->name);
	nearest = lookup_nearest(render->arena, frame, tag, found);
	if (nearest != NULL)
		finding->help =
			arena_printf(render->arena, "Correct the name. Was \"%s\" meant?", nearest);
}

/* escape_into - appends the text of a value, or tells why it cannot stand there */
static void
escape_into(struct render *render, const struct include *include, const struct tag *tag,
	const struct found *found)
{
	escape_function *escape =
		tag->kind == TAG_RAW ? render->options->raw : render->options->escape;
	struct buffer *content = &render->out->content;
	struct place place = tag_place(include, tag);
	const char *why = "", *id = NULL;
	size_t from = content->len;

	if (escape == NULL)
		escape = escape_none;
	switch (escape(content, found->node->text, &why)) {
	case ESCAPE_DONE:
		account(render, include, tag, from, found);
		return;
	case ESCAPE_CONTROL:
		id = "value-newline";
		break;
	case ESCAPE_UNSAFE:
		id = "value-unsafe";
		break;
	}
	content->len = from;
	mistake_add_value(&render->mistakes, id, &found->node->origin, &place,
		"the value of \"%s\" cannot stand at %s:%d:%d: it %s", tag->name,
		include->list->source.file, tag->line, tag->column, why);
}

static void
put_value(struct render *render, const struct include *include, struct tag *tag,
	const struct frame *frame)
{
	struct found found = lookup_name(frame, tag);
	struct place place = tag_place(include, tag);

	if (found.node == NULL) {
		tell_unknown(render, include, tag, frame, &found);
		return;
	}
	line_depends(&render->book, include->list->source.file, tag->line, &found);
	switch (found.node->type) {
	case NODE_NULL:
		return;
	case NODE_BOOL:
	case NODE_SCALAR:
		escape_into(render, include, tag, &found);
		return;
	case NODE_LIST:
	case NODE_MAP:
		break;
	}
	if (tag->told)
		return;
	tag->told = true;
	mistake_add(&render->mistakes, "template-error", &place,
		"\"%s\" is a %s, which has no text; write a section, {{#%s}} ... {{/%s}}",
		tag->name, found.node->type == NODE_LIST ? "list" : "map", tag->name, tag->name);
}

/* pass_over - the section at PLACE_IN_LIST is not taken, and adds no names; is what it says known? */
static void
pass_over(struct render *render, const struct include *include, size_t place_in_list,
	const struct frame *frame)
{
	const struct tag *tag = &include->list->items[place_in_list];

	if (render->options->strict && !frame->item)
		untaken_check(&render->mistakes, include, place_in_list + 1, tag->end, frame);
}

/* put_section - what stands between the section's tag, at PLACE_IN_LIST, and its end */
static void
put_section(struct render *render, const struct include *include, size_t place_in_list,
	const struct frame *frame)
{
	struct tag *tag = &include->list->items[place_in_list];
	struct found found = lookup_name(frame, tag);
	struct frame inner = {.outer = frame,
		.secret = found.secret,
		.deferred = found.deferred,
		.item = frame->item};

	if (found.node == NULL)
		tell_unknown(render, include, tag, frame, &found);
	else if (!tag->alone) /* within a line: what the line says depends on it */
		line_depends(&render->book, include->list->source.file, tag->line, &found);
	if (found.node == NULL || !lookup_true(found.node)) {
		if (tag->kind == TAG_INVERTED)
			walk(render, include, place_in_list + 1, tag->end, frame);
		else if (found.node != NULL && found.node->type != NODE_NULL &&
			found.node->type != NODE_LIST)
			pass_over(render, include, place_in_list, frame);
		return;
	}
	if (tag->kind == TAG_INVERTED) {
		pass_over(render, include, place_in_list, frame);
		return;
	}
	if (found.node->type != NODE_LIST) {
		inner.node = found.node;
		walk(render, include, place_in_list + 1, tag->end, &inner);
		return;
	}
	inner.item = true;
	for (size_t i = 0; i < found.node->count && !render->mistakes.stop; i++) {
		inner.node = found.node->items[i];
		inner.secret = found.secret || inner.node->secret;
		inner.deferred = found.deferred || inner.node->deferred;
		/* An empty section in a long list is work too. */
		if (take_step(render, include, tag))
			walk(render, include, place_in_list + 1, tag->end, &inner);
	}
}

static void
put_partial(struct render *render, const struct include *include, struct tag *tag,
	const struct frame *frame)
{
	struct include inner;

	if (partial_enter(&render->partials, include, tag, &inner) == 0)
		walk(render, &inner, 0, inner.list->count, frame);
}

/* walk - carries out the tags [FROM, TO) of the template that INCLUDE stands for */
static void
walk(struct render *render, const struct include *include, size_t from, size_t to,
	const struct frame *frame)
{
	for (size_t i = from; i < to; i++) {
		struct tag *tag = &include->list->items[i];

		if (!take_step(render, include, tag))
			return;
		switch (tag->kind) {
		case TAG_TEXT:
			put_text(render, include, tag, tag->text, tag->len);
			break;
		case TAG_LINE:
			put_text(render, include, tag, include->indent, strlen(include->indent));
			break;
		case TAG_VALUE:
		case TAG_RAW:
			put_value(render, include, tag, frame);
			break;
		case TAG_SECTION:
		case TAG_INVERTED:
			put_section(render, include, i, frame);
			i = tag->end;
			break;
		case TAG_END:
			break;
		case TAG_PARTIAL:
			put_partial(render, include, tag, frame);
			break;
		}
	}
}

int
template_render(struct arena *arena, struct findings *findings,
	const struct template_source *source, const struct node *view,
	const struct template_options *options, struct template_output *out)
{
	struct render render = {.arena = arena,
		.mistakes.findings = findings,
		.options = options,
		.out = out,
		.steps_left = options->steps_max != 0 ? options->steps_max : TEMPLATE_STEPS_MAX,
		.output_bytes_max = options->output_bytes_max != 0 ? options->output_bytes_max
								   : TEMPLATE_OUTPUT_BYTES_MAX};
	struct frame root = {.node = view,
		.secret = view != NULL && view->secret,
		.deferred = view != NULL && view->deferred};
	struct include top = {0};

	memset(out, 0, sizeof(*out));
	partials_init(&render.partials, arena, &render.mistakes, options);
	line_book_init(&render.book, arena, out);
	top.list = tag_parse(arena, &render.mistakes, source);
	if (render.mistakes.count == 0)
		walk(&render, &top, 0, top.list->count, &root);
	line_finish(&render.book);
	return render.mistakes.count == 0 ? 0 : -1;
}

void
template_output_free(struct template_output *out)
{
	buffer_free(&out->content);
}
