#ifndef BASE_RULES_H
#define BASE_RULES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The catalogue of what can be wrong. An id never changes its meaning: other
 * people's pipelines depend on it. A row says what is looked for, what happens
 * to mail, and what to change. Rows lie in base/rules_SUBJECT.c, one table a
 * subject; a new table is a line here and one in rules.c.
 */
enum severity { SEVERITY_NOTE, SEVERITY_WARNING, SEVERITY_ERROR };

struct rule {
	const char *id; /* kebab-case */
	enum severity severity;
	bool refuses; /* a start (or a reload) does not happen */
	const char *title; /* what the rule looks for */
	const char *effect; /* what happens to mail if it stays so */
	const char *help; /* what to change */
	const char *source; /* RFC section, Postfix manual, … or "" */
	/* what was seen where it happened, with the words of logs, and where it was reported */
	const char *incident;
	/* how to see it: the line that test/rules/table.toml has, or how it comes about */
	const char *reproduce;
};

extern const struct rule rules_settings[];
extern const struct rule rules_compose[];
extern const struct rule rules_template[];
extern const struct rule rules_tls[];
extern const struct rule rules_container[];
extern const struct rule rules_mailbox[];
extern const struct rule rules_dkim[];
extern const struct rule rules_relay[];
extern const struct rule rules_postfix[];
extern const struct rule rules_dovecot[];
extern const struct rule rules_dns[];
extern const struct rule rules_live[];

/* The rule at a place of the whole catalogue, from 0; NULL behind the last one. */
const struct rule *rule_at(size_t index);

size_t rule_count(void);

/* Its place in the whole catalogue. RULE is one of it. */
size_t rule_index(const struct rule *rule);

/* The rule of that id, or NULL. */
const struct rule *rule_find(const char *id);

#endif
