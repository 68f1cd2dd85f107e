/*
 * dovecot_policy.c - what a valid dovecot.conf should all the same not say
 *
 * With "ssl = required" nobody logs in without TLS, whatever else is set (Dovecot's
 * manual, ssl); without it, the setting for passwords in clear decides.
 */
#include "check/rooms.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check/dovecot_view.h"
#include "daemon/daemon.h"
#include "daemon/dovecot.h"

/* say - about a line of dovecot.conf */
static void
say(struct plan *plan, const struct dovecot_view *view, const char *id, int line, const char *text)
{
	const struct plan_line *from = plan_line_at(view->file, line);
	struct origin origin = {.kind = ORIGIN_TEMPLATE,
		.name = view->file->name,
		.file = plan_shown_path(plan, view->file),
		.line = line};

	if (from != NULL && from->origin_count > 0)
		origin = from->origins[from->origin_count - 1];
	finding_add(plan->findings, id, &origin, "%s:%d: %s", plan_shown_path(plan, view->file),
		line, text);
}

/* check_clear - passwords without TLS */
static void
check_clear(struct plan *plan, const struct dovecot_view *view)
{
	bool old = dovecot_is_2_3(plan);
	const char *name = old ? "disable_plaintext_auth" : "auth_allow_cleartext";
	int line = 0, ssl_line = 0;
	const char *ssl = dovecot_view_value(plan, view, "ssl", &ssl_line);
	const char *clear = dovecot_view_value(plan, view, name, &line);

	if (ssl != NULL && clear != NULL && strcmp(ssl, "required") != 0 &&
		strcasecmp(clear, old ? "no" : "yes") == 0)
		say(plan, view, "auth-without-tls", line,
			arena_printf(plan->arena,
				"Dovecot takes passwords without TLS: ssl is not required, and %s "
				"allows it",
				name));
}

/* has_word - whether LIST, parted by blanks, has WORD */
static bool
has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = list; *at != '\0'; at += strcspn(at, " \t"), at += strspn(at, " \t"))
		if (strcspn(at, " \t") == len && strncmp(at, word, len) == 0)
			return true;
	return false;
}

/* check_protocols - a mail store without LMTP has no socket for Postfix, whatever stands below */
static void
check_protocols(struct plan *plan, const struct dovecot_view *view)
{
	int line = 0;
	const char *protocols = dovecot_view_value(plan, view, "protocols", &line);

	if (protocols == NULL || !daemon_role(plan, "mailstore") || view->includes)
		return;
	if (!has_word(protocols, "lmtp"))
		say(plan, view, "dovecot-protocols", line,
			"the mail store has no lmtp among its protocols: nothing can be delivered "
			"to it");
	else if (!has_word(protocols, "imap") && !has_word(protocols, "pop3"))
		say(plan, view, "dovecot-protocols", line,
			"the mail store has neither imap nor pop3 among its protocols: nobody can "
			"read mail");
}

/* check_uid - mail of a user below first_valid_uid is neither delivered nor read */
static void
check_uid(struct plan *plan, const struct dovecot_view *view)
{
	int line = 0, other = 0;
	const char *first = dovecot_view_value(plan, view, "first_valid_uid", &line);
	const char *uid = dovecot_view_value(plan, view, "mail_uid", &other);

	if (first == NULL || uid == NULL || uid[strspn(uid, "0123456789")] != '\0' ||
		atoll(uid) >= atoll(first))
		return;
	say(plan, view, "dovecot-first-uid", line,
		arena_printf(plan->arena, "first_valid_uid is %s, and all mail belongs to user %s",
			first, uid));
}

void
check_dovecot_policy(struct plan *plan)
{
	struct dovecot_view view;

	dovecot_view_read(plan, &view);
	if (view.file == NULL)
		return;
	check_clear(plan, &view);
	check_protocols(plan, &view);
	check_uid(plan, &view);
}
