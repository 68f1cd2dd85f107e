/* master_argument.c - what stands behind the command in master.cf, and the -o options in it */
#include <string.h>

#include "language/main_cf.h"
#include "language/master_field.h"

struct argument {
	const char *text;
	size_t at; /* of its first byte in the line */
};

struct arguments {
	struct argument *items;
	size_t count, room;
};

static void
add(struct arena *arena, struct arguments *arguments, const char *text, size_t len, size_t at)
{
	struct argument *argument;

	if (arguments->count == arguments->room) {
		size_t room = arguments->room != 0 ? arguments->room * 2 : 8;

		arguments->items = arena_grow(arena, arguments->items,
			arguments->count * sizeof(*arguments->items),
			room * sizeof(*arguments->items));
		arguments->room = room;
	}
	argument = &arguments->items[arguments->count++];
	argument->text = arena_strndup(arena, text, len);
	argument->at = at;
}

/* token - the length of the argument at TEXT: up to a blank outside of braces (mystrtokq) */
static size_t
token(const char *text)
{
	size_t at = 0, level = 0;

	for (; text[at] != '\0'; at++) {
		if (text[at] == '{')
			level++;
		else if (text[at] == '}' && level > 0)
			level--;
		else if (level == 0 && strchr(MASTER_BLANKS, text[at]) != NULL)
			break;
	}
	return at;
}

/* closing - where the brace that TEXT begins with is closed; LEN when it is not */
static size_t
closing(const char *text, size_t len)
{
	size_t level = 0;

	for (size_t at = 0; at < len; at++) {
		if (text[at] == '{')
			level++;
		else if (text[at] == '}' && --level == 0)
			return at;
	}
	return len;
}

/* unbrace - takes the braces off the argument, and the white space inside them */
static int
unbrace(struct faults *faults, const struct master_cf_service *service, size_t *at, size_t *len)
{
	const char *text = service->line.text + *at;
	size_t end = closing(text, *len);

	if (end == *len)
		return master_fault(faults, service, *at,
			"the brace that opens here is never closed; a brace alone cannot be "
			"written in an argument");
	if (end + 1 != *len)
		return master_fault(faults, service, *at + end + 1,
			"there is text right behind a closing brace: put a blank between them");
	*at += 1;
	*len -= 2;
	while (*len > 0 && logical_is_space(service->line.text[*at + *len - 1]))
		(*len)--;
	while (*len > 0 && logical_is_space(service->line.text[*at])) {
		(*at)++;
		(*len)--;
	}
	return 0;
}

static int
split(struct faults *faults, const struct master_cf_service *service, size_t at,
	struct arguments *arguments)
{
	const char *text = service->line.text;

	for (;;) {
		size_t len, inner, inner_len;

		at += strspn(text + at, MASTER_BLANKS);
		len = token(text + at);
		if (len == 0)
			return 0;
		inner = at;
		inner_len = len;
		if (text[at] == '{' && unbrace(faults, service, &inner, &inner_len) != 0)
			return -1;
		add(faults->arena, arguments, text + inner, inner_len, inner);
		at += len;
	}
}

static int
take_option(struct faults *faults, const struct master_cf_service *service,
	const struct argument *argument, size_t skip, struct master_cf_option *option)
{
	const char *text = argument->text + skip;
	size_t name_at, name_len, value_at, value_len;
	const char *wrong = main_cf_split(text, &name_at, &name_len, &value_at, &value_len);

	if (wrong != NULL)
		return master_fault(faults, service, argument->at + skip,
			"%s in this -o option: write -o name=value, or -o { name = value } where "
			"blanks are in it",
			wrong);
	option->name = arena_strndup(faults->arena, text + name_at, name_len);
	option->value = arena_strndup(faults->arena, text + value_at, value_len);
	option->name_at = argument->at + skip + name_at;
	option->value_at = argument->at + skip + value_at;
	return 0;
}

/* options - "-o" with its value behind it or in the next argument; "-vo" is -v and -o */
static int
take_options(
	struct faults *faults, struct master_cf_service *service, const struct arguments *arguments)
{
	struct master_cf_option *options =
		arena_alloc(faults->arena, (arguments->count + 1) * sizeof(*options));

	service->options = options;
	for (size_t i = 0; i < arguments->count; i++) {
		const struct argument *argument = &arguments->items[i];
		const char *o;
		size_t skip = 0;

		if (argument->text[0] != '-' || strcmp(argument->text, "--") == 0)
			return 0;
		o = strchr(argument->text, 'o');
		if (o == NULL)
			continue;
		if (o[1] != '\0') {
			skip = (size_t)(o + 1 - argument->text);
		} else if (++i == arguments->count) {
			return master_fault(faults, service, argument->at,
				"-o is the last argument: name=value is missing behind it");
		}
		if (take_option(faults, service, &arguments->items[i], skip,
			    &options[service->option_count]) != 0)
			return -1;
		service->option_count++;
	}
	return 0;
}

int
master_arguments(struct faults *faults, struct master_cf_service *service, size_t at)
{
	struct arguments arguments = {0};
	const char **texts;

	if (split(faults, service, at, &arguments) != 0)
		return -1;
	texts = arena_alloc(faults->arena, (arguments.count + 1) * sizeof(*texts));
	for (size_t i = 0; i < arguments.count; i++)
		texts[i] = arguments.items[i].text;
	service->arguments = texts;
	service->argument_count = arguments.count;
	return take_options(faults, service, &arguments);
}
