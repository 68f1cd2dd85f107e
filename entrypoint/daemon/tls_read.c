/* tls_read.c - from two files to one pair, or to what is wrong with them */
#include "daemon/tls_pair.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/pair.h"

#define TLS_FILE_LIMIT (1024 * 1024)

static void
add_fault(struct tls_pair *pair, const char *id, const struct origin *origin, const char *message,
	const char *help)
{
	if (pair->fault_count < TLS_FAULTS_MAX)
		pair->faults[pair->fault_count++] = (struct tls_fault){id, message, help, origin};
}

/* What every user of the container may do with a file. */
struct openness {
	bool read, replace;
};

/* look_open - by its mode and those of all directories above it, at the end of all links */
static void
look_open(const char *path, struct openness *openness)
{
	char real[PATH_MAX];
	struct stat status;

	memset(openness, 0, sizeof(*openness));
	if (realpath(path, real) == NULL || stat(real, &status) != 0)
		return;
	openness->read = (status.st_mode & S_IROTH) != 0;
	openness->replace = (status.st_mode & S_IWOTH) != 0;
	for (char *slash = strrchr(real, '/'); slash != NULL && slash != real;
		slash = strrchr(real, '/')) {
		*slash = '\0';
		if (stat(real, &status) != 0 || (status.st_mode & S_IXOTH) == 0)
			openness->read = openness->replace = false; /* nobody gets so far */
		else if ((status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0)
			openness->replace = true; /* the file itself, by another of its name */
	}
}

/* look_open_both - of the files of a pair */
static void
look_open_both(struct plan *plan, struct tls_pair *pair)
{
	const struct tls_source *source = pair->source;
	struct openness key, certificate;

	look_open(plan_path(plan, source->key), &key);
	look_open(plan_path(plan, source->certificate), &certificate);
	pair->key_open = key.read;
	pair->replaceable = key.replace ? source->key
		: certificate.replace   ? source->certificate
					: NULL;
}

/* read_file - what is missing is a fault here, a note elsewhere: of WHAT was not checked */
static bool
read_file(struct plan *plan, struct tls_pair *pair, const char *path, const struct origin *origin,
	const char *what, struct buffer *content)
{
	const char *real = plan_path(plan, path);
	bool missing;
	struct mounts_guess guess;

	watches_add(plan->watches, real);
	if (file_read(real, TLS_FILE_LIMIT, content, NULL) == 0)
		return true;
	missing = errno == ENOENT;
	if (plan->live || plan->root[0] != '\0' || (errno != ENOENT && errno != EACCES))
		add_fault(pair, "tls-file-unreadable", origin,
			arena_printf(plan->arena, "%s cannot be read: %s", path, strerror(errno)),
			NULL);
	else if (!mounts_bring(plan->mounts, path))
		add_fault(pair, "compose-file-unmounted", origin,
			arena_printf(plan->arena,
				"no secret, config or volume of the service brings %s into the "
				"container",
				path),
			NULL);
	else if (mounts_guess(plan->arena, plan->mounts, path, &guess))
		add_fault(pair, "compose-file-misspelt", origin,
			arena_printf(plan->arena, "%s: there is no %s; did you mean %s?", path,
				guess.missing, guess.near),
			NULL);
	else
		add_fault(pair, "not-checked", origin,
			arena_printf(plan->arena, "%s %s, so %s not checked", path,
				missing ? "is not here"
					: arena_printf(plan->arena, "cannot be read by uid %u",
						  (unsigned)geteuid()),
				what),
			NULL);
	return false;
}

static void
crypto_fault(struct plan *plan, struct tls_pair *pair, const char *id, const struct origin *origin,
	const char *place, const struct crypto_error *error)
{
	add_fault(pair, id, origin, arena_printf(plan->arena, "%s: %s", place, error->text),
		error->help);
}

/* read_chain - false after a fault */
static bool
read_chain(struct plan *plan, struct tls_pair *pair, const struct buffer *text)
{
	struct crypto_error error;

	if (certificate_read(plan->arena, buffer_text(text), text->len, &pair->chain, &error) == 0)
		return true;
	pair->chain.count = 0;
	crypto_fault(plan, pair, "tls-certificate-invalid", pair->source->origin,
		pair->source->place, &error);
	return false;
}

/* join - both texts become one clean PEM, or faults */
static void
join(struct plan *plan, struct tls_pair *pair, const struct buffer *chain_text,
	const struct buffer *key_text)
{
	const struct tls_source *source = pair->source;
	const char *key_place = source->key_text != NULL ? source->place : source->key;
	struct crypto_error error;

	if (!read_chain(plan, pair, chain_text))
		return;
	if (pair_check(plan->arena, buffer_text(key_text), key_text->len, &pair->chain, &error) !=
		0) {
		crypto_fault(plan, pair,
			error.code == CRYPTO_MISMATCH ? "tls-key-mismatch" : "tls-key-invalid",
			source->key_origin, key_place, &error);
		return;
	}
	if (pair_join(plan->arena, buffer_text(key_text), key_text->len, &pair->chain, &pair->pem,
		    &error) != 0)
		crypto_fault(plan, pair, "tls-key-invalid", source->key_origin, key_place, &error);
}

void
tls_read(struct plan *plan, const struct tls_source *source, struct tls_pair *pair)
{
	struct buffer chain_text = {0}, key_text = {0};
	bool has_chain = true, has_key = true;

	memset(pair, 0, sizeof(*pair));
	pair->source = source;
	if (source->fault.id != NULL) {
		pair->faults[pair->fault_count++] = source->fault;
		return;
	}
	if (source->certificate_text != NULL) {
		buffer_append(&chain_text, source->certificate_text, source->certificate_len);
		buffer_append(&key_text, source->key_text, source->key_len);
	} else {
		/* both are read, so that both are told of */
		has_chain = read_file(plan, pair, source->certificate, source->origin,
			"the certificate and its key were", &chain_text);
		has_key = read_file(plan, pair, source->key, source->key_origin,
			has_chain ? "whether it is the key of the certificate was"
				  : "the certificate and its key were",
			&key_text);
	}
	/* elsewhere a file may lie under another mode than in the container */
	if (plan->live || plan->root[0] != '\0')
		look_open_both(plan, pair);
	if (has_chain && has_key)
		join(plan, pair, &chain_text, &key_text);
	else if (has_chain && !plan->live && plan->root[0] == '\0')
		pair->keyless = read_chain(plan, pair, &chain_text);
	if (key_text.data != NULL)
		explicit_bzero(key_text.data, key_text.len);
	buffer_free(&chain_text);
	buffer_free(&key_text);
}

void
tls_tell_faults(struct plan *plan, const struct tls_pair *pair)
{
	for (size_t i = 0; i < pair->fault_count; i++) {
		const struct tls_fault *fault = &pair->faults[i];
		struct finding *finding =
			finding_add(plan->findings, fault->id, fault->origin, "%s", fault->message);

		if (fault->help != NULL)
			finding->help = fault->help;
	}
}
