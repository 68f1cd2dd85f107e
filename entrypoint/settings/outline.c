/* outline.c - the services of a compose file, at a glance */
#include "settings/outline.h"

#include <stdlib.h>
#include <string.h>

#include "settings/compose_room.h"

#define REPLICAS_MAX 1000

static void
add_name(struct outline_service *service, const struct node *name)
{
	if (name == NULL || name->type != NODE_SCALAR || name->text[0] == '\0' ||
		service->name_count == OUTLINE_NAMES)
		return;
	service->names[service->name_count++] = name->text;
}

/* add_aliases - networks: {NETWORK: {aliases: […]}} */
static void
add_aliases(struct outline_service *service, const struct node *networks)
{
	for (size_t i = 0; networks != NULL && networks->type == NODE_MAP && i < networks->count;
		i++) {
		const struct node *aliases = node_get(networks->items[i], "aliases");

		for (size_t k = 0;
			aliases != NULL && aliases->type == NODE_LIST && k < aliases->count; k++)
			add_name(service, aliases->items[k]);
	}
}

/* replicas_of - deploy.replicas, or the older scale */
static unsigned
replicas_of(const struct node *service)
{
	const char *text = node_text(service, "deploy.replicas", node_text(service, "scale", "1"));
	unsigned long count = strtoul(text, NULL, 10);

	return count > 0 && count <= REPLICAS_MAX ? (unsigned)count : 1;
}

/* is_ours - itself, or the service of this file that it extends */
static bool
is_ours(struct compose *compose, const struct node *services, const struct node *service)
{
	for (size_t depth = 0; service != NULL && depth < COMPOSE_EXTENDS_MAX; depth++) {
		const struct node *extends = node_get(service, "extends");
		const char *base;

		if (compose_looks_ours(compose, service))
			return true;
		if (extends == NULL)
			return false;
		base = extends->type == NODE_MAP ? node_text(extends, "service", "")
						 : extends->text;
		service = base != NULL ? node_get(services, base) : NULL;
	}
	return false;
}

void
outline_take(struct compose *compose, const struct node *services, struct outline *outline)
{
	outline->services =
		arena_alloc(compose->arena, (services->count + 1) * sizeof(*outline->services));
	for (size_t i = 0; i < services->count && i < COMPOSE_SERVICES_MAX; i++) {
		const struct node *service = services->items[i];
		struct outline_service *taken = &outline->services[outline->count++];

		taken->name = services->keys[i];
		add_name(taken, node_get(service, "container_name"));
		add_name(taken, node_get(service, "hostname"));
		add_aliases(taken, node_get(service, "networks"));
		taken->replicas = replicas_of(service);
		taken->ours = is_ours(compose, services, service);
	}
}

int
outline_read(
	struct arena *arena, struct findings *findings, const char *wanted, struct outline *outline)
{
	const struct settings_source source = {.compose = wanted, .root = ""};
	struct loading loading = {.arena = arena, .findings = findings, .source = &source};
	struct compose *compose = arena_alloc(arena, sizeof(*compose));
	const struct node *services;

	*outline = (struct outline){0};
	compose->loading = &loading;
	compose->arena = arena;
	compose->first_finding = findings->count;
	outline->chosen = compose_split(compose, wanted);
	outline->file = compose->file;
	if (compose_open(compose, compose->file, NULL) == NULL)
		return -1;
	services = node_get(compose->files[0].root, "services");
	if (services != NULL && services->type == NODE_MAP)
		outline_take(compose, services, outline);
	buffer_free(&compose->files[0].content);
	return 0;
}
