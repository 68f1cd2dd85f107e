/*
 * rules.c - the one catalogue of what can be wrong
 *
 * From its tables, one a subject, come the findings, `mailinit explain ID` and
 * the page of rules. Each ends with a row without an id.
 */
#include "base/rules.h"

#include <string.h>

static const struct rule *const tables[] = {
	rules_settings,
	rules_compose,
	rules_template,
	rules_tls,
	rules_container,
	rules_mailbox,
	rules_dkim,
	rules_relay,
	rules_postfix,
	rules_dovecot,
	rules_dns,
	rules_live,
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

const struct rule *
rule_at(size_t index)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct rule *rule = tables[i]; rule->id != NULL; rule++)
			if (index-- == 0)
				return rule;
	return NULL;
}

size_t
rule_count(void)
{
	size_t count = 0;

	for (size_t i = 0; i < TABLES; i++)
		for (const struct rule *rule = tables[i]; rule->id != NULL; rule++)
			count++;
	return count;
}

size_t
rule_index(const struct rule *rule)
{
	size_t index = 0;

	for (const struct rule *at; (at = rule_at(index)) != NULL && at != rule;)
		index++;
	return index;
}

const struct rule *
rule_find(const char *id)
{
	for (size_t i = 0; i < TABLES; i++)
		for (const struct rule *rule = tables[i]; rule->id != NULL; rule++)
			if (strcmp(rule->id, id) == 0)
				return rule;
	return NULL;
}
