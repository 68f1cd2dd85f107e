/*
 * opendkim_running.c - the key that the running signer has
 *
 * When all that was remembered of a domain is gone or damaged, as when a volume
 * was emptied below a running container, the files of the running daemons still
 * tell what mail is signed with. Without them a reload would make another key and
 * sign with it, and no receiver could verify that.
 */
#include <string.h>

#include "base/file.h"
#include "daemon/opendkim_keys.h"

#define KEY_TABLE PLAN_CURRENT "/opendkim/KeyTable"
#define KEY_TABLE_LIMIT (4 * 1024 * 1024)

/* selector_in - of the row "NAME DOMAIN:SELECTOR:/path" of DOMAIN, in the arena; NULL: none */
static const char *
selector_in(struct arena *arena, const char *table, const char *domain)
{
	const char *start = arena_printf(arena, " %s:", domain);
	const char *row = strstr(table, start), *selector;

	if (row == NULL)
		return NULL;
	row += strlen(start);
	selector = arena_strndup(arena, row, strcspn(row, ":\n"));
	return dkim_is_selector(selector) ? selector : NULL;
}

struct dkim_state *
opendkim_running_state(struct plan *plan, const struct plan_dkim_key *key)
{
	struct dkim_state *state = arena_alloc(plan->arena, sizeof(*state));
	struct opendkim_key_file file;
	struct buffer table = {0};

	if (!plan->live || plan->root[0] != '\0')
		return NULL;
	if (file_read(KEY_TABLE, KEY_TABLE_LIMIT, &table, NULL) == 0)
		state->active = selector_in(plan->arena, buffer_text(&table), key->domain);
	buffer_free(&table);
	if (state->active == NULL)
		return NULL;
	opendkim_read_key(plan,
		arena_printf(plan->arena, PLAN_CURRENT "/opendkim/keys/%s.%s.private", key->domain,
			state->active),
		&file);
	state->domain = key->domain;
	state->configured = state->active;
	state->since = file.status.st_mtime;
	state->pem = file.pem;
	return file.found == OPENDKIM_KEY_READ ? state : NULL;
}
