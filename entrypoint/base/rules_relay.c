/* rules_relay.c - the catalogue: who may send through this server */
#include "base/rules.h"

const struct rule rules_relay[] = {
	{"open-relay", SEVERITY_ERROR, true,
		"Strangers could send mail to anywhere through this server",
		"Spammers would find it within hours, and its address would be on block lists.",
		"Name the networks of your own clients alone; others log in on 587 or 465.",
		"RFC 5321 section 7.8"},
	{"networks-public", SEVERITY_WARNING, false,
		"A large public network may relay without a password",
		"Every host in it can send as anybody.", "Name single hosts, or let them log in.",
		""},
	{"gateway-trusted", SEVERITY_WARNING, false,
		"The gateway of a bridge may relay without a password",
		"Where the engine passes connections on, as from IPv6, strangers come from that "
		"address: an open relay.",
		"Write `networks: connected`, which leaves gateways out; or put !ADDRESS of the "
		"gateway before the network.",
		"docker-mailserver's documentation, IPv6"},
	{"relay-without-clients", SEVERITY_WARNING, false,
		"A relay whose networks are this container alone",
		"Every client is refused with 554.",
		"Set networks to those of your clients, or to connected.", ""},
	{0},
};
