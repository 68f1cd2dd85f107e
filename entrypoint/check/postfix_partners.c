/*
 * postfix_partners.c - services that a value names, and master.cf lacks
 *
 * Postfix reads such a name when it first needs the service: mail for it then waits
 * in the queue, and clients get no answer or a 451.
 */
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

/* is_transport - parameters with the form TRANSPORT:NEXTHOP (postconf(5)) */
static bool
is_transport(struct postfix_check *check, const char *name)
{
	struct postfix_parameter parameter;

	return strcmp(name, "content_filter") == 0 ||
		(text_ends(name, "_transport") &&
			postfix_parameter_find(check->plan->arena, name, &parameter));
}

/* has_service - whether master.cf has NAME, of TYPE */
static bool
has_service(const struct postfix_check *check, const char *name, size_t len, const char *type)
{
	size_t count;
	const struct master_cf_service *const *services =
		postfix_services_of(check, name, len, &count);

	for (size_t i = 0; i < count; i++)
		if (strcmp(services[i]->type, type) == 0)
			return true;
	return false;
}

/* near_service - the service of master.cf that a misspelt NAME was to be, or NULL */
static const char *
near_service(struct postfix_check *check, const char *name)
{
	const char **names;
	size_t count = 0;

	if (postfix_told_enough(check, "postfix-service-unknown"))
		return NULL;
	names = arena_alloc(check->plan->arena, (check->service_count + 1) * sizeof(*names));
	for (size_t i = 0; i < check->service_count; i++)
		if (strcmp(check->by_service[i]->type, "unix") == 0)
			names[count++] = check->by_service[i]->name;
	return text_nearest(name, names, count);
}

/* missing - "there is no service NAME/unix in master.cf; did you mean X?" */
static const char *
missing(struct postfix_check *check, const char *name, const char *type)
{
	const char *near = near_service(check, name);

	return arena_printf(check->plan->arena, "master.cf has no service %s/%s%s%s%s", name, type,
		near != NULL ? "; did you mean " : "", near != NULL ? near : "",
		near != NULL ? "?" : "");
}

static void
check_transport(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *value = postfix_expand_part(check, setting), *name;
	size_t len = strcspn(value, ": \t,");

	/* a value that only the container has begins with a brace */
	if (len == 0 || value[0] == '{' || has_service(check, value, len, "unix"))
		return;
	name = postfix_word_shown(check, setting, arena_strndup(check->plan->arena, value, len));
	postfix_say(check, "postfix-service-unknown", setting, setting->value_at, "%s: %s",
		setting->name, missing(check, name, "unix"));
}

/* check_transport_table - the right-hand sides of our own table, which settings and files made */
static void
check_transport_table(struct postfix_check *check)
{
	const struct plan_file *file = plan_find_file(check->plan, "postfix/transport");
	struct logical_reader reader;
	struct logical_line line;

	if (file == NULL)
		return;
	logical_begin(&reader, buffer_text(&file->content), file->content.len);
	while (logical_next(check->plan->arena, &reader, &line)) {
		const char *right = line.text + strcspn(line.text, " \t");
		size_t len;

		right += strspn(right, " \t");
		len = strcspn(right, ": \t");
		/* ":" alone, or ":nexthop", keeps the transport that it would be */
		if (len == 0 || has_service(check, right, len, "unix"))
			continue;
		postfix_say_at(check, "postfix-service-unknown", file, line.first, 1, "%s",
			missing(check, arena_strndup(check->plan->arena, right, len), "unix"));
	}
}

/* made_elsewhere - whether another file of the plan names the socket, as Dovecot's does its listeners */
static bool
made_elsewhere(const struct postfix_check *check, const char *path)
{
	for (size_t i = 0; i < check->plan->file_count; i++) {
		const struct plan_file *file = &check->plan->files[i];

		if (file != check->main_file && file != check->master_file && !file->secret &&
			strstr(buffer_text(&file->content), path) != NULL)
			return true;
	}
	return false;
}

/* check_policy - "check_policy_service unix:private/NAME", which spawn(8) mostly listens at */
static void
check_policy(struct postfix_check *check, const struct postfix_setting *setting,
	const struct postfix_word *word)
{
	static const char start[] = "unix:private/";
	const char *server = arena_strndup(check->plan->arena, word->text, word->len);

	/* { unix:private/x, timeout=10s } */
	server += strspn(server, "{ \t");
	if (!text_starts(server, start))
		return;
	server = arena_strndup(check->plan->arena, server, strcspn(server, ", \t}"));
	if (has_service(check, server + strlen(start), strlen(server + strlen(start)), "unix") ||
		made_elsewhere(check, server + strlen("unix:")))
		return;
	postfix_say(check, "postfix-policy-missing", setting, postfix_word_place(setting, server),
		"%s: nothing that is known here listens at %s: %s", setting->name,
		postfix_word_shown(check, setting, server),
		missing(check, server + strlen(start), "unix"));
}

static void
check_policies(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *list = postfix_expand_part(check, setting);
	struct postfix_word word;

	while (postfix_word_next(&list, &word))
		if (postfix_word_is(&word, "check_policy_service") &&
			postfix_word_next(&list, &word))
			check_policy(check, setting, &word);
}

/* check_postscreen - it hands clients to smtpd/pass, and asks DNS lists through dnsblog */
static void
check_postscreen(struct postfix_check *check, const struct master_cf_service *service)
{
	const struct postfix_setting line = {.file = check->master_file, .line = &service->line};
	const struct {
		const char *parameter, *type;
		bool needed;
	} partners[] = {
		{"smtpd_service_name", "pass", true},
		{"dnsblog_service_name", "unix",
			postfix_value_of(check, service, "postscreen_dnsbl_sites")[0] != '\0'},
	};

	for (size_t i = 0; i < sizeof(partners) / sizeof(partners[0]); i++) {
		const char *name = postfix_value_of(check, service, partners[i].parameter);

		if (partners[i].needed && name[0] != '\0' &&
			!has_service(check, name, strlen(name), partners[i].type))
			postfix_say(check, "postfix-service-unknown", &line, service->command_at,
				"%s/%s: postscreen needs a service %s/%s, and master.cf has none",
				service->name, service->type, name, partners[i].type);
	}
}

void
postfix_check_partners(struct postfix_check *check)
{
	for (size_t i = 0; i < check->setting_count; i++) {
		const struct postfix_setting *setting = &check->settings[i];

		if (is_transport(check, setting->name))
			check_transport(check, setting);
		else if (text_ends(setting->name, "_restrictions") ||
			postfix_is_class(check, setting->service, setting->name))
			check_policies(check, setting);
	}
	check_transport_table(check);
	for (size_t i = 0; i < check->service_count; i++)
		if (strcmp(check->by_service[i]->command, "postscreen") == 0)
			check_postscreen(check, check->by_service[i]);
}
