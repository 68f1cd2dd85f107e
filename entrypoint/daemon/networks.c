/* networks.c - who may relay without a password */
#include "daemon/networks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "daemon/interfaces.h"

struct writer {
	struct plan *plan;
	enum networks_style style;
	struct node *except, *list; /* exceptions come first: the first match decides */
	const struct origin *from;
};

/* write_network - ADDRESS/BITS in the daemon's own words */
static void
write_network(struct writer *writer, bool except, const char *address, unsigned bits)
{
	bool six = strchr(address, ':') != NULL;
	bool whole = bits == (six ? 128 : 32);
	const char *mask = whole ? "" : arena_printf(writer->plan->arena, "/%u", bits);
	bool brackets = six && writer->style == NETWORKS_POSTFIX;
	const char *text = arena_printf(writer->plan->arena, "%s%s%s%s%s", except ? "!" : "",
		brackets ? "[" : "", address, brackets ? "]" : "",
		brackets && whole ? "/128" : mask);

	node_add(writer->plan->arena, except ? writer->except : writer->list,
		node_scalar(writer->plan->arena, text, writer->from));
}

static void
write_binary(struct writer *writer, bool except, const struct interface_address *address)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(address->family, address->address, text, sizeof(text)) != NULL)
		write_network(writer, except, text, address->bits);
}

static void
write_loopback(struct writer *writer)
{
	write_network(writer, false, "127.0.0.0", 8);
	write_network(writer, false, "::ffff:127.0.0.0", 104);
	write_network(writer, false, "::1", 128);
}

/*
 * first_of - the first address of a network: Docker gives it to the bridge, and
 * only the network with the default route has its gateway in the routing table
 */
static struct interface_address
first_of(const struct interface_address *network)
{
	struct interface_address first = *network;

	interface_to_network(&first);
	first.address[first.family == AF_INET ? 3 : 15] |= 1;
	first.bits = first.family == AF_INET ? 32 : 128;
	return first;
}

static bool
is_own(const struct interface_address *own, size_t count, const struct interface_address *address)
{
	struct interface_address whole;

	for (size_t i = 0; i < count; i++) {
		whole = own[i];
		whole.bits = address->bits;
		if (interface_contains(&whole, address))
			return true;
	}
	return false;
}

static void
write_connected(struct writer *writer, const struct interface_address *own, size_t count)
{
	struct interface_address *gateways;
	size_t gateway_count;

	interfaces_gateways(writer->plan->arena, "/proc", &gateways, &gateway_count);
	for (size_t i = 0; i < count; i++) {
		struct interface_address network = own[i], first = first_of(&own[i]);

		interface_to_network(&network);
		if (!is_own(own, count, &first))
			write_binary(writer, true, &first);
		for (size_t j = 0; j < gateway_count; j++)
			if (interface_contains(&network, &gateways[j]) &&
				memcmp(gateways[j].address, first.address, 16) != 0)
				write_binary(writer, true, &gateways[j]);
		write_binary(writer, false, &network);
	}
}

/* write_found - `container` and `connected`, which only the container itself knows */
static void
write_found(struct writer *writer, const char *word)
{
	struct plan *plan = writer->plan;
	struct interface_address *own;
	size_t count;

	if (!plan->live) {
		const char *name = arena_printf(plan->arena, "networks.%s", word);
		struct node *item = node_scalar(plan->arena,
			arena_printf(plan->arena, "{deferred:%s}", name), writer->from);

		item->deferred = true;
		node_add(plan->arena, writer->list, item);
		for (size_t i = 0; i < plan->deferred_count; i++)
			if (strcmp(plan->deferred[i].name, name) == 0)
				return;
		plan_add_deferred(plan, name, "the container's networks are known when it runs");
		return;
	}
	if (interfaces_find(plan->arena, &own, &count) != 0) {
		finding_add(plan->findings, "networks-unknown", writer->from,
			"the container's own addresses cannot be read: %s", strerror(errno));
		return;
	}
	if (strcmp(word, "connected") == 0) {
		write_connected(writer, own, count);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		own[i].bits = own[i].family == AF_INET ? 32 : 128;
		write_binary(writer, false, &own[i]);
	}
}

/* shortest - RFC 5952's form of an IPv6 address: OpenDKIM compares the text of addresses */
static const char *
shortest(struct arena *arena, const char *address)
{
	char text[INET6_ADDRSTRLEN];
	unsigned char binary[16];

	if (inet_pton(AF_INET6, address, binary) != 1 ||
		inet_ntop(AF_INET6, binary, text, sizeof(text)) == NULL)
		return address;
	return arena_strdup(arena, text);
}

/* write_given - an address or network that the user wrote, brackets or not */
static void
write_given(struct writer *writer, const char *text)
{
	struct arena *arena = writer->plan->arena;
	bool except = text[0] == '!';
	char *address = arena_strdup(arena, text + except), *slash, *end;
	unsigned bits;

	if (address[0] == '[') {
		address++;
		end = strchr(address, ']');
		if (end != NULL)
			memmove(end, end + 1, strlen(end));
	}
	bits = strchr(address, ':') != NULL ? 128 : 32;
	slash = strchr(address, '/');
	if (slash != NULL) {
		*slash = '\0';
		bits = 0;
		for (const char *digit = slash + 1; *digit >= '0' && *digit <= '9'; digit++)
			bits = bits * 10 + (unsigned)(*digit - '0');
	}
	write_network(writer, except, shortest(arena, address), bits);
}

struct node *
networks_list(struct plan *plan, enum networks_style style)
{
	const struct node *networks = node_at(plan->settings, "networks");
	static const struct origin by_default = {.kind = ORIGIN_DEFAULT};
	const struct origin *from = networks != NULL ? &networks->origin : &by_default;
	struct writer writer = {plan, style, NULL, NULL, from};

	writer.except = node_new(plan->arena, NODE_LIST, from);
	writer.list = node_new(plan->arena, NODE_LIST, from);
	for (size_t i = 0; networks != NULL && i < networks->count; i++) {
		const char *word = networks->items[i]->text;

		writer.from = &networks->items[i]->origin;
		if (strcmp(word, "loopback") == 0)
			write_loopback(&writer);
		else if (strcmp(word, "container") == 0 || strcmp(word, "connected") == 0)
			write_found(&writer, word);
		else
			write_given(&writer, word);
	}
	for (size_t i = 0; i < writer.list->count; i++)
		node_add(plan->arena, writer.except, writer.list->items[i]);
	return writer.except;
}
