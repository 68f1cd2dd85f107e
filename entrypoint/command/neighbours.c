/* neighbours.c - whether the partners of a service listen where it looks for them */
#include "command/neighbours.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "check/check.h"
#include "check/path.h"
#include "settings/outline.h"

#define PARTNERS_MAX 32 /* services that are read besides the one that was asked for */

/* One service, and the picture of it with those that it names. */
struct neighbourhood {
	struct build *build;
	const struct options *options;
	struct outline outline;
	struct path path;
	bool *read; /* of each service: it is in the picture */
	size_t count;
};

static bool
is_called(const struct outline_service *service, const char *name)
{
	if (strcasecmp(service->name, name) == 0)
		return true;
	for (size_t i = 0; i < service->name_count; i++)
		if (strcasecmp(service->names[i], name) == 0)
			return true;
	return false;
}

static void
name_it(struct path *path, size_t host, const struct outline_service *service)
{
	for (size_t i = 0; i < service->name_count; i++)
		path_name_host(path, host, service->names[i]);
}

/* add - a partner's part of the picture; false when its own settings are refused */
static bool
add(struct neighbourhood *near, const struct outline_service *service)
{
	struct options one = *near->options;
	struct build build = {0};
	bool known;

	one.compose = arena_printf(near->path.arena, "%s:%s", near->outline.file, service->name);
	build_plan(&build, &one, BUILD_ELSEWHERE);
	known = build.plan.file_count > 0;
	if (known)
		name_it(&near->path, path_read(&build.plan, service->name, &near->path), service);
	build_free(&build);
	return known;
}

/* add_partner - all services by that NAME; false when one of them is not known well enough */
static bool
add_partner(struct neighbourhood *near, const char *name)
{
	for (size_t i = 0; i < near->outline.count; i++) {
		const struct outline_service *service = &near->outline.services[i];

		if (!is_called(service, name) || near->read[i])
			continue;
		if (!service->ours || near->count == PARTNERS_MAX)
			return false;
		near->count++;
		near->read[i] = add(near, service);
		if (!near->read[i])
			return false;
	}
	return true;
}

/* names_it - whether TEXT has "HOST:PORT" or "[HOST]:PORT", or HOST alone */
static bool
names_it(const char *text, const char *host, const char *port)
{
	size_t len = strlen(host);

	for (const char *at = text; *at != '\0'; at++) {
		const char *end = at + len;

		if ((at != text && strchr(":[ ,{", at[-1]) == NULL) ||
			strncasecmp(at, host, len) != 0)
			continue;
		end += end[0] == ']';
		if (end[0] == '\0')
			return true;
		if (end[0] == ':' && strncmp(end + 1, port, strlen(port)) == 0 &&
			strspn(end + 1, "0123456789") == strlen(port))
			return true;
	}
	return false;
}

/* tell - at each value below NODE that names the partner; returns how many there are */
static size_t
tell(struct neighbourhood *near, const char *path, const struct node *node,
	const struct path_box *partner, const char *service)
{
	size_t count = 0;

	if (node == NULL || node->secret || node->deferred)
		return 0;
	if (node->type == NODE_SCALAR && names_it(node->text, partner->endpoint, partner->port)) {
		finding_add(&near->build->findings, PATH_PARTNER_CLOSED, &node->origin,
			"%s: nothing of the service \"%.64s\" listens at port %s", path, service,
			partner->port);
		return 1;
	}
	for (size_t i = 0; i < node->count; i++)
		count += tell(near,
			node->type == NODE_MAP && path[0] != '\0'
				? arena_printf(&near->build->arena, "%s.%s", path, node->keys[i])
				: path,
			node->items[i], partner, service);
	return count;
}

/* tell_closed - at its settings; else where a raw parameter or a template named it, of the plan */
static void
tell_closed(struct neighbourhood *near, size_t partner, size_t host)
{
	static const char *const paths[] = {"delivery.lmtp", "delivery.sasl", "milters",
		"relay.host", "relay.by_sender", "transports", "postfix.main"};
	const struct path_box *box = &near->path.boxes[partner];
	const char *service = near->path.hosts[host].name;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		count += tell(near, paths[i], node_at(near->build->plan.settings, paths[i]), box,
			service);
	if (count == 0)
		finding_add(&near->build->findings, PATH_PARTNER_CLOSED, NULL,
			"%s:%s: nothing of the service \"%.64s\" listens at that port",
			box->endpoint, box->port, service);
}

static void
look(struct neighbourhood *near)
{
	const struct outline *outline = &near->outline;
	size_t own = 0, boxes;

	while (own < outline->count &&
		(outline->chosen != NULL ? strcmp(outline->services[own].name, outline->chosen) != 0
					 : !outline->services[own].ours))
		own++;
	if (own == outline->count)
		return;
	name_it(&near->path,
		path_read(&near->build->plan, outline->services[own].name, &near->path),
		&outline->services[own]);
	near->read[own] = true;
	boxes = near->path.box_count;
	for (size_t i = 0; i < boxes; i++) {
		const char *name = near->path.boxes[i].endpoint;
		size_t host, with;

		/* a full name may be found in DNS, and lead elsewhere */
		if (name == NULL || strchr(name, '.') != NULL || !add_partner(near, name))
			continue;
		if (path_follow(&near->path, i, &host, &with) == PATH_LEADS_NOWHERE)
			tell_closed(near, i, host);
	}
}

void
neighbours_check(struct build *build, const struct options *options)
{
	struct neighbourhood near = {.build = build, .options = options};
	size_t judged = build->findings.count;
	struct findings told; /* by the plan already */
	struct stat status;
	struct arena arena;

	if (options->compose == NULL || build->plan.file_count == 0)
		return;
	arena_init(&arena);
	findings_init(&told, &arena);
	path_init(&near.path, &arena);
	/* a pipe was read to its end for the plan */
	if ((stat(options->compose, &status) != 0 || S_ISREG(status.st_mode)) &&
		strcmp(options->compose, "-") != 0 &&
		outline_read(&arena, &told, options->compose, &near.outline) == 0) {
		near.read = arena_alloc(&arena, (near.outline.count + 1) * sizeof(*near.read));
		look(&near);
	}
	arena_free(&arena);
	check_adjust(&build->plan, judged,
		node_text(build->plan.settings, "MAIL_START_ANYWAY", NULL), options->strict);
}
