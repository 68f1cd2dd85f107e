/*
 * path.c - the way that mail takes, by the files of a plan
 *
 * Nothing is taken from the settings: a raw parameter, a template of one's own or a
 * service of master.cf counts here as it does for the daemons.
 */
#include "check/path.h"

#include <string.h>

#include "base/text.h"
#include "check/network.h"
#include "check/path_parts.h"

#define DOMAINS_SHOWN 3

const char *
path_value(struct path_reader *reader, const struct master_cf_service *service, const char *name)
{
	const struct postfix_setting reference = {
		.service = service, .value = arena_printf(reader->plan->arena, "${%s}", name)};

	return postfix_expand_part(reader->postfix, &reference);
}

const char *
path_error(const struct path_reader *reader, const char *id)
{
	const struct findings *findings = reader->plan->findings;

	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i].severity == SEVERITY_ERROR &&
			strcmp(findings->items[i].rule->id, id) == 0)
			return id;
	return NULL;
}

void
path_split(struct path_reader *reader, const char *text, const char *otherwise, const char **host,
	const char **port)
{
	struct arena *arena = reader->plan->arena;
	bool bracket = text[0] == '[';
	const char *start = text + bracket, *colon;
	size_t len = bracket ? strcspn(start, "]") : strcspn(start, ":");

	*host = arena_strndup(arena, start, len);
	colon = start + len + (bracket && start[len] == ']');
	*port = colon[0] == ':' && colon[1] != '\0' ? arena_strdup(arena, colon + 1) : otherwise;
	if (port_number(*port) != 0)
		*port = arena_printf(arena, "%ld", port_number(*port));
}

/* absent - compose-partner-missing, when it is about HOST: its message has the name in quotes */
static const char *
absent(const struct path_reader *reader, const char *host)
{
	const struct findings *findings = reader->plan->findings;
	const char *quoted = arena_printf(reader->plan->arena, "is called \"%.64s\"", host);

	for (size_t i = 0; i < findings->count; i++)
		if (strcmp(findings->items[i].rule->id, PATH_PARTNER_MISSING) == 0 &&
			strstr(findings->items[i].message, quoted) != NULL)
			return findings->items[i].rule->id;
	return NULL;
}

size_t
path_partner(struct path_reader *reader, const char *host, const char *port)
{
	const char *title = arena_printf(reader->plan->arena, "%s:%s", host, port);
	size_t box = path_box(reader->path, PATH_PARTNER, PATH_OUTSIDE, title, title);

	reader->path->boxes[box].endpoint = arena_strdup(reader->path->arena, host);
	reader->path->boxes[box].port = arena_strdup(reader->path->arena, port);
	if (absent(reader, host) != NULL)
		reader->path->boxes[box].finding = absent(reader, host);
	return box;
}

const char *
path_socket(struct path_reader *reader, const char *path)
{
	while (text_starts(path, "./"))
		path += 2;
	if (text_starts(path, PLAN_QUEUE_DIRECTORY "/"))
		return path;
	return arena_printf(reader->plan->arena, "%s%s%s", PLAN_QUEUE_DIRECTORY,
		path[0] == '/' ? "" : "/", path);
}

/* detail - "mail.example.com, for example.com, example.org and 3 more" */
static const char *
detail(struct plan *plan, const char *name)
{
	const struct node *domains = node_at(plan->settings, "domains");
	const char *text = node_text(plan->settings, "hostname", "");

	/* it stands there already, or is not known */
	if (strcmp(text, name) == 0 || text_starts(text, "{deferred:"))
		text = "";
	for (size_t i = 0; domains != NULL && i < domains->count && i < DOMAINS_SHOWN; i++)
		text = arena_printf(plan->arena, "%s%s%s", text,
			i > 0                  ? ", "
				: text[0] != 0 ? " for "
					       : "for ",
			domains->items[i]->text);
	if (domains != NULL && domains->count > DOMAINS_SHOWN)
		text = arena_printf(
			plan->arena, "%s and %zu more", text, domains->count - DOMAINS_SHOWN);
	return text;
}

/* add_queue - the message that was taken waits there, whatever becomes of the container */
static void
add_queue(struct path_reader *reader)
{
	reader->queue = path_box(reader->path, PATH_QUEUE, reader->host, "queue", "Queue");
	path_fact(reader->path, reader->queue, "%s",
		path_value(reader, NULL, "queue_directory")[0] != '\0'
			? path_value(reader, NULL, "queue_directory")
			: PLAN_QUEUE_DIRECTORY);
}

size_t
path_read(struct plan *plan, const char *name, struct path *path)
{
	struct path_reader reader = {.plan = plan,
		.path = path,
		.queue = PATH_OUTSIDE,
		.store = PATH_OUTSIDE,
		.logins = PATH_OUTSIDE};
	struct faults of_main, of_master;
	struct postfix_check postfix;
	const char *shown = name;

	if (shown == NULL)
		shown = node_text(plan->settings, "hostname", "");
	if (shown[0] == '\0' || text_starts(shown, "{deferred:"))
		shown = "this container";
	reader.host = path_add_host(path, shown, detail(plan, shown));
	path->hosts[reader.host].has_others = node_at(plan->settings, "services") != NULL &&
		node_at(plan->settings, "services")->count > 0;
	if (postfix_read(&postfix, plan, &of_main, &of_master))
		reader.postfix = &postfix;
	path_signer(&reader);
	path_dovecot(&reader);
	if (reader.postfix != NULL) {
		add_queue(&reader);
		path_listeners(&reader);
		path_transports(&reader);
	}
	for (size_t i = 0; i < plan->findings->count; i++)
		if (plan->findings->items[i].severity == SEVERITY_ERROR)
			path_trouble(path, reader.host, plan->findings->items[i].rule->id);
	return reader.host;
}
