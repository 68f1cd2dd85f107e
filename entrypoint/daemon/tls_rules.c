/* tls_rules.c - whether a certificate will do */
#include "daemon/tls_rules.h"

#include <string.h>
#include <time.h>

#define DAY_SECONDS 86400
#define HOUR_SECONDS 3600
#define RSA_BITS_ENOUGH 2048
/* before this project existed: the clock is not set, so dates say nothing */
#define CLOCK_UNSET 1735689600 /* 2025-01-01 */

/* One certificate on its way through the rules. */
struct judging {
	struct plan *plan;
	const struct tls_wish *wish;
	const struct certificate_chain *chain;
	const struct certificate *leaf;
	const struct origin *origin;
	const char *which; /* "the certificate", with its place where there are several */
};

size_t
tls_covered(const struct tls_wish *wish, const struct certificate *leaf)
{
	size_t covered = 0;

	for (size_t i = 0; i < wish->name_count; i++)
		covered += certificate_covers(leaf, wish->names[i]);
	return covered;
}

static bool
clock_is_set(int64_t now)
{
	return now >= CLOCK_UNSET;
}

static bool
is_incomplete(const struct certificate_chain *chain)
{
	return chain->count == 1 && !chain->items[0].self_signed;
}

unsigned
tls_judge(const struct tls_wish *wish, const struct certificate_chain *chain)
{
	const struct certificate *leaf = &chain->items[0];
	int64_t now = time(NULL);
	unsigned flaws = 0;

	if (tls_covered(wish, leaf) < wish->name_count)
		flaws |= TLS_FLAW_NAMES;
	if (clock_is_set(now) && now > leaf->not_after)
		flaws |= TLS_FLAW_EXPIRED;
	if (clock_is_set(now) && now < leaf->not_before)
		flaws |= TLS_FLAW_TOO_EARLY;
	if (chain->broken || is_incomplete(chain))
		flaws |= TLS_FLAW_CHAIN;
	if (leaf->is_ca)
		flaws |= TLS_FLAW_CA;
	if (!leaf->server_auth)
		flaws |= TLS_FLAW_PURPOSE;
	if (leaf->weak_signature || (leaf->key_type == KEY_RSA && leaf->key_bits < RSA_BITS_ENOUGH))
		flaws |= TLS_FLAW_WEAK;
	return flaws;
}

const char *
tls_flaws_text(struct plan *plan, unsigned flaws)
{
	static const char *const texts[] = {"a name that clients connect to is not in it",
		"it has expired", "it is not valid yet", "its chain is not whole",
		"it is the certificate of an authority", "it is not meant for servers",
		"its key or its signature is too weak"};
	const char *text = "";

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if ((flaws >> i & 1) != 0)
			text = arena_printf(
				plan->arena, "%s%s%s", text, text[0] != '\0' ? ", " : "", texts[i]);
	return text;
}

static void
tell_names(const struct judging *judging)
{
	const struct certificate *leaf = judging->leaf;
	struct buffer list = {0};

	for (size_t i = 0; i < leaf->dns_count; i++)
		buffer_printf(&list, "%s%s", i > 0 ? ", " : "", leaf->dns_names[i]);
	for (size_t i = 0; i < judging->wish->name_count; i++)
		if (!certificate_covers(leaf, judging->wish->names[i]))
			finding_add(judging->plan->findings, "tls-name-mismatch", judging->origin,
				"%s does not carry %s; it carries %s", judging->which,
				judging->wish->names[i],
				list.len > 0 ? buffer_text(&list) : "no name at all");
	buffer_free(&list);
}

/* span - "12 days", or hours where days say little */
static const char *
span(const struct judging *judging, int64_t seconds)
{
	if (seconds < 2 * DAY_SECONDS)
		return arena_printf(
			judging->plan->arena, "%lld hours", (long long)(seconds / HOUR_SECONDS));
	return arena_printf(judging->plan->arena, "%lld days", (long long)(seconds / DAY_SECONDS));
}

/* tell_dates - by the share of its life that is left, for lives are 398 days, 90, and 6 */
static void
tell_dates(const struct judging *judging)
{
	const struct certificate *leaf = judging->leaf;
	struct findings *findings = judging->plan->findings;
	int64_t now = time(NULL), life = leaf->not_after - leaf->not_before;
	int64_t left = leaf->not_after - now;

	if (!clock_is_set(now))
		return;
	if (now < leaf->not_before)
		finding_add(findings, "tls-not-yet-valid", judging->origin,
			"%s is not valid before another %s", judging->which,
			span(judging, leaf->not_before - now));
	else if (left < 0)
		finding_add(findings, "tls-expired", judging->origin, "%s expired %s ago",
			judging->which, span(judging, -left));
	else if (left < life / 10)
		finding_add(findings, "tls-expires-shortly", judging->origin, "%s expires in %s",
			judging->which, span(judging, left));
	else if (left < life / 3)
		finding_add(findings, "tls-expires-soon", judging->origin, "%s expires in %s",
			judging->which, span(judging, left));
}

static void
tell_chain(const struct judging *judging)
{
	const struct certificate_chain *chain = judging->chain;
	struct findings *findings = judging->plan->findings;
	struct finding *finding;

	if (chain->broken) {
		finding = finding_add(findings, "tls-chain-broken", judging->origin,
			"the chain behind %s is broken: %s", judging->which, chain->broken_why);
		if (chain->right_order[0] != '\0')
			finding->help = arena_printf(judging->plan->arena,
				"Put them in this order: %s.", chain->right_order);
		return;
	}
	if (is_incomplete(chain)) {
		finding = finding_add(findings, "tls-chain-incomplete", judging->origin,
			"%s stands alone, without its issuer \"%s\"", judging->which,
			judging->leaf->issuer);
		if (!judging->leaf->issuer_online)
			finding->help = "Add the intermediate certificates after it; where a root "
					"of your own issued it, this may be meant.";
	}
	if (chain->count > 1 && chain->items[chain->count - 1].self_signed)
		finding_add(findings, "tls-chain-has-root", judging->origin,
			"the last one behind %s, \"%s\", is a root", judging->which,
			chain->items[chain->count - 1].subject);
}

static void
tell_kind(const struct judging *judging)
{
	const struct certificate *leaf = judging->leaf;
	struct findings *findings = judging->plan->findings;

	if (leaf->is_ca)
		finding_add(findings, "tls-leaf-is-ca", judging->origin,
			"%s is that of an authority (CA:TRUE): \"%s\"", judging->which,
			leaf->subject);
	if (leaf->key_type == KEY_RSA && leaf->key_bits < RSA_BITS_ENOUGH)
		finding_add(findings, "tls-key-short", judging->origin,
			"the RSA key of %s has %u bits", judging->which, leaf->key_bits);
	if (leaf->weak_signature)
		finding_add(findings, "tls-signature-weak", judging->origin, "%s is signed with %s",
			judging->which, leaf->signature_hash);
	if (!leaf->server_auth)
		finding_add(findings, "tls-not-for-servers", judging->origin,
			"the extended key usage of %s does not allow servers", judging->which);
}

void
tls_tell(struct plan *plan, const struct tls_wish *wish, const struct tls_pair *pair)
{
	const bool plain = strcmp(wish->setting, "tls.certificate") == 0;
	const struct judging judging = {.plan = plan,
		.wish = wish,
		.chain = &pair->chain,
		.leaf = &pair->chain.items[0],
		.origin = pair->source->origin,
		.which = plain
			? "the certificate"
			: arena_printf(plan->arena, "the certificate %s", pair->source->place)};

	tell_names(&judging);
	tell_dates(&judging);
	tell_chain(&judging);
	tell_kind(&judging);
	if (pair->key_open)
		finding_add(plan->findings, "tls-key-readable", pair->source->key_origin,
			"%s can be read by every user of the container", pair->source->key);
	if (pair->replaceable != NULL)
		finding_add(plan->findings, "tls-files-writable", pair->source->origin,
			"%s can be replaced by every user of the container", pair->replaceable);
}
