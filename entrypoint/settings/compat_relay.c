/*
 * compat_relay.c - images that only send mail on: bokysan/docker-postfix and
 * wader/postfix-relay
 *
 * Neither has a variable for what the container is: without domains of ours their
 * variables say that it is a relay. Where their defaults are more open than ours,
 * the nearest of ours counts, and a note tells the difference.
 */
#include "settings/compat_parts.h"

#include <string.h>
#include <unistd.h>

#include "base/mounts.h"
#include "base/text.h"
#include "settings/complete.h"
#include "settings/environment.h"
#include "settings/secret.h"
#include "settings/value.h"

#define NO_LOGINS "nobody can log in: roles is set, and submission is not among them"
#define KEYS_DIRECTORY "/etc/opendkim/keys" /* of both images */

static void
put_text(struct compat *compat, const char *path, const struct node *from, const char *text)
{
	compat_put(compat, path, compat_node(compat, from, text));
}

/* says_nothing_of_ours - neither mailinit.yaml nor a MAIL_ variable */
static bool
says_nothing_of_ours(const struct compat *compat)
{
	const struct loading *loading = compat->loading;

	for (size_t i = 0; i < loading->variable_count; i++) {
		const struct variable *variable = &loading->variables[i];

		if (text_starts(variable->name, "MAIL_") &&
			!environment_is_link(variable->name, variable->value))
			return false;
	}
	return loading->yaml_count == 0 && !loading->incomplete;
}

/* ends_here - what says that mail ends here: then it is no image that only sends on */
static bool
ends_here(const struct compat *compat)
{
	static const char *const paths[] = {
		"domains", "mailboxes.list", "mailboxes.file", "aliases"};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		const struct node *chosen = loading_chosen(compat->loading, paths[i]);

		/* logins of that image are no mailboxes */
		if (chosen != NULL && chosen->origin.name != NULL &&
			strcmp(chosen->origin.name, "SASL_Passwds") == 0)
			continue;
		if (chosen != NULL || node_get(compat->loading->refused, paths[i]) != NULL)
			return true;
	}
	return false;
}

/* relay_said_by - the first variable that says that this is a relay, or NULL */
static const char *
relay_said_by(struct compat *compat)
{
	static const char *const senders[] = {"ALLOWED_SENDER_DOMAINS",
		"ALLOW_EMPTY_SENDER_DOMAINS", "SMTPD_SASL_USERS", "OPENDKIM_DOMAINS",
		"SASL_Passwds"};

	if (compat_yes(compat, "SMTP_ONLY"))
		return "SMTP_ONLY";
	if (compat->relay != NULL)
		return compat->relay;
	if (loading_chosen(compat->loading, "domains") != NULL)
		return NULL;
	for (size_t i = 0; i < sizeof(senders) / sizeof(senders[0]); i++) {
		if (compat_variable(compat, senders[i]) == NULL)
			continue;
		/* of the first two mail may end here: as aliases, which are sent on */
		if (i < 2 || !ends_here(compat))
			return compat->relay = senders[i];
	}
	/* the smallest setup of both: raw parameters alone */
	if (compat->present[0] == '\0' || strspn(compat->present, "bw") == strlen(compat->present))
		if (loading_variable(compat->loading, "POSTFIX_myhostname") != NULL &&
			says_nothing_of_ours(compat))
			return compat->relay = "POSTFIX_myhostname";
	return NULL;
}

/* keys_mounted - whether the directory of the keys is there, as far as can be known here */
static bool
keys_mounted(const struct compat *compat)
{
	const struct settings_source *source = compat->loading->source;

	if (source->mounts != NULL)
		return mounts_bring(source->mounts, KEYS_DIRECTORY);
	return (source->live || (source->root != NULL && source->root[0] != '\0')) &&
		access(secret_path(compat->loading, KEYS_DIRECTORY), F_OK) == 0;
}

/* keys_found - those of DOMAINS that have a key there; bokysan's image signs for no other */
static const char *
keys_found(struct compat *compat, const struct node *domains)
{
	struct arena *arena = compat->loading->arena;
	const char *text = "";

	for (size_t i = 0; domains != NULL && i < domains->count; i++) {
		const char *domain = domains->items[i]->text;

		if (access(secret_path(compat->loading,
				   arena_printf(arena, KEYS_DIRECTORY "/%s.private", domain)),
			    F_OK) == 0)
			text = arena_printf(
				arena, "%s%s%s", text, text[0] != '\0' ? " " : "", domain);
	}
	return text;
}

/* keys_lie_there - a mounted directory of keys makes bokysan's image sign, and nothing else need */
static bool
keys_lie_there(struct compat *compat)
{
	return keys_mounted(compat) && compat_value(compat, "ALLOWED_SENDER_DOMAINS") != NULL &&
		keys_found(compat, node_at(compat->loading->settings, "dkim.domains"))[0] != '\0';
}

/* signs - whether the image that relays would sign, as far as its variables say */
static bool
signs(struct compat *compat, const char *relay)
{
	if (compat_no(compat, "ENABLE_OPENDKIM"))
		return false;
	return strcmp(relay, "SMTP_ONLY") == 0 || compat_value(compat, "DKIM_SELECTOR") != NULL ||
		compat_value(compat, "DKIM_AUTOGENERATE") != NULL ||
		compat_value(compat, "OPENDKIM_DOMAINS") != NULL || keys_lie_there(compat);
}

bool
compat_has_role(const struct compat *compat, const char *name)
{
	return node_has_text(node_get(compat->loading->settings, "roles"), name);
}

static bool
has_logins(const struct compat *compat)
{
	return compat_variable(compat, "SMTPD_SASL_USERS") != NULL ||
		compat_variable(compat, "SASL_Passwds") != NULL;
}

static void
put_roles(struct compat *compat, const char *relay)
{
	struct arena *arena = compat->loading->arena;
	const struct variable *variable;
	struct node *from;

	if (relay == NULL && compat_no(compat, "ENABLE_OPENDKIM"))
		put_text(compat, "roles", compat_value(compat, "ENABLE_OPENDKIM"),
			"mx submission mailstore");
	if (relay == NULL)
		return;
	variable = compat_variable(compat, relay);
	from = node_scalar(arena, "", &variable->origin);
	from->origin.kind = ORIGIN_COMPAT;
	put_text(compat, "roles", from,
		arena_printf(arena, "relay%s%s", has_logins(compat) ? " submission" : "",
			signs(compat, relay) ? " dkim" : ""));
	if (strcmp(relay, "POSTFIX_myhostname") == 0 && compat_has_role(compat, "relay"))
		compat_tell(compat, "compat-differs", relay,
			"with nothing but parameters of Postfix it is taken for a relay; if mail "
			"ends here, set domains (MAIL_DOMAINS) or roles");
}

/*
 * put_senders - the domains that may stand in a sender's address; all others are
 * refused. With the role mx it would refuse the world.
 */
static void
put_senders(struct compat *compat)
{
	struct arena *arena = compat->loading->arena;
	struct node *node = compat_value(compat, "ALLOWED_SENDER_DOMAINS");
	const struct node *domains = node_at(compat->loading->settings, "dkim.domains");
	bool logins = compat_has_role(compat, "submission");
	const char *table = "";

	if (node == NULL)
		return;
	if (compat_has_role(compat, "mx")) {
		compat_tell(compat, "compat-out-of-scope", "ALLOWED_SENDER_DOMAINS",
			"with the role mx anybody may write; senders of ours are bound to their "
			"login");
		return;
	}
	/* the words are domains: another value was refused with a finding */
	for (size_t i = 0; domains != NULL && i < domains->count; i++)
		table = arena_printf(
			arena, "%s%s%s=permit", table, i > 0 ? ", " : "", domains->items[i]->text);
	if (table[0] == '\0')
		return;
	/* 587 has restrictions on senders of its own, where logins are; on data it has not */
	put_text(compat,
		logins ? "postfix.main.smtpd_data_restrictions"
		       : "postfix.main.smtpd_sender_restrictions",
		node,
		arena_printf(arena, "%scheck_sender_access inline:{%s}, reject",
			logins ? "reject_unauth_pipelining, " : "", table));
}

/* put_networks - both let in more than ours do; what is connected is where clients are */
static void
put_networks(struct compat *compat, const char *relay)
{
	const struct variable *variable = compat_variable(compat, relay);
	struct node *from;

	if (strcmp(relay, "SMTP_ONLY") == 0 || !compat_has_role(compat, "relay") ||
		loading_chosen(compat->loading, "networks") != NULL ||
		node_get(compat->loading->refused, "networks") != NULL)
		return;
	from = node_scalar(compat->loading->arena, "loopback connected", &variable->origin);
	from->origin.kind = ORIGIN_COMPAT;
	compat_put(compat, "networks", from);
	compat_tell(compat, "compat-differs", relay,
		"who may send without a password: here the networks that the container is in, but "
		"for their gateways, as whom the host's own programs come; there every private "
		"network, or everybody; set networks (MAIL_NETWORKS) to those of your clients");
}

static bool
sender_logs_in(const struct loading *loading)
{
	const struct node *senders = node_at(loading->settings, "relay.by_sender");

	for (size_t i = 0; senders != NULL && i < senders->count; i++)
		if (node_get(senders->items[i], "password") != NULL)
			return true;
	return node_get(loading->refused, "relay.by_sender") != NULL;
}

/*
 * put_level - those images encrypt to the smarthost when it offers TLS, and take any
 * certificate. Ours verifies it, which is kept where a password is sent.
 */
static void
put_level(struct compat *compat)
{
	struct loading *loading = compat->loading;
	const struct node *host = node_at(loading->settings, "relay.host");
	const struct node *main = node_at(loading->settings, "postfix.main");
	const char *name;

	if (host == NULL || host->origin.kind != ORIGIN_COMPAT || host->origin.name == NULL ||
		loading_chosen(loading, "relay.tls") != NULL ||
		node_get(loading->refused, "relay.tls") != NULL ||
		node_get(main, "smtp_tls_security_level") != NULL)
		return;
	name = host->origin.name;
	/* a level is that of all of them: none may lower it for the logins of another */
	if (sender_logs_in(loading))
		return;
	/* as a name of Postfix's own it says of no image that it is meant */
	if (text_starts(name, "POSTFIX_") && compat->relay == NULL)
		return;
	if (node_at(loading->settings, "relay.username") == NULL &&
		node_get(loading->refused, "relay.username") == NULL) {
		put_text(compat, "relay.tls", host, "may");
		return;
	}
	compat_tell(compat, "compat-differs", name,
		"the smarthost must show a certificate of its name before it gets the password "
		"(relay.tls: secure); that image takes any, and plain text too");
}

void
compat_relay(struct compat *compat)
{
	const char *relay = relay_said_by(compat);

	put_roles(compat, relay);
	put_senders(compat);
	if (relay != NULL)
		put_networks(compat, relay);
	put_level(compat);
	if (compat_has_role(compat, "submission")) {
		compat_logins(compat);
		compat_tell(compat, "compat-differs", "SASL_Passwds",
			"a password is asked for under TLS alone, and on 587 and 465 a login sends "
			"as no other address than its own; a login without a domain is one of "
			"this host");
	} else {
		compat_tell(compat, "compat-by-hand", "SASL_Passwds", NO_LOGINS);
		compat_tell(compat, "compat-by-hand", "SMTPD_SASL_USERS", NO_LOGINS);
	}
}

void
compat_keys(struct compat *compat)
{
	struct node *domains = compat_value(compat, "ALLOWED_SENDER_DOMAINS"), *from;
	bool generates = compat_variable(compat, "DKIM_AUTOGENERATE") != NULL;
	const char *found;

	from = compat_value(compat, "OPENDKIM_DOMAINS");
	if (!keys_mounted(compat) || !compat_has_role(compat, "dkim") ||
		(from == NULL && domains == NULL))
		return;
	put_text(compat, "dkim.keys", from != NULL ? from : domains, KEYS_DIRECTORY);
	if (from != NULL || generates)
		return;
	found = keys_found(compat, node_at(compat->loading->settings, "dkim.domains"));
	if (found[0] == '\0')
		return; /* a volume that is not here */
	if (compat_variable(compat, "DKIM_SELECTOR") == NULL) {
		put_text(compat, "dkim.selector", domains, "mail");
		put_text(compat, "dkim.generate", domains, "never");
	}
	from = node_at(compat->loading->settings, "dkim.domains");
	if (from != NULL && from->origin.kind == ORIGIN_COMPAT)
		node_set_path(compat->loading->arena, compat->loading->settings, "dkim.domains",
			value_convert(compat->loading, schema_find("dkim.domains"),
				compat_node(compat, domains, found), "dkim.domains"));
}
