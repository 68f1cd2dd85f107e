/* postfix_lookup.c - what a name stands for, in main.cf or within one service */
#include <stdlib.h>
#include <string.h>

#include "check/postfix.h"
#include "language/expression.h"

/* What a dry run writes in place of a value that only the container has. */
#define PLACEHOLDER "{deferred:"

bool
postfix_known(struct postfix_check *check, const char *name, struct postfix_parameter *parameter)
{
	if (postfix_parameter_find(check->plan->arena, name, parameter) &&
		postfix_parameter_in(parameter, check->version))
		return true;
	for (size_t i = 0; i < check->master_cf.count; i++) {
		const struct master_cf_service *service = &check->master_cf.services[i];

		if (postfix_service_parameter(
			    check->plan->arena, name, service->name, service->command, parameter))
			return true;
	}
	return false;
}

const struct postfix_setting *
postfix_setting_of(
	struct postfix_check *check, const struct master_cf_service *service, const char *name)
{
	const struct postfix_setting *found = NULL;

	for (size_t i = 0; i < check->setting_count; i++) {
		const struct postfix_setting *setting = &check->settings[i];

		if (strcmp(setting->name, name) != 0)
			continue;
		if (setting->service == NULL)
			found = setting;
		else if (setting->service == service)
			return setting;
	}
	return found;
}

/* The context of one expansion. */
struct scope {
	struct postfix_check *check;
	const struct master_cf_service *service;
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
	return *value == NULL || strstr(*value, PLACEHOLDER) == NULL;
}

bool
postfix_expand(struct postfix_check *check, const struct master_cf_service *service,
	const char *value, const char **expanded, bool *circle)
{
	struct scope scope = {check, service};
	enum expression_result result = EXPRESSION_UNKNOWN;

	*circle = false;
	if (strstr(value, PLACEHOLDER) == NULL)
		result = expression_expand(check->plan->arena, value, look_up, &scope, expanded);
	*circle = result == EXPRESSION_CIRCLE;
	return result == EXPRESSION_DONE;
}
