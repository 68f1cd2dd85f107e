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
			.secret = plan_is_secret(
				check->main_file, entry->line.first, entry->line.last),
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
			.secret = plan_is_secret(
				check->master_file, service->line.first, service->line.last),
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

bool
postfix_read(struct postfix_check *check, struct plan *plan, struct faults *of_main,
	struct faults *of_master)
{
	*check = (struct postfix_check){
		.plan = plan,
		.main_file = plan_find_file(plan, "postfix/main.cf"),
		.master_file = plan_find_file(plan, "postfix/master.cf"),
		.version = postfix_version(plan->target.postfix_version),
	};
	/* one that could not be rendered has a finding already */
	if (check->main_file == NULL || check->master_file == NULL)
		return false;
	faults_init(of_main, plan->arena);
	faults_init(of_master, plan->arena);
	main_cf_parse(of_main, buffer_text(&check->main_file->content),
		check->main_file->content.len, &check->main_cf);
	master_cf_parse(of_master, buffer_text(&check->master_file->content),
		check->master_file->content.len, &check->master_cf);
	take_settings(check);
	postfix_index(check);
	return true;
}

void
check_postfix(struct plan *plan)
{
	struct postfix_check check;
	struct faults of_main, of_master;

	if (!postfix_read(&check, plan, &of_main, &of_master))
		return;
	postfix_check_form(&check, &of_main, &of_master);
	postfix_check_values(&check);
	postfix_index_references(&check);
	postfix_check_maps(&check);
	postfix_check_map_form(&check);
	postfix_check_restrictions(&check);
	postfix_check_relay(&check);
	postfix_check_networks(&check);
	postfix_check_gateway(&check);
	postfix_check_tls(&check);
	postfix_check_limits(&check);
	postfix_check_secrets(&check);
	postfix_check_signer(&check);
	postfix_check_domains(&check);
	postfix_check_milters(&check);
	postfix_check_listeners(&check);
	postfix_check_commands(&check);
	postfix_check_services(&check);
	if (!check.broken) {
		postfix_check_sockets(&check);
		postfix_check_partners(&check);
		postfix_check_names(&check);
		postfix_check_references(&check);
	}
	postfix_say_surplus(&check);
}
