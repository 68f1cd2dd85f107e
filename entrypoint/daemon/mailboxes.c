/* mailboxes.c - who has a mailbox here */
#include "daemon/mailboxes.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/scheme.h"
#include "daemon/daemon.h"

#define MAILBOXES_FILE_LIMIT (16 * 1024 * 1024)

/* read_file - the content of mailboxes.file; NULL with *ERROR when there is none */
static char *
read_file(struct plan *plan, const char **path, int *error)
{
	const char *setting = node_text(plan->settings, "mailboxes.file", NULL);
	struct buffer text = {0};
	char *content = NULL;

	*error = 0;
	*path = setting;
	if (setting == NULL)
		return NULL;
	watches_add(plan->watches, plan_path(plan, setting));
	if (file_read(plan_path(plan, setting), MAILBOXES_FILE_LIMIT, &text, NULL) == 0)
		content = arena_strndup(plan->arena, buffer_text(&text), text.len);
	else
		*error = errno;
	buffer_free(&text);
	return content;
}

bool
mailboxes_are_logins(const struct plan *plan)
{
	return daemon_role(plan, "relay") && !daemon_role(plan, "mailstore") &&
		node_at(plan->settings, "delivery.lmtp") == NULL;
}

/* is_name - what may be a login; what a line break cut off from a password is none */
static bool
is_name(const char *text)
{
	return text[0] != '\0' &&
		text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0';
}

/* fields_of - what follows the name, from its colon on, in Dovecot's form */
static const char *
fields_of(struct plan *plan, const char *rest, char form)
{
	size_t len = strcspn(rest, form == '|' ? "|" : ":");
	const char *password = scheme_explicit(plan->arena, arena_strndup(plan->arena, rest, len));

	rest += len;
	if (form != '|')
		return arena_printf(plan->arena, ":%s%s", password, rest);
	return arena_printf(plan->arena, ":%s::::::%s", password, *rest == '|' ? rest + 1 : "");
}

/* take_line - one line of the file; false for a comment or an empty one */
static bool
take_line(struct plan *plan, char *line, int number, const char *path, struct mailbox *mailbox)
{
	size_t len = strlen(line), user = strcspn(line, ":|");
	const char *name;

	if (len > 0 && line[len - 1] == '\r')
		line[len - 1] = '\0';
	if (line[0] == '\0' || line[0] == '#')
		return false;
	memset(mailbox, 0, sizeof(*mailbox));
	name = text_lower(plan->arena, arena_strndup(plan->arena, line, user));
	if (mailboxes_are_logins(plan) && is_name(name))
		name = arena_printf(plan->arena, "%s@%s", name,
			node_text(plan->settings, "hostname", "localhost"));
	mailbox->address = name;
	/* Dovecot looks a login up in small letters, and takes the file's names as they are */
	mailbox->line = line[user] == '\0' ? name
					   : arena_printf(plan->arena, "%s%s", name,
						     fields_of(plan, line + user + 1, line[user]));
	/*
	 * What a line break cut off from a password is no name to be shown in tables, nor is
	 * what has a hash behind a blank, in place of the separator.
	 */
	if (strchr(mailbox->address, '@') == NULL || strpbrk(mailbox->address, " \t{") != NULL)
		mailbox->address = "no-address";
	mailbox->origin = (struct origin){.kind = ORIGIN_SECRET,
		.name = "mailboxes.file",
		.file = path,
		.line = number,
		.column = 1};
	return true;
}

static void
gather_file(struct plan *plan, struct mailboxes *mailboxes, char *content, const char *path)
{
	size_t lines = 1, first = mailboxes->count;
	int number = 0;
	char *rest;

	for (const char *c = content; *c != '\0'; c++)
		lines += *c == '\n';
	mailboxes->items = arena_grow(plan->arena, mailboxes->items,
		first * sizeof(*mailboxes->items), (first + lines) * sizeof(*mailboxes->items));
	for (char *line = content; line != NULL; line = rest) {
		rest = strchr(line, '\n');
		if (rest != NULL)
			*rest++ = '\0';
		if (take_line(plan, line, ++number, path, &mailboxes->items[mailboxes->count]))
			mailboxes->count++;
	}
}

void
mailboxes_gather(struct plan *plan, struct mailboxes *mailboxes)
{
	const struct node *list = node_at(plan->settings, "mailboxes.list");
	const char *path;
	char *content;
	int error;

	memset(mailboxes, 0, sizeof(*mailboxes));
	if (list != NULL) {
		mailboxes->deferred = list->deferred;
		mailboxes->items =
			arena_alloc(plan->arena, (list->count + 1) * sizeof(*mailboxes->items));
	}
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const struct node *record = list->items[i], *address = node_get(record, "address");

		if (address == NULL)
			continue; /* the settings have said so */
		mailboxes->items[mailboxes->count++] = (struct mailbox){
			.address = address->text,
			.password = node_get(record, "password"),
			.password_file = node_get(record, "password_file"),
			.plain = node_get(record, "plain_password"),
			.quota = node_get(record, "quota"),
			.aliases = node_get(record, "aliases"),
			.origin = address->origin,
		};
	}
	content = read_file(plan, &path, &error);
	if (content != NULL)
		gather_file(plan, mailboxes, content, path);
	else if (path != NULL)
		mailboxes->deferred = true;
}

static void
check_file(struct plan *plan)
{
	const struct node *setting = node_at(plan->settings, "mailboxes.file");
	bool must = plan->live || plan->root[0] != '\0';
	struct mounts_guess guess;
	const char *path;
	int error;

	if (setting == NULL || read_file(plan, &path, &error) != NULL || error == 0)
		return;
	if (must || error != ENOENT)
		finding_add(plan->findings, "secret-unreadable", &setting->origin,
			"mailboxes.file: %s cannot be read: %s", path, strerror(error));
	else if (!mounts_bring(plan->mounts, path))
		finding_add(plan->findings, "compose-file-unmounted", &setting->origin,
			"mailboxes.file: no secret, config or volume of the service brings %s into "
			"the container",
			path);
	else if (mounts_guess(plan->arena, plan->mounts, path, &guess))
		finding_add(plan->findings, "compose-file-misspelt", &setting->origin,
			"mailboxes.file: %s: there is no %s; did you mean %s?", path, guess.missing,
			guess.near);
	else
		finding_add(plan->findings, "not-checked", &setting->origin,
			"mailboxes.file: %s is not here: its mailboxes are not shown", path);
	if (!must && error == ENOENT)
		plan_add_deferred(plan, "mailboxes.file", "the file is read in the container");
}

static void
check_password(struct plan *plan, const struct mailbox *mailbox)
{
	struct scheme_found found;
	const struct origin *origin;

	if (mailbox->password == NULL)
		return;
	origin = &mailbox->password->origin;
	scheme_find(mailbox->password->text, &found);
	if (found.state == SCHEME_UNKNOWN)
		finding_add(plan->findings, "password-scheme-unknown", origin,
			"the password of %s names a scheme that Dovecot does not have",
			mailbox->address);
	else if (found.state == SCHEME_NONE || found.scheme->plain)
		finding_add(plan->findings, "password-not-hashed", origin,
			"the password of %s is not a hash: it is not used as it is",
			mailbox->address);
	else if (found.state == SCHEME_DAMAGED)
		finding_add(plan->findings, "password-hash-damaged", origin,
			"the password of %s is no whole %s hash: %s", mailbox->address,
			found.scheme->name, found.why);
	else if ((found.scheme->weak || found.scheme->removed) &&
		!text_starts(plan->target.dovecot_version, "2.3"))
		finding_add(plan->findings, "password-scheme-weak", origin,
			"the password of %s is hashed with %s", mailbox->address,
			found.scheme->name);
}

/*
 * is_login - whether Dovecot takes the address for a name. Its auth_username_chars
 * refuses others: the login fails, and accepted mail waits until it is bounced.
 */
static bool
is_login(const struct plan *plan, const char *address)
{
	const struct node *settings = node_at(plan->settings, "dovecot.settings");

	if (!daemon_dovecot.wanted(plan) || node_get(settings, "auth_username_chars") != NULL)
		return true;
	return address[strspn(address,
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@")] ==
		'\0';
}

/* check_domain - mail for a domain that is not ours goes to its MX, and never gets here */
static void
check_domain(struct plan *plan, const struct mailbox *mailbox)
{
	const struct node *domains = node_at(plan->settings, "domains");
	const char *at = strrchr(mailbox->address, '@');

	if (at == NULL || domains == NULL)
		return;
	for (size_t i = 0; i < domains->count; i++)
		if (strcasecmp(domains->items[i]->text, at + 1) == 0)
			return;
	finding_add(plan->findings, "mailbox-outside-domains", &mailbox->origin,
		"the mailbox %s is in none of the domains", mailbox->address);
}

void
mailboxes_check(struct plan *plan)
{
	struct node *seen = node_new(plan->arena, NODE_MAP, NULL);
	struct mailboxes mailboxes;
	char where[256];

	mailboxes_gather(plan, &mailboxes);
	check_file(plan);
	for (size_t i = 0; i < mailboxes.count; i++) {
		const struct mailbox *mailbox = &mailboxes.items[i];
		const struct node *before = node_get(seen, mailbox->address);

		check_password(plan, mailbox);
		check_domain(plan, mailbox);
		if (strchr(mailbox->address, '@') == NULL ||
			strpbrk(mailbox->address, " \t") != NULL)
			finding_add(plan->findings, "mailbox-address-invalid", &mailbox->origin,
				"a mailbox's name is no mail address; it is its login, and what "
				"mail is sent to");
		else if (!is_login(plan, mailbox->address))
			finding_add(plan->findings, "mailbox-address-invalid", &mailbox->origin,
				"the mailbox %s holds a character that Dovecot allows in no login; "
				"an alias may have it",
				mailbox->address);
		else if (before != NULL)
			finding_add(plan->findings, "mailbox-duplicate", &mailbox->origin,
				"the mailbox %s is there already (%s)", mailbox->address,
				origin_text(&before->origin, where, sizeof(where)));
		else
			node_set(plan->arena, seen, mailbox->address,
				node_new(plan->arena, NODE_NULL, &mailbox->origin));
	}
}
