/* tls_rules.c - whether a certificate will do */
#include "daemon/tls_rules.h"

#include <time.h>

#define DAY_SECONDS 86400
#define RSA_BITS_ENOUGH 2048
/* before this project existed: the clock is not set, so dates say nothing */
#define CLOCK_UNSET 1735689600 /* 2025-01-01 */

static void
judge_names(struct plan *plan, const struct certificate *leaf, const struct origin *origin)
{
	const struct node *names = node_at(plan->settings, "tls.names");
	struct buffer list = {0};

	for (size_t i = 0; i < leaf->dns_count; i++)
		buffer_printf(&list, "%s%s", i > 0 ? ", " : "", leaf->dns_names[i]);
	for (size_t i = 0; names != NULL && i < names->count; i++) {
		if (names->items[i]->deferred || certificate_covers(leaf, names->items[i]->text))
			continue;
		finding_add(plan->findings, "tls-name-mismatch", origin,
			"the certificate does not carry %s; it carries %s", names->items[i]->text,
			list.len > 0 ? buffer_text(&list) : "no name at all");
	}
	buffer_free(&list);
}

static void
judge_dates(struct plan *plan, const struct certificate *leaf, const struct origin *origin)
{
	int64_t now = time(NULL), life = leaf->not_after - leaf->not_before;
	int64_t left = leaf->not_after - now;

	if (now < CLOCK_UNSET)
		return;
	if (now < leaf->not_before)
		finding_add(plan->findings, "tls-not-yet-valid", origin,
			"the certificate is not valid before another %lld days",
			(long long)((leaf->not_before - now) / DAY_SECONDS + 1));
	else if (left < 0)
		finding_add(plan->findings, "tls-expired", origin,
			"the certificate expired %lld days ago", (long long)(-left / DAY_SECONDS));
	else if (left < life / 10)
		finding_add(plan->findings, "tls-expires-soon", origin,
			"the certificate expires in %lld days", (long long)(left / DAY_SECONDS));
}

void
tls_judge(struct plan *plan, const struct certificate_chain *chain, const struct origin *origin)
{
	const struct certificate *leaf = &chain->items[0];

	judge_names(plan, leaf, origin);
	judge_dates(plan, leaf, origin);
	if (chain->broken)
		finding_add(plan->findings, "tls-chain-broken", origin,
			"certificate %zu of the file does not lead to the next one: %s",
			chain->broken_after + 1, chain->broken_why);
	if (leaf->key_type == KEY_RSA && leaf->key_bits < RSA_BITS_ENOUGH)
		finding_add(plan->findings, "tls-key-short", origin,
			"the certificate's RSA key has %u bits", leaf->key_bits);
	if (leaf->weak_signature)
		finding_add(plan->findings, "tls-signature-weak", origin,
			"the certificate is signed with %s", leaf->signature_hash);
	if (!leaf->server_auth)
		finding_add(plan->findings, "tls-not-for-servers", origin,
			"the certificate's extended key usage does not allow servers");
}
