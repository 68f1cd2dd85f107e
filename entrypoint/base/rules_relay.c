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
	{0},
};
