/*
 * tls.c - the certificates and keys that Postfix and Dovecot serve
 *
 * A key of another certificate, or a missing file, is noticed by neither daemon
 * at its start: Postfix answers STARTTLS with 454, Dovecot hangs up. So a pair
 * is read and compared here, and both get one file that holds key and chain.
 */
#include "daemon/tls.h"

#include <string.h>

#include "base/text.h"
#include "daemon/tls_serve.h"

#define ALTERNATIVE_NAME "tls/alternative.pem"

static const struct tls_places of_default = {TLS_PAIR_NAME, ALTERNATIVE_NAME};

/* key_type_of - of a certificate in the plan; false: it was not read */
static bool
key_type_of(struct plan *plan, const struct plan_certificate *certificate, enum key_type *type)
{
	struct certificate_chain chain;

	if (certificate->pem == NULL ||
		certificate_read(
			plan->arena, certificate->pem, strlen(certificate->pem), &chain, NULL) != 0)
		return false;
	*type = chain.items[0].key_type;
	return true;
}

/* serve_alternative - tls.alternative: a pair with the other kind of key */
static void
serve_alternative(struct plan *plan, const struct tls_wish *names)
{
	const struct node *certificate = node_at(plan->settings, "tls.alternative.certificate");
	const struct node *key = node_at(plan->settings, "tls.alternative.key");
	const struct tls_wish wish = {"tls.alternative", names->names, names->name_count};
	struct plan_certificate *added;
	enum key_type first, second;

	if (certificate == NULL) {
		if (key != NULL)
			finding_add(plan->findings, "tls-alternative-unused", &key->origin,
				"tls.alternative.key is set, but tls.alternative.certificate is "
				"not");
		return;
	}
	added = tls_serve_given(plan, &wish, certificate, key, ALTERNATIVE_NAME);
	added->alternative = true;
	if (added->pem == NULL && plan->live) {
		plan->certificate_count--;
		return;
	}
	if (!key_type_of(plan, &plan->certificates[0], &first) ||
		!key_type_of(plan, added, &second) || first != second)
		return;
	finding_add(plan->findings, "tls-alternative-unused", &certificate->origin,
		"the keys of tls.certificate and tls.alternative.certificate are both %s",
		key_type_name(first));
	plan->certificate_count--;
}

/* serve_default - false: no setting gives a certificate, or not yet */
static bool
serve_default(struct plan *plan, struct tls_wish *wish)
{
	const struct node *certificate = node_at(plan->settings, "tls.certificate");
	const struct node *key = node_at(plan->settings, "tls.key");
	const struct node *directory = node_at(plan->settings, "tls.directory");

	if (certificate != NULL) {
		wish->setting = "tls.certificate";
		tls_serve_given(plan, wish, certificate, key, TLS_PAIR_NAME);
		serve_alternative(plan, wish);
		return true;
	}
	if (key != NULL) {
		finding_add(plan->findings, "tls-file-unreadable", &key->origin,
			"tls.key is set, but tls.certificate is not")
			->help = "Set tls.certificate too, or remove tls.key; tls.directory finds "
				 "both.";
		return false;
	}
	if (node_at(plan->settings, "tls.alternative.certificate") != NULL)
		finding_add(plan->findings, "tls-alternative-unused",
			&node_at(plan->settings, "tls.alternative.certificate")->origin,
			"tls.alternative.certificate is set, but tls.certificate is not");
	if (directory == NULL)
		return false;
	wish->setting = "tls.directory";
	return tls_serve_directory(plan, wish, directory, &of_default);
}

void
tls_wish_names(struct plan *plan, struct tls_wish *wish)
{
	const struct node *names = node_at(plan->settings, "tls.names");
	const char **list =
		arena_alloc(plan->arena, ((names != NULL ? names->count : 0) + 1) * sizeof(*list));

	for (size_t i = 0; names != NULL && i < names->count; i++)
		if (!names->items[i]->deferred)
			list[wish->name_count++] = names->items[i]->text;
	wish->names = list;
}

/* serve_record - the pair of one record of tls.sni; false: it has none, or not yet */
static bool
serve_record(struct plan *plan, const struct tls_wish *wish, const struct node *record,
	const struct tls_places *places)
{
	const struct node *certificate = node_get(record, "certificate");
	const struct node *directory = node_get(record, "directory");

	if (certificate != NULL) {
		tls_serve_given(plan, wish, certificate, node_get(record, "key"), places->main);
		return true;
	}
	if (directory == NULL) {
		finding_add(plan->findings, "setting-required", &record->origin,
			"%s: neither certificate nor directory is there", wish->setting);
		return false;
	}
	if (tls_serve_directory(plan, wish, directory, places))
		return true;
	finding_add(plan->findings, "tls-directory-empty", &directory->origin,
		"%s holds no certificate for %s yet, so the default one is served", directory->text,
		wish->names[0])
		->effect = "Clients that ask for that name and check it refuse to connect.";
	return false;
}

/* serve_sni - one name of tls.sni */
static void
serve_sni(struct plan *plan, const char *key, const struct node *record)
{
	const char **names = arena_alloc(plan->arena, sizeof(*names));
	const char *name = names[0] = text_lower(plan->arena, key);
	const struct tls_wish wish = {arena_printf(plan->arena, "tls.sni.%s", name), names, 1};
	const struct tls_places places = {arena_printf(plan->arena, "tls/sni/%s.pem", name),
		arena_printf(plan->arena, "tls/sni/%s-alternative.pem", name)};
	size_t before = plan->certificate_count;
	struct plan_certificate *added;

	if (!serve_record(plan, &wish, record, &places))
		return;
	added = &plan->certificates[before];
	/* refused, and perhaps waived: then the default is served for that name */
	if (added->pem == NULL && plan->live) {
		plan->certificate_count = before;
		return;
	}
	added->sni_names = names;
	added->sni_count = 1;
	if (added->pem == NULL)
		plan_add_deferred(
			plan, TLS_SNI_TABLE, "further names are those that the certificates carry");
}

void
tls_plan(struct plan *plan)
{
	const struct node *sni = node_at(plan->settings, "tls.sni");
	struct plan_certificate *certificate;
	struct tls_wish wish = {0};

	tls_wish_names(plan, &wish);
	if (!serve_default(plan, &wish))
		tls_serve_self_signed(plan);
	certificate = &plan->certificates[0];
	/* refused, and perhaps waived: then a start needs something to serve */
	if (certificate->pem == NULL && !certificate->self_signed && plan->live)
		tls_fall_back(plan, certificate);
	for (size_t i = 0; sni != NULL && i < sni->count; i++)
		serve_sni(plan, sni->keys[i], sni->items[i]);
	tls_sni_name(plan);
}
