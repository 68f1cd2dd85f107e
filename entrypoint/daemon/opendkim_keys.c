/*
 * opendkim_keys.c - the keys that mail is signed with
 *
 * OpenDKIM reads a key of KeyTable at each message and answers 451 for ever when
 * the key or a directory above it is not safe (RequireSafeKeys). So the daemon
 * never sees the file on the volume, whose owner and mode are the host's, but a
 * copy in the generation that belongs to it alone.
 */
#include "daemon/opendkim_keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "daemon/opendkim.h"

#define KEY_FILE_LIMIT (64 * 1024)
#define KEY_BITS_DEFAULT 2048
#define KEY_BITS_GOOD 2048 /* RFC 8301 section 3.2: SHOULD */

void
opendkim_read_key(struct plan *plan, const char *path, struct opendkim_key_file *file)
{
	struct buffer text = {0};
	struct crypto_error error;

	memset(file, 0, sizeof(*file));
	watches_add(plan->watches, plan_path(plan, path));
	if (file_read(plan_path(plan, path), KEY_FILE_LIMIT, &text, &file->status) != 0) {
		file->found = errno == ENOENT || errno == ENOTDIR ? OPENDKIM_KEY_ABSENT
								  : OPENDKIM_KEY_UNUSABLE;
		file->why = arena_strdup(plan->arena, strerror(errno));
	} else if (key_read(plan->arena, buffer_text(&text), text.len, &file->facts, &error) != 0) {
		file->found = OPENDKIM_KEY_UNUSABLE;
		file->foreign = error.code == CRYPTO_UNSUPPORTED;
		file->why = arena_strdup(plan->arena, error.text);
	} else {
		/* what people write above it is no part of it */
		file->pem = strstr(
			arena_strndup(plan->arena, buffer_text(&text), text.len), "-----BEGIN ");
	}
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	buffer_free(&text);
}

void
opendkim_check_key(
	struct plan *plan, const struct plan_dkim_key *key, const struct key_facts *facts)
{
	if (facts->type != KEY_RSA)
		finding_add(plan->findings, "dkim-key-type", &key->origin,
			"%s holds an %s key; OpenDKIM signs with RSA", key->path,
			key_type_name(facts->type));
	else if (facts->bits < KEY_RSA_BITS_MIN)
		finding_add(plan->findings, "dkim-key-short", &key->origin,
			"the key for %s (%s) has %u bits", key->domain, key->path, facts->bits);
	else if (facts->bits < KEY_BITS_GOOD)
		finding_add(plan->findings, "dkim-key-weak", &key->origin,
			"the key for %s (%s) has %u bits", key->domain, key->path, facts->bits);
}

/* is_missing - no key at its path: make it, or say what to do */
static void
is_missing(struct plan *plan, struct plan_dkim_key *key)
{
	bool must = plan->live || plan->root[0] != '\0';
	bool never =
		strcmp(node_text(plan->settings, "dkim.generate", "when-missing"), "never") == 0;
	const char *name = arena_printf(plan->arena, "dkim.%s.p", key->domain);

	if (!never && !key->state_damaged) {
		key->generate = true;
		plan_add_deferred(plan, name, "the key is made at the first start");
	} else if (must) {
		struct finding *finding =
			finding_add(plan->findings, "dkim-key-missing", &key->origin,
				"there is no key for %s at %s, and %s", key->domain, key->path,
				never ? "dkim.generate is never"
				      : "none is made while another may be in DNS");

		/* a key beside a published one that is not remembered would break mail */
		if (!never)
			finding->help =
				"Put the key back; or, if DNS shows no other, remove state "
				"and state.backup of the domain in " DKIM_STATE_DIRECTORY ".";
	} else {
		finding_add(plan->findings, "not-checked", &key->origin,
			"the key for %s (%s) is not here", key->domain, key->path);
		plan_add_deferred(plan, name, "the key is read in the container");
	}
}

/* load_key - reads the private key at its path into the plan */
static void
load_key(struct plan *plan, struct plan_dkim_key *key)
{
	struct opendkim_key_file file;

	opendkim_read_key(plan, key->path, &file);
	if (file.found == OPENDKIM_KEY_ABSENT) {
		is_missing(plan, key);
	} else if (file.found == OPENDKIM_KEY_UNUSABLE && file.foreign) {
		finding_add(plan->findings, "dkim-key-type", &key->origin,
			"%s: %s; mail is signed with RSA (rsa-sha256)", key->path, file.why);
	} else if (file.found == OPENDKIM_KEY_UNUSABLE) {
		finding_add(plan->findings, "dkim-key-unreadable", &key->origin,
			"the key for %s, %s, cannot be used: %s", key->domain, key->path, file.why);
	} else {
		key->pem = file.pem;
		key->public_key = file.facts.public_key;
		key->bits = file.facts.bits;
		opendkim_check_key(plan, key, &file.facts);
		opendkim_check_exposed(plan, key, &file);
	}
}

static const char *
copy_name(const struct plan *plan, const char *domain, const char *selector)
{
	return arena_printf(plan->arena, "opendkim/keys/%s.%s.private", domain, selector);
}

/* add_copy - OpenDKIM's own copy of the key of SELECTOR */
static struct plan_file *
add_copy(struct plan *plan, const char *domain, const char *selector)
{
	struct plan_file *file = plan_add_file(plan, copy_name(plan, domain, selector), NULL);

	file->mode = 0400;
	file->owner = file->group = "opendkim";
	file->secret = true;
	return file;
}

static void
add_active(struct plan *plan, size_t index, unsigned services)
{
	const struct plan_dkim_key *key = &plan->dkim_keys[index];
	struct plan_file *file = add_copy(plan, key->domain, key->selector);

	file->late_index = index;
	if (key->pem != NULL)
		buffer_puts(&file->content, key->pem);
	else
		file->late = LATE_DKIM_KEY;
	file->services = services;
}

/*
 * add_old - what signed before, while its file is there: an OpenDKIM that has not
 * read the new tables yet, and sessions that began before it did, still use it
 */
static void
add_old(struct plan *plan, const struct plan_dkim_key *key)
{
	for (size_t i = 0; key->state != NULL && i < key->state->old_count; i++) {
		const char *selector = key->state->old[i].selector;
		struct opendkim_key_file file;

		if (plan_find_file(plan, copy_name(plan, key->domain, selector)) != NULL)
			continue;
		opendkim_read_key(plan,
			dkim_key_path(plan->arena, plan->settings, key->domain, selector), &file);
		if (file.found == OPENDKIM_KEY_READ)
			buffer_puts(&add_copy(plan, key->domain, selector)->content, file.pem);
	}
}

/* check_bits - key_generate_rsa makes whole bytes */
static void
check_bits(struct plan *plan)
{
	const struct node *bits = node_at(plan->settings, "dkim.bits");

	if (bits != NULL && strtoul(bits->text, NULL, 10) % 8 != 0)
		finding_add(plan->findings, "value-type", &bits->origin,
			"dkim.bits: \"%s\" is no multiple of 8", bits->text);
}

/* check_selectors - a selector for a domain that is not signed for is a slip of the pen */
static void
check_selectors(struct plan *plan)
{
	const struct node *selectors = node_at(plan->settings, "dkim.selectors");
	const struct node *domains = node_at(plan->settings, "dkim.domains");

	for (size_t i = 0; selectors != NULL && i < selectors->count; i++) {
		bool known = false;

		for (size_t k = 0; k < domains->count; k++)
			known = known ||
				strcasecmp(domains->items[k]->text, selectors->keys[i]) == 0;
		if (!known)
			finding_add(plan->findings, "dkim-selector-unused",
				&selectors->items[i]->origin,
				"dkim.selectors names %s, which is not among dkim.domains",
				selectors->keys[i]);
	}
}

/* selector_of - by the settings */
static const char *
selector_of(const struct plan *plan, const char *domain)
{
	const struct node *selectors = node_at(plan->settings, "dkim.selectors");

	for (size_t i = 0; selectors != NULL && i < selectors->count; i++)
		if (strcasecmp(selectors->keys[i], domain) == 0)
			return selectors->items[i]->text;
	return node_text(plan->settings, "dkim.selector", "default");
}

const char *
opendkim_key_path(struct plan *plan, const char *domain, const char *selector)
{
	const char *path = dkim_key_path(plan->arena, plan->settings, domain, selector), *flat;

	if (access(plan_path(plan, path), F_OK) == 0)
		return path;
	/* bokysan/docker-postfix has one key a domain, and its selector in no name */
	flat = arena_printf(plan->arena, "%s/%s.private",
		node_text(plan->settings, "dkim.keys", DKIM_STATE_DIRECTORY), domain);
	return access(plan_path(plan, flat), F_OK) == 0 ? flat : path;
}

void
opendkim_add_keys(struct plan *plan, unsigned services)
{
	const struct node *domains = node_at(plan->settings, "dkim.domains");
	const char *bits = node_text(plan->settings, "dkim.bits", NULL);

	check_bits(plan);
	check_selectors(plan);
	plan->dkim_keys = arena_alloc(plan->arena, domains->count * sizeof(*plan->dkim_keys));
	for (size_t i = 0; i < domains->count; i++) {
		struct plan_dkim_key *key = &plan->dkim_keys[plan->dkim_key_count++];

		key->domain = domains->items[i]->text;
		key->configured = key->selector = selector_of(plan, key->domain);
		key->path = opendkim_key_path(plan, key->domain, key->selector);
		key->bits = bits != NULL ? (unsigned)strtoul(bits, NULL, 10) : KEY_BITS_DEFAULT;
		key->origin = domains->items[i]->origin;
		if (!opendkim_use_state(plan, key))
			load_key(plan, key);
		add_active(plan, i, services);
		add_old(plan, key);
	}
}
