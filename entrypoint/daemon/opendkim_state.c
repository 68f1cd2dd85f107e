/*
 * opendkim_state.c - which key signs, by what is remembered of a domain
 *
 * A key whose record receivers have seen goes on signing until a rotation has
 * found the next one in DNS. So neither a selector changed in the settings, nor a
 * key file that was swapped or lost, changes what mail is signed with: they are
 * told, and `mailinit dkim rotate` does the rest. Nothing here asks DNS.
 */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "daemon/opendkim_keys.h"

/* read_one - one copy of the state: 0, -1 with *WHY, or 1 when there is none */
static int
read_one(struct plan *plan, struct plan_dkim_key *key, const char *name, struct dkim_state *state,
	const char **why)
{
	const char *path = dkim_state_path(plan->arena, key->domain, name);
	struct buffer text = {0};
	struct crypto_error error;
	struct key_facts facts;
	int result = -1;

	watches_add(plan->watches, plan_path(plan, path));
	if (file_read(plan_path(plan, path), DKIM_STATE_LIMIT, &text, NULL) != 0) {
		result = errno == ENOENT || errno == ENOTDIR ? 1 : -1;
		*why = arena_strdup(plan->arena, strerror(errno));
	} else if (dkim_state_read(plan->arena, key->domain, buffer_text(&text), text.len, state,
			   why) == 0) {
		if (key_read(plan->arena, state->pem, strlen(state->pem), &facts, &error) == 0) {
			key->public_key = facts.public_key;
			key->bits = facts.bits;
			result = 0;
		} else {
			*why = arena_strdup(plan->arena, error.text);
		}
	}
	buffer_free(&text);
	return result;
}

static void
tell_damaged(struct plan *plan, const struct plan_dkim_key *key, const char *name, const char *why,
	const char *instead)
{
	finding_add(plan->findings, "dkim-state-damaged", &key->origin,
		"what is remembered of the keys of %s, %s, cannot be used: %s; %s", key->domain,
		dkim_state_path(plan->arena, key->domain, name), why, instead);
}

/*
 * of_running - the last resort: what the running daemons sign with. GONE: nothing is
 * there, which is a first start when nothing runs.
 */
static struct dkim_state *
of_running(
	struct plan *plan, struct plan_dkim_key *key, bool gone, const char *name, const char *why)
{
	struct dkim_state *state = opendkim_running_state(plan, key);
	struct crypto_error error;
	struct key_facts facts;

	if (state != NULL &&
		key_read(plan->arena, state->pem, strlen(state->pem), &facts, &error) == 0) {
		key->public_key = facts.public_key;
		key->bits = facts.bits;
		key->state_unsaved = true;
		tell_damaged(plan, key, name, why,
			arena_printf(plan->arena,
				"mail is signed with selector %s, as the running signer has it",
				state->active));
		return state;
	}
	key->state_damaged = !gone;
	if (!gone)
		tell_damaged(plan, key, name, why,
			arena_printf(plan->arena,
				"mail is signed with selector %s, as the settings say",
				key->configured));
	return NULL;
}

/* read_state - the state of KEY's domain, or NULL */
static struct dkim_state *
read_state(struct plan *plan, struct plan_dkim_key *key)
{
	struct dkim_state *state = arena_alloc(plan->arena, sizeof(*state));
	const char *why, *backup_why;
	int result = read_one(plan, key, DKIM_STATE_NAME, state, &why), backup;

	if (result == 0)
		return state;
	if (result > 0)
		why = "it is gone";
	backup = read_one(plan, key, DKIM_STATE_BACKUP, state, &backup_why);
	if (backup == 0) {
		tell_damaged(plan, key, DKIM_STATE_NAME, why,
			"its second copy, " DKIM_STATE_BACKUP ", is used");
		return state;
	}
	if (result > 0 && backup < 0)
		return of_running(plan, key, false, DKIM_STATE_BACKUP, backup_why);
	return of_running(plan, key, result > 0, DKIM_STATE_NAME, why);
}

/* look_at_file - whether the file of the key that signs still holds that key */
static void
look_at_file(struct plan *plan, struct plan_dkim_key *key)
{
	struct opendkim_key_file file;
	const char *what;

	opendkim_read_key(plan, key->path, &file);
	if (file.found == OPENDKIM_KEY_READ &&
		strcmp(file.facts.public_key, key->public_key) == 0) {
		opendkim_check_exposed(plan, key, &file);
		return;
	}
	if (file.found == OPENDKIM_KEY_READ) {
		key->file_pem = file.pem;
		key->file_public_key = file.facts.public_key;
		what = "holds another key now";
	} else if (file.found == OPENDKIM_KEY_ABSENT) {
		what = "is gone";
	} else {
		what = arena_printf(plan->arena, "cannot be used any more: %s", file.why);
	}
	finding_add(plan->findings, "dkim-key-kept", &key->origin,
		"the key file of %s, %s, %s; mail is still signed with the key that was in use",
		key->domain, key->path, what);
}

/* look_at_next - the key that is to follow, if it was made */
static void
look_at_next(struct plan *plan, struct plan_dkim_key *key)
{
	const struct dkim_state *state = key->state;
	struct opendkim_key_file file;

	if (state->next == NULL)
		return;
	key->next_path = dkim_key_path(plan->arena, plan->settings, key->domain, state->next);
	opendkim_read_key(plan, key->next_path, &file);
	if (file.found == OPENDKIM_KEY_READ) {
		key->next_pem = file.pem;
		key->next_public_key = file.facts.public_key;
	}
	finding_add(plan->findings, "dkim-rotation-pending", &key->origin,
		"%s: mail is signed with selector %s; the key of selector %s is to follow once DNS "
		"shows it",
		key->domain, state->active, state->next);
}

/* look_at_settings - a selector that the settings name and that nothing signs with */
static void
look_at_settings(struct plan *plan, const struct plan_dkim_key *key)
{
	const struct dkim_state *state = key->state;

	if (strcmp(key->configured, state->configured) == 0 ||
		strcmp(key->configured, state->active) == 0 ||
		(state->next != NULL && strcmp(key->configured, state->next) == 0))
		return;
	finding_add(plan->findings, "dkim-selector-waits", &key->origin,
		"%s: the settings name selector %s; mail is signed with selector %s until DNS is "
		"known to show the other",
		key->domain, key->configured, state->active);
}

bool
opendkim_use_state(struct plan *plan, struct plan_dkim_key *key)
{
	const struct dkim_state *state = read_state(plan, key);
	struct key_facts facts = {.type = KEY_RSA};

	key->state = state;
	if (state == NULL)
		return false;
	key->selector = state->active;
	key->path = opendkim_key_path(plan, key->domain, state->active);
	key->pem = state->pem;
	facts.bits = key->bits;
	opendkim_check_key(plan, key, &facts);
	look_at_file(plan, key);
	look_at_next(plan, key);
	look_at_settings(plan, key);
	return true;
}
