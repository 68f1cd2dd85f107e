/* compat_raw.c - raw passthrough, and Postfix's parameters in capitals */
#include "settings/compat_parts.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "language/postfix_parameter.h"
#include "settings/environment.h"
#include "settings/secret.h"
#include "settings/value.h"

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
		"POSTFIX_", "POSTFIXMASTER_", "POSTMAP_", "DOVECOT_", "OPENDKIM_"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (text_starts(name, prefixes[i]))
			return name + strlen(prefixes[i]);
	return NULL;
}

/*
 * parameter_of - Postfix's parameter of that name in any case ("SMTP_TLS_CAFILE"),
 * or NULL. Versions are the rules' business, not the name's.
 */
static const char *
parameter_of(struct arena *arena, const char *name)
{
	const char *at = postfix_parameter_table(), *lower = text_lower(arena, name);
	struct postfix_parameter parameter;

	if (postfix_parameter_find(arena, lower, &parameter))
		return lower;
	while (*at != '\0') {
		size_t len = strcspn(at, "\t\n");

		if (len == strlen(lower) && strncasecmp(at, lower, len) == 0)
			return arena_strndup(arena, at, len);
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	return NULL;
}

/*
 * known_base - the name that NAME is the file form of, or NULL. No parameter of
 * the three daemons ends in capitals like that, so a name with small letters
 * in it is known; a shouted one only when Postfix has it.
 */
static const char *
known_base(struct loading *loading, const char *name)
{
	const char *base = environment_file_base(loading->arena, name);
	const char *rest = base != NULL ? rest_of(base) : NULL;

	if (rest == NULL || rest[0] == '\0')
		return NULL;
	if (has_lower(rest) || text_starts(base, "POSTMAP_"))
		return base;
	return text_starts(base, "POSTFIX_") && parameter_of(loading->arena, rest) != NULL ? base
											   : NULL;
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
	bool table = strcmp(path, "postfix.tables") == 0;

	if (node == NULL)
		return;
	if (!is_parameter_name(key)) {
		struct node name = {.type = NODE_SCALAR, .text = key, .origin = variable->origin};

		value_refuse(loading, NULL, &name, path, "is no parameter name");
		return;
	}
	if (table ? value_check_lines(loading, node, shown) != 0
		  : value_check_line(loading, node, shown) != 0)
		return;
	node->secret = node->secret || secret_implied(loading->arena, key, node->text) ||
		(table && strstr(key, "passw") != NULL);
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

/* tell_no_parameter - a name in capitals that Postfix does not have in any case */
static void
tell_no_parameter(struct loading *loading, const struct variable *variable, const char *rest)
{
	const char *lower = text_lower(loading->arena, rest);
	const char *nearest = postfix_parameter_nearest(loading->arena, lower, 0);
	struct finding *finding = finding_add(loading->findings, "env-unknown", &variable->origin,
		"%s: Postfix has no parameter %s%s%s%s", variable->name, lower,
		nearest != NULL ? "; did you mean POSTFIX_" : "", nearest != NULL ? nearest : "",
		nearest != NULL ? "?" : "");

	finding->help = arena_printf(loading->arena,
		"Correct the name; a parameter of your own is written in small letters: "
		"POSTFIX_%s.",
		lower);
}

static void
apply_postfix(struct loading *loading, const struct variable *variable, const char *base)
{
	const char *rest = rest_of(base != NULL ? base : variable->name), *name;

	if (rest[0] < 'A' || rest[0] > 'Z') {
		pass(loading, "postfix.main", rest, variable, base, ORIGIN_PASSTHROUGH);
		return;
	}
	if (variable->value[0] == '\0')
		return;
	name = parameter_of(loading->arena, rest);
	if (name == NULL)
		tell_no_parameter(loading, variable, rest);
	else
		pass(loading, "postfix.main", name, variable, base, ORIGIN_COMPAT);
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
	const char *name = variable->name, *rest = rest_of(name), *base;

	/* the table's own names were applied, or their image is not meant */
	if (rest == NULL || environment_is_link(name, variable->value) || compat_is_known(name))
		return;
	/* shouted names lose against the others: they come last, whatever the order was */
	if ((text_starts(name, "POSTFIX_") && rest[0] >= 'A' && rest[0] <= 'Z') != shouted)
		return;
	base = known_base(loading, name);
	if ((base != NULL || text_starts(name, "POSTMAP_")) && variable->value[0] == '\0')
		return;
	if (text_starts(name, "POSTFIX_"))
		apply_postfix(loading, variable, base);
	else if (text_starts(name, "POSTFIXMASTER_"))
		apply_master(loading, variable, base);
	else if (text_starts(name, "POSTMAP_"))
		pass(loading, "postfix.tables", rest_of(base != NULL ? base : name), variable, base,
			ORIGIN_PASSTHROUGH);
	else
		apply_named(loading, variable, base);
}

void
compat_raw(struct compat *compat, bool shouted)
{
	struct loading *loading = compat->loading;

	for (size_t i = 0; i < loading->variable_count; i++)
		apply_variable(loading, &loading->variables[i], shouted);
}
