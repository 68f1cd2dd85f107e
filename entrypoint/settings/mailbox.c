/* mailbox.c - the records of mailboxes */
#include "settings/mailbox.h"

#include <string.h>

#include "base/text.h"
#include "settings/secret.h"
#include "settings/value.h"

struct node *
mailbox_from_pairs(
	struct loading *loading, const struct schema_row *row, struct node *raw, const char *shown)
{
	struct node *pairs = value_pairs(loading, row, raw, shown), *list;

	if (pairs == NULL)
		return NULL;
	list = node_new(loading->arena, NODE_LIST, &raw->origin);
	list->secret = true;
	list->deferred = raw->deferred;
	for (size_t i = 0; i < pairs->count; i++) {
		struct node *record = node_new(loading->arena, NODE_MAP, &raw->origin);
		struct node *address = node_scalar(loading->arena, pairs->keys[i], &raw->origin);

		/* a hash with a blank in it is split: what looks like a name may be its rest */
		address->secret = true;
		node_set(loading->arena, record, "address", address);
		pairs->items[i]->secret = true;
		node_set(loading->arena, record, "password", pairs->items[i]);
		node_add(loading->arena, list, record);
	}
	return list;
}

/*
 * is_eaten - a crypt(5) scheme without its $id$. Compose and shells replace
 * $6$salt by nothing; what is left looks like a hash and matches no password.
 */
static bool
is_eaten(const char *hash)
{
	static const struct {
		const char *scheme, *id;
	} known[] = {
		{"{SHA512-CRYPT}", "$6$"},
		{"{SHA256-CRYPT}", "$5$"},
		{"{MD5-CRYPT}", "$1$"},
		{"{BLF-CRYPT}", "$2"},
		{"{ARGON2ID}", "$argon2id$"},
		{"{ARGON2I}", "$argon2i$"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_starts(hash, known[i].scheme))
			return !text_starts(hash + strlen(known[i].scheme), known[i].id);
	return false;
}

static bool
check_hash(struct loading *loading, const struct node *password, const char *shown)
{
	const char *name = arena_printf(loading->arena, "%s.password", shown);
	const struct schema_row *row = schema_find("mailboxes.list.N.password");

	if (is_eaten(password->text)) {
		value_refuse(loading, row, password, name,
			"does not begin as its scheme demands ($6$ and the like): in a compose "
			"file write every $ of a hash as $$, in a shell use single quotes");
		return false;
	}
	/* a colon ends the field of a passwd-file: the hash would be cut there */
	if (strchr(password->text, ':') != NULL) {
		value_refuse(loading, row, password, name,
			"holds a colon, which no hash has in Dovecot's passwd-file");
		return false;
	}
	return true;
}

static bool
check_address(
	struct loading *loading, const struct node *address, struct node *seen, const char *shown)
{
	const struct node *before = node_get(seen, address->text);
	char where[256];

	if (before != NULL) {
		finding_add(loading->findings, "mailbox-duplicate", &address->origin,
			"%s: the mailbox %s is there already (%s)", shown, address->text,
			origin_text(&before->origin, where, sizeof(where)));
		return false;
	}
	node_set(loading->arena, seen, address->text,
		node_new(loading->arena, NODE_NULL, &address->origin));
	return true;
}

bool
mailbox_check(
	struct loading *loading, const struct node *record, struct node *seen, const char *shown)
{
	const struct node *address = node_get(record, "address");
	const struct node *password = node_get(record, "password");
	const struct node *file = node_get(record, "password_file");

	if (address == NULL || !check_address(loading, address, seen, shown))
		return false;
	if (password != NULL && file != NULL) {
		finding_add(loading->findings, "env-both-forms", &file->origin,
			"%s: both password and password_file are set", shown);
		return false;
	}
	if (password == NULL && file == NULL) {
		finding_add(loading->findings, "setting-required", &record->origin,
			"%s: %s has neither password (a hash) nor password_file", shown,
			address->text);
		return false;
	}
	if (file != NULL)
		secret_probe(loading, file->text,
			arena_printf(
				loading->arena, "%s.password_file of %s", shown, address->text),
			&file->origin);
	return password == NULL || check_hash(loading, password, shown);
}
