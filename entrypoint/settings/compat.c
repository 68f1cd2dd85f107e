/* compat.c - variables of other images, and raw passthrough */
#include "settings/compat.h"

#include <string.h>

#include "base/text.h"
#include "settings/environment.h"
#include "settings/secret.h"
#include "settings/value.h"

struct lift {
	const char *variable, *path;
};

/* The first one that is set counts: names as Postfix spells them before shouted ones. */
static const struct lift lifts[] = {
	{"POSTFIX_myhostname", "hostname"},
	{"POSTFIX_MYHOSTNAME", "hostname"},
	{"POSTFIX_mynetworks", "networks"},
	{"POSTFIX_MYNETWORKS", "networks"},
	{"POSTFIX_relayhost", "relay.host"},
	{"POSTFIX_RELAYHOST", "relay.host"},
	{"POSTFIX_message_size_limit", "limits.message"},
	{"POSTFIX_MESSAGE_SIZE_LIMIT", "limits.message"},
	{"POSTFIX_TLS_CERT_FILE", "tls.certificate"},
	{"POSTFIX_TLS_KEY_FILE", "tls.key"},
	{"DOVECOT_MAILBOX_FORMAT", "mailboxes.format"},
	{"OPENDKIM_DOMAINS", "dkim.domains"},
};

#define LIFTS (sizeof(lifts) / sizeof(lifts[0]))

static bool
is_lifted(const char *name)
{
	for (size_t i = 0; i < LIFTS; i++)
		if (strcmp(lifts[i].variable, name) == 0)
			return true;
	return false;
}

static bool
has_lower(const char *name)
{
	return strpbrk(name, "abcdefghijklmnopqrstuvwxyz") != NULL;
}

/* rest_of - what follows the prefix of a passthrough variable, or NULL */
static const char *
rest_of(const char *name)
{
	static const char *const prefixes[] = {
		"POSTFIX_", "POSTFIXMASTER_", "DOVECOT_", "OPENDKIM_"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (text_starts(name, prefixes[i]))
			return name + strlen(prefixes[i]);
	return NULL;
}

/*
 * known_base - the name that NAME is the file form of, or NULL. No parameter of
 * the three daemons ends in capitals like that, so a name with small letters
 * in it is known; a shouted one only when it is among the lifts.
 */
static const char *
known_base(struct loading *loading, const char *name)
{
	const char *base = is_lifted(name) ? NULL : environment_file_base(loading->arena, name);
	const char *rest = base != NULL ? rest_of(base) : NULL;

	if (rest == NULL || (!is_lifted(base) && !has_lower(rest)))
		return NULL;
	return base;
}

/* variable_node - the value itself or the content of its file; NULL after a finding */
static struct node *
variable_node(struct loading *loading, const struct variable *variable, const char *base,
	enum origin_kind kind)
{
	struct node *node;

	if (base == NULL) {
		node = node_scalar(loading->arena, variable->value, &variable->origin);
		node->origin.kind = kind;
		return node;
	}
	if (loading_variable(loading, base) != NULL) {
		finding_add(loading->findings, "env-both-forms", &variable->origin,
			"both %s and %s are set", base, variable->name);
		return NULL;
	}
	return secret_read(loading, variable->value, base, &variable->origin);
}

static void
apply_lift(struct loading *loading, const struct lift *lift)
{
	static const char *const suffixes[] = {"", "_FILE", "__FILE"};
	const struct schema_row *row = schema_find(lift->path);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const char *name =
			arena_printf(loading->arena, "%s%s", lift->variable, suffixes[i]);
		const struct variable *variable = loading_variable(loading, name);
		struct node *node;

		if (variable == NULL || (i > 0 && is_lifted(name)))
			continue;
		node = variable_node(
			loading, variable, i > 0 ? lift->variable : NULL, ORIGIN_COMPAT);
		if (node != NULL)
			loading_take(loading, row, node, true);
		else
			node_set(loading->arena, loading->refused, row->path,
				node_new(loading->arena, NODE_NULL, &variable->origin));
	}
}

static bool
is_parameter_name(const char *name)
{
	return name[0] != '\0' &&
		name[strspn(name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789_-./")] == '\0';
}

static void
pass(struct loading *loading, const char *path, const char *key, const struct variable *variable,
	const char *base, enum origin_kind kind)
{
	const char *shown = arena_printf(loading->arena, "%s.%s", path, key);
	struct node *node = variable_node(loading, variable, base, kind);

	if (node == NULL)
		return;
	if (!is_parameter_name(key)) {
		struct node name = {.type = NODE_SCALAR, .text = key, .origin = variable->origin};

		value_refuse(loading, NULL, &name, path, "is no parameter name");
		return;
	}
	if (value_check_line(loading, node, shown) != 0)
		return;
	node->secret = node->secret || secret_implied(loading->arena, key, node->text);
	if (node->secret && base == NULL && node_get(loading->settings, variable->name) != NULL)
		node_get(loading->settings, variable->name)->secret = true;
	loading_put_key(loading, path, key, node);
}

/* master_key - "smtp__inet" as "smtp/inet": the last two underscores part service and type */
static const char *
master_key(struct arena *arena, const char *rest)
{
	char *key = arena_strdup(arena, rest);
	char *last = NULL;

	for (char *at = strstr(key, "__"); at != NULL; at = strstr(at + 1, "__"))
		last = at;
	if (last == NULL)
		return NULL;
	*last = '/';
	memmove(last + 1, last + 2, strlen(last + 2) + 1);
	return key;
}

static void
apply_postfix(struct loading *loading, const struct variable *variable, const char *base)
{
	const char *rest = rest_of(base != NULL ? base : variable->name);
	bool shouted = rest[0] >= 'A' && rest[0] <= 'Z';

	if (shouted && variable->value[0] == '\0')
		return;
	if (shouted)
		rest = text_lower(loading->arena, rest);
	pass(loading, "postfix.main", rest, variable, base,
		shouted ? ORIGIN_COMPAT : ORIGIN_PASSTHROUGH);
}

static void
apply_master(struct loading *loading, const struct variable *variable, const char *base)
{
	const char *rest = rest_of(base != NULL ? base : variable->name);
	const char *key = master_key(loading->arena, rest);

	if (key != NULL)
		pass(loading, "postfix.master", key, variable, base, ORIGIN_PASSTHROUGH);
	else
		finding_add(loading->findings, "env-unknown", &variable->origin,
			"%s names no master.cf line: write POSTFIXMASTER_service__type, as in "
			"POSTFIXMASTER_smtp__inet",
			variable->name);
}

static void
apply_named(struct loading *loading, const struct variable *variable, const char *base)
{
	const char *name = base != NULL ? base : variable->name, *rest = rest_of(name);
	bool dovecot = text_starts(name, "DOVECOT_");

	/* neither daemon has a name without small letters: it is some other image's variable */
	if (!has_lower(rest))
		finding_add(loading->findings, "env-ignored", &variable->origin,
			"%s is no %s and no variable that mailinit knows; it configures nothing",
			variable->name, dovecot ? "Dovecot setting" : "OpenDKIM parameter");
	else
		pass(loading, dovecot ? "dovecot.settings" : "opendkim.settings", rest, variable,
			base, ORIGIN_PASSTHROUGH);
}

static void
apply_variable(struct loading *loading, const struct variable *variable, bool shouted)
{
	const char *name = variable->name, *rest = rest_of(name);
	const char *base = known_base(loading, name);

	if (rest == NULL || is_lifted(name) || (base != NULL && is_lifted(base)) ||
		environment_is_link(name, variable->value))
		return;
	if (base != NULL && variable->value[0] == '\0')
		return;
	/* shouted names lose against the others: they come last, whatever the order was */
	if ((text_starts(name, "POSTFIX_") && rest[0] >= 'A' && rest[0] <= 'Z') != shouted)
		return;
	if (text_starts(name, "POSTFIX_"))
		apply_postfix(loading, variable, base);
	else if (text_starts(name, "POSTFIXMASTER_"))
		apply_master(loading, variable, base);
	else
		apply_named(loading, variable, base);
}

void
compat_apply(struct loading *loading)
{
	for (size_t i = 0; i < LIFTS; i++)
		apply_lift(loading, &lifts[i]);
	for (size_t i = 0; i < loading->variable_count; i++)
		apply_variable(loading, &loading->variables[i], false);
	for (size_t i = 0; i < loading->variable_count; i++)
		apply_variable(loading, &loading->variables[i], true);
}
