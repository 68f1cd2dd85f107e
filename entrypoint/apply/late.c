/*
 * late.c - keys, certificates and hashes that did not exist before
 */
#include "apply/late.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "apply/dkim.h"
#include "apply/passwords.h"
#include "apply/place.h"
#include "apply/unable.h"
#include "crypto/selfsigned.h"

#define SELF_SIGNED_PATH PLAN_STATE_DIRECTORY "/tls/self-signed.pem"
#define SELF_SIGNED_DAYS 3650

static const struct placement secret_and_durable = {.mode = 0600, .durable = true};

static int
make_parent(const char *path, mode_t mode)
{
	char parent[512];
	char *slash;

	snprintf(parent, sizeof(parent), "%s", path);
	slash = strrchr(parent, '/');
	if (slash == NULL || slash == parent)
		return 0;
	*slash = '\0';
	return place_directory(parent, mode, 0, 0);
}

/* cannot_make - what the crypto room says, once */
static int
cannot_make(const char *what, const struct crypto_error *error)
{
	fprintf(stderr, "mailinit: unable to make %s: %s\n    hint: %s\n", what, error->text,
		error->help);
	return -1;
}

static int
make_dkim_key(struct plan *plan, struct plan_dkim_key *key)
{
	if (dkim_make_key(plan->arena, key->path, key->bits, &key->pem, &key->public_key) != 0)
		return -1;
	watches_renew(plan->watches, key->path);
	fprintf(stderr,
		"mailinit: note: made a DKIM key of %u bits for %s, selector %s; publish the "
		"record "
		"that `mailinit dns` prints\n",
		key->bits, key->domain, key->selector);
	return 0;
}

static int
make_self_signed(struct plan *plan, struct plan_certificate *certificate)
{
	const struct selfsigned_request request = {
		.names = certificate->names,
		.name_count = certificate->name_count,
		.now = time(NULL),
		.days = SELF_SIGNED_DAYS,
	};
	struct crypto_error error;

	if (selfsigned_make(plan->arena, &request, &certificate->pem, &error) != 0)
		return cannot_make("a self-signed certificate", &error);
	certificate->not_after = request.now + (long long)SELF_SIGNED_DAYS * 86400;
	plan->services.certificates[certificate - plan->certificates].not_after =
		certificate->not_after;
	if (make_parent(SELF_SIGNED_PATH, 0700) != 0)
		return -1;
	return place_file(
		SELF_SIGNED_PATH, certificate->pem, strlen(certificate->pem), &secret_and_durable);
}

/* take_over - what was made is now the content of the file that waited for it */
static void
take_over(struct plan_file *file, const char *text)
{
	buffer_clear(&file->content);
	buffer_puts(&file->content, text);
	file->late = LATE_NOT;
}

static int
make_one(struct plan *plan, struct plan_file *file)
{
	struct plan_dkim_key *key;
	struct plan_certificate *certificate;

	switch (file->late) {
	case LATE_NOT:
		return 0;
	case LATE_DKIM_KEY:
		key = &plan->dkim_keys[file->late_index];
		/*
		 * It cannot be read, or must not be made, and the finding that says so was waived:
		 * what lies at its path is not ours to replace. The signer answers 451.
		 */
		if (key->pem == NULL && !key->generate)
			return 0;
		if (key->pem == NULL && make_dkim_key(plan, key) != 0)
			return -1;
		take_over(file, key->pem);
		return 0;
	case LATE_TLS_PAIR:
		certificate = &plan->certificates[file->late_index];
		if (certificate->pem == NULL && make_self_signed(plan, certificate) != 0)
			return -1;
		take_over(file, certificate->pem);
		return 0;
	case LATE_PASSWORDS:
		return passwords_fill(plan, file);
	}
	return 0;
}

int
late_make(struct plan *plan)
{
	for (size_t i = 0; i < plan->file_count; i++)
		if (make_one(plan, &plan->files[i]) != 0)
			return -1;
	return 0;
}
