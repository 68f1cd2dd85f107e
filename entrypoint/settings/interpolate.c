/* interpolate.c - $NAME and ${NAME...} as compose replaces them */
#include "settings/interpolate.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct walk {
	const struct interpolation *rules;
	struct interpolation_error *error;
	struct buffer *out;
	int depth;
};

static int walk_text(struct walk *walk, const char *text, size_t len);

static size_t
name_length(const char *text, size_t len)
{
	size_t i = 0;

	for (; i < len; i++) {
		char c = text[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!letter && !(i > 0 && c >= '0' && c <= '9'))
			break;
	}
	return i;
}

static int
fail(struct walk *walk, const char *why, const char *name, const char *said, size_t said_len)
{
	walk->error->why = why;
	snprintf(walk->error->name, sizeof(walk->error->name), "%s", name);
	snprintf(walk->error->said, sizeof(walk->error->said), "%.*s", (int)said_len, said);
	return -1;
}

static int
put(struct walk *walk, const char *text, size_t len)
{
	if (walk->out->len + len > INTERPOLATE_BYTES)
		return fail(
			walk, "is longer than 128 kB once its variables are replaced", "", "", 0);
	buffer_append(walk->out, text, len);
	return 0;
}

static int
put_variable(struct walk *walk, const char *name)
{
	const char *value = walk->rules->find(walk->rules->context, name);

	if (value != NULL)
		return put(walk, value, strlen(value));
	walk->rules->unset(walk->rules->context, name);
	return 0;
}

/* closing_brace - where the brace that TEXT starts with is closed; braces inside are counted */
static size_t
closing_brace(const char *text, size_t len)
{
	int open = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '{')
			open++;
		else if (text[i] == '}' && --open == 0)
			return i;
	}
	return len;
}

/* put_choice - what stands behind the name in braces: an operator and another text */
static int
put_choice(struct walk *walk, const char *name, const char *rest, size_t len)
{
	bool colon = len > 0 && rest[0] == ':';
	const char *value = walk->rules->find(walk->rules->context, name);
	const char *other = rest + colon + 1;
	char operator= len> colon ? rest[colon] : '\0';
	bool set = value != NULL && (!colon || value[0] != '\0');
	size_t other_len;

	if (operator== '\0' || strchr("-?+", operator) == NULL)
		return fail(walk, "has a ${ that does not go on as NAME}, NAME:-, NAME:? or NAME:+",
			name, "", 0);
	other_len = len - colon - 1;
	if (memchr(other, '\n', other_len) != NULL)
		return fail(walk, "has a line break inside ${ }", name, "", 0);
	if (operator== '+')
		return set ? walk_text(walk, other, other_len) : 0;
	if (set)
		return put(walk, value, strlen(value));
	if (operator== '-')
		return walk_text(walk, other, other_len);
	return fail(walk, "needs a variable that is not set", name, other, other_len);
}

/* put_braced - TEXT starts behind "$", with the brace. *USED: how much of it was taken */
static int
put_braced(struct walk *walk, const char *text, size_t len, size_t *used)
{
	size_t end = closing_brace(text, len), name_len = name_length(text + 1, len - 1);
	char name[256];

	if (end == len)
		return fail(walk, "has a ${ that nothing closes; $$ stands for a dollar sign", "",
			"", 0);
	if (name_len == 0 || name_len >= sizeof(name) || name_len > end - 1)
		return fail(walk, "has a ${ without a name behind it; $$ stands for a dollar sign",
			"", "", 0);
	memcpy(name, text + 1, name_len);
	name[name_len] = '\0';
	*used = end + 1;
	if (name_len == end - 1)
		return put_variable(walk, name);
	return put_choice(walk, name, text + 1 + name_len, end - 1 - name_len);
}

/* put_dollar - TEXT starts behind a "$". *USED: how much of it was taken */
static int
put_dollar(struct walk *walk, const char *text, size_t len, size_t *used)
{
	size_t name_len = name_length(text, len);
	char name[256];

	*used = 0;
	if (len > 0 && text[0] == '{')
		return put_braced(walk, text, len, used);
	if (len > 0 && text[0] == '$')
		*used = 1;
	if (name_len == 0) {
		if (*used == 0 && walk->rules->bare != NULL)
			walk->rules->bare(walk->rules->context);
		return put(walk, "$", 1);
	}
	if (name_len >= sizeof(name))
		return fail(walk, "has a $ with a name of more than 255 letters", "", "", 0);
	memcpy(name, text, name_len);
	name[name_len] = '\0';
	*used = name_len;
	return put_variable(walk, name);
}

static int
walk_text(struct walk *walk, const char *text, size_t len)
{
	int result = 0;

	if (++walk->depth > INTERPOLATE_DEPTH)
		return fail(walk, "nests its ${ } deeper than 16 levels", "", "", 0);
	while (len > 0 && result == 0) {
		const char *dollar = memchr(text, '$', len);
		size_t plain = dollar != NULL ? (size_t)(dollar - text) : len, used;

		result = put(walk, text, plain);
		text += plain;
		len -= plain;
		if (result != 0 || len == 0)
			break;
		result = put_dollar(walk, text + 1, len - 1, &used);
		text += used + 1;
		len -= used + 1;
	}
	walk->depth--;
	return result;
}

int
interpolate(const struct interpolation *interpolation, const char *text, struct buffer *out,
	struct interpolation_error *error)
{
	struct walk walk = {.rules = interpolation, .error = error, .out = out};

	*error = (struct interpolation_error){0};
	return walk_text(&walk, text, strlen(text));
}
