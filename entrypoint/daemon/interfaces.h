#ifndef DAEMON_INTERFACES_H
#define DAEMON_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* One address of one interface: as binary, 4 or 16 bytes, with its prefix length. */
struct interface_address {
	int family; /* AF_INET or AF_INET6 */
	unsigned char address[16];
	unsigned bits;
};

/*
 * The container's own addresses, without loopback and IPv6 link-local ones.
 * ITEMS belongs to the arena. Returns 0, or -1 with errno.
 */
int interfaces_find(struct arena *arena, struct interface_address **items, size_t *count);

/*
 * The gateways of the routing tables below PROC ("/proc"), ITEMS as above with
 * the length of a whole address. A table that is not there has no gateways.
 */
void interfaces_gateways(
	struct arena *arena, const char *proc, struct interface_address **items, size_t *count);

/* Clears the bits behind the prefix: the address becomes that of its network. */
void interface_to_network(struct interface_address *address);

/* Whether ADDRESS lies in the network of NETWORK. */
bool interface_contains(
	const struct interface_address *network, const struct interface_address *address);

#endif
