/* rules_relay.c - the catalogue: who may send through this server */
#include "base/rules.h"

const struct rule rules_relay[] = {
	{"open-relay", SEVERITY_ERROR, true,
		"Strangers could send mail to anywhere through this server",
		"Spammers would find it within hours, and its address would be on block lists.",
		"Name the networks of your own clients alone; others log in on 587 or 465.",
		"RFC 5321 section 7.8",
		"docker-mailserver#1405, Mailu#3141, mailcow#5242: strangers could relay, for they "
		"came from an address in mynetworks.",
		"`MAIL_NETWORKS=0.0.0.0/0`"},
	{"networks-public", SEVERITY_WARNING, false,
		"A large public network may relay without a password",
		"Every host in it can send as anybody.", "Name single hosts, or let them log in.",
		"",
		"Each customer of a provider whose /16 stands in mynetworks can send as anybody.",
		"`MAIL_NETWORKS=198.48.0.0/14`"},
	{"gateway-trusted", SEVERITY_WARNING, false,
		"The gateway of a bridge may relay without a password",
		"Where the engine passes connections on, as from IPv6, strangers come from that "
		"address: an open relay.",
		"Write `networks: connected`, which leaves gateways out; or put !ADDRESS of the "
		"gateway before the network.",
		"docker-mailserver's documentation, IPv6",
		"docker-mailserver#1438, mailcow#5242: over IPv6 every client of the world came "
		"from 172.x.0.1, which mynetworks held.",
		"`MAIL_NETWORKS=172.18.0.0/16`"},
	{"relay-without-clients", SEVERITY_WARNING, false,
		"A relay whose networks are this container alone",
		"Every client is refused with 554.",
		"Set networks to those of your clients, or to connected.", "",
		"The relay starts without a word, and refuses every container beside it: `554 "
		"5.7.1 Relay access denied`.",
		"`MAIL_NETWORKS=loopback`, with `MAIL_ROLES=relay`"},
	{"submission-without-sasl", SEVERITY_ERROR, true,
		"A port for people with a password asks nobody for it",
		"Every user is refused: `554 5.7.1 Relay access denied`, or the client finds no "
		"way to log in.",
		"Give the service -o smtpd_sasl_auth_enable=yes, or leave the line as the template "
		"has it.",
		"RFC 6409 section 4.3; SASL_README of Postfix",
		"A submission line copied from elsewhere, without its options: EHLO offers no "
		"AUTH, and clients say that the server supports no login.",
		"`POSTFIXMASTER_submission__inet=n - y - - smtpd`"},
	{0},
};
