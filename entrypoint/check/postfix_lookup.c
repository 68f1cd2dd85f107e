/* postfix_lookup.c - what a name stands for, in main.cf or within one service */
#include <string.h>

#include "check/postfix.h"
#include "language/expression.h"

/* What a dry run writes in place of a value that only the container has. */
#define PLACEHOLDER "{deferred:"

/* derived - whether NAME is made from the name of a service: SERVICE_destination_rate_delay */
static bool
derived(struct postfix_check *check, const char *name, struct postfix_parameter *parameter)
{
	for (const char *at = strchr(name, '_'); at != NULL; at = strchr(at + 1, '_')) {
		size_t count;
		const struct master_cf_service *const *services =
			postfix_services_of(check, name, (size_t)(at - name), &count);

		for (size_t i = 0; i < count; i++)
			if (postfix_service_parameter(check->plan->arena, name, services[i]->name,
				    services[i]->command, parameter))
				return true;
	}
	return false;
}

bool
postfix_known(struct postfix_check *check, const char *name, struct postfix_parameter *parameter)
{
	return (postfix_parameter_find(check->plan->arena, name, parameter) &&
		       postfix_parameter_in(parameter, check->version)) ||
		derived(check, name, parameter);
}

/* The context of one expansion. */
struct scope {
	struct postfix_check *check;
	const struct master_cf_service *service;
	bool part; /* placeholders are taken as they stand */
};

static bool
look_up(void *context, const char *name, const char **value)
{
	struct scope *scope = context;
	struct postfix_check *check = scope->check;
	const struct postfix_setting *setting = postfix_setting_of(check, scope->service, name);
	struct postfix_parameter parameter;

	*value = NULL;
	if (setting != NULL)
		*value = setting->value;
	else if (strcmp(name, "stress") == 0)
		*value = check->stressed ? "yes" : "";
	else if (postfix_known(check, name, &parameter)) {
		if (parameter.varies)
			return false;
		*value = postfix_parameter_default(&parameter, check->version);
	}
	return scope->part || *value == NULL || strstr(*value, PLACEHOLDER) == NULL;
}

bool
postfix_expand(struct postfix_check *check, const struct master_cf_service *service,
	const char *value, const char **expanded, bool *circle)
{
	struct scope scope = {check, service, false};
	enum expression_result result = EXPRESSION_UNKNOWN;

	*circle = false;
	if (strstr(value, PLACEHOLDER) == NULL)
		result = expression_expand(check->plan->arena, value, look_up, &scope, expanded);
	*circle = result == EXPRESSION_CIRCLE;
	return result == EXPRESSION_DONE;
}

const char *
postfix_expand_part(struct postfix_check *check, const struct postfix_setting *setting)
{
	struct scope scope = {check, setting->service, true};
	const char *expanded;

	check->stressed = false;
	if (expression_expand(check->plan->arena, setting->value, look_up, &scope, &expanded) !=
		EXPRESSION_DONE)
		return "";
	return expanded;
}

const char *
postfix_value_of(
	struct postfix_check *check, const struct master_cf_service *service, const char *name)
{
	const char *reference = arena_printf(check->plan->arena, "${%s}", name), *value;
	bool circle;

	return postfix_expand(check, service, reference, &value, &circle) ? value : "";
}
