/*
 * postfix_used.c - names that something refers to, though they are no parameters
 *
 * What refers to them is collected once: a file of twenty thousand such names is
 * read as fast as one of a few.
 */
#include <string.h>

#include "check/postfix.h"
#include "language/expression.h"

/* collect_defaults - the names in the defaults of parameters that nobody has set */
static void
collect_defaults(struct postfix_check *check)
{
	struct arena *arena = check->plan->arena;
	const char *at = postfix_parameter_table();
	struct postfix_parameter parameter;

	while (postfix_parameter_next(arena, &at, &parameter)) {
		const char *fallback = postfix_parameter_default(&parameter, check->version);
		struct expression_names names = {0};
		struct expression_mistake mistake;

		if (strchr(fallback, '$') == NULL || parameter.type == POSTFIX_RAW ||
			!postfix_parameter_in(&parameter, check->version) ||
			postfix_setting_of(check, NULL, parameter.name) != NULL)
			continue;
		expression_scan(arena, fallback, &names, &mistake);
		for (size_t i = 0; i < names.count; i++)
			name_set_add(&check->in_defaults, arena, names.items[i].name);
	}
}

/*
 * collect_tables - "x" of a table "ldap:x": its options may stand in main.cf as
 * x_server_host, the form from before tables had files of their own (ldap_table(5))
 */
static void
collect_tables(struct postfix_check *check, const char *value)
{
	static const char *const types[] = {
		"ldap:", "memcache:", "mongodb:", "mysql:", "pgsql:", "sqlite:"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const char *at = strstr(value, types[i]);

		for (; at != NULL; at = strstr(at, types[i])) {
			size_t word;

			at += strlen(types[i]);
			word = strcspn(at, ", \t{}$/");
			if (word > 0)
				name_set_add(&check->tables, check->plan->arena,
					arena_strndup(check->plan->arena, at, word));
		}
	}
}

static void
collect(struct postfix_check *check)
{
	struct postfix_word word;
	const char *list;

	if (check->collected)
		return;
	check->collected = true;
	list = postfix_value_of(check, NULL, "smtpd_restriction_classes");
	collect_defaults(check);
	for (size_t i = 0; i < check->setting_count; i++)
		collect_tables(check, check->settings[i].value);
	while (postfix_word_next(&list, &word))
		name_set_add(&check->classes, check->plan->arena,
			arena_strndup(check->plan->arena, word.text, word.len));
}

bool
postfix_in_default(struct postfix_check *check, const char *name)
{
	collect(check);
	return name_set_has(&check->in_defaults, name, strlen(name));
}

bool
postfix_is_class(
	struct postfix_check *check, const struct master_cf_service *service, const char *name)
{
	const struct postfix_setting *classes =
		postfix_setting_of(check, service, "smtpd_restriction_classes");
	const char *list;
	struct postfix_word word;

	if (classes == NULL)
		return false;
	collect(check);
	if (classes->service == NULL)
		return name_set_has(&check->classes, name, strlen(name));
	list = postfix_value_of(check, service, "smtpd_restriction_classes");
	while (postfix_word_next(&list, &word))
		if (word.len == strlen(name) && strncmp(word.text, name, word.len) == 0)
			return true;
	return false;
}

/* is_table_option - whether NAME begins with the name of a table and "_" */
static bool
is_table_option(struct postfix_check *check, const char *name)
{
	for (const char *at = strchr(name, '_'); at != NULL; at = strchr(at + 1, '_'))
		if (name_set_has(&check->tables, name, (size_t)(at - name)))
			return true;
	return false;
}

bool
postfix_used(struct postfix_check *check, const struct postfix_setting *setting)
{
	if (postfix_is_referred(check, setting))
		return true;
	collect(check);
	return postfix_is_class(check, setting->service, setting->name) ||
		is_table_option(check, setting->name) ||
		name_set_has(&check->in_defaults, setting->name, strlen(setting->name));
}
