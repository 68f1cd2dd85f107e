/*
 * relay.c - whether strangers could send through us
 *
 * An open relay is found by spammers within hours, and its address is on every
 * block list for weeks. Postfix itself refuses mail only when its restrictions
 * hold no reject at all; that a network holds everybody it cannot see.
 */
#include "check/rooms.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

/* Shorter prefixes than these are nobody's own network: 10.0.0.0/8 is the largest of RFC 1918. */
#define RELAY_BITS_4 8
#define RELAY_BITS_6 16

/* too_wide - "0.0.0.0/0", "[::]/0": an exception (!) narrows, and is never too wide */
static bool
too_wide(const char *network)
{
	const char *slash = strchr(network, '/');
	bool ipv6 = strchr(network, ':') != NULL;
	long bits;

	if (network[0] == '!' || slash == NULL)
		return false;
	bits = strtol(slash + 1, NULL, 10);
	/* ::ffff:0:0/96 holds all of IPv4 */
	if (strncmp(network, "[::ffff:", 8) == 0)
		return bits < 96 + RELAY_BITS_4;
	return bits < (ipv6 ? RELAY_BITS_6 : RELAY_BITS_4);
}

/* is_private - within RFC 1918, or loopback; other IPv4 networks belong to strangers too */
static bool
is_private(const char *network)
{
	char text[INET_ADDRSTRLEN];
	unsigned char address[4];
	size_t len = strcspn(network, "/");

	if (len >= sizeof(text) || strchr(network, ':') != NULL)
		return true;
	memcpy(text, network, len);
	text[len] = '\0';
	if (inet_pton(AF_INET, text, address) != 1)
		return true;
	return address[0] == 10 || address[0] == 127 ||
		(address[0] == 172 && (address[1] & 0xf0) == 16) ||
		(address[0] == 192 && address[1] == 168) ||
		(address[0] == 100 && (address[1] & 0xc0) == 64); /* RFC 6598 */
}

static void
check_networks(struct plan *plan)
{
	const struct node *networks = node_at(plan->settings, "networks");

	for (size_t i = 0; networks != NULL && i < networks->count; i++) {
		const struct node *network = networks->items[i];
		const char *slash = strchr(network->text, '/');

		if (too_wide(network->text))
			finding_add(plan->findings, "open-relay", &network->origin,
				"%s lets the whole world relay without a password", network->text);
		else if (slash != NULL && network->text[0] != '!' && !is_private(network->text) &&
			strtol(slash + 1, NULL, 10) < 24)
			finding_add(plan->findings, "networks-public", &network->origin,
				"%s is a large public network whose hosts may all relay without a "
				"password",
				network->text);
	}
}

/* ends_mail - whether a word of a restriction list refuses strangers (postconf(5), smtpd_relay_restrictions) */
static bool
ends_mail(const char *list)
{
	static const char *const words[] = {"reject", "reject_unauth_destination", "defer",
		"defer_if_permit", "defer_unauth_destination"};

	while (*list != '\0') {
		size_t len = strcspn(list, ", \t");

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (strlen(words[i]) == len && strncmp(list, words[i], len) == 0)
				return true;
		/* what follows a plain permit is never read */
		if (len == 6 && strncmp(list, "permit", 6) == 0)
			return false;
		list += len;
		list += strspn(list, ", \t");
	}
	return false;
}

static void
check_restrictions(struct plan *plan)
{
	const struct node *main_cf = node_at(plan->settings, "postfix.main");
	const struct node *relay = node_get(main_cf, "smtpd_relay_restrictions");

	if (relay != NULL && relay->text[0] != '$' && !ends_mail(relay->text))
		finding_add(plan->findings, "open-relay", &relay->origin,
			"smtpd_relay_restrictions = %s refuses nobody", relay->text);
}

void
check_relay(struct plan *plan)
{
	check_networks(plan);
	check_restrictions(plan);
}
