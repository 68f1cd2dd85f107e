/*
 * daemons.c - the daemons there are, and what is common to all of them
 *
 * The order is that of their start: Postfix comes last, for whatever it refers
 * to must answer when its first client connects.
 */
#include <stdlib.h>
#include <string.h>

#include "daemon/daemon.h"
#include "daemon/mailboxes.h"
#include "daemon/overrides.h"
#include "daemon/services.h"
#include "daemon/supervised.h"
#include "daemon/tls.h"

#define RESTART_DELAY_MS 500
#define RESTART_MAX_DELAY_MS 30000
#define GIVE_UP_COUNT 8
#define GIVE_UP_WINDOW_MS 120000
#define STOP_TIMEOUT_MS 8000

static const struct daemon *const daemons[] = {&daemon_opendkim, &daemon_dovecot, &daemon_postfix};

bool
daemon_role(const struct plan *plan, const char *role)
{
	return node_has_text(node_at(plan->settings, "roles"), role);
}

/* choice - the place of the setting's value among NAMES, which the schema has checked */
static uint8_t
choice(const struct plan *plan, const char *path, const char *const *names, uint8_t otherwise)
{
	const char *text = node_text(plan->settings, path, NULL);

	for (uint8_t i = 0; text != NULL && names[i] != NULL; i++)
		if (strcmp(names[i], text) == 0)
			return i;
	return otherwise;
}

static void
set_logging(struct plan *plan)
{
	static const char *const formats[] = {"text", "json", NULL};
	static const char *const levels[] = {"debug", "info", "warning", "error", NULL};
	static const char *const masks[] = {"none", "addresses", NULL};
	struct service_table *table = &plan->services;

	table->log_format = choice(plan, "log.format", formats, LOG_FORMAT_TEXT);
	table->log_level = choice(plan, "log.level", levels, LOG_LEVEL_INFO);
	table->log_mask = choice(plan, "log.mask", masks, LOG_MASK_NONE);
}

static void
set_restarts(struct plan *plan)
{
	struct service_table *table = &plan->services;
	const char *rate = node_text(plan->settings, "restart.give_up_after", "");
	char *in;

	table->stop_timeout_ms = supervised_ms(plan->settings, "stop.timeout", STOP_TIMEOUT_MS);
	table->restart_delay_ms = supervised_ms(plan->settings, "restart.delay", RESTART_DELAY_MS);
	table->restart_max_delay_ms =
		supervised_ms(plan->settings, "restart.max_delay", RESTART_MAX_DELAY_MS);
	/* "8 in 120000", in milliseconds; the schema has checked it */
	table->give_up_count = (uint32_t)strtoul(rate, &in, 10);
	table->give_up_window_ms =
		strncmp(in, " in ", 4) == 0 ? (uint32_t)strtoul(in + 4, NULL, 10) : 0;
	if (table->give_up_count == 0 || table->give_up_window_ms == 0) {
		table->give_up_count = GIVE_UP_COUNT;
		table->give_up_window_ms = GIVE_UP_WINDOW_MS;
	}
	table->give_up_stay =
		strcmp(node_text(plan->settings, "restart.give_up", "exit"), "stay") == 0;
}

void
daemons_contribute(struct plan *plan)
{
	bool serves_tls = daemon_dovecot.wanted(plan) || daemon_postfix.wanted(plan);

	mailboxes_check(plan);
	/* before the files that say where the certificates are */
	if (serves_tls)
		tls_plan(plan);
	for (size_t i = 0; i < sizeof(daemons) / sizeof(daemons[0]); i++)
		if (daemons[i]->wanted(plan))
			daemons[i]->contribute(plan);
	services_contribute(plan);
	overrides_check(plan);
	/* the certificates last: whom they concern is known now */
	if (serves_tls)
		tls_contribute(plan);
	set_logging(plan);
	set_restarts(plan);
}
