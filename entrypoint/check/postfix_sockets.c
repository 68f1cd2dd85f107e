/*
 * postfix_sockets.c - where Postfix looks for Dovecot, and where Dovecot listens
 *
 * An smtpd that finds nobody at smtpd_sasl_path dies: its client connects, and no
 * greeting ever comes, for master then holds the service back. A chrooted process
 * finds a path below the queue directory alone.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check/dovecot_view.h"
#include "check/postfix.h"
#include "daemon/daemon.h"

/* resolved - the path that a process of SERVICE opens for PATH: it works in the queue directory */
static const char *
resolved(struct postfix_check *check, const struct master_cf_service *service, const char *path)
{
	while (text_starts(path, "./"))
		path += 2;
	if (path[0] == '/' && service->chroot != 'y')
		return path;
	return arena_printf(check->plan->arena, "%s%s%s", PLAN_QUEUE_DIRECTORY,
		path[0] == '/' ? "" : "/", path);
}

/* has_right - whether user postfix may connect: connect(2) needs the right to write */
static bool
has_right(const struct dovecot_listener *listener)
{
	long mode = strtol(listener->mode, NULL, 8);

	if (strcmp(listener->user, "postfix") == 0 ||
		strcmp(listener->user, "$SET:default_internal_user") == 0)
		return (mode & 0200) != 0;
	if (strcmp(listener->group, "postfix") == 0)
		return (mode & 0020) != 0;
	return (mode & 0002) != 0;
}

/* elsewhere - whether something that is not known here may make the socket */
static bool
elsewhere(const struct postfix_check *check, const struct dovecot_view *dovecot, const char *path)
{
	const struct node *services = node_at(check->plan->settings, "services");

	if (dovecot->includes || (services != NULL && services->count > 0))
		return true;
	return check->plan->mounts != NULL && mounts_find(check->plan->mounts, path) != NULL &&
		!text_starts(path, PLAN_QUEUE_DIRECTORY "/private/");
}

/* mistake_at - why user postfix cannot connect at PATH to Dovecot's SERVICE; NULL when it can */
static const char *
mistake_at(struct postfix_check *check, const struct dovecot_view *dovecot, const char *service,
	const char *path)
{
	const char *near = NULL;

	for (size_t i = 0; i < dovecot->count; i++) {
		const struct dovecot_listener *listener = &dovecot->listeners[i];

		if (listener->path == NULL)
			continue;
		if (strcmp(listener->path, path) == 0)
			return has_right(listener)
				? NULL
				: arena_printf(check->plan->arena,
					  "Dovecot makes that socket with mode %s for %s:%s, and "
					  "user postfix may not write to it",
					  listener->mode,
					  listener->user[0] != '\0' ? listener->user : "root",
					  listener->group[0] != '\0' ? listener->group : "root");
		if (strcmp(listener->service, service) == 0)
			near = listener->path;
	}
	if (elsewhere(check, dovecot, path))
		return NULL;
	return near != NULL ? arena_printf(check->plan->arena, "Dovecot listens at %s", near)
		: dovecot->file != NULL
		? arena_printf(
			  check->plan->arena, "Dovecot has no socket for service %s here", service)
		: "there is no Dovecot in this container";
}

static void
check_sasl(struct postfix_check *check, const struct dovecot_view *dovecot,
	const struct master_cf_service *service)
{
	const char *path = postfix_value_of(check, service, "smtpd_sasl_path");
	struct postfix_setting line = {.file = check->master_file, .line = &service->line};
	const struct postfix_setting *place;
	const char *real, *mistake;

	if (strcasecmp(postfix_value_of(check, service, "smtpd_sasl_auth_enable"), "yes") != 0 ||
		strcmp(postfix_value_of(check, service, "smtpd_sasl_type"), "dovecot") != 0 ||
		path[0] == '\0' || text_starts(path, "inet:"))
		return;
	real = resolved(check, service, text_starts(path, "unix:") ? path + 5 : path);
	mistake = mistake_at(check, dovecot, "auth", real);
	if (mistake == NULL)
		return;
	place = postfix_setting_of(check, service, "smtpd_sasl_path");
	place = place != NULL ? place : &line;
	postfix_say(check, "postfix-sasl-socket", place, place->value_at,
		"%s/%s: smtpd_sasl_path is %s for it, and %s", service->name, service->type, real,
		mistake);
}

/* check_lmtp - "lmtp:unix:PATH" of a parameter: the service before the colon says whether chrooted */
static void
check_lmtp(struct postfix_check *check, const struct dovecot_view *dovecot,
	const struct postfix_setting *setting)
{
	const char *value = postfix_expand_part(check, setting), *path, *real, *mistake;
	const struct master_cf_service *service;
	size_t len = strcspn(value, ":");

	if (!text_starts(value + len, ":unix:"))
		return;
	/*
	 * The transport of a class without a domain is asked for nothing; and that the
	 * roles have no mail store is told by delivery-missing.
	 */
	if (strcmp(setting->name, "virtual_transport") == 0 &&
		(postfix_value_of(check, NULL, "virtual_mailbox_domains")[0] == '\0' ||
			(!daemon_role(check->plan, "mailstore") &&
				strcmp(value, "lmtp:unix:private/dovecot-lmtp") == 0)))
		return;
	path = arena_strndup(check->plan->arena, value + len + 6, strcspn(value + len + 6, " \t,"));
	service = master_cf_find(
		&check->master_cf, arena_strndup(check->plan->arena, value, len), "unix");
	if (service == NULL || strcmp(service->command, "lmtp") != 0)
		return;
	real = resolved(check, service, path);
	mistake = mistake_at(check, dovecot, "lmtp", real);
	if (mistake != NULL)
		postfix_say(check, "postfix-lmtp-socket", setting, setting->value_at,
			"%s: the mail store is looked for at %s, and %s", setting->name, real,
			mistake);
}

/* check_unreachable - unix:/run/… of a filter, where a chrooted process finds nothing */
static void
check_unreachable(struct postfix_check *check, const struct postfix_setting *setting,
	const struct postfix_word *word)
{
	static const char *const absent[] = {"/run/", "/var/", "/tmp/", "/opt/", "/srv/"};
	const char *text = arena_strndup(check->plan->arena, word->text, word->len), *path;
	const struct master_cf_service *smtpd = setting->service;

	text += strspn(text, "{ \t");
	text = arena_strndup(check->plan->arena, text, strcspn(text, ", \t}"));
	path = text_starts(text, "unix:") ? text + 5 : text_starts(text, "local:") ? text + 6 : "";
	for (size_t i = 0; smtpd == NULL && i < check->master_cf.count; i++)
		if (strcmp(check->master_cf.services[i].command, "smtpd") == 0 &&
			!check->master_cf.services[i].overridden)
			smtpd = &check->master_cf.services[i];
	if (smtpd == NULL || smtpd->chroot != 'y')
		return;
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (text_starts(path, absent[i]) &&
			mounts_find(check->plan->mounts,
				arena_printf(check->plan->arena, "%s%s", PLAN_QUEUE_DIRECTORY,
					path)) == NULL) {
			postfix_say(check, "postfix-chroot-path", setting,
				postfix_word_place(setting, text),
				"%s: %s lies outside of the chroot " PLAN_QUEUE_DIRECTORY
				" of %s/%s",
				setting->name, path, smtpd->name, smtpd->type);
			return;
		}
}

static void
check_paths(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *list = postfix_expand_part(check, setting);
	struct postfix_word word;

	while (postfix_word_next(&list, &word)) {
		if (text_ends(setting->name, "_milters"))
			check_unreachable(check, setting, &word);
		else if (postfix_word_is(&word, "check_policy_service") &&
			postfix_word_next(&list, &word))
			check_unreachable(check, setting, &word);
	}
}

/* check_authorities - a directory of authorities is opened after the chroot, a file before it */
static void
check_authorities(struct postfix_check *check, const struct postfix_setting *setting)
{
	const char *list = postfix_expand_part(check, setting);

	for (size_t i = 0; i < check->master_cf.count; i++) {
		const struct master_cf_service *service = &check->master_cf.services[i];

		if (service->overridden || service->chroot != 'y' || list[0] == '\0' ||
			strcmp(service->command, "smtp") != 0)
			continue;
		postfix_say(check, "postfix-chroot-path", setting, setting->value_at,
			"%s: %s lies outside of the chroot " PLAN_QUEUE_DIRECTORY " of %s/%s",
			setting->name, list, service->name, service->type);
		return;
	}
}

void
postfix_check_sockets(struct postfix_check *check)
{
	struct dovecot_view dovecot;

	dovecot_view_read(check->plan, &dovecot);
	for (size_t i = 0; i < check->master_cf.count; i++)
		if (!check->master_cf.services[i].overridden &&
			strcmp(check->master_cf.services[i].command, "smtpd") == 0)
			check_sasl(check, &dovecot, &check->master_cf.services[i]);
	for (size_t i = 0; i < check->setting_count; i++) {
		const struct postfix_setting *setting = &check->settings[i];

		if (text_ends(setting->name, "_transport"))
			check_lmtp(check, &dovecot, setting);
		else if (text_ends(setting->name, "_milters") ||
			text_ends(setting->name, "_restrictions"))
			check_paths(check, setting);
		else if (strcmp(setting->name, "smtp_tls_CApath") == 0)
			check_authorities(check, setting);
	}
}
