/*
 * tls_kept.c - the last good pair
 *
 * Every pair that came from files is kept on the volume of the state, so that
 * material which is broken or gone at the next start does not end TLS. Above the PEM
 * stand the setting and the path that it came from, and the names that were asked of
 * it: it serves that setting alone, and no name that it was not good for.
 */
#include "daemon/tls_pair.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/pair.h"
#include "daemon/tls_rules.h"

#define KEPT_LIMIT (1024 * 1024)
#define KEPT_DIGITS 16 /* of the hash in its name */
#define KEPT_NAMES "# for: "

/* make_head - what the file must begin with, up to the names */
static const char *
make_head(struct plan *plan, const struct tls_wish *wish, const char *location, const char *part)
{
	return arena_printf(plan->arena,
		"# mailinit: the last good pair of %s, %s%s%s\n" KEPT_NAMES, wish->setting,
		text_mask_controls(arena_strdup(plan->arena, location)),
		part[0] != '\0' ? ", " : "", part);
}

static const char *
join_names(struct plan *plan, const struct tls_wish *wish)
{
	const char *text = "";

	for (size_t i = 0; i < wish->name_count; i++)
		text = arena_printf(plan->arena, "%s%s%s", text, i > 0 ? " " : "", wish->names[i]);
	return text;
}

/* was_asked - whether NAME is among the blank-separated NAMES of LEN bytes */
static bool
was_asked(const char *names, size_t len, const char *name)
{
	size_t name_len = strlen(name);

	for (const char *at = names; at < names + len;) {
		size_t word = strcspn(at, " \n");

		if (word == name_len && memcmp(at, name, word) == 0)
			return true;
		at += word + 1;
	}
	return false;
}

/* serves - it covers each name, but for those that it did not cover when it was accepted either */
static bool
serves(const struct tls_wish *wish, const struct certificate *leaf, const char *names, size_t len)
{
	for (size_t i = 0; i < wish->name_count; i++)
		if (!certificate_covers(leaf, wish->names[i]) &&
			!was_asked(names, len, wish->names[i]))
			return false;
	return true;
}

/* read_kept - why the file cannot be used; NULL when it can */
static const char *
read_kept(struct plan *plan, const struct tls_wish *wish, const char *head,
	const struct buffer *text, const struct stat *status, struct tls_pair *pair)
{
	const char *content = buffer_text(text), *names;
	struct crypto_error error;

	if (status->st_uid != geteuid() || (status->st_mode & 077) != 0)
		return "its owner or mode was changed";
	if (!text_starts(content, head))
		return "it is of another setting";
	names = content + strlen(head);
	if (certificate_read(plan->arena, content, text->len, &pair->chain, &error) != 0 ||
		pair_check(plan->arena, content, text->len, &pair->chain, &error) != 0 ||
		pair_join(plan->arena, content, text->len, &pair->chain, &pair->pem, &error) != 0) {
		pair->chain.count = 0;
		pair->pem = NULL;
		return arena_strdup(plan->arena, error.text);
	}
	if (serves(wish, &pair->chain.items[0], names, strcspn(names, "\n")))
		return NULL;
	pair->pem = NULL;
	return "it lacks a name that was not asked for then";
}

void
tls_kept_find(struct plan *plan, const struct tls_wish *wish, const char *location,
	const char *part, struct tls_kept *kept)
{
	const char *head = make_head(plan, wish, location, part), *real;
	char digest[DIGEST_SHA256_TEXT];
	struct buffer text = {0};
	struct stat status;

	memset(kept, 0, sizeof(*kept));
	digest_sha256(head, strlen(head), digest);
	kept->path = arena_printf(plan->arena, PLAN_KEPT_DIRECTORY "/" PLAN_KEPT_NAME "%.*s.pem",
		KEPT_DIGITS, digest);
	kept->head = arena_printf(plan->arena, "%s%s\n", head, join_names(plan, wish));
	kept->why_not = "";
	if (!plan->live)
		return; /* it is a matter of the running container */
	real = plan_path(plan, kept->path);
	if (file_read(real, KEPT_LIMIT, &text, &status) == 0) {
		const char *why = read_kept(plan, wish, head, &text, &status, &kept->pair);

		if (why == NULL)
			kept->pair.flaws = tls_judge(wish, &kept->pair.chain);
		else
			kept->why_not = why;
	} else if (errno != ENOENT && errno != ENOTDIR) {
		kept->why_not = strerror(errno);
	}
	if (text.data != NULL)
		explicit_bzero(text.data, text.len);
	buffer_free(&text);
}

bool
tls_kept_is_better(const struct tls_kept *kept, const struct tls_pair *pair)
{
	if (kept->pair.pem == NULL)
		return false;
	if (pair == NULL || pair->pem == NULL)
		return true;
	/* it has what the new one lacks, and lacks nothing that the new one has */
	return (kept->pair.flaws & ~pair->flaws) == 0 && (pair->flaws & ~kept->pair.flaws) != 0;
}

const char *
tls_kept_tell(struct plan *plan, const struct tls_wish *wish, const struct tls_kept *kept,
	const struct tls_pair *pair, const struct origin *origin)
{
	struct finding *finding;
	const char *why;

	if (pair == NULL)
		why = arena_printf(plan->arena, "%s has no certificate any more", wish->setting);
	else if (pair->pem == NULL)
		why = pair->fault_count > 0 ? pair->faults[0].message : "it cannot be read";
	else
		why = arena_printf(plan->arena, "the certificate %s is worse than the last one: %s",
			pair->source->place, tls_flaws_text(plan, pair->flaws & ~kept->pair.flaws));
	finding = finding_add(plan->findings, "tls-kept-last-good", origin,
		"%s; the last good pair (serial %s) is served on", why,
		kept->pair.chain.items[0].serial);
	if (pair != NULL && pair->fault_count > 0 && pair->faults[0].help != NULL)
		finding->help = pair->faults[0].help;
	if (pair != NULL && pair->pem != NULL)
		finding->help = arena_printf(plan->arena,
			"Correct it; to serve it as it is, remove %s and reload.", kept->path);
	return why;
}
