/*
 * compat_volume_mail.c - accounts, quotas and aliases of docker-mailserver
 *
 * The accounts stay in their file, which becomes mailboxes.file: it is read there,
 * line by line, and watched. Here only its names count.
 */
#include "settings/compat_volume.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/buffer.h"
#include "settings/secret.h"
#include "settings/syntax.h"
#include "settings/value.h"

#define ACCOUNTS "postfix-accounts.cf"
#define VIRTUAL "postfix-virtual.cf"
#define REGEXP "postfix-regexp.cf"
#define QUOTAS "dovecot-quotas.cf"
#define SEND "postfix-send-access.cf"
#define RECEIVE "postfix-receive-access.cf"

/* add_domain - of an account or an alias: that image takes mail for all of them */
static void
add_domain(struct volume *volume, const char *address, const struct origin *origin)
{
	struct arena *arena = volume->compat->loading->arena;
	const char *at = strrchr(address, '@');

	if (at != NULL && at[1] != '\0' && node_find(volume->domains, at + 1) < 0)
		node_set(arena, volume->domains, text_lower(arena, at + 1),
			node_new(arena, NODE_NULL, origin));
}

static void
read_accounts(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	const struct schema_row *row = schema_find("mailboxes.list.N.address");
	struct origin origin;
	size_t count;
	struct volume_line *lines = volume_lines(volume, ACCOUNTS, &count);

	for (size_t i = 0; i < count; i++) {
		/* either form of mailboxes.file, whose reader tells what is neither */
		const char *address = text_lower(
			arena, arena_strndup(arena, lines[i].text, strcspn(lines[i].text, ":|")));
		const char *why;

		/* what lacks its separator has the password in it, and is no name to be shown */
		if (syntax_read(arena, row, address, &why) == NULL)
			continue;
		node_set(arena, volume->accounts, address,
			node_new(arena, NODE_NULL, &lines[i].origin));
		add_domain(volume, address, &lines[i].origin);
	}
	if (lines == NULL)
		return;
	origin = (struct origin){
		.kind = ORIGIN_COMPAT, .name = ACCOUNTS, .file = volume_path(volume, ACCOUNTS)};
	compat_put(volume->compat, "mailboxes.file",
		volume_node(volume, &origin, volume_path(volume, ACCOUNTS)));
}

/* size_of - Dovecot's own units as ours: a B for bytes is left out, a T is 1024 G */
static const char *
size_of(struct arena *arena, const char *text)
{
	size_t len = strlen(text);

	if (len > 0 && (text[len - 1] == 'B' || text[len - 1] == 'b'))
		len--;
	if (len > 0 && len < 6 && (text[len - 1] == 'T' || text[len - 1] == 't') &&
		strspn(text, "0123456789") == len - 1)
		return arena_printf(arena, "%ldG", strtol(text, NULL, 10) * 1024);
	return arena_strndup(arena, text, len);
}

/* put_map - an item of a map of settings, as its row has it; nothing after a finding */
static void
put_map(struct volume *volume, const char *path, const char *key, const struct node *raw)
{
	struct loading *loading = volume->compat->loading;
	struct node *map = node_new(loading->arena, NODE_MAP, &raw->origin), *typed;
	struct node *copy = node_scalar(loading->arena, raw->text, &raw->origin);

	copy->origin.kind = ORIGIN_COMPAT;
	node_set_at(loading->arena, map, key, &raw->origin, copy);
	typed = value_convert(loading, schema_find(path), map, path);
	if (typed != NULL)
		loading_put_key(loading, path, key, typed->items[0]);
}

static void
read_quotas(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	size_t count;
	struct volume_line *lines = volume_lines(volume, QUOTAS, &count);

	for (size_t i = 0; i < count; i++) {
		const char *colon = strrchr(lines[i].text, ':');

		if (colon == NULL) {
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				"the line is not address:size");
			continue;
		}
		put_map(volume, "mailboxes.quotas",
			text_lower(arena,
				arena_strndup(
					arena, lines[i].text, (size_t)(colon - lines[i].text))),
			volume_node(volume, &lines[i].origin, size_of(arena, colon + 1)));
	}
}

/* owners_of - those of TARGETS that have an account: there an alias's owner may send as it */
static const char *
owners_of(struct volume *volume, const char *targets)
{
	struct arena *arena = volume->compat->loading->arena;
	const char *owners = "";

	for (const char *at = targets; *at != '\0'; at += strspn(at, " \t,")) {
		size_t len = strcspn(at, " \t,");
		const char *target = text_lower(arena, arena_strndup(arena, at, len));

		if (node_find(volume->accounts, target) >= 0)
			owners = arena_printf(
				arena, "%s%s%s", owners, owners[0] != '\0' ? " " : "", target);
		at += len;
	}
	return owners;
}

static void
read_aliases(struct volume *volume)
{
	struct arena *arena = volume->compat->loading->arena;
	size_t count;
	struct volume_line *lines = volume_lines(volume, VIRTUAL, &count);

	for (size_t i = 0; i < count; i++) {
		const char *targets, *owners;
		const char *from = text_lower(arena, volume_word(arena, lines[i].text, &targets));

		if (targets[0] == '\0' || strchr(from, '@') == NULL) {
			volume_tell(volume, "compat-by-hand", &lines[i].origin,
				targets[0] == '\0'
					? "the line is not alias and target"
					: "an alias without a domain is not read: write it "
					  "with one");
			continue;
		}
		add_domain(volume, from, &lines[i].origin);
		put_map(volume, "aliases", from, volume_node(volume, &lines[i].origin, targets));
		owners = owners_of(volume, targets);
		if (owners[0] != '\0')
			put_map(volume, "sender_logins", from,
				volume_node(volume, &lines[i].origin, owners));
	}
}

/* put_table - the lines as a lookup table NAME of ours */
static void
put_table(struct volume *volume, const char *name, const struct volume_line *lines, size_t count)
{
	struct loading *loading = volume->compat->loading;
	struct buffer text = {0};
	struct node *node;

	for (size_t i = 0; i < count; i++)
		buffer_printf(&text, "%s%s\n", lines[i].indented ? "  " : "", lines[i].text);
	node = volume_node(volume, &lines[0].origin, buffer_text(&text));
	buffer_free(&text);
	node->origin.kind = ORIGIN_COMPAT;
	loading_put_key(loading, "postfix.tables", name, node);
}

static void
read_patterns(struct volume *volume)
{
	size_t count;
	struct volume_line *lines = volume_lines(volume, REGEXP, &count);

	if (count == 0)
		return;
	put_table(volume, "regexp", lines, count);
	compat_put(volume->compat, "postfix.main.virtual_alias_maps",
		volume_node(volume, &lines[0].origin,
			"texthash:/run/mailinit/current/postfix/virtual, "
			"regexp:/etc/postfix/regexp"));
	volume_tell(volume, "compat-differs", &lines[0].origin,
		"its patterns are POSIX expressions here (regexp), without what Perl has more");
}

static void
read_access(struct volume *volume)
{
	size_t count;
	struct volume_line *lines = volume_lines(volume, SEND, &count);

	if (count > 0) {
		put_table(volume, "send-access", lines, count);
		/* on data, for 587 has restrictions on senders of its own */
		compat_put(volume->compat, "postfix.main.smtpd_data_restrictions",
			volume_node(volume, &lines[0].origin,
				"reject_unauth_pipelining, check_sender_access "
				"texthash:/etc/postfix/send-access"));
	}
	lines = volume_lines(volume, RECEIVE, &count);
	if (count > 0) {
		put_table(volume, "receive-access", lines, count);
		compat_put(volume->compat, "postfix.main.smtpd_recipient_restrictions",
			volume_node(volume, &lines[0].origin,
				"check_recipient_access texthash:/etc/postfix/receive-access, "
				"permit_mynetworks, reject_non_fqdn_recipient"));
		volume_tell(volume, "compat-differs", &lines[0].origin,
			"it counts on port 25; who logs in on 587 or 465 may still write to them");
	}
}

void
volume_mail(struct volume *volume)
{
	read_accounts(volume);
	read_quotas(volume);
	read_aliases(volume);
	read_patterns(volume);
	read_access(volume);
}
