/*
 * dkim.c - DKIM keys on their volume, and what is remembered of them
 *
 * The order of writing is what makes a rotation safe to interrupt. The state
 * says what is to be done before it is done, and has the signing key in it, so
 * that one rename changes over.
 */
#include "apply/dkim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "apply/place.h"
#include "apply/unable.h"
#include "crypto/key.h"

static const struct placement secret_and_durable = {.mode = 0600, .durable = true};

static int
make_parent(struct arena *arena, const char *path)
{
	char *parent = arena_strdup(arena, path), *slash = strrchr(parent, '/');

	if (slash == NULL || slash == parent)
		return 0;
	*slash = '\0';
	/* a directory of the user's keeps the mode that it has */
	return access(parent, F_OK) == 0 ? 0 : place_directory(parent, 0700, 0, 0);
}

int
dkim_make_key(struct arena *arena, const char *path, unsigned bits, const char **pem,
	const char **public_key)
{
	struct key_facts facts;
	struct crypto_error error;

	if (key_generate_rsa(arena, bits, pem, &error) != 0 ||
		key_read(arena, *pem, strlen(*pem), &facts, &error) != 0) {
		fprintf(stderr, "mailinit: unable to make a DKIM key: %s\n    hint: %s\n",
			error.text, error.help);
		return -1;
	}
	*public_key = facts.public_key;
	if (make_parent(arena, path) != 0)
		return -1;
	return place_file(path, *pem, strlen(*pem), &secret_and_durable);
}

int
dkim_write_state(struct arena *arena, const struct dkim_state *state)
{
	static const char *const names[] = {DKIM_STATE_NAME, DKIM_STATE_BACKUP};
	struct buffer text = {0};
	int result = make_parent(arena, dkim_state_path(arena, state->domain, DKIM_STATE_NAME));

	dkim_state_print(state, &text);
	for (size_t i = 0; result == 0 && i < sizeof(names) / sizeof(names[0]); i++)
		result = place_file(dkim_state_path(arena, state->domain, names[i]),
			buffer_text(&text), text.len, &secret_and_durable);
	explicit_bzero(text.data, text.len);
	buffer_free(&text);
	return result;
}

int
dkim_lock(bool wait)
{
	int fd;

	if (place_directory(DKIM_STATE_DIRECTORY, 0700, 0, 0) != 0)
		return -1;
	fd = open(DKIM_STATE_DIRECTORY, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return unable("open", DKIM_STATE_DIRECTORY);
	while (flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)) != 0) {
		int cause = errno;

		if (cause == EINTR)
			continue;
		close(fd);
		errno = cause;
		return cause == EWOULDBLOCK ? -1 : unable("lock", DKIM_STATE_DIRECTORY);
	}
	return fd;
}

/* save - STATE, which nothing on disk says yet */
static int
save(const struct plan *plan, const struct dkim_state *state)
{
	int result = dkim_write_state(plan->arena, state);

	watches_renew(plan->watches, dkim_state_path(plan->arena, state->domain, DKIM_STATE_NAME));
	watches_renew(
		plan->watches, dkim_state_path(plan->arena, state->domain, DKIM_STATE_BACKUP));
	return result;
}

/* remember - what KEY's domain is signed with from now on, unless that is known */
static int
remember(const struct plan *plan, const struct plan_dkim_key *key)
{
	const struct dkim_state state = {
		.domain = key->domain,
		.configured = key->configured,
		.active = key->selector,
		.since = time(NULL),
		.made = key->generate,
		.pem = key->pem,
	};

	if (key->state != NULL && key->state_unsaved)
		return save(plan, key->state);
	if (key->pem == NULL || key->state_damaged ||
		access(dkim_state_path(plan->arena, key->domain, DKIM_STATE_NAME), F_OK) == 0)
		return 0; /* there is nothing to remember, or somebody was faster */
	return save(plan, &state);
}

int
dkim_delete_old(const struct plan *plan, const struct dkim_state *state, const struct dkim_old *old)
{
	const char *path = dkim_key_path(plan->arena, plan->settings, state->domain, old->selector);

	if (!old->made || strcmp(old->selector, state->active) == 0 ||
		(state->next != NULL && strcmp(old->selector, state->next) == 0))
		return 0;
	if (unlink(path) == 0)
		fprintf(stderr, "mailinit: note: deleted %s, a key of %s that signs no longer\n",
			path, state->domain);
	else if (errno != ENOENT)
		return unable("delete", path);
	watches_renew(plan->watches, path);
	return 0;
}

/* delete_expired - nothing needs these keys any more; what fails was said */
static void
delete_expired(const struct plan *plan, const struct dkim_state *state)
{
	long long now = time(NULL);

	for (size_t i = 0; i < state->old_count; i++)
		if (state->old[i].until <= now)
			dkim_delete_old(plan, state, &state->old[i]);
}

/* keep_one - what a start or a reload leaves of one domain */
static void
keep_one(const struct plan *plan, const struct plan_dkim_key *key, bool locked)
{
	if (key->state != NULL && !key->state_unsaved)
		delete_expired(plan, key->state);
	else if (!locked || remember(plan, key) != 0)
		fprintf(stderr,
			"mailinit: warning: %s: its DKIM key cannot be remembered, so that a "
			"changed one would sign at once\n",
			key->domain);
}

void
dkim_keep(const struct plan *plan)
{
	int fd;

	if (plan->dkim_key_count == 0)
		return;
	fd = dkim_lock(false);
	if (fd < 0 && errno == EWOULDBLOCK)
		return; /* a rotation is writing, so there are states */
	for (size_t i = 0; i < plan->dkim_key_count; i++)
		keep_one(plan, &plan->dkim_keys[i], fd >= 0);
	if (fd >= 0)
		close(fd);
}
