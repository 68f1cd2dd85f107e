/*
 * compose_partners.c - partners by names that nothing of the compose file has
 *
 * The engine's resolver knows a service by its name, its container's name and its
 * aliases. A name without a dot that is none of them is found nowhere, unless a
 * network of another project, the hosts file or a link brings it: then nothing is told.
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "settings/compose_room.h"
#include "settings/outline.h"

/* reaches_out - whether names may come from elsewhere than from this file */
static bool
reaches_out(const struct compose *compose)
{
	static const char *const keys[] = {
		"extra_hosts", "external_links", "links", "network_mode", "dns_search"};
	const struct node *networks = node_get(compose->root, "networks");

	if (node_get(compose->root, "include") != NULL)
		return true;
	for (size_t i = 0; networks != NULL && networks->type == NODE_MAP && i < networks->count;
		i++)
		if (node_get(networks->items[i], "external") != NULL)
			return true;
	for (size_t i = 0; i < compose->chain_count; i++)
		for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++)
			if (node_get(compose->chain[i], keys[k]) != NULL)
				return true;
	return false;
}

void
compose_partners_remember(struct compose *compose)
{
	struct outline *outline;

	if (reaches_out(compose))
		return;
	outline = arena_alloc(compose->arena, sizeof(*outline));
	outline_take(compose, node_get(compose->root, "services"), outline);
	compose->loading->neighbours = outline;
}

static bool
is_there(const struct outline *outline, const char *host)
{
	for (size_t i = 0; i < outline->count; i++) {
		const struct outline_service *service = &outline->services[i];

		if (strcasecmp(service->name, host) == 0)
			return true;
		for (size_t k = 0; k < service->name_count; k++)
			/* ${NAME} is of the machine that it starts on: it may be any */
			if (strchr(service->names[k], '$') != NULL ||
				strcasecmp(service->names[k], host) == 0)
				return true;
	}
	return false;
}

/* host_of - the bare name in "inet:HOST:PORT" or "[HOST]:PORT"; "" for what is none */
static const char *
host_of(struct arena *arena, const char *text)
{
	size_t len;

	if (text_starts(text, "inet:"))
		text += strlen("inet:");
	else if (strchr(text, '/') != NULL || strchr(text, '{') != NULL)
		return "";
	if (text[0] == '[')
		text++;
	len = strcspn(text, ":]");
	/* a full name, an address, or what a template is to fill in */
	if (strcspn(text, ".{$/") < len || text[strspn(text, "0123456789abcdefABCDEF:")] == ']')
		return "";
	return arena_strndup(arena, text, len);
}

static void
look(struct loading *loading, const char *path, const struct node *value)
{
	const struct outline *outline = loading->neighbours;
	struct origin origin = value->origin;
	const char *host = host_of(loading->arena, value->text), *near;
	const char **names;

	if (value->deferred || host[0] == '\0' || strcmp(host, "localhost") == 0 ||
		is_there(outline, host))
		return;
	names = arena_alloc(loading->arena, (outline->count + 1) * sizeof(*names));
	for (size_t i = 0; i < outline->count; i++)
		names[i] = outline->services[i].name;
	near = text_nearest(host, names, outline->count);
	finding_add(loading->findings, "compose-partner-missing", &origin,
		"%s: no service of the compose file is called \"%.64s\"%s%s%s", path, host,
		near != NULL ? "; did you mean \"" : "", near != NULL ? near : "",
		near != NULL ? "\"?" : "");
}

void
compose_partners(struct loading *loading)
{
	static const char *const paths[] = {"delivery.lmtp", "delivery.sasl", "relay.host"};
	const struct node *milters = node_at(loading->settings, "milters");

	if (loading->neighbours == NULL)
		return;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct node *value = node_at(loading->settings, paths[i]);

		if (value != NULL && value->type == NODE_SCALAR)
			look(loading, paths[i], value);
	}
	for (size_t i = 0; milters != NULL && milters->type == NODE_LIST && i < milters->count; i++)
		look(loading, "milters", milters->items[i]);
}
