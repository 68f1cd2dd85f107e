/*
 * dovecot_policy.c - what a valid dovecot.conf should all the same not say
 *
 * With "ssl = required" nobody logs in without TLS, whatever else is set (Dovecot's
 * manual, ssl); without it, the setting for passwords in clear decides.
 */
#include "check/rooms.h"

#include <string.h>
#include <strings.h>

#include "check/dovecot_view.h"
#include "daemon/dovecot.h"

static void
say_clear(struct plan *plan, const struct dovecot_view *view, int line, const char *name)
{
	const struct plan_line *from = plan_line_at(view->file, line);
	struct origin origin = {.kind = ORIGIN_TEMPLATE,
		.name = view->file->name,
		.file = plan_shown_path(plan, view->file),
		.line = line};

	if (from != NULL && from->origin_count > 0)
		origin = from->origins[from->origin_count - 1];
	finding_add(plan->findings, "auth-without-tls", &origin,
		"%s:%d: Dovecot takes passwords without TLS: ssl is not required, and %s allows it",
		plan_shown_path(plan, view->file), line, name);
}

void
check_dovecot_policy(struct plan *plan)
{
	bool old = dovecot_is_2_3(plan);
	const char *name = old ? "disable_plaintext_auth" : "auth_allow_cleartext", *ssl, *clear;
	struct dovecot_view view;
	int line = 0, ssl_line = 0;

	dovecot_view_read(plan, &view);
	ssl = dovecot_view_value(plan, &view, "ssl", &ssl_line);
	clear = dovecot_view_value(plan, &view, name, &line);
	if (ssl != NULL && clear != NULL && strcmp(ssl, "required") != 0 &&
		strcasecmp(clear, old ? "no" : "yes") == 0)
		say_clear(plan, &view, line, name);
}
