/*
 * compose_ports.c - ports of the machine that lead to what asks for no password
 *
 * LMTP, Dovecot's authentication and a milter are for one partner alone. Published on all
 * addresses of a machine, they are there for everybody who reaches it: Docker opens such a
 * port past the machine's own firewall.
 */
#include "settings/compose_room.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define PORTS_MAX 200

/* is_private - RFC 1122, 1918, 3927, 6598, 4193 and 4291: nobody comes there from the internet */
static bool
is_private(const char *host)
{
	unsigned char four[4], six[16];

	if (strcmp(host, "localhost") == 0)
		return true;
	if (inet_pton(AF_INET, host, four) == 1)
		return four[0] == 127 || four[0] == 10 || (four[0] == 172 && four[1] >> 4 == 1) ||
			(four[0] == 192 && four[1] == 168) || (four[0] == 169 && four[1] == 254) ||
			(four[0] == 100 && four[1] >> 6 == 1);
	if (inet_pton(AF_INET6, host, six) != 1)
		return false;
	return six[0] >> 1 == 0x7e || (six[0] == 0xfe && six[1] >> 6 == 2) ||
		strcmp(host, "::1") == 0;
}

/* add - one that leads to PORT of the container from everywhere */
static void
add(struct compose *compose, const struct node *node, const char *host, const char *port)
{
	struct loading *loading = compose->loading;
	struct node *item;

	if (is_private(host))
		return;
	if (loading->published == NULL)
		loading->published = node_new(loading->arena, NODE_LIST, &node->origin);
	item = node_scalar(loading->arena, arena_strndup(loading->arena, port, strcspn(port, "/")),
		&node->origin);
	node_add(loading->arena, loading->published, item);
}

/* read_short - "24", "24:24", "10.8.0.2:24:24", "[::]:24:24", each perhaps with /tcp behind it */
static void
read_short(struct compose *compose, const struct node *node)
{
	const char *text = compose_text(compose, node, "ports", true), *last, *middle;
	char *host;

	if (text == NULL)
		return;
	last = strrchr(text, ':');
	if (last == NULL) {
		add(compose, node, "", text);
		return;
	}
	host = arena_strndup(compose->arena, text, (size_t)(last - text));
	middle = strrchr(host, ':');
	host[middle != NULL ? (size_t)(middle - host) : 0] = '\0';
	if (host[0] == '[' && text_ends(host, "]")) {
		host[strlen(host) - 1] = '\0';
		host++;
	}
	add(compose, node, host, last + 1);
}

/* tell_twice - compose wants each item of the list once */
static void
tell_twice(struct compose *compose, const struct node *ports, size_t place)
{
	const struct node *item = ports->items[place];

	for (size_t i = 0; item->type == NODE_SCALAR && i < place; i++)
		if (ports->items[i]->type == NODE_SCALAR &&
			strcmp(ports->items[i]->text, item->text) == 0) {
			compose_refuse(compose, item,
				"ports has \"%.64s\" twice: compose takes each item once",
				item->text);
			return;
		}
}

void
compose_ports(struct compose *compose)
{
	for (size_t i = 0; i < compose->chain_count; i++) {
		const struct node *ports = node_get(compose_enter(compose, i), "ports");

		for (size_t k = 0; ports != NULL && ports->type == NODE_LIST && k < ports->count &&
			k < PORTS_MAX && !compose_is_full(compose, ports, NULL);
			k++) {
			const struct node *item = ports->items[k];
			const char *target;

			tell_twice(compose, ports, k);
			if (item->type == NODE_SCALAR)
				read_short(compose, item);
			if (item->type != NODE_MAP)
				continue;
			target = compose_text_at(compose, item, "target", NULL);
			if (target != NULL)
				add(compose, item, compose_text_at(compose, item, "host_ip", ""),
					target);
		}
	}
}

/* leads_to - whether PUBLISHED, "24" or a range "20-30", has PORT */
static bool
leads_to(const char *published, const char *port)
{
	char *end;
	long first = strtol(published, &end, 10), wanted = strtol(port, NULL, 10);
	long last = *end == '-' ? strtol(end + 1, NULL, 10) : first;

	return wanted != 0 && first <= wanted && wanted <= last;
}

static bool
is_set(const struct loading *loading, const char *path)
{
	const struct node *node = node_at(loading->settings, path);

	return node != NULL && node->count > 0;
}

/* tell_unheard - ports of a daemon that the roles do not start, unless something else may listen */
static void
tell_unheard(struct loading *loading, const struct node *roles)
{
	static const char *const smtp[] = {"25", "465", "587"};
	static const char *const reading[] = {"110", "143", "993", "995", "4190"};
	bool postfix = node_has_text(roles, "mx") || node_has_text(roles, "submission") ||
		node_has_text(roles, "relay");
	bool dovecot = node_has_text(roles, "mailstore");
	const struct node *list = loading->published;

	if (is_set(loading, "services") || is_set(loading, "postfix.master") ||
		is_set(loading, "dovecot.settings") || list == NULL)
		return;
	for (size_t i = 0; i < list->count; i++) {
		const char *port = list->items[i]->text;
		struct origin origin = list->items[i]->origin;
		bool unheard = false;

		for (size_t k = 0; k < sizeof(smtp) / sizeof(smtp[0]); k++)
			unheard = unheard || (!postfix && strcmp(port, smtp[k]) == 0);
		for (size_t k = 0; k < sizeof(reading) / sizeof(reading[0]); k++)
			unheard = unheard || (!dovecot && strcmp(port, reading[k]) == 0);
		origin.kind = ORIGIN_ENVIRONMENT;
		if (unheard)
			finding_add(loading->findings, "port-unheard", &origin,
				"port %s is published, and with these roles nothing listens there",
				port);
	}
}

void
compose_compare_ports(struct loading *loading)
{
	static const struct {
		const char *setting, *role, *otherwise, *what;
	} doors[] = {
		{"listen.lmtp", "mailstore", "24", "LMTP, which takes mail from anybody"},
		{"listen.sasl", "mailstore", "", "where passwords are checked for anybody"},
		{"listen.milter", "dkim", "8891", "OpenDKIM, which signs for anybody"},
	};
	const struct node *roles = node_at(loading->settings, "roles");
	const struct node *list = loading->published;
	bool alone = !node_has_text(roles, "mx") && !node_has_text(roles, "submission") &&
		!node_has_text(roles, "relay");

	tell_unheard(loading, roles);
	for (size_t i = 0; i < sizeof(doors) / sizeof(doors[0]); i++) {
		const char *port = node_text(
			loading->settings, doors[i].setting, alone ? doors[i].otherwise : "");

		if (strrchr(port, ':') != NULL)
			port = strrchr(port, ':') + 1;
		for (size_t k = 0;
			list != NULL && k < list->count && node_has_text(roles, doors[i].role);
			k++) {
			struct origin origin = list->items[k]->origin;

			origin.kind = ORIGIN_ENVIRONMENT;
			if (leads_to(list->items[k]->text, port))
				finding_add(loading->findings, "listener-published", &origin,
					"port %s is published on all addresses of the machine: it "
					"is %s",
					port, doors[i].what);
		}
	}
}
