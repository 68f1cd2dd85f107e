/*
 * postfix_names.c - names in main.cf and master.cf that Postfix does not use
 *
 * Postfix takes any name without a word; only `postconf` tells of them, when
 * somebody runs it. A name is used (postconf(1), "user-defined parameters") when
 * it is built in, made from a service's name, listed in smtpd_restriction_classes,
 * or referred to as $name by a value that is set, or by a default.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"
#include "language/expression.h"

/* refers - whether a value that is set has $NAME, where the setting can be seen from it */
static bool
referred(const struct postfix_check *check, const struct postfix_setting *setting)
{
	for (size_t i = 0; i < check->reference_count; i++) {
		const struct postfix_reference *reference = &check->references[i];
		const struct master_cf_service *service = reference->from->service;

		if (strcmp(reference->name, setting->name) == 0 &&
			(setting->service == NULL || service == NULL ||
				service == setting->service))
			return true;
	}
	return false;
}

/* in_default - whether the default of a parameter that nobody has set refers to NAME */
static bool
in_default(struct postfix_check *check, const char *name)
{
	const char *at = postfix_parameter_table();
	struct postfix_parameter parameter;

	while (postfix_parameter_next(check->plan->arena, &at, &parameter)) {
		const char *fallback = postfix_parameter_default(&parameter, check->version);
		struct expression_names names = {0};
		struct expression_mistake mistake;

		if (strstr(fallback, name) == NULL || parameter.type == POSTFIX_RAW ||
			!postfix_parameter_in(&parameter, check->version) ||
			postfix_setting_of(check, NULL, parameter.name) != NULL)
			continue;
		expression_scan(check->plan->arena, fallback, &names, &mistake);
		for (size_t i = 0; i < names.count; i++)
			if (strcmp(names.items[i].name, name) == 0)
				return true;
	}
	return false;
}

/* next_class - a word of the list; false at its end */
static bool
next_class(struct arena *arena, const char **list, const char **name)
{
	size_t len;

	*list += strspn(*list, ", \t\r\n");
	len = strcspn(*list, ", \t\r\n");
	*name = arena_strndup(arena, *list, len);
	*list += len;
	return len > 0;
}

/* classes_of - what smtpd_restriction_classes comes to, "" where it is not set */
static const char *
classes_of(struct postfix_check *check, const struct master_cf_service *service,
	const struct postfix_setting **classes)
{
	const char *list;
	bool circle;

	*classes = postfix_setting_of(check, service, "smtpd_restriction_classes");
	if (*classes == NULL || !postfix_expand(check, service, (*classes)->value, &list, &circle))
		return "";
	return list;
}

/* is_class - whether it is listed in smtpd_restriction_classes */
static bool
is_class(struct postfix_check *check, const struct postfix_setting *setting)
{
	const struct postfix_setting *classes;
	const char *list = classes_of(check, setting->service, &classes), *name;

	while (next_class(check->plan->arena, &list, &name))
		if (strcmp(name, setting->name) == 0)
			return true;
	return false;
}

/*
 * is_table_option - "x_server_host" of a table "ldap:x": the form in which tables
 * were configured before they had files of their own (ldap_table(5))
 */
static bool
is_table_option(const struct postfix_check *check, const char *name)
{
	static const char *const types[] = {
		"ldap:", "memcache:", "mongodb:", "mysql:", "pgsql:", "sqlite:"};

	for (size_t i = 0; i < check->setting_count; i++)
		for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++) {
			const char *at = strstr(check->settings[i].value, types[k]);
			size_t len = at != NULL ? strlen(types[k]) : 0;

			for (; at != NULL; at = strstr(at + len, types[k])) {
				size_t word = strcspn(at + len, ", \t{}$/");

				if (word > 0 && strncmp(at + len, name, word) == 0 &&
					name[word] == '_')
					return true;
			}
		}
	return false;
}

/*
 * near_service - the name made from a service's that NAME was probably to be: what
 * stands behind the service's name is like the parameter that gives its default
 */
static const char *
near_service(struct postfix_check *check, const char *name)
{
	static const char *const defaults[] = {"default", "command", ""};
	struct arena *arena = check->plan->arena;
	struct postfix_parameter parameter;

	for (size_t i = 0; i < check->master_cf.count; i++) {
		const struct master_cf_service *service = &check->master_cf.services[i];
		size_t len = strlen(service->name);

		if (strncmp(name, service->name, len) != 0 || name[len] != '_')
			continue;
		for (size_t k = 0; k < sizeof(defaults) / sizeof(defaults[0]); k++) {
			size_t prefix = strlen(defaults[k]);
			const char *suffix = name + len + (prefix == 0);
			const char *near = postfix_parameter_nearest(arena,
				arena_printf(arena, "%s%s", defaults[k], suffix), check->version);

			if (near == NULL || !text_starts(near, defaults[k]))
				continue;
			near = arena_printf(arena, "%s%s%s", service->name, prefix == 0 ? "_" : "",
				near + prefix);
			if (postfix_service_parameter(
				    arena, near, service->name, service->command, &parameter))
				return near;
		}
	}
	return NULL;
}

static void
say_unknown(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *near = near_service(check, setting->name);

	if (near == NULL)
		near = postfix_parameter_nearest(check->plan->arena, setting->name, check->version);
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
	if (referred(check, setting) || is_class(check, setting) ||
		is_table_option(check, setting->name) || in_default(check, setting->name))
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
	for (size_t i = 0; service == NULL && i < check->setting_count; i++)
		if (strcmp(check->settings[i].name, reference->name) == 0)
			return true;
	return false;
}

/* check_classes - a class without a definition: smtpd answers 451 where it is asked for */
static void
check_classes(struct postfix_check *check)
{
	const struct postfix_setting *classes;
	const char *list = classes_of(check, NULL, &classes), *name;

	while (next_class(check->plan->arena, &list, &name)) {
		bool set = false;

		for (size_t i = 0; i < check->setting_count; i++)
			set = set || strcmp(check->settings[i].name, name) == 0;
		if (!set)
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
		const char *near;

		if (defined(check, reference) || in_default(check, reference->name))
			continue;
		near = postfix_parameter_nearest(
			check->plan->arena, reference->name, check->version);
		postfix_say(check, "postfix-parameter-undefined", from,
			from->value_at + reference->at,
			"%s: nothing defines $%s, so nothing stands in its place%s%s%s", from->name,
			reference->name, near != NULL ? "; did you mean $" : "",
			near != NULL ? near : "", near != NULL ? "?" : "");
	}
}
