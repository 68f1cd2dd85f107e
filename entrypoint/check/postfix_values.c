/* postfix_values.c - "$" in values, and values of the wrong kind */
#include <string.h>

#include "check/postfix.h"
#include "language/expression.h"

static void
note_references(struct postfix_check *check, const struct postfix_setting *setting,
	const struct expression_names *names)
{
	for (size_t i = 0; i < names->count; i++) {
		if (check->reference_count == check->reference_room) {
			size_t room = check->reference_room != 0 ? check->reference_room * 2 : 32;

			check->references = arena_grow(check->plan->arena, check->references,
				check->reference_count * sizeof(*check->references),
				room * sizeof(*check->references));
			check->reference_room = room;
		}
		check->references[check->reference_count++] = (struct postfix_reference){
			.name = names->items[i].name,
			.from = setting,
			.at = names->items[i].at,
		};
	}
}

/* where - "submission/inet: -o " for an option of master.cf */
static const char *
where(struct postfix_check *check, const struct postfix_setting *setting)
{
	if (setting->service == NULL)
		return "";
	return arena_printf(
		check->plan->arena, "%s/%s: -o ", setting->service->name, setting->service->type);
}

/* check_expression - whether the value can be expanded at all; notes the names in it */
static bool
check_expression(struct postfix_check *check, const struct postfix_setting *setting)
{
	struct expression_names names = {0};
	struct expression_mistake mistake;

	bool right = expression_scan(check->plan->arena, setting->value, &names, &mistake);

	note_references(check, setting, &names);
	if (right)
		return true;
	postfix_say(check, "postfix-expression", setting, setting->value_at + mistake.at,
		"%s%s%s: %s", where(check, setting), setting->name, postfix_shown(check, setting),
		mistake.text);
	return false;
}

/*
 * check_value - the value as the daemon gets it. Returns whether it is right, so that
 * a second outcome of the same expression is not told of again.
 */
static bool
check_value(struct postfix_check *check, const struct postfix_setting *setting,
	const struct postfix_parameter *parameter)
{
	const char *expanded, *mistake, *comes_to = "";
	bool circle;

	if (!postfix_expand(check, setting->service, setting->value, &expanded, &circle)) {
		if (circle)
			postfix_say(check, "postfix-expression", setting, setting->value_at,
				"%s%s%s: it refers to itself in the end, or its values are nested "
				"deeper than Postfix follows",
				where(check, setting), setting->name,
				postfix_shown(check, setting));
		return !circle;
	}
	mistake = parameter != NULL ? postfix_value_mistake(check->plan->arena, parameter, expanded)
				    : NULL;
	if (mistake == NULL)
		return true;
	if (setting->secret || (check->has_secret && strchr(setting->value, '$') != NULL))
		mistake = "the value, which may be a secret and is not shown, is none that Postfix "
			  "takes";
	else if (strcmp(expanded, setting->value) != 0)
		comes_to = arena_printf(check->plan->arena, ", which is \"%.60s\"", expanded);
	postfix_say(check, "postfix-value", setting, setting->value_at, "%s%s%s%s: %s",
		where(check, setting), setting->name, postfix_shown(check, setting), comes_to,
		mistake);
	return false;
}

/* check_setting - $stress is set by master while a service is short of processes (STRESS_README) */
static void
check_setting(struct postfix_check *check, const struct postfix_setting *setting)
{
	struct postfix_parameter parameter;
	bool known = postfix_known(check, setting->name, &parameter);

	if (known && parameter.type == POSTFIX_RAW)
		return;
	if (!check_expression(check, setting))
		return;
	check->stressed = false;
	if (!check_value(check, setting, known ? &parameter : NULL) ||
		strchr(setting->value, '$') == NULL)
		return;
	check->stressed = true;
	check_value(check, setting, known ? &parameter : NULL);
}

void
postfix_check_values(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++)
		check_setting(check, &check->settings[i]);
}
