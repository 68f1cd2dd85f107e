/*
 * compat_last.c - what other images' variables say together
 *
 * A variable says what a container is only where `roles` does not, and only as
 * far as its image is that: bokysan/docker-postfix sends mail on and keeps none.
 */
#include "settings/compat_parts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "settings/secret.h"
#include "settings/value.h"

static void
put_protocols(struct compat *compat)
{
	bool imap = !compat_no(compat, "ENABLE_IMAP"), pop3 = !compat_no(compat, "ENABLE_POP3");
	struct node *from = compat_value(compat, imap ? "ENABLE_POP3" : "ENABLE_IMAP");

	if ((imap && pop3) || !compat_has_role(compat, "mailstore"))
		return;
	compat_put(compat, "dovecot.settings.protocols",
		compat_node(compat, from,
			imap           ? "imap lmtp"
				: pop3 ? "pop3 lmtp"
				       : "lmtp"));
}

/* put_notices - a relay keeps no mail: Postfix's own reports go there */
static void
put_notices(struct compat *compat, const struct node *raw)
{
	static const char *const parameters[] = {"error_notice_recipient",
		"bounce_notice_recipient", "2bounce_notice_recipient", "delay_notice_recipient"};

	for (size_t i = 0; i < sizeof(parameters) / sizeof(parameters[0]); i++)
		compat_put(compat,
			arena_printf(compat->loading->arena, "postfix.main.%s", parameters[i]),
			compat_node(compat, raw, raw->text));
}

/* put_postmaster - an alias for each domain, unless the address is that very one */
static void
put_postmaster(struct compat *compat)
{
	struct loading *loading = compat->loading;
	const struct node *domains = node_get(loading->settings, "domains");
	struct node *raw = compat_value(compat, "POSTMASTER_ADDRESS"), *address, *list;

	if (raw == NULL)
		return;
	address = value_scalar(loading, schema_find("dns.report_to"), raw, "POSTMASTER_ADDRESS");
	if (address == NULL)
		return;
	if (compat_has_role(compat, "relay") && (domains == NULL || domains->count == 0)) {
		put_notices(compat, raw);
		return;
	}
	if (domains == NULL || domains->count == 0) {
		compat_tell(compat, "compat-out-of-scope", "POSTMASTER_ADDRESS",
			"there are no domains, hence no postmaster");
		return;
	}
	for (size_t i = 0; i < domains->count && !domains->deferred; i++) {
		const char *key =
			arena_printf(loading->arena, "postmaster@%s", domains->items[i]->text);

		if (strcmp(key, address->text) == 0)
			continue;
		list = node_new(loading->arena, NODE_LIST, &raw->origin);
		list->origin.kind = ORIGIN_COMPAT;
		node_add(loading->arena, list, address);
		loading_put_key(loading, "aliases", key, list);
	}
}

/* first_of - the first variable that only this image has, or NULL */
static const struct variable *
first_of(struct compat *compat, char peer)
{
	struct loading *loading = compat->loading;
	struct compat_row row;

	if (!compat_is_present(compat, peer))
		return NULL;
	for (size_t i = 0; i < loading->variable_count; i++) {
		const struct variable *variable = &loading->variables[i];

		if (variable->value[0] != '\0' &&
			compat_row_find(loading->arena, variable->name, &row) && !row.weak &&
			row.peers[0] == peer && row.peers[1] == '\0')
			return variable;
	}
	return NULL;
}

/* What an image calls its keys, and where it keeps them. */
struct keys {
	char peer;
	const char *variables; /* blank-separated: one of them means that it signs */
	const char *where;
};

static const struct keys all_keys[] = {
	{'b', "DKIM_AUTOGENERATE DKIM_SELECTOR", "/etc/opendkim/keys/DOMAIN.private"},
	{'w', "OPENDKIM_DOMAINS", "/etc/opendkim/keys"},
	{'d', "", "/tmp/docker-mailserver/opendkim/keys/DOMAIN/mail.private"},
};

/* signing_variable - by which variable it can be told that the image signs, or NULL */
static const struct variable *
signing_variable(struct compat *compat, const struct keys *keys)
{
	struct arena *arena = compat->loading->arena;

	for (const char *at = keys->variables; *at != '\0'; at += *at == ' ') {
		size_t len = strcspn(at, " ");
		const struct variable *variable =
			compat_variable(compat, arena_strndup(arena, at, len));

		if (variable != NULL)
			return variable;
		at += len;
	}
	return keys->variables[0] == '\0' ? first_of(compat, keys->peer) : NULL;
}

/*
 * tell_keys - the setup of another image would sign with keys that nobody knows.
 * It stays silent once dkim.keys is set, or the keys lie where ours do.
 */
static void
tell_keys(struct compat *compat)
{
	struct loading *loading = compat->loading;
	const struct node *keys = node_at(loading->settings, "dkim.keys");

	if (!compat_has_role(compat, "dkim") || loading_chosen(loading, "dkim.keys") != NULL ||
		access(secret_path(loading, keys->text), F_OK) == 0)
		return;
	for (size_t i = 0; i < sizeof(all_keys) / sizeof(all_keys[0]); i++) {
		const struct variable *variable = signing_variable(compat, &all_keys[i]);

		if (variable == NULL)
			continue;
		finding_add(loading->findings, "compat-keys-left", &variable->origin,
			"%s has its DKIM keys at %s, and they are not taken over: mail is signed "
			"with keys at %s/DOMAIN/SELECTOR.private",
			compat_peer(all_keys[i].peer), all_keys[i].where, keys->text);
		return;
	}
}

/* tell_mailboxes - docker-mailserver's accounts are a file of its own form */
static void
tell_mailboxes(struct compat *compat)
{
	struct loading *loading = compat->loading;
	const struct variable *variable = first_of(compat, 'd');

	if (variable == NULL || compat->volume != NULL || !compat_has_role(compat, "mailstore") ||
		node_at(loading->settings, "mailboxes.list") != NULL ||
		node_at(loading->settings, "mailboxes.file") != NULL ||
		node_get(loading->refused, "mailboxes.list") != NULL ||
		node_get(loading->refused, "mailboxes.file") != NULL)
		return;
	finding_add(loading->findings, "compat-mailboxes-left", &variable->origin,
		"%s has its accounts in postfix-accounts.cf, which is not at compat.directory, and "
		"mailboxes says nothing",
		compat_peer('d'));
}

void
compat_last(struct compat *compat)
{
	compat_relay(compat);
	compat_keys(compat);
	put_protocols(compat);
	put_postmaster(compat);
	tell_keys(compat);
	tell_mailboxes(compat);
}
