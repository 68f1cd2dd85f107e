/* postfix_form.c - lines that Postfix dies of, passes over or overrides */
#include <string.h>

#include "check/faults.h"
#include "check/postfix.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct fault_rule main_rules[] = {
	{FAULT_SYNTAX, "postfix-syntax"},
	{FAULT_IGNORED, "postfix-line-ignored"},
	{FAULT_DUPLICATE, "postfix-parameter-duplicate"},
};

static const struct fault_rule master_rules[] = {
	{FAULT_SYNTAX, "postfix-syntax"},
	{FAULT_IGNORED, "postfix-line-ignored"},
	{FAULT_DUPLICATE, "postfix-service-duplicate"},
};

/* comment_in - where " #" begins a word of the value; NULL when nowhere */
static const char *
comment_in(const char *value)
{
	for (const char *at = strchr(value, '#'); at != NULL; at = strchr(at + 1, '#'))
		if (at == value || logical_is_space(at[-1]))
			return at;
	return NULL;
}

static void
check_comment(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *comment = comment_in(setting->value);

	if (comment != NULL)
		postfix_say(check, "postfix-comment-in-value", setting,
			setting->value_at + (size_t)(comment - setting->value),
			"%s: what begins with \"#\" here is part of the value, and no comment",
			setting->name);
}

/* check_arguments - "smtpd # the public one": each word of it is handed to smtpd */
static void
check_arguments(struct postfix_check *check, const struct master_cf_service *service)
{
	struct postfix_setting place = {
		.file = check->master_file,
		.line = &service->line,
	};

	for (size_t i = 0; i < service->argument_count; i++)
		if (service->arguments[i][0] == '#') {
			postfix_say(check, "postfix-comment-in-value", &place, service->command_at,
				"%s/%s: what begins with \"#\" behind the command is handed to it, "
				"and is no comment",
				service->name, service->type);
			return;
		}
}

void
postfix_check_form(
	struct postfix_check *check, const struct faults *of_main, const struct faults *of_master)
{
	faults_report(check->plan, check->main_file, of_main, main_rules, COUNT(main_rules));
	faults_report(
		check->plan, check->master_file, of_master, master_rules, COUNT(master_rules));
	for (size_t i = 0; i < of_master->count; i++)
		check->broken = check->broken || of_master->items[i].kind == FAULT_SYNTAX;
	for (size_t i = 0; i < check->setting_count; i++)
		check_comment(check, &check->settings[i]);
	for (size_t i = 0; i < check->master_cf.count; i++)
		check_arguments(check, &check->master_cf.services[i]);
}
