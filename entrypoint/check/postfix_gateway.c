/*
 * postfix_gateway.c - a bridge's gateway among those who may relay
 *
 * Docker's proxy takes what arrives over IPv6, or at a port of the machine itself, and
 * connects to the container from the gateway of its network: strangers then have that
 * address. A network that holds it is an open relay for all of them.
 */
#include <string.h>

#include "base/text.h"
#include "check/network.h"
#include "check/postfix.h"
#include "daemon/daemon.h"
#include "daemon/interfaces.h"

/* What a list of networks said before: the first pattern that matches decides. */
struct excepted {
	struct network *items;
	size_t count;
};

static bool
is_excepted(const struct excepted *excepted, const struct network *address)
{
	for (size_t i = 0; i < excepted->count; i++)
		if (network_holds(&excepted->items[i], address))
			return true;
	return false;
}

/* in_pools - whether engines take the networks of their bridges from there (172.17.0.0/16 on) */
static bool
in_pools(const struct network *network)
{
	static const struct network pool = {.address = {172, 16}, .bits = 12};

	return network_holds(&pool, network) && network->bits >= 16;
}

/* is_wide - a whole block of RFC 1918, or much of the engine's, with whatever bridges are in it */
static bool
is_wide(const struct network *network)
{
	static const struct network blocks[] = {
		{.address = {10}, .bits = 8},
		{.address = {172, 16}, .bits = 12},
		{.address = {192, 168}, .bits = 16},
	};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		if (network_holds(network, &blocks[i]))
			return true;
	return network_holds(&blocks[1], network) && network->bits < 16;
}

/* first_of - the first address of a network, which its gateway has */
static struct network
first_of(const struct network *network)
{
	struct network first = *network;

	first.bits = first.six ? 128 : 32;
	first.address[first.six ? 15 : 3] |= 1;
	return first;
}

static void
say_gateway(struct postfix_check *check, const struct postfix_setting *setting, const char *word,
	const char *what)
{
	postfix_say(check, "gateway-trusted", setting, postfix_word_place(setting, word),
		"%s may relay without a password, and %s", postfix_word_shown(check, setting, word),
		what);
}

/* check_live - the gateways of the container's own routes */
static void
check_live(struct postfix_check *check, const struct postfix_setting *setting, const char *word,
	const struct network *network, const struct excepted *excepted)
{
	struct interface_address *gateways;
	size_t count;

	interfaces_gateways(check->plan->arena, "/proc", &gateways, &count);
	for (size_t i = 0; i < count; i++) {
		struct network gateway = {.bits = gateways[i].bits, .six = gateways[i].bits == 128};

		memcpy(gateway.address, gateways[i].address, sizeof(gateway.address));
		if (network_holds(network, &gateway) && !is_excepted(excepted, &gateway)) {
			say_gateway(check, setting, word,
				"the gateway of the container's own network is in it");
			return;
		}
	}
}

static void
check_pattern(struct postfix_check *check, const struct postfix_setting *setting, const char *word,
	struct excepted *excepted)
{
	struct network network, first;
	bool is_address, except = word[0] == '!';

	while (word[0] == '!')
		word++;
	if (network_read(check->plan->arena, word, false, &network, &is_address) != NULL ||
		!is_address)
		return;
	network_unmap(&network);
	if (except) {
		excepted->items[excepted->count++] = network;
		return;
	}
	/* what is open to more than private addresses is told already, as what it is */
	if (!network_is_private(&network))
		return;
	first = first_of(&network);
	if (check->plan->live)
		check_live(check, setting, word, &network, excepted);
	else if (is_wide(&network))
		say_gateway(check, setting, word, "the gateways of many bridges are in it");
	else if (in_pools(&network) && network.bits < 32 && !is_excepted(excepted, &first))
		say_gateway(check, setting, word,
			"its first address is the gateway, if it is a network of the engine");
}

void
postfix_check_gateway(struct postfix_check *check)
{
	const struct postfix_setting *setting = postfix_setting_of(check, NULL, "mynetworks");
	struct excepted excepted = {0};
	const char *list;
	struct postfix_word word;

	/* a relay is for its networks alone: the world has no business at its port */
	if (setting == NULL || !daemon_role(check->plan, "mx"))
		return;
	list = postfix_expand_part(check, setting);
	excepted.items =
		arena_alloc(check->plan->arena, (strlen(list) + 1) * sizeof(*excepted.items));
	while (postfix_word_next(&list, &word))
		check_pattern(check, setting,
			arena_strndup(check->plan->arena, word.text, word.len), &excepted);
}
