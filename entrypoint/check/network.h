#ifndef CHECK_NETWORK_H
#define CHECK_NETWORK_H

#include <stdbool.h>

#include "base/arena.h"

/* A network as binary: 4 or 16 bytes, and how many bits of them count. */
struct network {
	bool six;
	unsigned char address[16];
	unsigned bits;
};

/*
 * Reads "10.0.0.0/8", "[2001:db8::]/32", "[::1]", as mynetworks has them; BARE: IPv6
 * without brackets, as OpenDKIM has it. Returns NULL, or what is wrong with WORD, in
 * the arena. Words that are neither, such as names of hosts, Postfix compares as
 * they are: *IS_ADDRESS says of which kind it is.
 */
const char *network_read(struct arena *arena, const char *word, bool bare, struct network *network,
	bool *is_address);

/* ::ffff:0:0/96 holds all of IPv4 (RFC 4291 section 2.5.5.2): it becomes that. */
void network_unmap(struct network *network);

/* Whether all of it is private: RFC 1918, 1122, 3927 and 6598; RFC 4193, 4291 and 3879. */
bool network_is_private(const struct network *network);

/* Whether all of INNER lies in OUTER. */
bool network_holds(const struct network *outer, const struct network *inner);

/*
 * check/ports.c: the number of a port by its name in services(5) of both Debian
 * releases, or by its digits, 0 where it is not known here; and the name of a number, or "".
 */
long port_number(const char *port);
const char *port_name(long number);

#endif
