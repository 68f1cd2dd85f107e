/*
 * mail_format.c - mail that is there, in another form than Dovecot would read
 *
 * Users then log in to an empty mailbox, without a word in any log. The store is only
 * looked at, and not watched: what changes there is mail.
 */
#include "check/rooms.h"

#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "daemon/dovecot.h"
#include "daemon/mailboxes.h"

#define LOOKED_AT_MAX 200 /* mailboxes: a store has one form, and this stays a short look */

/* place_of - where the mailbox lies: the variables of 2.4 alone, as mailboxes.path has them */
static const char *
place_of(struct plan *plan, const char *address)
{
	const char *at = node_text(plan->settings, "mailboxes.path", "");
	const char *domain = strchr(address, '@');
	const char *text = "";

	if (domain == NULL)
		return NULL;
	while (*at != '\0') {
		const char *end = text_starts(at, "%{") ? strchr(at, '}') : NULL;
		const char *value = NULL;

		if (text_starts(at, "%{user | domain}") || text_starts(at, "%{user|domain}"))
			value = domain + 1;
		else if (text_starts(at, "%{user | username}") ||
			text_starts(at, "%{user|username}"))
			value = arena_strndup(plan->arena, address, (size_t)(domain - address));
		else if (text_starts(at, "%{user}"))
			value = address;
		if (end == NULL || value == NULL) {
			if (*at == '%')
				return NULL;
			text = arena_printf(plan->arena, "%s%c", text, *at++);
			continue;
		}
		text = arena_printf(plan->arena, "%s%s", text, value);
		at = end + 1;
	}
	return text;
}

static bool
has(struct plan *plan, const char *place, const char *name)
{
	struct stat status;

	return stat(plan_path(plan, arena_printf(plan->arena, "%s/%s", place, name)), &status) ==
		0 &&
		S_ISDIR(status.st_mode);
}

/* form_at - "maildir", "sdbox" or "mdbox"; NULL: nothing, or nothing that is known */
static const char *
form_at(struct plan *plan, const char *place)
{
	if (has(plan, place, "cur"))
		return "maildir";
	if (has(plan, place, "mailboxes"))
		return has(plan, place, "storage") ? "mdbox" : "sdbox";
	return NULL;
}

void
check_mail_format(struct plan *plan)
{
	const struct node *format = node_at(plan->settings, "mailboxes.format");
	struct mailboxes mailboxes;

	if ((!plan->live && plan->root[0] == '\0') || format == NULL ||
		plan_find_file(plan, "dovecot/dovecot.conf") == NULL)
		return;
	mailboxes_gather(plan, &mailboxes);
	for (size_t i = 0; i < mailboxes.count && i < LOOKED_AT_MAX; i++) {
		const char *place = place_of(plan, mailboxes.items[i].address);
		const char *form = place != NULL ? form_at(plan, place) : NULL;

		if (form == NULL || strcmp(form, format->text) == 0)
			continue;
		finding_add(plan->findings, "mailbox-format-differs", &format->origin,
			"the mail of %s at %s is %s, and Dovecot would look for %s",
			mailboxes.items[i].address, place, form, format->text);
		return; /* the others are most likely of the same form */
	}
}
