/* complete.c - what nobody wrote: defaults, the host name, what is missing */
#include "settings/complete.h"

#include <string.h>
#include <sys/utsname.h>

#include "base/text.h"
#include "settings/secret.h"
#include "settings/syntax.h"
#include "settings/value.h"
#include "settings/yaml_settings.h"

void
complete_defaults(struct loading *loading)
{
	for (size_t i = 0; i < schema_count; i++) {
		const struct schema_row *row = &schema_rows[i];
		struct origin origin = {.kind = ORIGIN_DEFAULT, .name = row->path};
		struct node *raw, *value;

		if (row->fallback == NULL || row->fallback[0] == '@')
			continue;
		raw = node_scalar(loading->arena, row->fallback, &origin);
		value = value_convert(loading, row, raw, row->path);
		if (value != NULL)
			node_set_path(loading->arena, loading->settings, row->path, value);
	}
}

#define NO_LOGIN "No login at the smarthost is possible, which then takes no mail from here."

/* put_placeholder - so that whoever reads on finds a host name, whatever is wrong */
static void
put_placeholder(struct loading *loading)
{
	struct origin origin = {.kind = ORIGIN_SYSTEM, .name = "container's host name"};
	struct node *node = node_scalar(loading->arena, "{deferred:hostname}", &origin);

	node->deferred = true;
	node_set(loading->arena, loading->settings, "hostname", node);
}

/* system_name - the container's own name: the engine keeps the domain apart from the host */
static const char *
system_name(struct loading *loading)
{
	struct utsname system;

	if (uname(&system) != 0)
		return "";
	if (strchr(system.nodename, '.') != NULL || system.domainname[0] == '\0' ||
		strcmp(system.domainname, "(none)") == 0)
		return arena_strdup(loading->arena, system.nodename);
	return arena_printf(loading->arena, "%s.%s", system.nodename, system.domainname);
}

/* take_system_name - NAME, which the container has or will have, where it is a full one */
static bool
take_system_name(struct loading *loading, const char *name, const struct origin *origin)
{
	const char *why = syntax_full_name(name);

	if (why == NULL) {
		loading_put(loading, schema_find("hostname"),
			node_scalar(loading->arena, text_lower(loading->arena, name), origin));
		return true;
	}
	finding_add(loading->findings, "hostname-invalid", origin,
		"hostname is not set, and the container's own name \"%.200s\" %s", name, why);
	return false;
}

/* take_compose_name - the name that the compose file gives the container */
static bool
take_compose_name(struct loading *loading)
{
	struct origin origin = {.kind = ORIGIN_SYSTEM,
		.name = "container's host name",
		.file = loading->source->compose};

	if (loading->host_name != NULL)
		return take_system_name(
			loading, loading->host_name->text, &loading->host_name->origin);
	finding_add(loading->findings, "hostname-invalid", &origin,
		"neither MAIL_HOSTNAME nor hostname of the service is set: the container's name "
		"would be its id");
	return false;
}

const char *
complete_known_name(struct loading *loading)
{
	const struct node *chosen = loading_chosen(loading, "hostname");
	const char *name = "";

	if (chosen != NULL)
		return chosen->text;
	if (loading->host_name_known)
		name = loading->host_name != NULL ? loading->host_name->text : "";
	else if (loading->source->live)
		name = system_name(loading);
	return syntax_full_name(name) == NULL ? text_lower(loading->arena, name) : NULL;
}

/* tell_lost_name - the service's own full name lost: one of the two may be a mistake */
static void
tell_lost_name(struct loading *loading)
{
	const struct node *chosen = node_get(loading->settings, "hostname");
	const struct node *lost = loading->host_name;

	if (lost == NULL || chosen->deferred || syntax_full_name(lost->text) != NULL)
		return;
	loading_tell_loser(loading, "hostname", chosen,
		node_scalar(loading->arena, text_lower(loading->arena, lost->text), &lost->origin));
}

static void
complete_hostname(struct loading *loading)
{
	struct origin origin = {.kind = ORIGIN_DEFAULT, .name = "hostname"};
	struct finding *finding;

	if (node_get(loading->settings, "hostname") != NULL) {
		tell_lost_name(loading);
		return;
	}
	if (node_get(loading->refused, "hostname") != NULL || loading->incomplete) {
		put_placeholder(loading);
		return;
	}
	origin.kind = ORIGIN_SYSTEM;
	origin.name = "container's host name";
	if (loading->host_name_known) {
		if (!take_compose_name(loading))
			put_placeholder(loading);
		return;
	}
	if (loading->source->live) {
		if (!take_system_name(loading, system_name(loading), &origin))
			put_placeholder(loading);
		return;
	}
	origin = (struct origin){.kind = ORIGIN_DEFAULT, .name = "hostname"};
	put_placeholder(loading);
	finding = finding_add(loading->findings, "not-checked", &origin,
		"hostname is not set: the container takes its own host name, which must have a "
		"dot");
	finding->help = "Set MAIL_HOSTNAME to have it checked here.";
}

/* complete_reference - "@hostname": the value of another setting, with its origin */
static void
complete_reference(struct loading *loading, const struct schema_row *row)
{
	const struct node *source = node_at(loading->settings, row->fallback + 1);
	struct node *copy;

	if (source == NULL || node_at(loading->settings, row->path) != NULL)
		return;
	copy = node_new(loading->arena, source->type, &source->origin);
	if (source->type == NODE_LIST) {
		for (size_t i = 0; i < source->count; i++)
			node_add(loading->arena, copy, source->items[i]);
	} else {
		copy->type = NODE_LIST;
		node_add(loading->arena, copy, node_at(loading->settings, row->fallback + 1));
	}
	copy->secret = source->secret;
	copy->deferred = source->deferred;
	node_set_path(loading->arena, loading->settings, row->path, copy);
}

/* only_relays - no mail ends here; what is signed is named by itself, or nothing is */
static bool
only_relays(const struct loading *loading)
{
	const struct node *roles = node_get(loading->settings, "roles");
	bool signs_named = node_at(loading->settings, "dkim.domains") != NULL, relays = false;

	for (size_t i = 0; roles != NULL && i < roles->count; i++) {
		const char *role = roles->items[i]->text;

		relays = relays || strcmp(role, "relay") == 0 || strcmp(role, "dkim") == 0;
		/* logins of a relay are no mailboxes that mail would be for */
		if (strcmp(role, "relay") != 0 && strcmp(role, "submission") != 0 &&
			(strcmp(role, "dkim") != 0 || !signs_named))
			return false;
	}
	return relays;
}

static void
require_domains(struct loading *loading)
{
	const struct node *domains = node_get(loading->settings, "domains");
	struct origin origin = {.kind = ORIGIN_DEFAULT, .name = "domains"};
	struct finding *finding;

	if ((domains != NULL && (domains->count > 0 || domains->deferred)) ||
		only_relays(loading) || loading->incomplete ||
		node_get(loading->refused, "domains") != NULL)
		return;
	finding = finding_add(loading->findings, "setting-required", &origin,
		"domains is not set: there is no domain to accept mail for");
	finding->help = "Set MAIL_DOMAINS to your domains, as in MAIL_DOMAINS=example.com, or "
			"MAIL_ROLES=relay.";
	/* a mount at a wrong path looks like no settings at all */
	if (loading->yaml_count == 0 && yaml_settings_is_default(loading))
		finding->message = arena_printf(loading->arena,
			"%s; there is no " YAML_SETTINGS_DEFAULT " either", finding->message);
}

/* require_pair - a login is nothing without its password, nor the other way round */
static void
require_pair(struct loading *loading, const char *one, const char *other, const char *effect)
{
	const struct node *node = node_at(loading->settings, one);
	char variable[SCHEMA_NAME_BYTES];

	if (node == NULL || node_at(loading->settings, other) != NULL || loading->incomplete ||
		node_get(loading->refused, other) != NULL)
		return;
	finding_add(loading->findings, "setting-required", &node->origin,
		"%s is set and %s (%s) is not", one, other,
		schema_variable(schema_find(other), variable, sizeof(variable)))
		->effect = effect;
}

static void
tell_unchecked(struct loading *loading)
{
	if (loading->unchecked_files == 1)
		finding_add(loading->findings, "not-checked", &loading->unchecked_origin,
			"a mailbox's password file is not on this machine: %s",
			loading->unchecked_paths);
	else if (loading->unchecked_files > 1)
		finding_add(loading->findings, "not-checked", &loading->unchecked_origin,
			"%zu password files of mailboxes are not on this machine: %s%s",
			loading->unchecked_files, loading->unchecked_paths,
			loading->unchecked_files > UNCHECKED_SHOWN ? "; and so on" : "");
}

static void
tell_unmounted(struct loading *loading)
{
	struct origin origin = {.kind = ORIGIN_ENVIRONMENT, .file = loading->source->compose};

	if (loading->unmounted > UNMOUNTED_SHOWN)
		finding_add(loading->findings, "compose-file-unmounted", &origin,
			"nothing of the service brings %zu further files of settings",
			loading->unmounted - UNMOUNTED_SHOWN);
}

void
complete_rest(struct loading *loading)
{
	complete_hostname(loading);
	for (size_t i = 0; i < schema_count; i++)
		if (schema_rows[i].fallback != NULL && schema_rows[i].fallback[0] == '@')
			complete_reference(loading, &schema_rows[i]);
	require_domains(loading);
	require_pair(loading, "relay.username", "relay.password", NO_LOGIN);
	require_pair(loading, "relay.password", "relay.username", NO_LOGIN);
	tell_unchecked(loading);
	tell_unmounted(loading);
}
