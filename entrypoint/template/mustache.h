#ifndef TEMPLATE_MUSTACHE_H
#define TEMPLATE_MUSTACHE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/finding.h"
#include "base/node.h"
#include "base/origin.h"
#include "template/escape.h"

/*
 * Templates in the Mustache language (mustache.github.io, spec 1.4, the core:
 * interpolation, sections, inverted sections, comments, partials, set
 * delimiters; no lambdas, inheritance or dynamic names).
 *
 * The data is a tree of nodes.
 *   {{x}}    text of a scalar or bool, escaped for the file; NODE_NULL prints nothing;
 *            a list or map is an error, for it has no text
 *   {{{x}}}  or {{&x}}: the same, through options.raw
 *   {{#x}}   once for a map, a scalar or a true bool, which becomes the context;
 *            once for each item of a list; not at all for what is absent, NODE_NULL,
 *            false, "" or an empty list. Nothing else is false: "no" and "0"
 *            as text are true, so the schema must have made them bools before.
 *   {{^x}}   exactly when {{#x}} would print nothing
 *   a.b.c    the first part is looked up in the contexts from the inside out,
 *            the others only in what was found; a key with a dot in it is never found
 *   {{>p}}   another template, whose lines take over the indent of a {{>p}} that
 *            stands alone on its line (empty lines stay empty, and so do the
 *            further lines of values: a PEM block is not indented)
 *
 * Strict: a name that nothing defines is a finding (template-unknown-name), in
 * sections too, and so is a partial that nothing finds. A name that is known but
 * unset must therefore be in the view, as NODE_NULL; whatever is looked up
 * below a NODE_NULL is null as well. Lenient: all of these print nothing.
 *
 * All mistakes of one rendering are collected (up to TEMPLATE_FINDINGS_MAX).
 */
#define TEMPLATE_BYTES_MAX (1024 * 1024) /* of one template */
#define TEMPLATE_SECTION_DEPTH_MAX 64 /* sections within sections of one template */
#define TEMPLATE_PARTIAL_DEPTH_MAX 32 /* partials within partials */
#define TEMPLATE_FINDINGS_MAX 50
#define TEMPLATE_OUTPUT_BYTES_MAX (64 * 1024 * 1024)
#define TEMPLATE_STEPS_MAX (100 * 1000 * 1000) /* tags and lines carried out */
#define TEMPLATE_LINE_ORIGINS_MAX 64 /* kept for one line; further ones are left out */

/* A template: FILE is its name in messages, as "postfix/main.cf.mustache". */
struct template_source {
	const char *file;
	const char *text;
	size_t len;
};

struct template_options {
	escape_function *escape; /* of {{x}}; NULL: escape_none */
	escape_function *raw; /* of {{{x}}}; NULL: escape_none */
	bool strict;

	/*
	 * Finds the partial NAME, whose text must live as long as the rendering.
	 * Returns false when there is none. NULL: there are no partials. Asked once a name.
	 */
	bool (*find)(void *context, const char *name, struct template_source *source);
	void *context;

	size_t steps_max, output_bytes_max; /* 0: the limits above */
};

/* One line of output: the template line it began in, and what flowed into it. */
struct template_line {
	const char *file; /* of the template or partial */
	int line; /* from 1 */
	struct origin
		*origins; /* of its values, and of sections that open within it; no two alike */
	size_t origin_count;
	struct origin *overrode; /* what lost against them (node->overrode, all the way down) */
	size_t overrode_count;
	bool secret; /* it holds (part of) a value that is never shown */
	bool deferred; /* it holds a placeholder */
};

/*
 * CONTENT belongs to the holder (template_output_free); LINES to the arena, one
 * for each line of CONTENT, of which the last may lack its newline.
 */
struct template_output {
	struct buffer content;
	struct template_line *lines;
	size_t line_count;
	bool secret, deferred; /* any line is */
};

/*
 * Renders SOURCE with the data VIEW (any node, or NULL) into OUT, which is set
 * up here. Returns 0, or -1 when findings were added; CONTENT is then incomplete
 * and good for nothing but being freed. Findings: template-error and
 * template-unknown-name have the place in the template as their origin;
 * value-newline and value-unsafe that of the value, and name the place in the
 * template in their message. No message holds a value.
 */
int template_render(struct arena *arena, struct findings *findings,
	const struct template_source *source, const struct node *view,
	const struct template_options *options, struct template_output *out);

void template_output_free(struct template_output *out);

#endif
