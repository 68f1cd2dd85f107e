/*
 * settings.c - one way in
 *
 * The order is the precedence: defaults, YAML, MAIL_*, then other images'
 * variables where nothing else was said, then raw passthrough. What is missing
 * is looked at last, when nothing more can come.
 */
#include "settings/settings.h"

#include "settings/compat.h"
#include "settings/complete.h"
#include "settings/compose.h"
#include "settings/environment.h"
#include "settings/loading.h"
#include "settings/yaml_settings.h"

/* list_variables - as they were given; a value may be a secret */
static void
list_variables(struct loading *loading)
{
	struct node *variables = loading->source->variables;

	for (size_t i = 0; variables != NULL && i < loading->variable_count; i++) {
		const struct variable *variable = &loading->variables[i];
		struct node *node = node_scalar(loading->arena, variable->value, &variable->origin);

		node->secret = true;
		node_set(loading->arena, variables, variable->name, node);
	}
}

struct node *
settings_load(struct arena *arena, struct findings *findings, const struct settings_source *source)
{
	struct origin origin = {.kind = ORIGIN_DEFAULT};
	struct loading loading = {.arena = arena, .findings = findings, .source = source};

	loading.settings = node_new(arena, NODE_MAP, &origin);
	loading.variable_places = node_new(arena, NODE_MAP, &origin);
	loading.refused = node_new(arena, NODE_MAP, &origin);
	complete_defaults(&loading);
	environment_collect(&loading);
	list_variables(&loading);
	yaml_settings_load(&loading);
	environment_apply(&loading);
	compat_apply(&loading);
	complete_rest(&loading);
	compose_compare_networks(&loading);
	compose_compare(&loading);
	compose_compare_ports(&loading);
	return loading.settings;
}
