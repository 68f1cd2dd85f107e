/*
 * tls.c - the certificate and key that Postfix and Dovecot serve
 *
 * A key of another certificate, or a missing file, is noticed by neither daemon
 * at its start: Postfix answers STARTTLS with 454, Dovecot hangs up. So a pair
 * is read and compared here, and both get one file that holds key and chain.
 */
#include "daemon/tls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/certificate.h"
#include "crypto/pair.h"
#include "daemon/tls_rules.h"

#define TLS_FILE_LIMIT (1024 * 1024)
#define SELF_SIGNED_LEFT_SECONDS (30 * 86400)

/* Two files that may hold a pair, and the setting that named them. */
struct candidate {
	const char *certificate, *key;
	struct origin origin, key_origin;
};

/* in_directory - the layouts of certbot, Kubernetes and Tailscale or Caddy */
static bool
in_directory(struct plan *plan, const struct node *directory, struct candidate *found)
{
	const struct node *names = node_at(plan->settings, "tls.names");
	const char *layouts[][2] = {
		{"fullchain.pem", "privkey.pem"}, {"tls.crt", "tls.key"}, {NULL, NULL}};
	size_t fixed = sizeof(layouts) / sizeof(layouts[0]) - 1;

	for (size_t i = 0; i < fixed + (names != NULL ? names->count : 0); i++) {
		const char *layout[2] = {
			layouts[i < fixed ? i : fixed][0], layouts[i < fixed ? i : fixed][1]};

		if (i >= fixed) {
			const char *name = names->items[i - fixed]->text;

			layout[0] = arena_printf(plan->arena, "%s.crt", name);
			layout[1] = arena_printf(plan->arena, "%s.key", name);
		}
		found->certificate = arena_printf(plan->arena, "%s/%s", directory->text, layout[0]);
		found->key = arena_printf(plan->arena, "%s/%s", directory->text, layout[1]);
		watches_add(plan->watches, plan_path(plan, found->certificate));
		if (access(plan_path(plan, found->certificate), F_OK) == 0)
			return true;
	}
	return false;
}

/* find_files - which files the settings name; false when none */
static bool
find_files(struct plan *plan, struct candidate *found)
{
	const struct node *certificate = node_at(plan->settings, "tls.certificate");
	const struct node *key = node_at(plan->settings, "tls.key");
	const struct node *directory = node_at(plan->settings, "tls.directory");

	if (certificate != NULL || key != NULL) {
		const struct node *given = certificate != NULL ? certificate : key;

		found->origin = given->origin;
		found->key_origin = key != NULL ? key->origin : given->origin;
		found->certificate = certificate != NULL ? certificate->text : NULL;
		/* one file may hold both */
		found->key = key != NULL ? key->text : found->certificate;
		if (certificate == NULL)
			finding_add(plan->findings, "tls-file-unreadable", &key->origin,
				"tls.key is set, but tls.certificate is not")
				->help =
				"Set tls.certificate too, or remove tls.key; tls.directory "
				"finds both.";
		return true;
	}
	if (directory == NULL)
		return false;
	found->origin = found->key_origin = directory->origin;
	watches_add(plan->watches, plan_path(plan, directory->text));
	if (access(plan_path(plan, directory->text), F_OK) == 0)
		return in_directory(plan, directory, found);
	/* no directory: forgotten in the container, and simply elsewhere away from it */
	found->certificate = arena_printf(plan->arena, "%s/fullchain.pem", directory->text);
	found->key = arena_printf(plan->arena, "%s/privkey.pem", directory->text);
	return true;
}

/* read_given - a file of the pair; what is missing is an error here, a note elsewhere */
static bool
read_given(struct plan *plan, const char *path, const struct origin *origin, struct buffer *content)
{
	watches_add(plan->watches, plan_path(plan, path));
	if (file_read(plan_path(plan, path), TLS_FILE_LIMIT, content, NULL) == 0)
		return true;
	if (plan->live || plan->root[0] != '\0' || errno != ENOENT)
		finding_add(plan->findings, "tls-file-unreadable", origin, "%s cannot be read: %s",
			path, strerror(errno));
	else if (!mounts_bring(plan->mounts, path))
		finding_add(plan->findings, "compose-file-unmounted", origin,
			"no secret, config or volume of the service brings %s into the container",
			path);
	else
		finding_add(plan->findings, "not-checked", origin,
			"%s is not here, so the certificate and its key were not checked", path);
	return false;
}

/* read_pair - both texts become one clean PEM, or findings */
static void
read_pair(struct plan *plan, struct plan_certificate *certificate, const struct candidate *found,
	const struct buffer *chain_text, const struct buffer *key_text)
{
	struct certificate_chain chain;
	struct crypto_error error;

	if (certificate_read(
		    plan->arena, buffer_text(chain_text), chain_text->len, &chain, &error) != 0) {
		finding_add(plan->findings, "tls-certificate-invalid", &certificate->origin,
			"%s: %s", certificate->certificate_path, error.text)
			->help = error.help;
		return;
	}
	if (pair_check(plan->arena, buffer_text(key_text), key_text->len, &chain, &error) != 0) {
		const char *id =
			error.code == CRYPTO_MISMATCH ? "tls-key-mismatch" : "tls-key-invalid";

		finding_add(plan->findings, id, &found->key_origin, "%s: %s", certificate->key_path,
			error.text)
			->help = error.help;
		return;
	}
	if (pair_join(plan->arena, buffer_text(key_text), key_text->len, &chain, &certificate->pem,
		    &error) != 0) {
		finding_add(plan->findings, "tls-key-invalid", &found->key_origin, "%s", error.text)
			->help = error.help;
		return;
	}
	certificate->names = chain.items[0].dns_names;
	certificate->name_count = chain.items[0].dns_count;
	certificate->not_after = chain.items[0].not_after;
	certificate->public_key_digest = chain.items[0].key_digest;
	tls_judge(plan, &chain, &certificate->origin);
}

static void
plan_given(struct plan *plan, struct plan_certificate *certificate, const struct candidate *found)
{
	struct buffer chain_text = {0}, key_text = {0};
	bool has_chain, has_key;

	certificate->certificate_path = found->certificate;
	certificate->key_path = found->key;
	certificate->origin = found->origin;
	if (found->certificate == NULL)
		return;
	/* both are read, so that both are told of */
	has_chain = read_given(plan, found->certificate, &found->origin, &chain_text);
	has_key = read_given(plan, found->key, &found->key_origin, &key_text);
	if (has_chain && has_key)
		read_pair(plan, certificate, found, &chain_text, &key_text);
	else if (!plan->live)
		plan_add_deferred(plan, TLS_PAIR_NAME, "the certificate and key are not here");
	if (key_text.data != NULL)
		explicit_bzero(key_text.data, key_text.len);
	buffer_free(&chain_text);
	buffer_free(&key_text);
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

static void
plan_self_signed(struct plan *plan, struct plan_certificate *certificate)
{
	const struct node *wish = node_at(plan->settings, "tls.self_signed");
	bool chosen = wish != NULL && wish->origin.kind != ORIGIN_DEFAULT;

	if (wish != NULL && strcmp(wish->text, "never") == 0) {
		finding_add(plan->findings, "tls-missing", &wish->origin,
			"no certificate is there, and tls.self_signed is never");
		return;
	}
	certificate->self_signed = true;
	name_self_signed(plan, certificate);
	finding_add(plan->findings, chosen ? "tls-self-signed-chosen" : "tls-self-signed",
		wish != NULL ? &wish->origin : NULL,
		"no certificate is given, so a self-signed one is served for %s",
		certificate->name_count > 0 ? certificate->names[0] : "no name");
	reuse_self_signed(plan, certificate);
	if (certificate->pem == NULL)
		plan_add_deferred(plan, TLS_PAIR_NAME,
			"a self-signed certificate is made at the first start");
}

/* tell_status - what `mailinit status` says of the certificate */
static void
tell_status(struct plan *plan, const struct plan_certificate *certificate)
{
	struct service_certificate *row = &plan->services.certificates[0];
	struct buffer names = {0};

	for (size_t i = 0; i < certificate->name_count; i++)
		if (names.len + strlen(certificate->names[i]) + 1 < sizeof(row->names))
			buffer_printf(&names, "%s%s", i > 0 ? " " : "", certificate->names[i]);
	service_set_text(row->path, sizeof(row->path), TLS_PAIR_PATH);
	service_set_text(row->names, sizeof(row->names), buffer_text(&names));
	row->not_after = certificate->not_after;
	buffer_free(&names);
}

static void
add_file(struct plan *plan, const struct plan_certificate *certificate)
{
	static const char *const readers[] = {"dovecot", "postfix"};
	struct plan_file *file = plan_add_file(plan, TLS_PAIR_NAME, NULL);

	file->mode = 0600; /* both read it as root */
	file->secret = true;
	file->late = LATE_TLS_PAIR;
	if (certificate->pem != NULL) {
		buffer_puts(&file->content, certificate->pem);
		file->late = LATE_NOT;
	}
	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
		int place = service_find(&plan->services, readers[i]);

		if (place >= 0)
			file->services |= 1u << place;
	}
}

void
tls_contribute(struct plan *plan)
{
	struct plan_certificate *certificate;
	struct candidate found = {0};

	plan->certificates = arena_alloc(plan->arena, sizeof(*plan->certificates));
	plan->certificate_count = 1;
	certificate = &plan->certificates[0];
	if (find_files(plan, &found))
		plan_given(plan, certificate, &found);
	else
		plan_self_signed(plan, certificate);
	/* refused, and perhaps waived: then a start needs something to serve */
	if (certificate->pem == NULL && !certificate->self_signed && plan->live) {
		name_self_signed(plan, certificate);
		reuse_self_signed(plan, certificate);
	}
	add_file(plan, certificate);
	tell_status(plan, certificate);
}
