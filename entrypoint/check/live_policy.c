/* live_policy.c - records about TLS: MTA-STS, TLS-RPT, TLSA */
#include "check/live.h"

#include <arpa/nameser.h>
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "dns/records.h"
#include "dns/tags.h"

/* find_one - the one record that begins with VERSION; COUNT: how many do. NULL when none or more */
static const char *
find_one(const struct dns_answer *answer, const char *version, size_t *count)
{
	const char *found = NULL;
	size_t len = strlen(version);

	*count = 0;
	for (size_t i = 0; i < answer->count; i++) {
		const char *text = answer->items[i].text;

		/* other text may stand at the name: it is passed over (RFC 8461 section 3.1) */
		if (strncmp(text, version, len) != 0)
			continue;
		found = text;
		++*count;
	}
	return *count == 1 ? found : NULL;
}

/* is_id - 1 to 32 letters and digits (RFC 8461 section 3.1) */
static bool
is_id(const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)text[i]))
			return false;
	return len >= 1 && len <= 32;
}

/* wrong_in - what senders would not take in a record; NULL: nothing */
static const char *
wrong_in(struct live *live, const char *text, bool sts)
{
	struct dns_tags tags;
	const char *wrong = dns_tags_read(live->plan->arena, text, &tags);
	const char *rua;

	if (wrong != NULL)
		return wrong;
	if (sts)
		return is_id(dns_tag(&tags, "id")) ? NULL
						   : "its id= is not 1 to 32 letters and digits";
	rua = dns_tag(&tags, "rua");
	if (rua == NULL || (strncmp(rua, "mailto:", 7) != 0 && strncmp(rua, "https://", 8) != 0))
		return "its rua= is neither mailto: nor https:";
	return NULL;
}

/* judge - one of the two records; it need not be there, unless WISH asks for it */
static void
judge(struct live *live, const struct node *domain, const char *name, bool sts,
	const struct node *wish)
{
	const char *what = arena_printf(
		live->plan->arena, "%s of %s", sts ? "MTA-STS" : "TLS-RPT", domain->text);
	const struct dns_answer *answer = live_ask(live, name, ns_t_txt);
	const char *text, *wrong;
	size_t count;

	if (answer == NULL)
		return;
	text = find_one(answer, sts ? "v=STSv1" : "v=TLSRPTv1", &count);
	wrong = text != NULL ? wrong_in(live, text, sts) : NULL;
	if (count == 0 && wish == NULL)
		live_tell(live, LOOKED_ABSENT, what, "it is optional");
	else if (count == 0)
		live_find(live, LOOKED_ABSENT, sts ? "dns-mta-sts-missing" : "dns-tls-rpt-missing",
			&wish->origin, what, "there is no record at %s", name);
	else if (count > 1 || wrong != NULL)
		live_find(live, LOOKED_WRONG, sts ? "dns-mta-sts-invalid" : "dns-tls-rpt-invalid",
			&domain->origin, what, "%s",
			count > 1 ? "there is more than one record" : wrong);
	else
		live_tell(live, LOOKED_RIGHT, what, "%s", text);
}

void
live_policies(struct live *live, const struct node *domain)
{
	const struct node *mode = node_at(live->plan->settings, "dns.mta_sts");
	const struct node *report_to = node_at(live->plan->settings, "dns.report_to");
	struct arena *arena = live->plan->arena;

	judge(live, domain, arena_printf(arena, "_mta-sts.%s", domain->text), true,
		live_is_set(mode) && strcmp(mode->text, "none") != 0 ? mode : NULL);
	judge(live, domain, arena_printf(arena, "_smtp._tls.%s", domain->text), false,
		live_is_set(report_to) ? report_to : NULL);
}

/*
 * fits - whether a record allows the key. 3 1 1 is what we publish and can compare;
 * others speak of certificates or issuers, and are for their owner to judge.
 */
static bool
fits(const char *text, const char *digest)
{
	return strncmp(text, "3 1 1 ", 6) == 0 && strcasecmp(text + 6, digest) == 0;
}

void
live_tlsa(struct live *live)
{
	const char *name = arena_printf(live->plan->arena, "_25._tcp.%s", live->hostname);
	const char *what = arena_printf(live->plan->arena, "TLSA of %s", live->hostname);
	const char *digest = live->plan->certificate_count > 0
		? live->plan->certificates[0].public_key_digest
		: NULL;
	const struct dns_answer *answer;
	bool other = false;

	if (live->hostname[0] == '\0')
		return;
	answer = live_ask(live, name, DNS_TYPE_TLSA);
	if (answer == NULL)
		return;
	if (answer->count == 0) {
		live_tell(live, LOOKED_ABSENT, what, "it is optional, and needs DNSSEC");
		return;
	}
	if (digest == NULL) {
		live_unknown(live, what, "the certificate is not here");
		return;
	}
	for (size_t i = 0; i < answer->count; i++) {
		if (fits(answer->items[i].text, digest)) {
			live_tell(live, LOOKED_RIGHT, what, "3 1 1 of the key (%s)",
				answer->authenticated
					? "the resolver vouches for it by DNSSEC"
					: "the resolver does not vouch for it by DNSSEC");
			return;
		}
		other = other || strncmp(answer->items[i].text, "3 1 1 ", 6) != 0;
	}
	if (other)
		live_unknown(live, what, "only records of the form 3 1 1 can be compared");
	else
		live_find(live, LOOKED_WRONG, "dns-tlsa-mismatch", NULL, what,
			"none of %zu records is that of the key, 3 1 1 %s", answer->count, digest);
}
