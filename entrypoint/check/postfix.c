/*
 * postfix.c - main.cf and master.cf, read as Postfix will read them
 *
 * Postfix's own checks come too late or never: `postfix check` is content with
 * smtpd_delay_reject = maybe, master listens, the client connects, and no banner
 * ever comes, for each smtpd dies when it reads the value.
 */
#include <string.h>

#include "check/postfix.h"
#include "check/rooms.h"

static bool
is_secret(const struct plan_file *file, const struct logical_line *line)
{
	if (file->lines == NULL)
		return file->secret;
	for (int i = line->first; i <= line->last; i++)
		if ((size_t)i <= file->line_count && file->lines[i - 1].secret)
			return true;
	return false;
}

static void
take_main(struct postfix_check *check)
{
	for (size_t i = 0; i < check->main_cf.count; i++) {
		const struct main_cf_entry *entry = &check->main_cf.entries[i];

		if (entry->later != NULL)
			continue;
		check->settings[check->setting_count++] = (struct postfix_setting){
			.name = entry->name,
			.value = entry->value,
			.file = check->main_file,
			.line = &entry->line,
			.name_at = entry->name_at,
			.value_at = entry->value_at,
			.secret = is_secret(check->main_file, &entry->line),
		};
	}
}

static void
take_service(struct postfix_check *check, const struct master_cf_service *service)
{
	for (size_t i = 0; i < service->option_count; i++) {
		const struct master_cf_option *option = &service->options[i];

		if (master_cf_option(service, option->name) != option)
			continue;
		check->settings[check->setting_count++] = (struct postfix_setting){
			.name = option->name,
			.value = option->value,
			.service = service,
			.file = check->master_file,
			.line = &service->line,
			.name_at = option->name_at,
			.value_at = option->value_at,
			.secret = is_secret(check->master_file, &service->line),
		};
	}
}

static void
take_settings(struct postfix_check *check)
{
	size_t room = check->main_cf.count;

	for (size_t i = 0; i < check->master_cf.count; i++)
		room += check->master_cf.services[i].option_count;
	check->settings = arena_alloc(check->plan->arena, (room + 1) * sizeof(*check->settings));
	take_main(check);
	for (size_t i = 0; i < check->master_cf.count; i++)
		if (!check->master_cf.services[i].overridden)
			take_service(check, &check->master_cf.services[i]);
	for (size_t i = 0; i < check->setting_count; i++)
		check->has_secret = check->has_secret || check->settings[i].secret;
}

void
check_postfix(struct plan *plan)
{
	struct postfix_check check = {
		.plan = plan,
		.main_file = plan_find_file(plan, "postfix/main.cf"),
		.master_file = plan_find_file(plan, "postfix/master.cf"),
		.version = postfix_version(plan->target.postfix_version),
	};
	struct flaws main_flaws, master_flaws;

	/* one that could not be rendered has a finding already */
	if (check.main_file == NULL || check.master_file == NULL)
		return;
	flaws_init(&main_flaws, plan->arena);
	flaws_init(&master_flaws, plan->arena);
	main_cf_parse(plan->arena, buffer_text(&check.main_file->content),
		check.main_file->content.len, &check.main_cf, &main_flaws);
	master_cf_parse(plan->arena, buffer_text(&check.master_file->content),
		check.master_file->content.len, &check.master_cf, &master_flaws);
	take_settings(&check);
	postfix_check_form(&check, &main_flaws, &master_flaws);
	postfix_check_values(&check);
	postfix_check_maps(&check);
	postfix_check_services(&check);
	if (!check.broken) {
		postfix_check_names(&check);
		postfix_check_references(&check);
	}
}
