/*
 * compose_value.c - the text that a scalar of a compose file stands for
 *
 * Compose reads YAML's numbers as numbers and writes them anew: 0600 becomes
 * 384, 1.10 becomes 1.1. What it writes is what the container is given.
 */
#include "settings/compose_room.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"
#include "settings/dollar.h"
#include "settings/interpolate.h"
#include "settings/yaml_lint.h"

#define PLAIN_DIGITS_MAX 6 /* before the point: larger ones get an exponent */
#define EXACT_DIGITS_MAX 15 /* that a double keeps */

enum plain_kind { PLAIN_TEXT, PLAIN_BOOL, PLAIN_NUMBER, PLAIN_ODD };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* without_underscores - "1_000" is 1000; TEXT is short */
static const char *
without_underscores(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text), *to = copy;

	for (const char *from = text; *from != '\0'; from++)
		if (*from != '_')
			*to++ = *from;
	*to = '\0';
	return copy;
}

/* whole_number - the value of digits in Go's notation: 12, 0x1f, 0o17, 017, 0b11 */
static bool
whole_number(const char *text, unsigned long long *value)
{
	unsigned base = 10;

	if (text[0] == '0' && text[1] != '\0') {
		char letter = (char)(text[1] | 0x20);

		base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
		text += letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1;
	}
	*value = 0;
	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		char c = (char)(*text | 0x20);
		unsigned digit = is_digit(*text) ? (unsigned)(*text - '0')
			: c >= 'a' && c <= 'f'   ? (unsigned)(c - 'a' + 10)
						 : 16;

		if (digit >= base || *value > (ULLONG_MAX - digit) / base)
			return false;
		*value = *value * base + digit;
	}
	return true;
}

/* is_decimal - digits, a point among or beside them, an exponent */
static bool
is_decimal(const char *text)
{
	size_t before = strspn(text, "0123456789"), behind = 0;

	text += before;
	if (*text == '.') {
		behind = strspn(++text, "0123456789");
		text += behind;
	}
	if (before + behind == 0)
		return false;
	if ((*text | 0x20) == 'e') {
		text += text[1] == '+' || text[1] == '-' ? 2 : 1;
		if (!is_digit(*text))
			return false;
		text += strspn(text, "0123456789");
	}
	return *text == '\0';
}

/* plain_decimal - as Go writes it; NULL when that has an exponent, or digits that we cannot tell */
static const char *
plain_decimal(struct arena *arena, const char *sign, const char *text)
{
	size_t before, behind, zeros;
	const char *point;

	if (strpbrk(text, "eE") != NULL)
		return NULL;
	while (text[0] == '0' && is_digit(text[1]))
		text++;
	before = strspn(text, "0123456789");
	point = text[before] == '.' ? text + before + 1 : "";
	behind = strlen(point);
	while (behind > 0 && point[behind - 1] == '0')
		behind--;
	zeros = strspn(point, "0");
	if (before > PLAIN_DIGITS_MAX || before + behind > EXACT_DIGITS_MAX ||
		((before == 0 || text[0] == '0') && behind > 0 && zeros > 3))
		return NULL;
	return arena_printf(arena, "%s%.*s%s%.*s", sign, before > 0 ? (int)before : 1,
		before > 0 ? text : "0", behind > 0 ? "." : "", (int)behind, point);
}

static bool
is_date(const char *text)
{
	return strspn(text, "0123456789") == 4 && text[4] == '-' && is_digit(text[5]) &&
		strchr(text + 5, '-') != NULL;
}

/* plain_kind - what YAML sees in unquoted TEXT; *WRITTEN: how compose would write it */
static enum plain_kind
plain_kind(struct arena *arena, const char *text, const char **written)
{
	static const char *const bools[] = {"true", "True", "TRUE", "false", "False", "FALSE"};
	const char *sign = "", *digits = text;
	unsigned long long value;

	*written = text;
	for (size_t i = 0; i < sizeof(bools) / sizeof(bools[0]); i++)
		if (strcmp(text, bools[i]) == 0) {
			*written = i < 3 ? "true" : "false";
			return PLAIN_BOOL;
		}
	if (strlen(text) > 64 || !(is_digit(text[0]) || strchr("+-.", text[0]) != NULL))
		return PLAIN_TEXT;
	if (is_date(text))
		return PLAIN_ODD;
	digits = without_underscores(arena, text);
	if (digits[0] == '+' || digits[0] == '-')
		sign = *digits++ == '-' ? "-" : "";
	if (whole_number(digits, &value)) {
		*written = arena_printf(arena, "%s%llu", value != 0 ? sign : "", value);
		return sign[0] != '\0' && value > LLONG_MAX ? PLAIN_ODD : PLAIN_NUMBER;
	}
	if (text_starts(text_lower(arena, digits), ".inf") || strcasecmp(text, ".nan") == 0)
		return PLAIN_ODD;
	if (!is_decimal(digits))
		return PLAIN_TEXT;
	*written = plain_decimal(arena, sign, digits);
	return *written != NULL ? PLAIN_NUMBER : PLAIN_ODD;
}

bool
compose_is_text(const struct node *node)
{
	struct arena scratch;
	const char *written;
	bool result;

	if (node->type != NODE_SCALAR || node->quoted)
		return node->type == NODE_SCALAR;
	arena_init(&scratch);
	result = plain_kind(&scratch, node->text, &written) == PLAIN_TEXT;
	arena_free(&scratch);
	return result;
}

struct lookup {
	struct compose *compose;
	const struct node *node;
	const char *shown;
	bool tell, told_bare;
};

static const char *
find(void *context, const char *name)
{
	const struct lookup *lookup = context;

	env_scope_used(&lookup->compose->scope, name);
	return env_scope_outside(&lookup->compose->scope, name);
}

static void
tell_unset(void *context, const char *name)
{
	const struct lookup *lookup = context;
	struct origin origin = lookup->node->origin;

	if (!lookup->tell)
		return;
	origin.kind = ORIGIN_ENVIRONMENT;
	origin.name = lookup->shown;
	finding_add(lookup->compose->loading->findings, "compose-variable-unset", &origin,
		"%s: an empty text stands for it",
		dollar_unset(lookup->compose->arena, lookup->shown, lookup->node->text, name));
}

/* tell_bare - some composes keep such a $, others refuse the whole file; once a value is enough */
static void
tell_bare(void *context)
{
	struct lookup *lookup = context;
	struct origin origin = lookup->node->origin;

	if (!lookup->tell || lookup->told_bare)
		return;
	lookup->told_bare = true;
	origin.kind = ORIGIN_ENVIRONMENT;
	origin.name = lookup->shown;
	finding_add(lookup->compose->loading->findings, "compose-dollar", &origin,
		"%s holds a $ that no name follows", lookup->shown);
}

const char *
compose_text(struct compose *compose, const struct node *node, const char *shown, bool tell)
{
	struct lookup lookup = {compose, node, shown, tell, false};
	const struct interpolation how = {find, tell_unset, tell_bare, &lookup};
	struct interpolation_error error;
	struct buffer out = {0};
	struct origin origin = node->origin;
	const char *text = NULL;

	if (node->type != NODE_SCALAR) {
		compose_refuse(compose, node, "%s must be a single text", shown);
		return NULL;
	}
	if (strchr(node->text, '$') == NULL)
		return node->text;
	if (interpolate(&how, node->text, &out, &error) == 0) {
		text = arena_strdup(compose->arena, buffer_text(&out));
		compose->loading->value_bytes += out.len;
	} else {
		origin.kind = ORIGIN_ENVIRONMENT;
		origin.name = shown;
		compose->loading->incomplete = true; /* what is missing may be what stands here */
		dollar_refuse(compose->loading, &origin, shown, node->text, &error);
	}
	buffer_free(&out);
	return text;
}

const char *
compose_text_at(
	struct compose *compose, const struct node *node, const char *key, const char *otherwise)
{
	const struct node *value = node_get(node, key);
	const char *text = NULL;

	if (value != NULL && value->type != NODE_NULL)
		text = compose_text(compose, value, key, true);
	return text != NULL ? text : otherwise;
}

/* tell_traps - " #word" behind a value, or what other readers take for a number */
static void
tell_traps(struct compose *compose, const struct node *node)
{
	struct yaml_cursor cursor = {0};
	yaml_mark_t end = {
		.line = (size_t)node->origin.line - 1, .column = (size_t)node->origin.column - 1};

	for (const char *c = node->text; *c != '\0'; c++)
		end.column += ((unsigned char)*c & 0xc0) != 0x80;
	yaml_lint_plain(
		compose->arena, compose->loading->findings, &compose->text, &cursor, node, &end);
}

const char *
compose_value(struct compose *compose, const struct node *node, const char *name, bool tell)
{
	struct origin origin = node->origin;
	const char *written = NULL;

	if (node->type != NODE_SCALAR || node->quoted)
		return compose_text(compose, node, name, tell);
	switch (plain_kind(compose->arena, node->text, &written)) {
	case PLAIN_TEXT:
		if (tell)
			tell_traps(compose, node);
		return compose_text(compose, node, name, tell);
	case PLAIN_ODD:
		if (tell)
			compose_refuse(compose, node,
				"%s: YAML sees a number or a date here, which compose writes in a "
				"form of its own; put the value in quotes",
				name);
		return NULL;
	case PLAIN_BOOL:
	case PLAIN_NUMBER:
		break;
	}
	origin.kind = ORIGIN_ENVIRONMENT;
	origin.name = name;
	if (tell && strcmp(written, node->text) != 0)
		finding_add(compose->loading->findings, "compose-number", &origin,
			"%s: YAML sees a number or a truth value here, and compose writes it "
			"otherwise than it stands",
			name);
	return written;
}

const char *
compose_path(struct compose *compose, const char *path)
{
	const char *home = NULL;

	if (path[0] == '/')
		return path;
	if (path[0] == '~' && (path[1] == '/' || path[1] == '\0'))
		home = env_scope_outside(&compose->scope, "HOME");
	if (home != NULL)
		return arena_printf(compose->arena, "%s%s", home, path + 1);
	while (text_starts(path, "./"))
		path += 2;
	/* it is shown: beside a compose file of this very directory no "./" stands before it */
	if (strcmp(compose->directory, ".") == 0)
		return path[0] != '\0' ? path : ".";
	return arena_printf(compose->arena, "%s/%s", compose->directory, path);
}
