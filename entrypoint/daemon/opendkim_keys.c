/*
 * opendkim_keys.c - the keys that mail is signed with
 *
 * OpenDKIM reads a key of KeyTable at each message and answers 451 for ever when
 * the key or a directory above it is not safe (RequireSafeKeys). So the daemon
 * never sees the file on the volume, whose owner and mode are the host's, but a
 * copy in the generation that belongs to it alone.
 */
#include "daemon/opendkim.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypto/key.h"

#define KEY_FILE_LIMIT (64 * 1024)
#define KEY_BITS_DEFAULT 2048
#define KEY_BITS_GOOD 2048 /* RFC 8301 section 3.2: SHOULD */

/* check_key - what is wrong with a key that could be read */
static void
check_key(struct plan *plan, const struct plan_dkim_key *key, const struct key_facts *facts)
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
	const char *name = arena_printf(plan->arena, "dkim.%s.p", key->domain);

	if (strcmp(node_text(plan->settings, "dkim.generate", "when-missing"), "never") != 0) {
		key->generate = true;
		plan_add_deferred(plan, name, "the key is made at the first start");
	} else if (must) {
		finding_add(plan->findings, "dkim-key-missing", &key->origin,
			"there is no key for %s at %s, and dkim.generate is never", key->domain,
			key->path);
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
	struct buffer text = {0};
	struct crypto_error error;
	struct key_facts facts;

	watches_add(plan->watches, plan_path(plan, key->path));
	if (file_read(plan_path(plan, key->path), KEY_FILE_LIMIT, &text, NULL) != 0) {
		if (errno == ENOENT || errno == ENOTDIR)
			is_missing(plan, key);
		else
			finding_add(plan->findings, "dkim-key-unreadable", &key->origin,
				"the key for %s, %s, cannot be read: %s", key->domain, key->path,
				strerror(errno));
	} else if (key_read(plan->arena, buffer_text(&text), text.len, &facts, &error) != 0) {
		finding_add(plan->findings, "dkim-key-unreadable", &key->origin,
			"the key for %s, %s, is no private key: %s", key->domain, key->path,
			error.text);
	} else {
		key->pem = arena_strndup(plan->arena, buffer_text(&text), text.len);
		key->public_key = facts.public_key;
		key->bits = facts.bits;
		check_key(plan, key, &facts);
	}
	buffer_free(&text);
}

static void
add_file(struct plan *plan, size_t index, unsigned services)
{
	const struct plan_dkim_key *key = &plan->dkim_keys[index];
	struct plan_file *file = plan_add_file(plan,
		arena_printf(
			plan->arena, "opendkim/keys/%s.%s.private", key->domain, key->selector),
		NULL);

	file->mode = 0400;
	file->owner = file->group = "opendkim";
	file->secret = true;
	file->late_index = index;
	if (key->pem != NULL)
		buffer_puts(&file->content, key->pem);
	else
		file->late = LATE_DKIM_KEY;
	file->services = services;
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

void
opendkim_add_keys(struct plan *plan, unsigned services)
{
	const struct node *domains = node_at(plan->settings, "dkim.domains");
	const char *directory =
		node_text(plan->settings, "dkim.keys", PLAN_STATE_DIRECTORY "/dkim");
	const char *selector = node_text(plan->settings, "dkim.selector", "default");
	const char *bits = node_text(plan->settings, "dkim.bits", NULL);

	check_bits(plan);
	plan->dkim_keys = arena_alloc(plan->arena, domains->count * sizeof(*plan->dkim_keys));
	for (size_t i = 0; i < domains->count; i++) {
		struct plan_dkim_key *key = &plan->dkim_keys[plan->dkim_key_count++];

		key->domain = domains->items[i]->text;
		key->selector = selector;
		key->path = arena_printf(
			plan->arena, "%s/%s/%s.private", directory, key->domain, selector);
		key->bits = bits != NULL ? (unsigned)strtoul(bits, NULL, 10) : KEY_BITS_DEFAULT;
		key->origin = domains->items[i]->origin;
		load_key(plan, key);
		add_file(plan, i, services);
	}
}
