/* tls_self_signed.c - a certificate of our own, for want of a better one */
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "crypto/pair.h"
#include "daemon/tls.h"
#include "daemon/tls_serve.h"

#define TLS_FILE_LIMIT (1024 * 1024)
#define SELF_SIGNED_LEFT_SECONDS (30 * 86400)

/* reuse_self_signed - the one made at an earlier start, as long as it fits the names */
static void
reuse_self_signed(struct plan *plan, struct plan_certificate *certificate)
{
	struct buffer text = {0};
	struct certificate_chain chain;
	bool fits;

	if (!plan->live ||
		file_read(plan_path(plan, TLS_SELF_SIGNED_PATH), TLS_FILE_LIMIT, &text, NULL) !=
			0 ||
		certificate_read(plan->arena, text.data, text.len, &chain, NULL) != 0 ||
		pair_check(plan->arena, text.data, text.len, &chain, NULL) != 0) {
		buffer_free(&text);
		return; /* not there, or no longer a pair: a new one is made */
	}
	fits = chain.items[0].not_after - time(NULL) > SELF_SIGNED_LEFT_SECONDS;
	for (size_t i = 0; fits && i < certificate->name_count; i++)
		fits = certificate_covers(&chain.items[0], certificate->names[i]);
	if (fits) {
		certificate->pem = arena_strndup(plan->arena, text.data, text.len);
		certificate->not_after = chain.items[0].not_after;
		certificate->public_key_digest = chain.items[0].key_digest;
	}
	buffer_free(&text);
}

/* name_self_signed - what a self-signed certificate carries */
static void
name_self_signed(struct plan *plan, struct plan_certificate *certificate)
{
	const struct node *names = node_at(plan->settings, "tls.names");
	size_t count = names != NULL ? names->count : 0;

	certificate->name_count = 0;
	certificate->names = arena_alloc(plan->arena, (count + 1) * sizeof(*certificate->names));
	for (size_t i = 0; i < count; i++)
		certificate->names[certificate->name_count++] = names->items[i]->text;
}

void
tls_serve_self_signed(struct plan *plan)
{
	const struct node *wish = node_at(plan->settings, "tls.self_signed");
	const struct node *directory = node_at(plan->settings, "tls.directory");
	struct plan_certificate *certificate = plan_add_certificate(plan);
	bool chosen = wish != NULL && wish->origin.kind != ORIGIN_DEFAULT;

	certificate->file = TLS_PAIR_NAME;
	if (wish != NULL && strcmp(wish->text, "never") == 0) {
		finding_add(plan->findings, "tls-missing", &wish->origin,
			"no certificate is there, and tls.self_signed is never");
		return;
	}
	certificate->self_signed = true;
	name_self_signed(plan, certificate);
	if (directory != NULL)
		finding_add(plan->findings, "tls-directory-empty", &directory->origin,
			"%s holds no certificate for %s yet, so a self-signed one is served",
			directory->text,
			certificate->name_count > 0 ? certificate->names[0] : "us");
	else
		finding_add(plan->findings, chosen ? "tls-self-signed-chosen" : "tls-self-signed",
			wish != NULL ? &wish->origin : NULL,
			"no certificate is given, so a self-signed one is served for %s",
			certificate->name_count > 0 ? certificate->names[0] : "no name");
	reuse_self_signed(plan, certificate);
	if (certificate->pem == NULL)
		plan_add_deferred(plan, TLS_PAIR_NAME,
			"a self-signed certificate is made at the first start");
}

void
tls_fall_back(struct plan *plan, struct plan_certificate *certificate)
{
	/* it is not what was configured, so it is no last good one of it either */
	certificate->kept_path = NULL;
	name_self_signed(plan, certificate);
	reuse_self_signed(plan, certificate);
}
