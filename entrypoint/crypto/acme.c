/* acme.c - the certificates in Traefik's acme.json */
#include "crypto/acme.h"

#include <string.h>
#include <strings.h>

#include "base/json_read.h"
#include "base/node.h"
#include "crypto/digest.h"

static const char help_wait[] =
	"Wait until Traefik has written it; if it stays so, restore the file or let Traefik make "
	"it anew.";

/* member - the value of KEY, whose case differs between the versions of Traefik */
static const struct node *
member(const struct node *map, const char *key)
{
	if (map == NULL || map->type != NODE_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (strcasecmp(map->keys[i], key) == 0)
			return map->items[i];
	return NULL;
}

static const char *
text_of(const struct node *node)
{
	return node != NULL && node->type == NODE_SCALAR ? node->text : "";
}

/* main_name - of "domain": {"main": …} or "Domains": {"Main": …} */
static const char *
main_name(const struct node *entry)
{
	const struct node *domain = member(entry, "domain");

	if (domain == NULL)
		domain = member(entry, "domains");
	return text_of(member(domain, "main"));
}

static const char *
decode(struct arena *arena, const struct node *value, size_t *len)
{
	const char *text = text_of(value);

	return digest_from_base64(arena, text, strlen(text), len);
}

static void
add_entry(struct arena *arena, const char *resolver, const struct node *entry,
	struct acme_store *store)
{
	const struct node *certificate = member(entry, "certificate"), *key = member(entry, "key");
	struct acme_entry *added;

	/* the first form of all has one more map in between */
	if (certificate != NULL && certificate->type == NODE_MAP) {
		key = member(certificate, "privatekey");
		certificate = member(certificate, "certificate");
	}
	if (certificate == NULL || store->count == ACME_ENTRIES_MAX)
		return;
	added = &store->items[store->count++];
	added->resolver = resolver;
	added->main = main_name(entry);
	added->certificate = decode(arena, certificate, &added->certificate_len);
	added->key = decode(arena, key, &added->key_len);
}

static void
add_list(struct arena *arena, const char *resolver, const struct node *list,
	struct acme_store *store)
{
	for (size_t i = 0; list != NULL && list->type == NODE_LIST && i < list->count; i++)
		add_entry(arena, resolver, list->items[i], store);
}

int
acme_read(struct arena *arena, const char *text, size_t len, struct acme_store *store,
	struct crypto_error *error)
{
	const char *why = "";
	struct node *top;
	size_t begin = 0, at = 0;

	store->count = 0;
	store->items = arena_alloc(arena, ACME_ENTRIES_MAX * sizeof(*store->items));
	while (begin < len && text[begin] != '\0' && strchr(" \t\r\n", text[begin]) != NULL)
		begin++;
	if (begin == len)
		return 0;
	if (text[begin] != '{')
		return crypto_fail(error, CRYPTO_DAMAGED, 0,
			"Name the acme.json that Traefik writes, or a directory of certificates.",
			"it is no acme.json of Traefik");
	top = json_read(arena, text, len, &why, &at);
	if (top == NULL)
		return crypto_fail(error, CRYPTO_DAMAGED, 0, help_wait,
			"it is no whole JSON: %s, at byte %zu of %zu", why, at, len);
	add_list(arena, "", member(top, "certificates"), store);
	add_list(arena, "", member(member(top, "domainscertificate"), "certs"), store);
	for (size_t i = 0; i < top->count; i++)
		if (top->items[i]->type == NODE_MAP)
			add_list(arena, top->keys[i], member(top->items[i], "certificates"), store);
	return 0;
}
