/*
 * tls.c - the certificates and keys that Postfix and Dovecot serve
 *
 * A key of another certificate, or a missing file, is noticed by neither daemon
 * at its start: Postfix answers STARTTLS with 454, Dovecot hangs up. So a pair
 * is read and compared here, and both get one file that holds key and chain.
 */
#include "daemon/tls.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/pair.h"
#include "daemon/tls_pair.h"
#include "daemon/tls_rules.h"

#define TLS_FILE_LIMIT (1024 * 1024)
#define SELF_SIGNED_LEFT_SECONDS (30 * 86400)
#define ALTERNATIVE_NAME "tls/alternative.pem"

/* One pair on its way into the plan. */
struct serving {
	const struct tls_wish *wish;
	struct tls_pair *pair; /* what was found; NULL: nothing */
	struct tls_kept kept;
	bool by_kept; /* the last good pair stands in for it */
};

static const struct tls_pair *
served(const struct serving *serving)
{
	if (serving->by_kept)
		return &serving->kept.pair;
	return serving->pair != NULL && serving->pair->pem != NULL ? serving->pair : NULL;
}

/* decide - between what was found and the last good pair of it */
static void
decide(struct plan *plan, struct serving *serving, const struct tls_wish *wish,
	const char *location, const char *part, struct tls_pair *pair)
{
	struct tls_fault *fault;

	serving->wish = wish;
	serving->pair = pair;
	tls_kept_find(plan, wish, location, part, &serving->kept);
	serving->by_kept = tls_kept_is_better(&serving->kept, pair);
	if (pair == NULL || pair->fault_count == 0 || serving->kept.why_not[0] == '\0')
		return;
	fault = &pair->faults[0];
	fault->message = arena_printf(plan->arena, "%s; the last good pair is not used: %s",
		fault->message, serving->kept.why_not);
}

/* add_names - what the certificate carries */
static void
add_names(struct plan *plan, struct plan_certificate *certificate, const struct certificate *leaf)
{
	certificate->name_count = leaf->dns_count;
	certificate->names =
		arena_alloc(plan->arena, (leaf->dns_count + 1) * sizeof(*certificate->names));
	memcpy(certificate->names, leaf->dns_names, leaf->dns_count * sizeof(*leaf->dns_names));
	certificate->not_after = leaf->not_after;
}

/* serve - into the plan, with all that is to be said of it; without a pair, its place alone */
static struct plan_certificate *
serve(struct plan *plan, const struct serving *serving, const char *file,
	const struct origin *origin)
{
	const struct tls_pair *pair = served(serving);
	struct plan_certificate *certificate = plan_add_certificate(plan);
	struct tls_pair told;
	struct tls_source source = {.place = "served on", .origin = origin, .key_origin = origin};

	certificate->file = file;
	certificate->origin = *origin;
	if (serving->pair != NULL) {
		certificate->certificate_path = serving->pair->source->certificate;
		certificate->key_path = serving->pair->source->key;
	} else {
		certificate->certificate_path = certificate->key_path = serving->kept.path;
	}
	if (pair == NULL) {
		tls_tell_faults(plan, serving->pair);
		return certificate;
	}
	told = *pair;
	if (serving->by_kept) {
		certificate->trouble =
			tls_kept_tell(plan, serving->wish, &serving->kept, serving->pair, origin);
		told.source = &source;
	}
	certificate->kept_path = serving->kept.path;
	certificate->kept_head = serving->kept.head;
	tls_tell(plan, serving->wish, &told);
	certificate->pem = pair->pem;
	add_names(plan, certificate, &pair->chain.items[0]);
	return certificate;
}

/* serve_given - the pair of two settings */
static struct plan_certificate *
serve_given(struct plan *plan, const struct tls_wish *wish, const struct node *certificate,
	const struct node *key, const char *file)
{
	struct tls_source *source = arena_alloc(plan->arena, sizeof(*source));
	struct tls_pair *pair = arena_alloc(plan->arena, sizeof(*pair));
	struct serving serving;

	source->certificate = source->place = certificate->text;
	/* one file may hold both */
	source->key = key != NULL ? key->text : certificate->text;
	source->origin = &certificate->origin;
	source->key_origin = key != NULL ? &key->origin : &certificate->origin;
	source->name = "";
	tls_read(plan, source, pair);
	if (pair->pem != NULL)
		pair->flaws = tls_judge(wish, &pair->chain);
	decide(plan, &serving, wish, source->certificate, "", pair);
	if (served(&serving) == NULL && !plan->live)
		plan_add_deferred(plan, file, "the certificate and key are not here");
	return serve(plan, &serving, file, source->origin);
}

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
	added = serve_given(plan, &wish, certificate, key, ALTERNATIVE_NAME);
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

/* tell_choice - which of several pairs of a directory it is */
static void
tell_choice(struct plan *plan, const struct node *directory, const struct tls_choice *choice,
	const struct serving *main, const struct serving *other)
{
	size_t taken = (main->pair != NULL) + (other != NULL && other->pair != NULL);

	if (choice->good <= taken || main->by_kept)
		return;
	finding_add(plan->findings, "tls-directory-choice", &directory->origin,
		"%s holds %zu pairs that would do; served is %s%s%s", directory->text, choice->good,
		main->pair->source->place, other != NULL && !other->by_kept ? ", and " : "",
		other != NULL && !other->by_kept ? other->pair->source->place : "");
}

/* serve_directory - the best pair of each algorithm; false: there is none yet */
static bool
serve_directory(struct plan *plan, const struct tls_wish *wish, const struct node *directory)
{
	struct tls_sources sources = {0};
	struct serving servings[2], *main = NULL, *other = NULL;
	struct tls_choice choice;

	tls_scan(plan, wish, directory, &sources);
	tls_choose(plan, wish, &sources, &choice);
	for (int type = KEY_RSA; type <= KEY_EC; type++) {
		struct serving *serving = &servings[type];
		struct tls_pair *pair = choice.best[type];

		/* what is there in another form, and whole, stands for itself */
		if (pair == NULL && choice.faulty == NULL && choice.good > 0)
			continue;
		decide(plan, serving, wish, directory->text, key_type_name((enum key_type)type),
			pair != NULL ? pair : choice.faulty);
		if (served(serving) == NULL)
			continue;
		other = main;
		main = serving;
		if (other != NULL && tls_is_better(wish, served(other), served(main))) {
			main = other;
			other = serving;
		}
	}
	if (main == NULL) {
		if (choice.faulty == NULL)
			return false;
		servings[0].pair = choice.faulty;
		serve(plan, &servings[0], TLS_PAIR_NAME, &directory->origin);
		return true;
	}
	/* one that is worse, such as an old one that has expired, would only do harm */
	if (other != NULL && (served(other)->flaws & ~served(main)->flaws) != 0)
		other = NULL;
	serve(plan, main, TLS_PAIR_NAME, &directory->origin);
	if (other != NULL)
		serve(plan, other, ALTERNATIVE_NAME, &directory->origin)->alternative = true;
	tell_choice(plan, directory, &choice, main, other);
	return true;
}

/* serve_absent - away from the container the directory is simply not here */
static void
serve_absent(struct plan *plan, const struct tls_wish *wish, const struct node *directory)
{
	struct node certificate = *directory, key = *directory;

	certificate.text = arena_printf(plan->arena, "%s/fullchain.pem", directory->text);
	key.text = arena_printf(plan->arena, "%s/privkey.pem", directory->text);
	serve_given(plan, wish, &certificate, &key, TLS_PAIR_NAME);
}

/* is_elsewhere - a path of the container that this machine does not have */
static bool
is_elsewhere(struct plan *plan, const char *path)
{
	return !plan->live && plan->root[0] == '\0' && access(plan_path(plan, path), F_OK) != 0;
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
		serve_given(plan, wish, certificate, key, TLS_PAIR_NAME);
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
	if (!is_elsewhere(plan, directory->text))
		return serve_directory(plan, wish, directory);
	serve_absent(plan, wish, directory);
	return true;
}

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

static void
serve_self_signed(struct plan *plan)
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

/* wish_names - tls.names, as far as they are known */
static void
wish_names(struct plan *plan, struct tls_wish *wish)
{
	const struct node *names = node_at(plan->settings, "tls.names");
	const char **list =
		arena_alloc(plan->arena, ((names != NULL ? names->count : 0) + 1) * sizeof(*list));

	for (size_t i = 0; names != NULL && i < names->count; i++)
		if (!names->items[i]->deferred)
			list[wish->name_count++] = names->items[i]->text;
	wish->names = list;
}

/* serve_sni - one certificate of tls.sni */
static void
serve_sni(struct plan *plan, const char *key, const struct node *record)
{
	const char **names = arena_alloc(plan->arena, sizeof(*names));
	const char *name = names[0] = text_lower(plan->arena, key);
	const struct tls_wish wish = {arena_printf(plan->arena, "tls.sni.%s", name), names, 1};
	struct plan_certificate *added = serve_given(plan, &wish, node_get(record, "certificate"),
		node_get(record, "key"), arena_printf(plan->arena, "tls/sni/%s.pem", name));

	/* refused, and perhaps waived: then the default is served for that name */
	if (added->pem == NULL && plan->live) {
		plan->certificate_count--;
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

	wish_names(plan, &wish);
	if (!serve_default(plan, &wish))
		serve_self_signed(plan);
	certificate = &plan->certificates[0];
	/* refused, and perhaps waived: then a start needs something to serve */
	if (certificate->pem == NULL && !certificate->self_signed && plan->live) {
		name_self_signed(plan, certificate);
		reuse_self_signed(plan, certificate);
	}
	for (size_t i = 0; sni != NULL && i < sni->count; i++)
		serve_sni(plan, sni->keys[i], sni->items[i]);
	tls_sni_name(plan);
}
