/*
 * postfix_tls.c - TLS that strangers cannot be asked for, and passwords without it
 *
 * A server that others find through DNS must take mail in clear as well (RFC 3207
 * section 4): who cannot speak TLS, or stumbles over the certificate, would have no way
 * to deliver. Passwords are the other way round: they never travel without it.
 */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "check/postfix.h"
#include "daemon/daemon.h"

/* is_port_25 - an inet service at "smtp", "25", "192.0.2.1:25", but not at loopback alone */
static bool
is_port_25(const struct master_cf_service *service)
{
	const char *colon = strrchr(service->name, ':');
	const char *port = colon != NULL ? colon + 1 : service->name;

	if (text_starts(service->name, "127.") || text_starts(service->name, "localhost:") ||
		text_starts(service->name, "[::1]:"))
		return false;
	return strcmp(port, "25") == 0 || strcmp(port, "smtp") == 0 || strcmp(port, "mail") == 0;
}

static bool
is_yes(struct postfix_check *check, const struct master_cf_service *service, const char *name)
{
	return strcasecmp(postfix_value_of(check, service, name), "yes") == 0;
}

/* demands_tls - what makes smtpd refuse mail in clear; NULL when nothing does (smtpd(8)) */
static const char *
demands_tls(struct postfix_check *check, const struct master_cf_service *service)
{
	if (is_yes(check, service, "smtpd_tls_wrappermode"))
		return "smtpd_tls_wrappermode";
	if (strcasecmp(postfix_value_of(check, service, "smtpd_tls_security_level"), "encrypt") ==
		0)
		return "smtpd_tls_security_level";
	if (is_yes(check, service, "smtpd_enforce_tls"))
		return "smtpd_enforce_tls";
	return NULL;
}

/* place_of - where the parameter is set for the service, or the service's own line */
static const struct postfix_setting *
place_of(struct postfix_check *check, const struct master_cf_service *service, const char *name,
	struct postfix_setting *line)
{
	const struct postfix_setting *setting = postfix_setting_of(check, service, name);

	*line = (struct postfix_setting){.file = check->master_file, .line = &service->line};
	return setting != NULL ? setting : line;
}

/* check_port_25 - told as a note when the setting itself says so: then it is meant */
static void
check_port_25(struct postfix_check *check, const struct master_cf_service *service)
{
	const char *name = demands_tls(check, service);
	const struct postfix_setting *place;
	struct postfix_setting line;
	struct finding *finding;

	if (name == NULL || !daemon_role(check->plan, "mx") || !is_port_25(service))
		return;
	place = place_of(check, service, name, &line);
	finding = postfix_say(check, "tls-required-on-25", place, place->value_at,
		"%s/%s: %s asks every server on port 25 for TLS", service->name, service->type,
		name);
	if (strcmp(node_text(check->plan->settings, "tls.level_25", "may"), "encrypt") == 0)
		finding->severity = SEVERITY_NOTE;
}

static void
check_passwords(struct postfix_check *check, const struct master_cf_service *service)
{
	const struct postfix_setting *place;
	struct postfix_setting line;

	if (!is_yes(check, service, "smtpd_sasl_auth_enable"))
		return;
	if (demands_tls(check, service) == NULL && !is_yes(check, service, "smtpd_tls_auth_only")) {
		place = place_of(check, service, "smtpd_tls_auth_only", &line);
		postfix_say(check, "auth-without-tls", place, place->value_at,
			"%s/%s: passwords are taken without TLS: smtpd_tls_auth_only is not yes",
			service->name, service->type);
	}
	if (daemon_role(check->plan, "mx") && is_port_25(service)) {
		place = place_of(check, service, "smtpd_sasl_auth_enable", &line);
		postfix_say(check, "auth-on-25", place, place->value_at,
			"%s/%s: passwords are taken on port 25 as well", service->name,
			service->type);
	}
}

/* is_submission - an inet service at 587 or 465, by number or by its names in services(5) */
static bool
is_submission(const struct master_cf_service *service)
{
	static const char *const ports[] = {
		"587", "submission", "465", "submissions", "smtps", "ssmtp", "urd"};
	const char *colon = strrchr(service->name, ':');
	const char *port = colon != NULL ? colon + 1 : service->name;

	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++)
		if (strcmp(port, ports[i]) == 0)
			return true;
	return false;
}

/* check_submission - the role is for people with a password, whom nobody asks for it */
static void
check_submission(struct postfix_check *check, const struct master_cf_service *service)
{
	struct postfix_setting line;
	const struct postfix_setting *place;

	if (!daemon_role(check->plan, "submission") || !is_submission(service) ||
		is_yes(check, service, "smtpd_sasl_auth_enable"))
		return;
	place = place_of(check, service, "smtpd_sasl_auth_enable", &line);
	postfix_say(check, "submission-without-sasl", place, place->value_at,
		"%s/%s: nobody is asked for a password: smtpd_sasl_auth_enable is not yes",
		service->name, service->type);
}

void
postfix_check_tls(struct postfix_check *check)
{
	for (size_t i = 0; i < check->master_cf.count; i++) {
		const struct master_cf_service *service = &check->master_cf.services[i];

		if (service->overridden || strcmp(service->command, "smtpd") != 0)
			continue;
		check_port_25(check, service);
		check_passwords(check, service);
		if (strcmp(service->type, "inet") == 0)
			check_submission(check, service);
	}
}
