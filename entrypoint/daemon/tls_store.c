/* tls_store.c - the certificates in Traefik's acme.json, as sources of pairs */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/acme.h"
#include "daemon/tls_pair.h"

#define STORE_LIMIT (16 * 1024 * 1024)

/* refuse - a store that cannot be read may hold the very pair that is served now */
static void
refuse(struct plan *plan, const char *path, const struct tls_source *like,
	struct tls_sources *sources, const char *why, const char *help)
{
	struct tls_source *source = tls_sources_add(plan, sources, like);

	source->place = source->certificate = source->key = path;
	source->own = true;
	source->fault = (struct tls_fault){"tls-store-unreadable",
		arena_printf(plan->arena, "%s: %s", path, why), help, like->origin};
}

static void
add_entry(struct plan *plan, const char *path, const struct tls_source *like,
	struct tls_sources *sources, const struct acme_entry *entry)
{
	struct tls_source *source = tls_sources_add(plan, sources, like);

	source->certificate = source->key = path;
	source->name = text_mask_controls(arena_strdup(plan->arena, entry->main));
	source->place = entry->resolver[0] != '\0'
		? arena_printf(plan->arena, "%s (resolver %s, %s)", path,
			  text_mask_controls(arena_strdup(plan->arena, entry->resolver)),
			  source->name)
		: arena_printf(plan->arena, "%s (%s)", path, source->name);
	source->certificate_text = entry->certificate;
	source->certificate_len = entry->certificate_len;
	source->key_text = entry->key;
	source->key_len = entry->key_len;
}

void
tls_scan_acme(struct plan *plan, const char *path, const struct tls_source *like,
	struct tls_sources *sources)
{
	const char *real = plan_path(plan, path);
	struct buffer text = {0};
	struct acme_store store;
	struct crypto_error error;

	watches_add(plan->watches, real);
	if (file_read(real, STORE_LIMIT, &text, NULL) != 0)
		refuse(plan, path, like, sources, strerror(errno), NULL);
	else if (acme_read(plan->arena, buffer_text(&text), text.len, &store, &error) != 0)
		refuse(plan, path, like, sources, arena_strdup(plan->arena, error.text),
			error.help);
	else
		for (size_t i = 0; i < store.count; i++)
			add_entry(plan, path, like, sources, &store.items[i]);
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	buffer_free(&text);
}
