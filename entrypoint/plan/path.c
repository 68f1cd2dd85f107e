/* path.c - the path that mail takes, put together */
#include "plan/path.h"

#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

void
path_init(struct path *path, struct arena *arena)
{
	*path = (struct path){.arena = arena};
}

/* grown - ITEMS with room for one more */
static void *
grown(struct path *path, void *items, size_t count, size_t *room, size_t size)
{
	size_t more = *room != 0 ? *room * 2 : 8;

	if (count < *room)
		return items;
	items = arena_grow(path->arena, items, count * size, more * size);
	*room = more;
	return items;
}

static const char *
copied(struct path *path, const char *text)
{
	return text != NULL ? arena_strdup(path->arena, text) : NULL;
}

/* shown - a copy for people: a name that somebody chose must not speak to their terminal */
static const char *
shown(struct path *path, const char *text)
{
	return text_mask_controls(arena_strdup(path->arena, text));
}

size_t
path_add_host(struct path *path, const char *name, const char *detail)
{
	path->hosts =
		grown(path, path->hosts, path->host_count, &path->host_room, sizeof(*path->hosts));
	path->hosts[path->host_count] = (struct path_host){
		.name = shown(path, name), .detail = shown(path, detail), .replicas = 1};
	return path->host_count++;
}

void
path_name_host(struct path *path, size_t host, const char *name)
{
	struct path_host *named = &path->hosts[host];

	if (named->name_count < PATH_NAMES)
		named->names[named->name_count++] = copied(path, name);
}

size_t
path_box(struct path *path, enum path_kind kind, size_t host, const char *key, const char *title)
{
	for (size_t i = 0; i < path->box_count; i++)
		if (path->boxes[i].host == host && strcmp(path->boxes[i].key, key) == 0)
			return i;
	path->boxes =
		grown(path, path->boxes, path->box_count, &path->box_room, sizeof(*path->boxes));
	path->boxes[path->box_count] = (struct path_box){
		.kind = kind, .host = host, .key = copied(path, key), .title = shown(path, title)};
	return path->box_count++;
}

void
path_fact(struct path *path, size_t box, const char *format, ...)
{
	struct path_box *about = &path->boxes[box];
	const char *text;
	va_list args;

	va_start(args, format);
	text = text_mask_controls(arena_vprintf(path->arena, format, args));
	va_end(args);
	for (size_t i = 0; i < about->fact_count; i++)
		if (strcmp(about->facts[i], text) == 0)
			return;
	if (about->fact_count < PATH_FACTS)
		about->facts[about->fact_count++] = text;
}

void
path_edge(struct path *path, size_t from, size_t to, enum path_way way, const char *finding)
{
	for (size_t i = 0; i < path->edge_count; i++)
		if (path->edges[i].from == from && path->edges[i].to == to &&
			path->edges[i].way == way)
			return;
	path->edges =
		grown(path, path->edges, path->edge_count, &path->edge_room, sizeof(*path->edges));
	path->edges[path->edge_count++] = (struct path_edge){
		.from = from, .to = to, .way = way, .finding = copied(path, finding)};
}

void
path_trouble(struct path *path, size_t host, const char *finding)
{
	for (size_t i = 0; i < path->edge_count; i++)
		if (path->edges[i].finding != NULL &&
			strcmp(path->edges[i].finding, finding) == 0 &&
			path->boxes[path->edges[i].from].host == host)
			return;
	for (size_t i = 0; i < path->box_count; i++)
		if (path->boxes[i].finding != NULL && path->boxes[i].host == host &&
			strcmp(path->boxes[i].finding, finding) == 0)
			return;
	for (size_t i = 0; i < path->trouble_count; i++)
		if (path->troubles[i].host == host &&
			strcmp(path->troubles[i].finding, finding) == 0)
			return;
	path->troubles = grown(path, path->troubles, path->trouble_count, &path->trouble_room,
		sizeof(*path->troubles));
	path->troubles[path->trouble_count++] =
		(struct path_trouble){.host = host, .finding = copied(path, finding)};
}

void
path_port(struct path *path, size_t box, const char *port)
{
	struct path_box *about = &path->boxes[box];

	if (about->port == NULL)
		about->port = copied(path, port);
	else if (about->more_port_count < PATH_PORTS)
		about->more_ports[about->more_port_count++] = copied(path, port);
}

/* is_called - whether others reach HOST by NAME */
static bool
is_called(const struct path_host *host, const char *name)
{
	if (strcasecmp(host->name, name) == 0)
		return true;
	for (size_t i = 0; i < host->name_count; i++)
		if (strcasecmp(host->names[i], name) == 0)
			return true;
	return false;
}

static bool
has_port(const struct path_box *box, const char *port)
{
	if (box->port == NULL)
		return false;
	if (strcmp(box->port, port) == 0)
		return true;
	for (size_t i = 0; i < box->more_port_count; i++)
		if (strcmp(box->more_ports[i], port) == 0)
			return true;
	return false;
}

/* at_port - the box of HOST that listens at PORT; else the number of boxes */
static size_t
at_port(const struct path *path, size_t host, const char *port)
{
	size_t i = 0;

	while (i < path->box_count &&
		(path->boxes[i].host != host || path->boxes[i].kind == PATH_PARTNER ||
			!has_port(&path->boxes[i], port)))
		i++;
	return i;
}

enum path_lead
path_follow(const struct path *path, size_t partner, size_t *host, size_t *with)
{
	const struct path_box *box = &path->boxes[partner];
	bool unknown = false;

	*host = PATH_OUTSIDE;
	if (box->kind != PATH_PARTNER || box->endpoint == NULL || box->port == NULL)
		return PATH_LEADS_OUT;
	/* several may share a name: it is enough that one of them listens */
	for (size_t i = 0; i < path->host_count; i++) {
		if (!is_called(&path->hosts[i], box->endpoint))
			continue;
		*with = at_port(path, i, box->port);
		if (*with < path->box_count) {
			*host = i;
			return PATH_LEADS_TO;
		}
		unknown = unknown || path->hosts[i].has_others;
		if (*host == PATH_OUTSIDE)
			*host = i;
	}
	return *host == PATH_OUTSIDE || unknown ? PATH_LEADS_OUT : PATH_LEADS_NOWHERE;
}

/* replace - what the others know of the partner, but for what it is, is said of the box */
static void
replace(struct path *path, size_t partner, size_t with)
{
	for (size_t i = 1; i < path->boxes[partner].fact_count; i++)
		path_fact(path, with, "%s", path->boxes[partner].facts[i]);
	path->boxes[partner].gone = true;
	for (size_t i = 0; i < path->edge_count; i++) {
		if (path->edges[i].to == partner)
			path->edges[i].to = with;
		if (path->edges[i].from == partner)
			path->edges[i].from = with;
	}
}

/* tell_closed - the partner's container is here, and has nothing at that port */
static void
tell_closed(struct path *path, size_t partner, size_t host)
{
	path_fact(path, partner, "nothing of %s listens at port %s", path->hosts[host].name,
		path->boxes[partner].port);
	path->boxes[partner].finding = PATH_PARTNER_CLOSED;
}

static bool
is_led_to(const struct path *path, size_t box)
{
	for (size_t i = 0; i < path->edge_count; i++)
		if (path->edges[i].to == box)
			return true;
	return false;
}

/* hide_unasked - who checks passwords, beside others none of whom asks */
static void
hide_unasked(struct path *path)
{
	for (size_t i = 0; i < path->box_count && path->host_count > 1; i++) {
		bool asked = path->boxes[i].kind != PATH_LOGINS || is_led_to(path, i);

		path->boxes[i].gone = path->boxes[i].gone || !asked;
	}
}

/* add_elsewhere - ports for a Postfix that is not in the picture have it as their client */
static void
add_elsewhere(struct path *path)
{
	size_t count = path->box_count;

	for (size_t i = 0; i < count; i++) {
		const struct path_box *box = &path->boxes[i];
		bool login = box->kind == PATH_LOGINS;

		if (box->gone || box->port == NULL || is_led_to(path, i) ||
			(!login && box->kind != PATH_STORE && box->kind != PATH_FILTER))
			continue;
		path_edge(path,
			path_box(path, PATH_SENDER, PATH_OUTSIDE, "elsewhere", "Postfix elsewhere"),
			i, login ? PATH_LOGIN : PATH_MAIL, NULL);
	}
}

void
path_join(struct path *path)
{
	for (size_t i = 0; i < path->box_count; i++) {
		size_t host, with;
		enum path_lead lead = path_follow(path, i, &host, &with);

		if (lead == PATH_LEADS_TO)
			replace(path, i, with);
		else if (lead == PATH_LEADS_NOWHERE)
			tell_closed(path, i, host);
	}
	for (size_t i = 0; i < path->edge_count; i++) {
		const struct path_box *to = &path->boxes[path->edges[i].to];

		if (to->kind == PATH_PARTNER && to->finding != NULL)
			path->edges[i].finding = to->finding;
	}
	hide_unasked(path);
	add_elsewhere(path);
}
