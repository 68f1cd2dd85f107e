/*
 * postfix_signer.c - mail that would leave without a signature
 *
 * OpenDKIM signs what comes from InternalHosts, and what came with a password. A
 * network that may relay and is not among them sends mail that nobody signed. And
 * what Postfix does while the signer is down decides the rest.
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check/network.h"
#include "check/postfix.h"
#include "language/opendkim_file.h"
#include "language/opendkim_table.h"

struct hosts {
	struct network *items;
	size_t count;
	bool unknown; /* an entry that only the container knows, or a name */
};

static void
read_hosts(struct postfix_check *check, const struct plan_file *file, struct hosts *hosts)
{
	const char *at = buffer_text(&file->content);
	bool is_address;

	hosts->items =
		arena_alloc(check->plan->arena, (file->content.len + 1) * sizeof(*hosts->items));
	for (; *at != '\0'; at += strcspn(at, "\n"), at += *at == '\n') {
		char *word = text_trim(check->plan->arena,
			arena_strndup(check->plan->arena, at, strcspn(at, "\n")));
		struct network *network = &hosts->items[hosts->count];

		if (word[0] == '\0' || word[0] == '#' || word[0] == '!')
			continue;
		if (network_read(check->plan->arena, word, true, network, &is_address) != NULL ||
			!is_address) {
			hosts->unknown = true;
			continue;
		}
		network_unmap(network);
		hosts->count++;
	}
}

static bool
is_among(const struct hosts *hosts, const struct network *network)
{
	for (size_t i = 0; i < hosts->count; i++)
		if (network_holds(&hosts->items[i], network))
			return true;
	return false;
}

/* check_sources - each network of mynetworks against the file that InternalHosts names */
static void
check_sources(struct postfix_check *check, const struct opendkim_signing *signing)
{
	const struct postfix_setting *setting = postfix_setting_of(check, NULL, "mynetworks");
	static const struct network loopback_4 = {.address = {127}, .bits = 8};
	static const struct network loopback_6 = {.six = true, .address = {[15] = 1}, .bits = 128};
	const char *path = signing->internal_hosts.value, *list;
	struct hosts hosts = {0};
	const struct plan_file *file;
	struct postfix_word word;

	if (setting == NULL)
		return;
	if (signing->internal_hosts.line != 0) {
		if (!text_starts(path, PLAN_CURRENT "/"))
			return;
		file = plan_find_file(check->plan, path + strlen(PLAN_CURRENT "/"));
		if (file == NULL)
			return;
		read_hosts(check, file, &hosts);
	}
	list = postfix_expand_part(check, setting);
	while (!hosts.unknown && postfix_word_next(&list, &word)) {
		const char *text = arena_strndup(check->plan->arena, word.text, word.len);
		struct network network;
		bool is_address;

		if (text[0] == '!' ||
			network_read(check->plan->arena, text, false, &network, &is_address) !=
				NULL ||
			!is_address)
			continue;
		network_unmap(&network);
		if (network_holds(&loopback_4, &network) || network_holds(&loopback_6, &network) ||
			is_among(&hosts, &network))
			continue;
		postfix_say(check, "dkim-sources-missing", setting,
			postfix_word_place(setting, text),
			"%s may relay, and is not among InternalHosts of OpenDKIM",
			postfix_word_shown(check, setting, text));
	}
}

/* check_failure - said as a note where the setting itself says so: then it is meant */
static void
check_failure(struct postfix_check *check)
{
	const struct postfix_setting *setting =
		postfix_setting_of(check, NULL, "milter_default_action");
	struct finding *finding;

	if (setting == NULL || strcasecmp(postfix_expand_part(check, setting), "accept") != 0)
		return;
	finding = postfix_say(check, "dkim-fails-open", setting, setting->value_at,
		"milter_default_action is accept: while OpenDKIM is down, mail leaves unsigned");
	if (strcmp(node_text(check->plan->settings, "dkim.on_failure", "tempfail"), "accept") == 0)
		finding->severity = SEVERITY_NOTE;
}

void
postfix_check_signer(struct postfix_check *check)
{
	const struct plan_file *file = plan_find_file(check->plan, "opendkim/opendkim.conf");
	struct opendkim_signing signing;
	struct faults faults;

	if (file == NULL)
		return;
	faults_init(&faults, check->plan->arena);
	opendkim_file_check(&faults, buffer_text(&file->content), file->content.len, &signing);
	check_failure(check);
	if (!signing.includes)
		check_sources(check, &signing);
}
