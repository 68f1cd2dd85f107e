/*
 * postfix_networks.c - mynetworks: who counts as one of us
 *
 * Postfix cannot see that a network holds strangers, and an open relay is found
 * within hours. A pattern that it cannot read it tells of for each client anew, and
 * answers 451 to all of them (match_ops.c, cidr_match.c).
 */
#include <string.h>

#include "base/text.h"
#include "check/network.h"
#include "check/postfix.h"

/* Of what is no private network: shorter prefixes than OPEN are nobody's own. */
enum {
	OPEN_4 = 8,
	PUBLIC_4 = 24, /* shorter than this: many hosts of many owners */
	OPEN_6 = 20, /* longer than what the largest providers hold for all their customers */
	PUBLIC_6 = 32,
};

static void
check_width(struct postfix_check *check, const struct postfix_setting *setting, const char *word,
	struct network *network)
{
	network_unmap(network);
	if (network_is_private(network))
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
	mistake = network_read(check->plan->arena, word, false, &network, &is_address);
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
