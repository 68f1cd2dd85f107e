/*
 * compose_networks.c - networks that the service has in common with another one
 *
 * In two common networks its name has two addresses, and the other service takes one or
 * the other. Where `networks` has the one network and not the other, mail is taken or
 * refused by chance.
 */
#include "settings/compose_room.h"

#include <string.h>

#define NETWORKS_MAX 20 /* of one service; a container with more is none that people write */

/* networks_of - what a service lists; NULL: it is in `default` alone */
static const struct node *
networks_of(const struct node *service)
{
	const struct node *networks = node_get(service, "networks");

	return networks != NULL && networks->count > 0 ? networks : NULL;
}

/* name_at - of a list, or of a map; NULL: something else */
static const char *
name_at(const struct node *networks, size_t place)
{
	if (networks->type == NODE_MAP)
		return networks->keys[place];
	return networks->type == NODE_LIST && networks->items[place]->type == NODE_SCALAR
		? networks->items[place]->text
		: NULL;
}

static bool
has(const struct node *networks, const char *name)
{
	for (size_t i = 0; i < networks->count && i < NETWORKS_MAX; i++) {
		const char *other = name_at(networks, i);

		if (other != NULL && strcmp(other, name) == 0)
			return true;
	}
	return false;
}

/* subnet_of - the addresses that the file gives a network; "": it does not say */
static const char *
subnet_of(struct compose *compose, const char *name)
{
	const struct node *network = node_get(node_get(compose->root, "networks"), name);
	const struct node *config = node_get(node_get(network, "ipam"), "config");

	if (config == NULL || config->type != NODE_LIST || config->count == 0 ||
		config->items[0]->type != NODE_MAP)
		return "";
	return compose_text_at(compose, config->items[0], "subnet", "");
}

/* compare_with - notes each network that service OTHER shares, with its addresses */
static void
compare_with(struct compose *compose, const struct node *own, const char *other,
	const struct node *networks)
{
	struct loading *loading = compose->loading;

	for (size_t i = 0; i < networks->count && i < NETWORKS_MAX; i++) {
		const char *name = name_at(networks, i), *subnet;
		struct node *record;

		if (name == NULL || !has(own, name))
			continue;
		subnet = subnet_of(compose, name);
		if (subnet == NULL)
			continue;
		if (loading->shared_networks == NULL)
			loading->shared_networks =
				node_new(loading->arena, NODE_LIST, &networks->origin);
		record = node_new(loading->arena, NODE_MAP, &networks->origin);
		node_set(loading->arena, record, "service",
			node_scalar(loading->arena, other, &networks->origin));
		node_set(loading->arena, record, "network",
			node_scalar(loading->arena, name, &networks->origin));
		node_set(loading->arena, record, "subnet",
			node_scalar(loading->arena, subnet, &networks->origin));
		node_add(loading->arena, loading->shared_networks, record);
	}
}

void
compose_networks(struct compose *compose)
{
	const struct node *services = node_get(compose->root, "services"), *own = NULL;

	/* the last of those that it extends counts */
	for (size_t i = 0; i < compose->chain_count; i++)
		if (networks_of(compose->chain[i]) != NULL)
			own = networks_of(compose->chain[i]);
	if (own == NULL || services == NULL || services->type != NODE_MAP)
		return;
	compose_read_from(compose, 0);
	for (size_t i = 0; i < services->count && i < COMPOSE_SERVICES_MAX; i++) {
		const struct node *networks = networks_of(services->items[i]);

		if (networks != NULL && strcmp(services->keys[i], compose->name) != 0)
			compare_with(compose, own, services->keys[i], networks);
	}
}

/* may_relay - whether `networks` has just these addresses */
static bool
may_relay(const struct node *clients, const char *subnet)
{
	return subnet[0] != '\0' && node_has_text(clients, subnet);
}

/* is_found - whether `networks` has a word that stands for networks of the container itself */
static bool
is_found(const struct node *clients)
{
	return node_has_text(clients, "connected");
}

void
compose_compare_networks(struct loading *loading)
{
	const struct node *clients = node_at(loading->settings, "networks");
	const struct node *list = loading->shared_networks;

	if (list == NULL || clients == NULL || clients->type != NODE_LIST || is_found(clients))
		return;
	/* records of one service stand together */
	for (size_t first = 0, next; first < list->count; first = next) {
		const char *service = node_text(list->items[first], "service", "");
		const char *in = NULL, *out = NULL;

		for (next = first; next < list->count &&
			strcmp(node_text(list->items[next], "service", ""), service) == 0;
			next++) {
			const struct node *record = list->items[next];

			if (may_relay(clients, node_text(record, "subnet", "")))
				in = node_text(record, "network", "");
			else
				out = node_text(record, "network", "");
		}
		if (in != NULL && out != NULL) {
			struct origin origin = list->items[first]->origin;

			origin.kind = ORIGIN_ENVIRONMENT;
			finding_add(loading->findings, "compose-networks-shared", &origin,
				"the service %s is in the networks %s and %s, as this one is; "
				"networks has the addresses of %s alone",
				service, in, out, in);
		}
	}
}
