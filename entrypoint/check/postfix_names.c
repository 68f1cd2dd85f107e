/*
 * postfix_names.c - names in main.cf and master.cf that Postfix does not use
 *
 * Postfix takes any name without a word; only `postconf` tells of them, when
 * somebody runs it. A name is used (postconf(1), "user-defined parameters") when
 * it is built in, made from a service's name, listed in smtpd_restriction_classes,
 * or referred to as $name by a value that is set, or by a default.
 */
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

/*
 * near_service - the name made from a service's that NAME was probably to be: what
 * stands behind the service's name is like the parameter that gives its default
 */
static const char *
near_service(struct postfix_check *check, const char *name, const struct master_cf_service *service)
{
	static const char *const defaults[] = {"default", "command", ""};
	struct arena *arena = check->plan->arena;
	struct postfix_parameter parameter;

	for (size_t k = 0; k < sizeof(defaults) / sizeof(defaults[0]); k++) {
		size_t prefix = strlen(defaults[k]);
		const char *suffix = name + strlen(service->name) + (prefix == 0);
		const char *near = postfix_parameter_nearest(
			arena, arena_printf(arena, "%s%s", defaults[k], suffix), check->version);

		if (near == NULL || !text_starts(near, defaults[k]))
			continue;
		near = arena_printf(
			arena, "%s%s%s", service->name, prefix == 0 ? "_" : "", near + prefix);
		if (postfix_service_parameter(
			    arena, near, service->name, service->command, &parameter))
			return near;
	}
	return NULL;
}

static const char *
near_services(struct postfix_check *check, const char *name)
{
	for (const char *at = strchr(name, '_'); at != NULL; at = strchr(at + 1, '_')) {
		size_t count;
		const struct master_cf_service *const *services =
			postfix_services_of(check, name, (size_t)(at - name), &count);

		for (size_t i = 0; i < count; i++) {
			const char *near = near_service(check, name, services[i]);

			if (near != NULL)
				return near;
		}
	}
	return NULL;
}

static void
say_unknown(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *near = NULL;

	/* beyond that many they are only counted, and looking for the nearest takes the time */
	if (!postfix_told_enough(check, "postfix-parameter-unknown") &&
		!postfix_told_enough(check, "postfix-parameter-unused")) {
		near = near_services(check, setting->name);
		if (near == NULL)
			near = postfix_parameter_nearest(
				check->plan->arena, setting->name, check->version);
	}
	if (near != NULL)
		postfix_say(check, "postfix-parameter-unknown", setting, setting->name_at,
			"Postfix has no parameter %s; did you mean %s?", setting->name, near);
	else
		postfix_say(check, "postfix-parameter-unused", setting, setting->name_at,
			"Postfix has no parameter %s, and no value refers to it as $%s",
			setting->name, setting->name);
}

/* instead_of - what to use in place of a parameter, as a help text; NULL when it is not known */
static const char *
instead_of(struct postfix_check *check, const struct postfix_parameter *parameter)
{
	if (parameter->instead == NULL)
		return NULL;
	return arena_printf(check->plan->arena, "Use %s.", parameter->instead);
}

/* say_other_version - a name that the table has, but not for this version */
static void
say_other_version(struct postfix_check *check, const struct postfix_setting *setting,
	const struct postfix_parameter *parameter)
{
	bool gone = parameter->until != 0 && check->version > parameter->until;
	int version = gone ? parameter->until : parameter->since;
	const char *instead = instead_of(check, parameter);
	struct finding *finding;

	finding =
		postfix_say(check, gone ? "postfix-parameter-removed" : "postfix-parameter-version",
			setting, setting->name_at, "%s: Postfix %s has no such parameter%s %d.%d",
			setting->name, check->plan->target.postfix_version,
			gone ? " any more; the last one that had it was" : "; it came with Postfix",
			version / 100, version % 100);
	if (instead != NULL)
		finding->help = instead;
}

static void
say_deprecated(struct postfix_check *check, const struct postfix_setting *setting,
	const struct postfix_parameter *parameter)
{
	const char *instead = instead_of(check, parameter);
	struct finding *finding = postfix_say(check, "postfix-parameter-deprecated", setting,
		setting->name_at, "%s is an old parameter that later versions of Postfix drop",
		setting->name);

	if (instead != NULL)
		finding->help = instead;
}

static void
check_name(struct postfix_check *check, const struct postfix_setting *setting)
{
	struct postfix_parameter parameter;

	if (postfix_known(check, setting->name, &parameter)) {
		if (parameter.deprecated || parameter.legacy)
			say_deprecated(check, setting, &parameter);
		return;
	}
	if (postfix_used(check, setting))
		return;
	if (postfix_parameter_find(check->plan->arena, setting->name, &parameter))
		say_other_version(check, setting, &parameter);
	else
		say_unknown(check, setting);
}

void
postfix_check_names(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++)
		check_name(check, &check->settings[i]);
}

/* defined - whether a setting or Postfix itself gives the name a value, where it is referred to */
static bool
defined(struct postfix_check *check, const struct postfix_reference *reference)
{
	const struct master_cf_service *service = reference->from->service;
	struct postfix_parameter parameter;

	if (postfix_known(check, reference->name, &parameter) ||
		postfix_setting_of(check, service, reference->name) != NULL)
		return true;
	/* a value of main.cf is expanded in every service: one that defines it is enough */
	return service == NULL && postfix_is_set(check, reference->name);
}

/* check_classes - a class without a definition: smtpd answers 451 where it is asked for */
static void
check_classes(struct postfix_check *check)
{
	const struct postfix_setting *classes =
		postfix_setting_of(check, NULL, "smtpd_restriction_classes");
	const char *list = postfix_value_of(check, NULL, "smtpd_restriction_classes");
	struct postfix_word word;

	while (classes != NULL && postfix_word_next(&list, &word)) {
		const char *name = arena_strndup(check->plan->arena, word.text, word.len);

		if (!postfix_is_set(check, name))
			postfix_say(check, "postfix-parameter-undefined", classes,
				classes->value_at,
				"%s: the class %s is listed, and nothing defines it", classes->name,
				name);
	}
}

void
postfix_check_references(struct postfix_check *check)
{
	check_classes(check);
	for (size_t i = 0; i < check->reference_count; i++) {
		const struct postfix_reference *reference = &check->references[i];
		const struct postfix_setting *from = reference->from;
		const char *near = NULL;

		if (defined(check, reference) || postfix_in_default(check, reference->name))
			continue;
		if (!postfix_told_enough(check, "postfix-parameter-undefined"))
			near = postfix_parameter_nearest(
				check->plan->arena, reference->name, check->version);
		postfix_say(check, "postfix-parameter-undefined", from,
			from->value_at + reference->at,
			"%s: nothing defines $%s, so nothing stands in its place%s%s%s", from->name,
			reference->name, near != NULL ? "; did you mean $" : "",
			near != NULL ? near : "", near != NULL ? "?" : "");
	}
}
