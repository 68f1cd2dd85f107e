/*
 * byhand_variables.c - what to set so that a change made by hand lasts
 *
 * Both texts are read as their daemon reads them, so a comment, an order or a blank
 * that means nothing asks for no variable. Each form here is what settings/ takes
 * for that file, see compat_raw.c there.
 */
#include "check/byhand.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "base/lines.h"
#include "language/dovecot.h"
#include "language/main_cf.h"
#include "language/master_cf.h"
#include "language/opendkim.h"
#include "plan/secrecy.h"

#define VARIABLES_MOST 20

struct search {
	const struct byhand *byhand;
	struct arena *arena;
	struct buffer out;
	size_t count;
	bool whole;
};

/* can_be_key - what a variable may hold behind its prefix */
static bool
can_be_key(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) && strchr("_-./", *c) == NULL)
			return false;
	return name[0] != '\0';
}

/* squeeze - VALUE on one line, each run of white space in it a blank */
static const char *
squeeze(struct arena *arena, const char *value)
{
	char *text = arena_strdup(arena, value), *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		bool blank = isspace((unsigned char)*from);

		if (!blank)
			*to++ = *from;
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
	return text;
}

/* put_word - as a shell takes it, in quotes where it needs them */
static void
put_word(struct search *search, const char *word)
{
	bool plain = true;

	for (const char *c = word; *c != '\0'; c++)
		plain = plain && (isalnum((unsigned char)*c) || strchr("_-./:=@%+,", *c) != NULL);
	buffer_puts(&search->out, search->count++ > 0 ? " " : "");
	if (plain) {
		buffer_puts(&search->out, word);
		return;
	}
	buffer_putc(&search->out, '\'');
	for (const char *c = word; *c != '\0'; c++)
		if (*c == '\'')
			buffer_puts(&search->out, "'\\''");
		else
			buffer_putc(&search->out, *c);
	buffer_putc(&search->out, '\'');
}

static void
put(struct search *search, const char *prefix, const char *key, const char *value)
{
	const char *line = arena_printf(search->arena, "%s = %s", key, value);

	if (!can_be_key(key) || search->count == VARIABLES_MOST) {
		search->whole = false;
		return;
	}
	if (value[0] != '\0' && byhand_hides((void *)(size_t)search->byhand, line, strlen(line)))
		put_word(search, arena_printf(search->arena, "%s%s_FILE=FILE", prefix, key));
	else
		put_word(search,
			arena_printf(search->arena, "%s%s=%s", prefix, key,
				squeeze(search->arena, value)));
}

static void
main_cf(struct search *search)
{
	const struct byhand *byhand = search->byhand;
	struct main_cf was, is;
	struct faults faults;

	faults_init(&faults, search->arena);
	main_cf_parse(&faults, byhand->rendered, byhand->rendered_len, &was);
	main_cf_parse(&faults, byhand->changed, byhand->changed_len, &is);
	for (size_t i = 0; i < is.count; i++) {
		const struct main_cf_entry *entry = &is.entries[i], *old;

		old = main_cf_find(&was, entry->name);
		if (entry->later != NULL || (old != NULL && strcmp(old->value, entry->value) == 0))
			continue;
		/* an empty value is another thing than none, and no variable can say it */
		if (entry->value[0] != '\0')
			put(search, "POSTFIX_", entry->name, entry->value);
		else
			search->whole = false;
	}
	for (size_t i = 0; i < was.count; i++)
		if (was.entries[i].later == NULL && main_cf_find(&is, was.entries[i].name) == NULL)
			put(search, "POSTFIX_", was.entries[i].name, "");
}

/* fields - a service's line without its name and type */
static const char *
fields(const struct master_cf_service *service)
{
	const char *at = service->line.text;

	for (int i = 0; i < 2; i++) {
		at += strcspn(at, " \t\r\v\f");
		at += strspn(at, " \t\r\v\f");
	}
	return at;
}

static const char *
service_key(struct arena *arena, const struct master_cf_service *service)
{
	return arena_printf(arena, "%s__%s", service->name, service->type);
}

static void
master_cf(struct search *search)
{
	const struct byhand *byhand = search->byhand;
	struct master_cf was, is;
	struct faults faults;

	faults_init(&faults, search->arena);
	master_cf_parse(&faults, byhand->rendered, byhand->rendered_len, &was);
	master_cf_parse(&faults, byhand->changed, byhand->changed_len, &is);
	for (size_t i = 0; i < is.count; i++) {
		const struct master_cf_service *service = &is.services[i], *old;
		const char *text = squeeze(search->arena, fields(service));

		old = master_cf_find(&was, service->name, service->type);
		if (service->overridden ||
			(old != NULL && strcmp(squeeze(search->arena, fields(old)), text) == 0))
			continue;
		put(search, "POSTFIXMASTER_", service_key(search->arena, service), text);
	}
	for (size_t i = 0; i < was.count; i++) {
		const struct master_cf_service *service = &was.services[i];

		if (!service->overridden &&
			master_cf_find(&is, service->name, service->type) == NULL)
			put(search, "POSTFIXMASTER_", service_key(search->arena, service), "");
	}
}

/* A value at the top of dovecot.conf, as it is written; the last one of a name counts. */
struct dovecot_values {
	struct node *map; /* NAME: VALUE */
	bool inside; /* there are sections */
	struct buffer sections; /* all that stands in them */
};

/* raw_value - behind the "=" of a physical line, quotes and all */
static const char *
raw_value(struct arena *arena, const char *text, size_t len, int line)
{
	struct lines lines = lines_cut(arena, text, len);
	const char *start, *equals;
	size_t rest;

	if (line < 1 || (size_t)line > lines.count)
		return "";
	start = lines.start[line - 1];
	rest = lines.len[line - 1];
	equals = memchr(start, '=', rest);
	if (equals == NULL)
		return "";
	return squeeze(
		arena, arena_strndup(arena, equals + 1, rest - (size_t)(equals + 1 - start)));
}

static void
read_dovecot(struct search *search, const char *text, size_t len, struct dovecot_values *values)
{
	const char *version = search->byhand->plan->target.dovecot_version;
	struct dovecot_reader reader;
	struct dovecot_line line;
	size_t depth = 0;

	memset(values, 0, sizeof(*values));
	values->map = node_new(search->arena, NODE_MAP, NULL);
	dovecot_reader_init(&reader, search->arena, version, text, len);
	while (dovecot_next(&reader, &line)) {
		bool opens = line.type == DOVECOT_SECTION || line.type == DOVECOT_GROUP;

		if (line.type == DOVECOT_END && depth > 0)
			depth--;
		if (depth > 0 || opens || line.type == DOVECOT_END)
			buffer_printf(&values->sections, "%d %s=%s\n", (int)line.type, line.name,
				line.value);
		else if (line.line == line.last && line.type != DOVECOT_VALUE_HERE)
			node_set(search->arena, values->map, line.name,
				node_scalar(search->arena,
					raw_value(search->arena, text, len, line.line), NULL));
		else
			search->whole = false;
		depth += opens;
	}
}

/* dovecot_conf - a variable stands at the end of the file: it reaches into no section */
static void
dovecot_conf(struct search *search)
{
	const struct byhand *byhand = search->byhand;
	struct dovecot_values was, is;

	read_dovecot(search, byhand->rendered, byhand->rendered_len, &was);
	read_dovecot(search, byhand->changed, byhand->changed_len, &is);
	for (size_t i = 0; i < is.map->count; i++) {
		const struct node *old = node_get(was.map, is.map->keys[i]);

		if (old == NULL || strcmp(old->text, is.map->items[i]->text) != 0)
			put(search, "DOVECOT_", is.map->keys[i], is.map->items[i]->text);
	}
	for (size_t i = 0; i < was.map->count; i++)
		if (node_get(is.map, was.map->keys[i]) == NULL)
			search->whole = false;
	if (strcmp(buffer_text(&was.sections), buffer_text(&is.sections)) != 0)
		search->whole = false;
	buffer_free(&was.sections);
	buffer_free(&is.sections);
}

static struct node *
read_opendkim(struct search *search, const char *text, size_t len)
{
	struct node *map = node_new(search->arena, NODE_MAP, NULL);
	struct opendkim_reader reader;
	struct opendkim_line line;

	opendkim_reader_init(&reader, search->arena, text, len);
	while (opendkim_next(&reader, &line))
		node_set(search->arena, map, line.name,
			node_scalar(search->arena, line.value, NULL));
	return map;
}

static const struct node *
get_any_case(const struct node *map, const char *name)
{
	for (size_t i = map->count; i > 0; i--)
		if (strcasecmp(map->keys[i - 1], name) == 0)
			return map->items[i - 1];
	return NULL;
}

static void
opendkim_conf(struct search *search)
{
	const struct byhand *byhand = search->byhand;
	struct node *was = read_opendkim(search, byhand->rendered, byhand->rendered_len);
	struct node *is = read_opendkim(search, byhand->changed, byhand->changed_len);

	for (size_t i = 0; i < is->count; i++) {
		const struct node *old = get_any_case(was, is->keys[i]);

		if (old == NULL || strcmp(old->text, is->items[i]->text) != 0)
			put(search, "OPENDKIM_", is->keys[i], is->items[i]->text);
	}
	for (size_t i = 0; i < was->count; i++)
		if (get_any_case(is, was->keys[i]) == NULL)
			put(search, "OPENDKIM_", was->keys[i], "");
}

const char *
byhand_variables(const struct byhand *byhand, bool *whole)
{
	static const struct {
		const char *name;
		void (*find)(struct search *search);
	} files[] = {
		{"postfix/main.cf", main_cf},
		{"postfix/master.cf", master_cf},
		{"dovecot/dovecot.conf", dovecot_conf},
		{"opendkim/opendkim.conf", opendkim_conf},
	};
	struct search search = {.byhand = byhand, .arena = byhand->plan->arena, .whole = true};
	const char *result;
	bool known = false;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(byhand->name, files[i].name) == 0) {
			files[i].find(&search);
			known = true;
		}
	*whole = search.whole && known;
	result = arena_strndup(search.arena, buffer_text(&search.out), search.out.len);
	buffer_free(&search.out);
	return result;
}
