/* explain_variable.c - a variable of ours, of the passthrough, or of another image */
#include "command/explain.h"

#include <string.h>

#include "base/text.h"
#include "settings/compat_table.h"
#include "settings/environment.h"

/* base_of - NAME without _FILE, when that makes it known */
static const char *
base_of(struct arena *arena, const char *name)
{
	const char *base = environment_file_base(arena, name);

	return base != NULL ? base : name;
}

static bool
explain_ours(struct explain *explain, const char *name)
{
	const struct schema_row *row = schema_find_variable(name);

	if (row == NULL) {
		row = schema_find_variable(base_of(explain->plan->arena, name));
		explain->by_file = row != NULL;
	}
	if (row == NULL || !schema_has_variable(row))
		return false;
	return explain_setting(explain, row->path);
}

/* explain_control - variables that steer mailinit itself */
static bool
explain_control(struct explain *explain, const char *name)
{
	static const struct {
		const char *name, *about;
	} known[] = {
		{"MAIL_CONFIG",
			"The configuration file, instead of /etc/mailinit/mailinit.yaml; or "
			"several, "
			"parted by blanks or commas, of which a later one wins."},
		{"MAIL_START_ANYWAY",
			"Ids of findings, parted by commas, that must not refuse a start."},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		explain_begin(explain, name, "variable");
		explain_text(explain, "about", known[i].about);
		explain_text(explain, "value", node_text(explain->plan->settings, name, "not set"));
		return true;
	}
	return false;
}

/* explain_foreign - of another image: what it becomes, and that setting's value */
static bool
explain_foreign(struct explain *explain, const char *name)
{
	struct arena *arena = explain->plan->arena;
	struct buffer text = {0};
	struct compat_row row;
	const struct node *node;
	char *path;

	if (!compat_row_find(arena, name, &row) &&
		!compat_row_find(arena, base_of(arena, name), &row))
		return false;
	explain_begin(explain, name, "variable of another image");
	for (const char *c = row.peers; *c != '\0'; c++)
		explain_word(explain, "image", compat_peer(*c));
	compat_print_becomes(&text, &row);
	explain_text(explain, "becomes", buffer_text(&text));
	buffer_free(&text);
	if (row.weak)
		explain_text(explain, "counts",
			"only beside another variable of that image: many programs use the name");
	if (row.act != COMPAT_SET && row.act != COMPAT_WORD)
		return true;
	path = arena_strndup(arena, row.target, strcspn(row.target, " "));
	node = node_at(explain->plan->settings, path);
	if (node != NULL)
		explain_item(explain, "value", explain_node(explain, node));
	for (node = node != NULL ? node->overrode : NULL; node != NULL; node = node->overrode)
		explain_item(explain, "lost", explain_node(explain, node));
	return true;
}

/* explain_passthrough - POSTFIX_x is the parameter x */
static bool
explain_passthrough(struct explain *explain, const char *name)
{
	struct arena *arena = explain->plan->arena;
	const char *lower = text_lower(arena, name);
	char *key, *under;

	if (text_starts(name, "POSTFIX_"))
		return explain_parameter(explain, name + strlen("POSTFIX_")) ||
			explain_parameter(explain, lower + strlen("POSTFIX_"));
	if (text_starts(name, "DOVECOT_"))
		return explain_line(explain, name + strlen("DOVECOT_"));
	if (text_starts(name, "OPENDKIM_"))
		return explain_line(explain, name + strlen("OPENDKIM_"));
	if (!text_starts(name, "POSTFIXMASTER_"))
		return false;
	key = arena_strdup(arena, name + strlen("POSTFIXMASTER_"));
	under = strstr(key, "__");
	if (under == NULL)
		return false;
	under[0] = '/';
	memmove(under + 1, under + 2, strlen(under + 2) + 1);
	return explain_service(explain, key);
}

static bool
explain_link(struct explain *explain, const char *name)
{
	if (!environment_is_link(name, "tcp://") && !environment_is_link(name, "/web/mail"))
		return false;
	explain_begin(explain, name, "variable of a link");
	explain_text(explain, "about",
		"Docker and Kubernetes set it for a container beside this one; it never "
		"configures anything.");
	return true;
}

bool
explain_variable(struct explain *explain, const char *name)
{
	return explain_ours(explain, name) || explain_control(explain, name) ||
		explain_foreign(explain, name) || explain_link(explain, name) ||
		explain_passthrough(explain, name);
}
