/* tls_serve.c - between what is found, and the last good pair of it */
#include "daemon/tls_serve.h"

#include <string.h>
#include <unistd.h>

#include "daemon/tls_rules.h"

#define KEPT_UNUSED "; the last good pair is not used: "

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
	/* a faulty pair of a directory comes by for both kinds of key */
	if (strstr(fault->message, KEPT_UNUSED) == NULL)
		fault->message = arena_printf(
			plan->arena, "%s" KEPT_UNUSED "%s", fault->message, serving->kept.why_not);
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
	certificate->public_key_digest = leaf->key_digest;
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
		if (serving->pair->keyless)
			tls_tell(plan, serving->wish, serving->pair);
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

struct plan_certificate *
tls_serve_given(struct plan *plan, const struct tls_wish *wish, const struct node *certificate,
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
		plan_add_deferred(plan, file,
			pair->keyless ? "the key is not here"
				      : "the certificate and key are not here");
	return serve(plan, &serving, file, source->origin);
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

/* serve_best - the best pair of each algorithm; false: there is none yet */
static bool
serve_best(struct plan *plan, const struct tls_wish *wish, const struct node *directory,
	const struct tls_places *places)
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
		serve(plan, &servings[0], places->main, &directory->origin);
		return true;
	}
	/* one that is worse, such as an old one that has expired, would only do harm */
	if (other != NULL && (served(other)->flaws & ~served(main)->flaws) != 0)
		other = NULL;
	serve(plan, main, places->main, &directory->origin);
	if (other != NULL)
		serve(plan, other, places->alternative, &directory->origin)->alternative = true;
	tell_choice(plan, directory, &choice, main, other);
	return true;
}

/* serve_absent - away from the container the directory is simply not here */
static void
serve_absent(struct plan *plan, const struct tls_wish *wish, const struct node *directory,
	const char *file)
{
	struct node certificate = *directory, key = *directory;

	certificate.text = arena_printf(plan->arena, "%s/fullchain.pem", directory->text);
	key.text = arena_printf(plan->arena, "%s/privkey.pem", directory->text);
	tls_serve_given(plan, wish, &certificate, &key, file);
}

/* is_elsewhere - a path of the container that this machine does not have */
static bool
is_elsewhere(struct plan *plan, const char *path)
{
	return !plan->live && plan->root[0] == '\0' && access(plan_path(plan, path), F_OK) != 0;
}

bool
tls_serve_directory(struct plan *plan, const struct tls_wish *wish, const struct node *directory,
	const struct tls_places *places)
{
	if (!is_elsewhere(plan, directory->text))
		return serve_best(plan, wish, directory, places);
	serve_absent(plan, wish, directory, places->main);
	return true;
}
