/*
 * compat_logins.c - SMTPD_SASL_USERS: logins of a relay that keeps no mail
 *
 * Each is a mailbox in the settings, since that is what Dovecot checks a password
 * for; without the role mailstore nothing is delivered into it. The password stands
 * in the variable as it is, and is hashed at the start as one of a file is.
 */
#include "settings/compat_parts.h"

#include <string.h>

#include "base/text.h"
#include "settings/complete.h"
#include "settings/secret.h"
#include "settings/value.h"

#define VARIABLE "SMTPD_SASL_USERS"
#define PASSWORD_BYTES 511 /* as PASSWORD_BYTES_MAX of crypto/password.h */

static void
refuse(struct compat *compat, const struct node *from)
{
	finding_add(compat->loading->findings, "value-type", &from->origin,
		VARIABLE ": one of its logins is not user@domain:password");
}

/* address_of - the login; one without a domain is of this host, as that image has it */
static struct node *
address_of(struct compat *compat, const struct node *from, const char *login)
{
	struct loading *loading = compat->loading;
	struct node *raw;
	const char *host;

	if (strchr(login, '@') == NULL) {
		/* what a comma cut off from a password is no name to be shown */
		if (login[strspn(login,
			    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] !=
			'\0') {
			refuse(compat, from);
			return NULL;
		}
		host = complete_known_name(loading);
		if (host == NULL) {
			compat_tell(compat, "compat-by-hand", VARIABLE,
				"a login without a domain is one of this host, whose name is not "
				"known: write user@domain:password, or set hostname");
			return NULL;
		}
		login = arena_printf(loading->arena, "%s@%s", login, host);
	}
	raw = compat_node(compat, from, login);
	raw->secret = true; /* until it has proved to be an address */
	raw = value_scalar(loading, schema_find("mailboxes.list.N.address"), raw, VARIABLE);
	if (raw != NULL)
		raw->secret = false;
	return raw;
}

/* add_login - "user@domain:password"; false after a finding */
static bool
add_login(struct compat *compat, const struct node *from, struct node *list, const char *pair)
{
	struct arena *arena = compat->loading->arena;
	const char *colon = strchr(pair, ':');
	struct node *record, *address, *password;

	if (colon == NULL || colon == pair || colon[1] == '\0' ||
		strlen(colon + 1) > PASSWORD_BYTES) {
		refuse(compat, from);
		return false;
	}
	address = address_of(compat, from, arena_strndup(arena, pair, (size_t)(colon - pair)));
	if (address == NULL)
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(node_text(list->items[i], "address", ""), address->text) == 0)
			return true;
	password = compat_node(compat, from, colon + 1);
	password->secret = true;
	record = node_new(arena, NODE_MAP, &from->origin);
	node_set(arena, record, "address", address);
	node_set(arena, record, "plain_password", password);
	node_add(arena, list, record);
	return true;
}

/* read_logins - blanks beside a comma are no part of a login */
static struct node *
read_logins(struct compat *compat, const struct node *from)
{
	struct arena *arena = compat->loading->arena;
	struct node *list = node_new(arena, NODE_LIST, &from->origin);
	bool good = true;

	list->origin.kind = ORIGIN_COMPAT;
	for (const char *at = from->text; *at != '\0'; at += *at == ',') {
		size_t len = strcspn(at, ",\n");
		const char *pair = text_trim(arena, arena_strndup(arena, at, len));

		if (pair[0] != '\0' && !add_login(compat, from, list, pair))
			good = false;
		at += len;
		at += *at == '\n';
	}
	return good && list->count > 0 ? list : NULL;
}

static const char *
all_names(struct arena *arena, const struct node *list)
{
	const char *names = "";

	for (size_t i = 0; i < list->count; i++)
		names = arena_printf(arena, "%s%s%s", names, i > 0 ? ", " : "",
			node_text(list->items[i], "address", ""));
	return names;
}

/*
 * put_owners - there a login may send as any allowed domain, or as anybody; ours
 * binds each to its own address unless it is told otherwise
 */
static void
put_owners(struct compat *compat, const struct node *from, const struct node *list)
{
	struct loading *loading = compat->loading;
	const struct node *domains = node_at(loading->settings, "dkim.domains");
	const char *names = all_names(loading->arena, list);
	struct node *map = node_new(loading->arena, NODE_MAP, &from->origin), *typed, *owners;

	if (compat_variable(compat, "ALLOWED_SENDER_DOMAINS") == NULL || domains == NULL) {
		owners = compat_node(
			compat, from, arena_printf(loading->arena, "static:{%s}", names));
		compat_put(compat, "postfix.main.smtpd_sender_login_maps", owners);
		/* of names alone; what stands there may be another one, with a secret in it */
		owners->secret = false;
		return;
	}
	for (size_t i = 0; i < domains->count; i++) {
		struct node *logins = compat_node(compat, from, names);

		logins->secret = false;
		logins->origin.kind = ORIGIN_COMPAT;
		node_set(loading->arena, map,
			arena_printf(loading->arena, "@%s", domains->items[i]->text), logins);
	}
	typed = value_convert(loading, schema_find("sender_logins"), map, "sender_logins");
	for (size_t i = 0; typed != NULL && i < typed->count; i++)
		loading_put_key(loading, "sender_logins", typed->keys[i], typed->items[i]);
}

void
compat_logins(struct compat *compat)
{
	struct node *from = compat_value(compat, VARIABLE), *list;

	if (from == NULL)
		return;
	/* the container's own start reads it: nothing is wrong, and nothing known */
	if (from->deferred) {
		compat_tell(compat, "compat-differs", VARIABLE,
			"its file is not on this machine, and the logins in it are not looked at");
		return;
	}
	list = read_logins(compat, from);
	if (list == NULL) {
		compat_put(compat, "mailboxes.list", NULL);
		return;
	}
	loading_put_compat(compat->loading, schema_find("mailboxes.list"), list);
	put_owners(compat, from, list);
	compat_tell(compat, "compat-differs", VARIABLE,
		"587, and 465 beside it, ask for TLS before a login or a message; that image takes "
		"both without. Clients of networks reach port 25 without it");
}
