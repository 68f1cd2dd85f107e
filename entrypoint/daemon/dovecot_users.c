/* dovecot_users.c - the mailboxes as Dovecot's passwd-file */
#include "daemon/dovecot.h"

#include <string.h>

#include "base/node.h"
#include "base/text.h"
#include "crypto/scheme.h"
#include "daemon/lines.h"
#include "daemon/mailboxes.h"

#define EXTRA_COLONS 7 /* before the extra fields of a passwd-file */

bool
dovecot_has_quota(struct plan *plan)
{
	struct mailboxes mailboxes;

	if (strcmp(node_text(plan->settings, "limits.mailbox", "0"), "0") != 0)
		return true;
	mailboxes_gather(plan, &mailboxes);
	if (node_at(plan->settings, "mailboxes.quotas") != NULL)
		return true;
	for (size_t i = 0; i < mailboxes.count; i++)
		if (mailboxes.items[i].quota != NULL ||
			(mailboxes.items[i].line != NULL &&
				strstr(mailboxes.items[i].line, "userdb_quota") != NULL))
			return true;
	return false;
}

/* quota_field - the extra field with a mailbox's own limit; 0 is no limit at all */
static const char *
quota_field(struct plan *plan, const struct node *quota)
{
	if (quota == NULL || quota->type == NODE_NULL)
		return "";
	if (dovecot_is_2_3(plan))
		return arena_printf(plan->arena, "userdb_quota_rule=*:bytes=%s", quota->text);
	/* 2.4.3 and later take 0 for a limit of nothing */
	if (strcmp(quota->text, "0") == 0)
		return "userdb_quota/mailbox/storage_size=unlimited";
	return arena_printf(plan->arena, "userdb_quota/mailbox/storage_size=%sB", quota->text);
}

/* stored_password - the password field: a hash, or a placeholder for one */
static const char *
stored_password(struct plan *plan, const struct mailbox *mailbox, bool *late)
{
	struct plan_password *password;

	if (mailbox->password != NULL)
		/* a bare hash would be taken for Dovecot's default scheme, which is another in 2.4 */
		return scheme_explicit(plan->arena, mailbox->password->text);
	if (mailbox->password_file == NULL && mailbox->plain == NULL)
		/* an empty field would let an empty password in; no password matches this one */
		return "{CRYPT}!";
	password = plan_add_password(plan);
	password->address = mailbox->address;
	if (mailbox->plain != NULL)
		password->text = mailbox->plain->text;
	else
		password->path = mailbox->password_file->text;
	password->placeholder =
		arena_printf(plan->arena, "{deferred:password:%s}", mailbox->address);
	password->origin =
		mailbox->plain != NULL ? mailbox->plain->origin : mailbox->password_file->origin;
	plan_add_deferred(plan, arena_printf(plan->arena, "password:%s", mailbox->address),
		"hashed with a salt at the start");
	*late = true;
	return password->placeholder;
}

/* quota_of - a mailbox's own, or that of mailboxes.quotas */
static const struct node *
quota_of(struct plan *plan, const struct mailbox *mailbox)
{
	return mailbox->quota != NULL
		? mailbox->quota
		: node_get(node_at(plan->settings, "mailboxes.quotas"), mailbox->address);
}

/* with_quota - a line of mailboxes.file with its quota behind it, unless it has one */
static const char *
with_quota(struct plan *plan, const struct mailbox *mailbox)
{
	const struct node *quota = quota_of(plan, mailbox);
	const char *line = mailbox->line;
	size_t colons = 0;

	if (quota == NULL || strstr(line, "userdb_quota") != NULL)
		return line;
	for (const char *c = line; *c != '\0'; c++)
		colons += *c == ':';
	return arena_printf(plan->arena, "%s%s%s%s", line,
		colons < EXTRA_COLONS ? ":::::::" + colons : "",
		text_ends(line, ":") || colons < EXTRA_COLONS ? "" : " ", quota_field(plan, quota));
}

void
dovecot_add_users(struct plan *plan, unsigned services)
{
	struct mailboxes mailboxes;
	struct plan_file *file;
	struct lines lines;
	bool late = false;

	mailboxes_gather(plan, &mailboxes);
	lines_init(&lines, plan);
	for (size_t i = 0; i < mailboxes.count; i++) {
		const struct mailbox *mailbox = &mailboxes.items[i];
		const char *line = NULL;

		if (mailbox->line != NULL)
			line = with_quota(plan, mailbox);
		else
			line = arena_printf(plan->arena, "%s:%s::::::%s", mailbox->address,
				stored_password(plan, mailbox, &late),
				quota_field(plan, quota_of(plan, mailbox)));
		lines_add(&lines, line, &mailbox->origin)->secret = true;
	}
	if (mailboxes.deferred)
		lines_add(&lines, "# {deferred:mailboxes}", NULL);
	file = plan_add_file(plan, "dovecot/users", NULL);
	lines_finish(&lines, file);
	file->mode = 0640;
	file->group = "dovecot";
	file->secret = true;
	file->late = late ? LATE_PASSWORDS : LATE_NOT;
	file->services = services;
}
