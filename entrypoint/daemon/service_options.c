/* service_options.c - parameters of one service, as lines behind its own */
#include "daemon/service_options.h"

#include <string.h>

#include "base/text.h"
#include "daemon/lines.h"
#include "language/master_cf.h"

struct option {
	const char *service, *type, *parameter;
	const struct node *value;
	int line; /* the last one of its service; 0: there is no such service */
};

/* split - "submission/inet/smtpd_x"; a service's own name may hold slashes */
static bool
split(struct plan *plan, const char *key, struct option *option)
{
	char *text = arena_strdup(plan->arena, key);
	char *last = strrchr(text, '/'), *before;

	if (last == NULL || last[1] == '\0')
		return false;
	*last = '\0';
	before = strrchr(text, '/');
	if (before == NULL || before == text || before[1] == '\0')
		return false;
	*before = '\0';
	option->service = text;
	option->type = before + 1;
	option->parameter = last + 1;
	return option->parameter[strspn(option->parameter,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

static void
tell(struct plan *plan, const char *key, const struct node *value, const char *why)
{
	bool foreign = value->origin.kind == ORIGIN_COMPAT;

	finding_add(plan->findings, foreign ? "compat-by-hand" : "value-type", &value->origin,
		"postfix.options: %s %s", key, why);
}

/* find_lines - where the service of each option ends; those that have none are told */
static void
find_lines(struct plan *plan, const struct plan_file *file, const struct node *map,
	struct option *options)
{
	struct faults faults;
	struct master_cf master_cf;

	faults_init(&faults, plan->arena);
	master_cf_parse(&faults, buffer_text(&file->content), file->content.len, &master_cf);
	for (size_t i = 0; i < map->count; i++) {
		const struct master_cf_service *service;

		options[i].value = map->items[i];
		if (!split(plan, map->keys[i], &options[i])) {
			tell(plan, map->keys[i], map->items[i], "is not service/type/parameter");
			continue;
		}
		service = master_cf_find(&master_cf, options[i].service, options[i].type);
		if (service != NULL)
			options[i].line = service->line.last;
		else
			tell(plan, map->keys[i], map->items[i],
				"is of a service that master.cf does not have");
	}
}

static void
add_option(struct lines *lines, const struct option *option)
{
	struct plan_line *line = lines_add(lines,
		arena_printf(lines->plan->arena, "    -o { %s=%s }", option->parameter,
			option->value->text),
		&option->value->origin);

	line->secret = option->value->secret;
}

void
service_options_apply(struct plan *plan, struct plan_file *file)
{
	const struct node *map = node_at(plan->settings, "postfix.options");
	const char *at = buffer_text(&file->content), *end = at + file->content.len;
	struct option *options;
	struct lines lines;
	int number = 0;

	if (map == NULL || map->type != NODE_MAP || map->count == 0)
		return;
	options = arena_alloc(plan->arena, map->count * sizeof(*options));
	find_lines(plan, file, map, options);
	lines_init(&lines, plan);
	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop != NULL ? stop : end) - at);

		lines_keep(&lines, at, len,
			(size_t)number < file->line_count ? &file->lines[number] : NULL);
		number++;
		for (size_t i = 0; i < map->count; i++)
			if (options[i].line == number)
				add_option(&lines, &options[i]);
		at += len + 1;
	}
	lines_finish(&lines, file);
}
