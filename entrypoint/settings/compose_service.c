/* compose_service.c - which service of a compose file is the mail server */
#include "settings/compose_room.h"

#include <string.h>

#include "base/text.h"
#include "settings/environment.h"

#define LOOKED_AT_MAX 200 /* variables of a service, to see whose it is */

/* says_mailinit - whether a key of the service holds our image's name */
static bool
says_mailinit(const struct node *service, const char *key)
{
	const struct node *value = node_get(service, key);

	if (value != NULL && value->type == NODE_MAP)
		return says_mailinit(value, "context") || says_mailinit(value, "dockerfile");
	return value != NULL && strstr(value->text, "mailinit") != NULL;
}

/* is_setting - "MAIL_HOSTNAME", "MAIL_HOSTNAME=x" */
static bool
is_setting(struct compose *compose, const char *text)
{
	const char *name = arena_strndup(compose->arena, text, strcspn(text, "="));
	const char *base = environment_file_base(compose->arena, name);

	return text_starts(name, "MAIL_") &&
		(schema_find_variable(name) != NULL ||
			(base != NULL && schema_find_variable(base) != NULL));
}

static bool
has_settings(struct compose *compose, const struct node *service)
{
	const struct node *environment = node_get(service, "environment");
	for (size_t i = 0; environment != NULL && i < environment->count && i < LOOKED_AT_MAX; i++)
		if (is_setting(compose,
			    environment->type == NODE_MAP ? environment->keys[i]
							  : environment->items[i]->text))
			return true;
	return false;
}

/* looks_ours - 2: it names our image; 1: it has our variables; 0: neither */
static int
looks_ours(struct compose *compose, const struct node *service)
{
	if (says_mailinit(service, "image") || says_mailinit(service, "build"))
		return 2;
	return has_settings(compose, service) ? 1 : 0;
}

bool
compose_looks_ours(struct compose *compose, const struct node *service)
{
	return looks_ours(compose, service) > 0;
}

static const char *
list_names(struct compose *compose, const struct node *services, int least)
{
	struct buffer names = {0};
	const char *text;
	size_t shown = 0;

	for (size_t i = 0; i < services->count && shown < 20; i++)
		if (looks_ours(compose, services->items[i]) >= least) {
			buffer_printf(&names, "%s%.64s", shown > 0 ? ", " : "", services->keys[i]);
			shown++;
		}
	text = arena_strdup(compose->arena, buffer_text(&names));
	buffer_free(&names);
	return text;
}

/* help_choose - of the newest finding: nothing is wrong with the file, one service is to be named */
static void
help_choose(struct compose *compose)
{
	struct findings *findings = compose->loading->findings;
	struct finding *finding = &findings->items[findings->count - 1];

	finding->effect = "None to mail: nothing was checked.";
	finding->help = arena_printf(compose->arena,
		"Name one, as in --compose %s:SERVICE; run it once for each that is mailinit.",
		compose->file);
}

/* guess - the one service that looks most like ours; NULL after a finding */
static const char *
guess(struct compose *compose, const struct node *services)
{
	size_t counts[3] = {0};
	const char *found[3] = {NULL};
	int best;

	for (size_t i = 0; i < services->count; i++) {
		int likeness = looks_ours(compose, services->items[i]);

		counts[likeness]++;
		found[likeness] = services->keys[i];
	}
	best = counts[2] > 0 ? 2 : counts[1] > 0 ? 1 : 0;
	if (counts[best] == 1)
		return found[best];
	compose_refuse(compose, services,
		best > 0 ? "several services look like mailinit; write --compose %s:SERVICE, with "
			   "one of: %s"
			 : "no service looks like mailinit; write --compose %s:SERVICE, with one "
			   "of: %s",
		compose->file, list_names(compose, services, best));
	help_choose(compose);
	return NULL;
}

static struct node *
find_service(struct compose *compose, const struct node *services, const char *name,
	const struct node *place)
{
	struct node *service = node_get(services, name);
	const char *nearest;

	if (service != NULL && service->type == NODE_MAP)
		return service;
	if (service != NULL) {
		compose_refuse(compose, service, "the service \"%.64s\" must be a map", name);
		return NULL;
	}
	if (services == NULL || services->type != NODE_MAP || services->count == 0) {
		compose_refuse(
			compose, place, "the file of the service \"%.64s\" has no services", name);
		return NULL;
	}
	nearest = text_nearest(name, services->keys, services->count);
	if (nearest != NULL)
		compose_refuse(compose, place,
			"there is no service \"%.64s\"; did you mean \"%s\"?", name, nearest);
	else
		compose_refuse(compose, place, "there is no service \"%.64s\"; there are: %s", name,
			list_names(compose, services, 0));
	return NULL;
}

/* base_file - the file where the base of EXTENDS stands; *NUMBER as it was when none is named */
static bool
base_file(struct compose *compose, const struct node *extends, size_t *number)
{
	const struct node *node = node_get(extends, "file");
	const struct compose_file *file;
	const char *path;

	if (node == NULL || node->type == NODE_NULL)
		return true;
	path = compose_text(compose, node, "extends", true);
	if (path == NULL)
		return false;
	file = compose_open(compose, compose_path(compose, path), node);
	if (file == NULL)
		return false;
	*number = (size_t)(file - compose->files);
	return true;
}

/*
 * base_of - the service that SERVICE extends, NULL when none; *NUMBER: its file;
 * *BROKEN after a finding
 */
static struct node *
base_of(struct compose *compose, const struct node *service, size_t *number, bool *broken)
{
	const struct node *extends = node_get(service, "extends"), *name = extends;
	const char *wanted;
	struct node *base;

	if (extends == NULL || extends->type == NODE_NULL)
		return NULL;
	*broken = true;
	if (extends->type == NODE_MAP)
		name = node_get(extends, "service");
	if (name == NULL || name->type != NODE_SCALAR) {
		compose_refuse(compose, extends, "extends must name a service");
		return NULL;
	}
	wanted = compose_text(compose, name, "extends", true);
	if (wanted == NULL || (extends->type == NODE_MAP && !base_file(compose, extends, number)))
		return NULL;
	base = find_service(
		compose, node_get(compose->files[*number].root, "services"), wanted, name);
	*broken = base == NULL;
	return base;
}

/* follow_extends - fills the chain, the base first */
static int
follow_extends(struct compose *compose, struct node *service)
{
	struct node *found[COMPOSE_EXTENDS_MAX];
	size_t files[COMPOSE_EXTENDS_MAX], count = 0, number = 0;
	bool broken = false;

	while (service != NULL) {
		if (count == COMPOSE_EXTENDS_MAX) {
			compose_refuse(compose, service,
				"services extend each other in a circle, or more than 16 in a row");
			return -1;
		}
		files[count] = number;
		found[count++] = service;
		service = base_of(compose, service, &number, &broken);
		compose_read_from(compose, number);
	}
	while (count > 0) {
		count--;
		compose->chain[compose->chain_count] = found[count];
		compose->chain_files[compose->chain_count++] = files[count];
	}
	compose_read_from(compose, 0);
	return broken ? -1 : 0;
}

int
compose_choose(struct compose *compose, const char *wanted)
{
	const struct node *services = node_get(compose->root, "services");
	struct node *service;

	if (services == NULL || services->type != NODE_MAP || services->count == 0) {
		compose_refuse(compose, services,
			node_get(compose->root, "include") != NULL
				? "%s has no services itself, and what it includes is not read; "
				  "give the output of `docker compose config` instead"
				: "%s has no services: is it a compose file?",
			compose->file);
		return -1;
	}
	if (services->count > COMPOSE_SERVICES_MAX) {
		compose_is_full(compose, services, "more than 1000 services");
		return -1;
	}
	compose->name = wanted != NULL ? wanted : guess(compose, services);
	if (compose->name == NULL)
		return -1;
	service = find_service(compose, services, compose->name, services);
	return service != NULL ? follow_extends(compose, service) : -1;
}
