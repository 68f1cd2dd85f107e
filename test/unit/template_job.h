#ifndef TEMPLATE_JOB_H
#define TEMPLATE_JOB_H

/*
 * For the tests of template/: the view that their tables speak of, partials, and
 * one rendering as one struct.
 */
#include <string.h>

#include "template/mustache.h"

/* A partial: looked up by NAME; its file is called the same. */
struct part {
	const char *name, *text;
};

/* One rendering; all of it hangs on ARENA. */
struct job {
	struct arena arena;
	struct findings findings;
	struct template_output out;
	int result;
};

static inline bool
find_part(void *context, const char *name, struct template_source *source)
{
	for (const struct part *const *parts = context, *part = *parts; part->name != NULL;
		part++) {
		if (strcmp(part->name, name) != 0)
			continue;
		*source = (struct template_source){part->name, part->text, strlen(part->text)};
		return true;
	}
	return false;
}

static inline struct node *
text_node(struct arena *arena, const char *name, const char *text)
{
	const struct origin origin = {.kind = ORIGIN_ENVIRONMENT, .name = name};

	return node_scalar(arena, text, &origin);
}

static inline struct node *
person(struct arena *arena, const char *name, const char *box)
{
	struct node *map = node_new(arena, NODE_MAP, NULL);

	node_set(arena, map, "name", text_node(arena, "NAME", name));
	if (box != NULL)
		node_set(arena, map, "box", text_node(arena, "BOX", box));
	return map;
}

/* make_view - the data that all tables below speak of */
static inline struct node *
make_view(struct arena *arena)
{
	struct node *view = node_new(arena, NODE_MAP, NULL);
	struct node *nets = node_new(arena, NODE_LIST, NULL);
	struct node *people = node_new(arena, NODE_LIST, NULL);
	struct node *rows = node_new(arena, NODE_LIST, NULL);
	struct node *row = node_new(arena, NODE_LIST, NULL);

	node_set(arena, view, "host", text_node(arena, "HOST", "mail.example.com"));
	node_set(arena, view, "name", text_node(arena, "OUTER", "outer"));
	node_set(arena, view, "level", text_node(arena, "LEVEL", "3.10"));
	node_set(arena, view, "block", text_node(arena, "BLOCK", "one\ntwo"));
	node_set(arena, view, "marks", text_node(arena, "MARKS", "<&>\"'"));
	node_set(arena, view, "empty", text_node(arena, "EMPTY", ""));
	node_set(arena, view, "zero", text_node(arena, "ZERO", "0"));
	node_set(arena, view, "no", text_node(arena, "NO", "no"));
	node_set(arena, view, "yes", node_bool(arena, true, NULL));
	node_set(arena, view, "off", node_bool(arena, false, NULL));
	node_set(arena, view, "unset", node_new(arena, NODE_NULL, NULL));
	node_set(arena, view, "nothing", node_new(arena, NODE_LIST, NULL));
	node_set(arena, view, "blank_map", node_new(arena, NODE_MAP, NULL));
	node_set(arena, view, "a.b", text_node(arena, "DOTTED", "one key with a dot"));
	node_set_path(arena, view, "a.c.d", text_node(arena, "DEEP", "deep"));
	node_set_path(arena, view, "tls.key", text_node(arena, "KEY", "/k.pem"));
	node_add(arena, nets, text_node(arena, "NETS", "10.0.0.0/8"));
	node_add(arena, nets, text_node(arena, "NETS", "::1/128"));
	node_set(arena, view, "nets", nets);
	node_add(arena, people, person(arena, "ann", "/a"));
	node_add(arena, people, person(arena, "bob", NULL));
	node_set(arena, view, "people", people);
	node_add(arena, row, text_node(arena, "ROW", "1"));
	node_add(arena, row, text_node(arena, "ROW", "2"));
	node_add(arena, rows, row);
	node_add(arena, rows, row);
	node_set(arena, view, "rows", rows);
	node_set(arena, view, "box", text_node(arena, "OUTER_BOX", "/outer"));
	return view;
}

static inline void
job_run(struct job *job, const char *template, const struct node *(*view)(struct arena *),
	const struct part *parts, bool strict)
{
	struct template_source source = {"t", template, strlen(template)};
	struct template_options options = {
		.escape = escape_html, .strict = strict, .find = find_part, .context = &parts};

	arena_init(&job->arena);
	findings_init(&job->findings, &job->arena);
	job->result = template_render(
		&job->arena, &job->findings, &source, view(&job->arena), &options, &job->out);
}

static inline void
job_end(struct job *job)
{
	template_output_free(&job->out);
	arena_free(&job->arena);
}

static inline const struct node *
usual_view(struct arena *arena)
{
	return make_view(arena);
}

#endif
