/* interfaces.c - the networks that this container is on, and their gateways */
#include "daemon/interfaces.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESSES_MAX 256 /* more than any container has; further ones are not looked at */
#define ROUTE_LINE_BYTES 512

static size_t
address_bytes(int family)
{
	return family == AF_INET ? 4 : 16;
}

/* prefix_bits - the leading one bits of a netmask */
static unsigned
prefix_bits(const unsigned char *mask, size_t len)
{
	unsigned bits = 0;

	while (bits < len * 8 && (mask[bits / 8] & (0x80u >> bits % 8)) != 0)
		bits++;
	return bits;
}

/* take_address - a socket address and its mask; false for what is neither IPv4 nor IPv6 */
static bool
take_address(const struct ifaddrs *from, struct interface_address *to)
{
	memset(to, 0, sizeof(*to));
	if (from->ifa_addr == NULL || from->ifa_netmask == NULL)
		return false;
	to->family = from->ifa_addr->sa_family;
	if (to->family == AF_INET) {
		struct sockaddr_in address, mask;

		memcpy(&address, from->ifa_addr, sizeof(address));
		memcpy(&mask, from->ifa_netmask, sizeof(mask));
		memcpy(to->address, &address.sin_addr, 4);
		to->bits = prefix_bits((const unsigned char *)&mask.sin_addr, 4);
		return true;
	}
	if (to->family == AF_INET6) {
		struct sockaddr_in6 address, mask;

		memcpy(&address, from->ifa_addr, sizeof(address));
		memcpy(&mask, from->ifa_netmask, sizeof(mask));
		memcpy(to->address, &address.sin6_addr, 16);
		to->bits = prefix_bits((const unsigned char *)&mask.sin6_addr, 16);
		return !IN6_IS_ADDR_LINKLOCAL(&address.sin6_addr);
	}
	return false;
}

int
interfaces_find(struct arena *arena, struct interface_address **items, size_t *count)
{
	struct ifaddrs *all;

	*items = arena_alloc(arena, ADDRESSES_MAX * sizeof(**items));
	*count = 0;
	if (getifaddrs(&all) != 0)
		return -1;
	for (const struct ifaddrs *one = all; one != NULL && *count < ADDRESSES_MAX;
		one = one->ifa_next)
		if ((one->ifa_flags & IFF_LOOPBACK) == 0 && take_address(one, &(*items)[*count]))
			(*count)++;
	freeifaddrs(all);
	return 0;
}

/* field - the Nth word of a line, counted from 0; LEN gets its length */
static const char *
field(const char *line, int n, size_t *len)
{
	for (line += strspn(line, " \t"); n > 0; n--) {
		line += strcspn(line, " \t\n");
		line += strspn(line, " \t");
	}
	*len = strcspn(line, " \t\n");
	return line;
}

/* gateway_4 - field 3 of /proc/net/route: the address as the kernel's own 32-bit number */
static bool
gateway_4(const char *line, struct interface_address *gateway)
{
	size_t len;
	const char *text = field(line, 2, &len);
	char *end;
	uint32_t number = (uint32_t)strtoul(text, &end, 16);

	if (len != 8 || end != text + len || number == 0)
		return false;
	memset(gateway, 0, sizeof(*gateway));
	gateway->family = AF_INET;
	gateway->bits = 32;
	memcpy(gateway->address, &number, 4);
	return true;
}

/* gateway_6 - field 5 of /proc/net/ipv6_route: 32 hexadecimal digits */
static bool
gateway_6(const char *line, struct interface_address *gateway)
{
	static const unsigned char none[16];
	size_t len;
	const char *text = field(line, 4, &len);

	memset(gateway, 0, sizeof(*gateway));
	gateway->family = AF_INET6;
	gateway->bits = 128;
	if (len != 32)
		return false;
	for (size_t i = 0; i < 16; i++) {
		char byte[3] = {text[2 * i], text[2 * i + 1], '\0'}, *end;

		gateway->address[i] = (unsigned char)strtoul(byte, &end, 16);
		if (end != byte + 2)
			return false;
	}
	return memcmp(gateway->address, none, 16) != 0;
}

void
interfaces_gateways(
	struct arena *arena, const char *proc, struct interface_address **items, size_t *count)
{
	static const struct {
		const char *path;
		bool (*read)(const char *line, struct interface_address *gateway);
	} tables[] = {{"net/route", gateway_4}, {"net/ipv6_route", gateway_6}};
	char line[ROUTE_LINE_BYTES];

	*items = arena_alloc(arena, ADDRESSES_MAX * sizeof(**items));
	*count = 0;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		FILE *table = fopen(arena_printf(arena, "%s/%s", proc, tables[i].path), "re");

		if (table == NULL)
			continue; /* no IPv6 in this kernel */
		while (*count < ADDRESSES_MAX && fgets(line, sizeof(line), table) != NULL)
			if (tables[i].read(line, &(*items)[*count]))
				(*count)++;
		fclose(table);
	}
}

void
interface_to_network(struct interface_address *address)
{
	for (unsigned bit = address->bits; bit < address_bytes(address->family) * 8; bit++)
		address->address[bit / 8] &= (unsigned char)~(0x80u >> bit % 8);
}

bool
interface_contains(const struct interface_address *network, const struct interface_address *address)
{
	struct interface_address a = *network, b = *address;

	if (a.family != b.family)
		return false;
	b.bits = a.bits;
	interface_to_network(&a);
	interface_to_network(&b);
	return memcmp(a.address, b.address, address_bytes(a.family)) == 0;
}
