/* network.c - networks as mynetworks and OpenDKIM write them */
#include "check/network.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* RFC 1918, 1122, 3927 and 6598; RFC 4193, 4291 and 3879 */
static const struct {
	bool six;
	unsigned char address[2];
	unsigned bits;
} private_networks[] = {
	{false, {10, 0}, 8},
	{false, {100, 64}, 10},
	{false, {127, 0}, 8},
	{false, {169, 254}, 16},
	{false, {172, 16}, 12},
	{false, {192, 168}, 16},
	{true, {0xfc, 0}, 7},
	{true, {0xfe, 0x80}, 10},
	{true, {0xfe, 0xc0}, 10},
};

/* bit_at - bit AT of an address, from the left */
static bool
bit_at(const unsigned char *address, unsigned at)
{
	return (address[at / 8] & (0x80 >> at % 8)) != 0;
}

bool
network_is_private(const struct network *network)
{
	for (size_t i = 0; i < sizeof(private_networks) / sizeof(private_networks[0]); i++) {
		unsigned bits = private_networks[i].bits, same = 0;

		if (private_networks[i].six != network->six || network->bits < bits)
			continue;
		while (same < bits &&
			bit_at(network->address, same) == bit_at(private_networks[i].address, same))
			same++;
		if (same == bits)
			return true;
	}
	return false;
}

void
network_unmap(struct network *network)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

	if (!network->six || network->bits < 96 || memcmp(network->address, mapped, 12) != 0)
		return;
	memmove(network->address, network->address + 12, 4);
	network->six = false;
	network->bits -= 96;
}

/*
 * clear_hosts - clears the bits behind the prefix. Returns whether one was set, which
 * Postfix does not take.
 */
static bool
clear_hosts(struct network *network)
{
	bool any = false;

	for (unsigned at = network->bits; at < (network->six ? 128u : 32u); at++) {
		any = any || bit_at(network->address, at);
		network->address[at / 8] &= (unsigned char)~(0x80 >> at % 8);
	}
	return any;
}

const char *
network_read(
	struct arena *arena, const char *word, bool bare, struct network *network, bool *is_address)
{
	char *text = arena_strdup(arena, word), *slash, *end, shown[INET6_ADDRSTRLEN];
	unsigned most;

	*network = (struct network){.six = strchr(word, ':') != NULL};
	most = network->six ? 128 : 32;
	*is_address =
		word[strspn(word,
			network->six ? "0123456789abcdefABCDEF.:[]/" : "0123456789.[]/")] == '\0';
	if (!*is_address)
		return NULL;
	if (network->six && text[0] != '[' && !bare)
		return "an IPv6 address stands in brackets, as in [2001:db8::]/32: without them "
		       "it is read as TYPE:TABLE";
	if (text[0] == '[') {
		text++;
		end = strchr(text, ']');
		if (end == NULL || (end[1] != '/' && end[1] != '\0'))
			return "its brackets hold an address, and /BITS follows them";
		memmove(end, end + 1, strlen(end));
	}
	slash = strchr(text, '/');
	network->bits = most;
	if (slash != NULL) {
		*slash++ = '\0';
		if (slash[0] == '\0' || strlen(slash) > 3 ||
			slash[strspn(slash, "0123456789")] != '\0')
			return "what follows its / is a number of bits, as in 10.0.0.0/8";
		network->bits = (unsigned)strtoul(slash, NULL, 10);
		if (network->bits > most)
			return arena_printf(arena, "an address has %u bits and no more", most);
	}
	if (inet_pton(network->six ? AF_INET6 : AF_INET, text, network->address) != 1)
		return "it is no IP address";
	if (!clear_hosts(network) || slash == NULL)
		return NULL;
	inet_ntop(network->six ? AF_INET6 : AF_INET, network->address, shown, sizeof(shown));
	return arena_printf(arena,
		"bits of a host are set behind its /%u; the network is %s%s%s/%u", network->bits,
		network->six ? "[" : "", shown, network->six ? "]" : "", network->bits);
}

bool
network_holds(const struct network *outer, const struct network *inner)
{
	if (outer->six != inner->six || outer->bits > inner->bits)
		return false;
	for (unsigned at = 0; at < outer->bits; at++)
		if (bit_at(outer->address, at) != bit_at(inner->address, at))
			return false;
	return true;
}
