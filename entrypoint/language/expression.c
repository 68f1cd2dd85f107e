/*
 * expression.c - "$" in the values of main.cf and master.cf
 *
 * One walk serves both ends: without a lookup it visits every part and collects
 * names; with one it takes the side of each condition that Postfix would take.
 */
#include "language/expression.h"

#include <string.h>

#include "base/buffer.h"
#include "language/expression_compare.h"
#include "language/logical.h"

/* a = $b$b, b = $c$c and so on grows without end: nobody means that. */
#define STEPS_MAX 20000
#define LENGTH_MAX (256 * 1024)

struct walk {
	struct arena *arena;
	struct expression_names *names; /* scan: where names go, or NULL */
	expression_lookup *lookup; /* expand: NULL when scanning */
	void *context;
	struct buffer *out; /* expand */
	struct expression_mistake mistake;
	size_t steps;
	int depth;
	enum expression_result result; /* anything but DONE ends the walk */
};

/* A stretch of a value. BASE is where the value begins, for offsets in messages. */
struct span {
	const char *base, *at, *end;
};

static void walk_text(struct walk *walk, struct span text);

static bool
is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_';
}

static void
wrong(struct walk *walk, const struct span *span, const char *text)
{
	if (walk->result != EXPRESSION_DONE)
		return;
	walk->result = EXPRESSION_MISTAKE;
	walk->mistake.text = text;
	walk->mistake.at = (size_t)(span->at - span->base);
}

static void
skip_space(struct span *span)
{
	while (span->at < span->end && logical_is_space(*span->at))
		span->at++;
}

/* closing - the bracket that closes the one before AT; END when there is none */
static const char *
closing(const char *at, const char *end, char open, char close)
{
	size_t level = 1;

	for (; at < end; at++) {
		if (*at == close && --level == 0)
			return at;
		if (*at == open)
			level++;
	}
	return end;
}

/* take_braces - the text between braces that SPAN begins with; SPAN moves behind them */
static bool
take_braces(struct walk *walk, struct span *span, struct span *inner)
{
	const char *close = closing(span->at + 1, span->end, '{', '}');

	if (close == span->end) {
		wrong(walk, span, "the brace that opens here is not closed inside its ${ }");
		return false;
	}
	*inner = (struct span){span->base, span->at + 1, close};
	span->at = close + 1;
	skip_space(span);
	return true;
}

static void
append(struct walk *walk, const char *text, size_t len)
{
	if (walk->out == NULL)
		return;
	if (walk->out->len + len > LENGTH_MAX)
		walk->result = EXPRESSION_UNKNOWN;
	else
		buffer_append(walk->out, text, len);
}

static void
note_name(struct walk *walk, const struct span *name)
{
	struct expression_names *names = walk->names;

	if (names == NULL)
		return;
	if (names->count == names->room) {
		size_t room = names->room != 0 ? names->room * 2 : 4;

		names->items = arena_grow(walk->arena, names->items,
			names->count * sizeof(*names->items), room * sizeof(*names->items));
		names->room = room;
	}
	names->items[names->count].name =
		arena_strndup(walk->arena, name->at, (size_t)(name->end - name->at));
	names->items[names->count].at = (size_t)(name->at - name->base);
	names->count++;
}

/* look_up - the unexpanded value of a name: "" when nothing defines it, or while scanning */
static const char *
look_up(struct walk *walk, const struct span *name)
{
	const char *value = NULL, *text;

	note_name(walk, name);
	if (walk->lookup == NULL || walk->result != EXPRESSION_DONE)
		return "";
	text = arena_strndup(walk->arena, name->at, (size_t)(name->end - name->at));
	if (!walk->lookup(walk->context, text, &value)) {
		walk->result = EXPRESSION_UNKNOWN;
		return "";
	}
	return value != NULL ? value : "";
}

/* expand_apart - an operand of a comparison, expanded by itself; NULL when scanning or failed */
static const char *
expand_apart(struct walk *walk, struct span operand)
{
	struct buffer text = {0}, *out = walk->out;
	const char *copy = NULL;

	walk->out = walk->lookup != NULL ? &text : NULL;
	walk_text(walk, operand);
	walk->out = out;
	if (walk->lookup != NULL && walk->result == EXPRESSION_DONE)
		copy = arena_strndup(walk->arena, buffer_text(&text), text.len);
	buffer_free(&text);
	return copy;
}

/* take_comparison - "{a} == {b}"; SPAN moves behind it. Returns what it comes to. */
static bool
take_comparison(struct walk *walk, struct span *span)
{
	struct span left, right, sign;
	const char *left_text, *right_text;
	struct comparison comparison;
	int outcome;

	if (!take_braces(walk, span, &left))
		return false;
	sign = *span;
	span->at += comparison_take(&comparison, span->at, (size_t)(span->end - span->at));
	if (span->at == sign.at) {
		wrong(walk, &sign,
			"a comparison is expected here: == != < <= >= or >, or one of these with "
			"the suffix level");
		return false;
	}
	skip_space(span);
	if (span->at == span->end || *span->at != '{') {
		wrong(walk, span, "the right side of the comparison is expected here, in braces");
		return false;
	}
	if (!take_braces(walk, span, &right))
		return false;
	left_text = expand_apart(walk, left);
	right_text = expand_apart(walk, right);
	if (left_text == NULL || right_text == NULL)
		return false;
	outcome = comparison_decide(&comparison, left_text, right_text);
	if (outcome < 0)
		wrong(walk, &sign,
			"one side of the comparison is no compatibility level, such as 3.6");
	return outcome > 0;
}

/* take_branch - "{text}" or all the rest; walked when TAKEN */
static void
take_branch(struct walk *walk, struct span *span, bool taken)
{
	struct span branch = *span;

	skip_space(&branch);
	if (branch.at < branch.end && *branch.at == '{') {
		*span = branch;
		if (!take_braces(walk, span, &branch))
			return;
	} else {
		/* without braces white space counts, and all of it is text */
		branch = *span;
		span->at = span->end;
	}
	if (taken)
		walk_text(walk, branch);
}

/* take_branches - what stands behind "?" or ":" at SPAN */
static void
take_branches(struct walk *walk, struct span *span, bool truth)
{
	bool scanning = walk->lookup == NULL;

	if (*span->at == '?') {
		span->at++;
		take_branch(walk, span, truth || scanning);
		if (walk->result != EXPRESSION_DONE || span->at == span->end)
			return;
		if (*span->at != ':') {
			wrong(walk, span, "a \":\" or the closing brace is expected here");
			return;
		}
	}
	span->at++;
	take_branch(walk, span, !truth || scanning);
	if (walk->result == EXPRESSION_DONE && span->at != span->end)
		wrong(walk, span, "there is text behind the last alternative");
}

/* take_conditional - the inside of ${…} that begins with a comparison */
static void
take_conditional(struct walk *walk, struct span *span)
{
	bool truth = take_comparison(walk, span);

	if (walk->result != EXPRESSION_DONE)
		return;
	if (span->at == span->end)
		append(walk, "true", truth ? 4 : 0);
	else if (*span->at == '?' || *span->at == ':')
		take_branches(walk, span, truth);
	else
		wrong(walk, span, "\"?\" or \":\" is expected here");
}

static void
expand_value(struct walk *walk, const char *value)
{
	walk_text(walk, (struct span){value, value, value + strlen(value)});
}

/* take_reference - the inside of ${…} or $(…) that begins with a name */
static void
take_reference(struct walk *walk, struct span *span)
{
	struct span name = *span;
	const char *value;

	while (span->at < span->end && is_name(*span->at))
		span->at++;
	name.end = span->at;
	skip_space(span);
	if (span->at < span->end && *span->at != '?' && *span->at != ':') {
		span->at = name.end;
		wrong(walk, span,
			"the name of a parameter has letters, digits and \"_\" alone; \"?\" or "
			"\":\" may follow it");
		return;
	}
	value = look_up(walk, &name);
	if (walk->result != EXPRESSION_DONE)
		return;
	if (span->at < span->end)
		take_branches(walk, span, value[0] != '\0');
	else
		expand_value(walk, value);
}

/* take_bracket - "${…}" or "$(…)"; SPAN stands behind the "$" and moves behind it all */
static void
take_bracket(struct walk *walk, struct span *span, const struct span *dollar)
{
	char open = *span->at, close = open == '{' ? '}' : ')';
	const char *end = closing(span->at + 1, span->end, open, close);
	struct span inner = {span->base, span->at + 1, end};

	if (end == span->end) {
		wrong(walk, dollar,
			open == '{' ? "the ${ that begins here is never closed by a }"
				    : "the $( that begins here is never closed by a )");
		return;
	}
	span->at = end + 1;
	if (inner.at == inner.end) {
		wrong(walk, dollar, "there is no name between the brackets");
		return;
	}
	skip_space(&inner);
	if (inner.at < inner.end && *inner.at == '{')
		take_conditional(walk, &inner);
	else
		take_reference(walk, &inner);
}

/* take_dollar - what a "$" at SPAN begins; SPAN moves behind it */
static void
take_dollar(struct walk *walk, struct span *span)
{
	struct span dollar = *span, name;

	span->at++;
	if (span->at < span->end && *span->at == '$') {
		append(walk, "$", 1);
		span->at++;
		return;
	}
	if (span->at < span->end && (*span->at == '{' || *span->at == '(')) {
		take_bracket(walk, span, &dollar);
		return;
	}
	name = *span;
	while (span->at < span->end && is_name(*span->at))
		span->at++;
	name.end = span->at;
	if (name.at == name.end)
		wrong(walk, &dollar,
			"no name follows this \"$\"; a dollar sign itself is written $$");
	else
		expand_value(walk, look_up(walk, &name));
}

static void
walk_text(struct walk *walk, struct span text)
{
	if (walk->depth == EXPRESSION_DEPTH) {
		walk->result = walk->lookup != NULL ? EXPRESSION_CIRCLE : EXPRESSION_MISTAKE;
		walk->mistake.text = "it is nested too deep";
		walk->mistake.at = (size_t)(text.at - text.base);
		return;
	}
	walk->depth++;
	while (text.at < text.end && walk->result == EXPRESSION_DONE) {
		const char *dollar = memchr(text.at, '$', (size_t)(text.end - text.at));

		if (dollar == NULL)
			dollar = text.end;
		append(walk, text.at, (size_t)(dollar - text.at));
		text.at = dollar;
		if (++walk->steps > STEPS_MAX && walk->lookup != NULL)
			walk->result = EXPRESSION_UNKNOWN;
		else if (text.at < text.end && walk->result == EXPRESSION_DONE)
			take_dollar(walk, &text);
	}
	walk->depth--;
}

bool
expression_scan(struct arena *arena, const char *value, struct expression_names *names,
	struct expression_mistake *mistake)
{
	struct walk walk = {.arena = arena, .names = names};

	expand_value(&walk, value);
	*mistake = walk.mistake;
	return walk.result == EXPRESSION_DONE;
}

enum expression_result
expression_expand(struct arena *arena, const char *value, expression_lookup *lookup, void *context,
	const char **expanded)
{
	struct buffer out = {0};
	struct walk walk = {.arena = arena, .lookup = lookup, .context = context, .out = &out};

	expand_value(&walk, value);
	if (walk.result == EXPRESSION_DONE)
		*expanded = arena_strndup(arena, buffer_text(&out), out.len);
	buffer_free(&out);
	return walk.result;
}
