/*
 * postfix_networks.c - mynetworks: who counts as one of us
 *
 * Postfix cannot see that a network holds strangers, and an open relay is found
 * within hours. A pattern that it cannot read it tells of for each client anew, and
 * answers 451 to all of them (match_ops.c, cidr_match.c).
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

/* A pattern as binary: 4 or 16 bytes, and how many bits of them count. */
struct network {
	bool six;
	unsigned char address[16];
	unsigned bits;
};

/* Of what is no private network: shorter prefixes than OPEN are nobody's own. */
enum {
	OPEN_4 = 8,
	PUBLIC_4 = 24, /* shorter than this: many hosts of many owners */
	OPEN_6 = 20, /* longer than what the largest providers hold for all their customers */
	PUBLIC_6 = 32,
};

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

static bool
is_private(const struct network *network)
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

/* unmap - ::ffff:0:0/96 holds all of IPv4 (RFC 4291 section 2.5.5.2) */
static void
unmap(struct network *network)
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

/*
 * read_network - "10.0.0.0/8", "[2001:db8::]/32", "[::1]". Returns NULL, or what is
 * wrong with it. Words that are neither, such as names of hosts, Postfix compares
 * as they are: *IS_ADDRESS says of which kind it is.
 */
static const char *
read_network(struct arena *arena, const char *word, struct network *network, bool *is_address)
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
	if (network->six && text[0] != '[')
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

static void
check_width(struct postfix_check *check, const struct postfix_setting *setting, const char *word,
	struct network *network)
{
	unmap(network);
	if (is_private(network))
		return;
	if (network->bits < (network->six ? OPEN_6 : OPEN_4))
		postfix_say(check, "open-relay", setting, postfix_word_place(setting, word),
			"%s lets the whole world relay without a password",
			postfix_word_shown(check, setting, word));
	else if (network->bits < (network->six ? PUBLIC_6 : PUBLIC_4))
		postfix_say(check, "networks-public", setting, postfix_word_place(setting, word),
			"%s is a large public network whose hosts may all relay without a password",
			postfix_word_shown(check, setting, word));
}

static void
check_pattern(struct postfix_check *check, const struct postfix_setting *setting, const char *word)
{
	struct network network;
	const char *mistake;
	bool is_address, except = word[0] == '!';

	while (word[0] == '!')
		word++;
	/* static: has the same answer for every client */
	if (text_starts(word, "static:") && !except) {
		postfix_say(check, "open-relay", setting, postfix_word_place(setting, word),
			"%s lets the whole world relay without a password: it holds every client",
			postfix_word_shown(check, setting, word));
		return;
	}
	mistake = read_network(check->plan->arena, word, &network, &is_address);
	if (mistake != NULL)
		postfix_say(check, "postfix-networks", setting, postfix_word_place(setting, word),
			"%s: \"%s\" is no network: %s", setting->name,
			postfix_word_shown(check, setting, word), mistake);
	else if (is_address && !except && strcmp(setting->name, "mynetworks") == 0)
		check_width(check, setting, word, &network);
}

/* lists_networks - parameters whose words are patterns of addresses (postconf(5)) */
static bool
lists_networks(const char *name)
{
	static const char *const names[] = {"mynetworks", "permit_mx_backup_networks",
		"smtpd_authorized_xclient_hosts", "smtpd_authorized_xforward_hosts"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

void
postfix_check_networks(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++) {
		const struct postfix_setting *setting = &check->settings[i];
		struct postfix_word word;
		const char *list;

		if (!lists_networks(setting->name))
			continue;
		list = postfix_expand_part(check, setting);
		while (postfix_word_next(&list, &word))
			check_pattern(check, setting,
				arena_strndup(check->plan->arena, word.text, word.len));
	}
}
