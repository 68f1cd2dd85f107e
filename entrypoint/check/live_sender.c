/* live_sender.c - what receivers judge a sender by: SPF, DKIM, DMARC */
#include "check/live.h"

#include <arpa/nameser.h>
#include <string.h>
#include <strings.h>

#include "dns/dkim_record.h"
#include "dns/dmarc.h"
#include "dns/records.h"
#include "dns/spf.h"

/* id_of - the rule that a result of SPF comes under; NULL: it is right, or not known */
static const char *
id_of(const struct spf_answer *answer)
{
	switch (answer->result) {
	case SPF_NONE:
		return "dns-spf-missing";
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		return "dns-spf-denies";
	case SPF_PERMERROR:
		return answer->cause == SPF_CAUSE_SEVERAL    ? "dns-spf-multiple"
			: answer->cause == SPF_CAUSE_LOOKUPS ? "dns-spf-lookups"
			: answer->cause == SPF_CAUSE_VOID    ? "dns-spf-void"
							     : "dns-spf-syntax";
	default:
		return NULL;
	}
}

/*
 * judge_spf - for one address. ID is the rule of what was found before for the same
 * domain: the same fault of a record is told once, whatever the address.
 */
static enum live_verdict
judge_spf(struct live *live, const char *domain, const struct node *address,
	const struct origin *origin, const char **id)
{
	const char *what =
		arena_printf(live->plan->arena, "SPF of %s for %s", domain, address->text);
	struct spf_question question = {.address = address->text,
		.local = "postmaster",
		.domain = domain,
		.helo = live->hostname};
	struct spf_answer answer;
	const char *found;

	spf_evaluate(live->session, &question, &answer);
	found = id_of(&answer);
	if (answer.result == SPF_TEMPERROR) {
		live_unknown(live, what, answer.unasked);
		return LIVE_UNKNOWN;
	}
	if (found == NULL && answer.open)
		live_find(live, LOOKED_WRONG, "dns-spf-open", origin, what,
			"pass, as for every address: %s", answer.why);
	else if (found == NULL)
		live_tell(live, LOOKED_RIGHT, what, "pass: %s (%d look-ups)", answer.why,
			answer.lookups);
	else if (*id == found && strcmp(found, "dns-spf-denies") != 0)
		live_tell(live, answer.result == SPF_NONE ? LOOKED_ABSENT : LOOKED_WRONG, what,
			"%s: %s", spf_result_name(answer.result), answer.why);
	else
		live_find(live, answer.result == SPF_NONE ? LOOKED_ABSENT : LOOKED_WRONG, found,
			origin, what, "%s: %s", spf_result_name(answer.result), answer.why);
	*id = found;
	return answer.result == SPF_PASS ? LIVE_PASSES : LIVE_FAILS;
}

/* worse - of two addresses the one whose mail fails counts */
static enum live_verdict
worse(enum live_verdict a, enum live_verdict b)
{
	if (a == LIVE_FAILS || b == LIVE_FAILS)
		return LIVE_FAILS;
	return a == LIVE_UNKNOWN || b == LIVE_UNKNOWN ? LIVE_UNKNOWN : LIVE_PASSES;
}

/* judge_presence - where the addresses are not known, or not ours: one record, and it can be read */
static void
judge_presence(struct live *live, const struct node *domain)
{
	const char *what = arena_printf(live->plan->arena, "SPF of %s", domain->text);
	struct spf_answer answer;

	spf_look(live->session, domain->text, &answer);
	if (answer.result == SPF_TEMPERROR)
		live_unknown(live, what, answer.unasked);
	else if (answer.result == SPF_NONE || answer.result == SPF_PERMERROR)
		live_find(live, answer.result == SPF_NONE ? LOOKED_ABSENT : LOOKED_WRONG,
			id_of(&answer), &domain->origin, what, "%s: %s",
			spf_result_name(answer.result), answer.why);
	else
		live_tell(live, LOOKED_NOT, what,
			"there is one record; whether it allows the servers that send is not "
			"known here: \"%s\"",
			answer.record);
}

/* judge_wish - whether TEXT is what the setting at PATH asks for */
static void
judge_wish(struct live *live, const char *path, const char *id, const char *what, const char *text)
{
	const struct node *wish = node_at(live->plan->settings, path);

	if (!live_is_set(wish) || text == NULL || strcmp(wish->text, text) == 0)
		return;
	live_find(live, LOOKED_WRONG, id, &wish->origin, what, "DNS has \"%s\"", text);
}

static enum live_verdict
judge_domain(struct live *live, const struct node *domain)
{
	enum live_verdict verdict = LIVE_PASSES;
	struct spf_answer own;
	const char *id = NULL;

	if (live->addresses == NULL || !live->sends ||
		dns_leaves_elsewhere(live->plan->settings, domain->text)) {
		judge_presence(live, domain);
		verdict = LIVE_UNKNOWN;
	} else {
		for (size_t i = 0; i < live->addresses->count; i++)
			verdict = worse(verdict,
				judge_spf(live, domain->text, live->addresses->items[i],
					&domain->origin, &id));
	}
	spf_look(live->session, domain->text, &own);
	judge_wish(live, "dns.spf", "dns-spf-differs",
		arena_printf(live->plan->arena, "SPF of %s", domain->text), own.record);
	return verdict;
}

void
live_helo(struct live *live)
{
	const struct node *domains = node_at(live->plan->settings, "domains");
	const struct node *hostname = node_at(live->plan->settings, "hostname");
	struct spf_question question = {.local = "postmaster", .domain = live->hostname};
	struct spf_answer answer;
	const char *what = arena_printf(live->plan->arena, "SPF of %s", live->hostname);

	for (size_t i = 0; domains != NULL && i < domains->count; i++)
		if (strcasecmp(domains->items[i]->text, live->hostname) == 0)
			return; /* it is judged as a domain */
	if (live->addresses == NULL || hostname == NULL || live->hostname[0] == '\0' ||
		hostname->deferred)
		return;
	question.helo = live->hostname;
	for (size_t i = 0; i < live->addresses->count; i++) {
		const char *id = NULL;

		question.address = live->addresses->items[i]->text;
		spf_evaluate(live->session, &question, &answer);
		if (answer.result == SPF_NONE) {
			live_find(live, LOOKED_ABSENT, "dns-spf-helo-missing", &hostname->origin,
				what, "there is no record");
			return;
		}
		judge_spf(live, live->hostname, live->addresses->items[i], &hostname->origin, &id);
	}
}

/* judge_key - whether DNS shows the key of a domain; what it does is told */
static void
judge_key(struct live *live, const struct plan_dkim_key *key)
{
	const char *name =
		arena_printf(live->plan->arena, "%s._domainkey.%s", key->selector, key->domain);
	const char *what = arena_printf(live->plan->arena, "DKIM %s", name);
	struct dkim_published published;
	const struct dns_answer *answer;

	if (key->public_key == NULL) {
		live_unknown(live, what, "the key is not here");
		return;
	}
	answer = live_ask(live, name, ns_t_txt);
	if (answer == NULL)
		return;
	dkim_record_judge(live->plan->arena, answer, key->public_key, &published);
	if (published.verdict == DKIM_RIGHT)
		live_tell(live, LOOKED_RIGHT, what, "%s", published.text);
	else if (published.verdict == DKIM_MISSING)
		live_find(live, LOOKED_ABSENT, "dns-dkim-missing", &key->origin, what, "%s",
			published.text);
	else
		live_find(live, LOOKED_WRONG,
			published.verdict == DKIM_SEVERAL ? "dns-dkim-multiple"
							  : "dns-dkim-mismatch",
			&key->origin, what, "%s", published.text);
}

void
live_keys(struct live *live)
{
	for (size_t i = 0; i < live->plan->dkim_key_count; i++)
		judge_key(live, &live->plan->dkim_keys[i]);
}

/* key_verdict - whether mail of DOMAIN has a signature that verifies: its d= is the domain */
static enum live_verdict
key_verdict(struct live *live, const char *domain)
{
	for (size_t i = 0; i < live->plan->dkim_key_count; i++) {
		const struct plan_dkim_key *key = &live->plan->dkim_keys[i];
		struct dkim_published published;

		if (strcasecmp(key->domain, domain) != 0)
			continue;
		if (key->public_key == NULL)
			return LIVE_UNKNOWN;
		dkim_record_judge(live->plan->arena,
			dns_ask(live->session,
				arena_printf(live->plan->arena, "%s._domainkey.%s", key->selector,
					domain),
				ns_t_txt),
			key->public_key, &published);
		return published.verdict == DKIM_RIGHT      ? LIVE_PASSES
			: published.verdict == DKIM_UNKNOWN ? LIVE_UNKNOWN
							    : LIVE_FAILS;
	}
	/* without the signer here, another milter or the smarthost may sign */
	return dns_has_role(live->plan->settings, "dkim") ? LIVE_FAILS : LIVE_UNKNOWN;
}

/*
 * judge_reports - reports that go to another organisation need its consent: a record
 * at DOMAIN._report._dmarc.OTHER (RFC 7489 section 7.1)
 */
static void
judge_reports(struct live *live, const struct node *domain, const struct dmarc *dmarc)
{
	struct arena *arena = live->plan->arena;
	char *rest, *list = arena_strdup(arena, dmarc->reports);

	for (char *uri = strtok_r(list, ",", &rest); uri != NULL;
		uri = strtok_r(NULL, ",", &rest)) {
		char *at = strrchr(uri, '@');
		const char *other, *ours, *theirs, *name;
		const struct dns_answer *answer;

		uri += strspn(uri, " \t");
		if (strncasecmp(uri, "mailto:", 7) != 0 || at == NULL)
			continue;
		at[1 + strcspn(at + 1, "! \t")] = '\0';
		other = at + 1;
		if (strcasecmp(other, dmarc->at) == 0)
			continue;
		ours = dmarc_organisation(live->session, dmarc->at);
		theirs = dmarc_organisation(live->session, other);
		if (ours != NULL && theirs != NULL && strcasecmp(ours, theirs) == 0)
			continue;
		name = arena_printf(arena, "%s._report._dmarc.%s", dmarc->at, other);
		answer = live_ask(live, name, ns_t_txt);
		if (answer == NULL)
			continue;
		if (answer->count == 0 || strncmp(answer->items[0].text, "v=DMARC1", 8) != 0)
			live_find(live, LOOKED_ABSENT, "dns-dmarc-reports", &domain->origin,
				arena_printf(arena, "DMARC reports of %s", domain->text),
				"%s takes none: %s TXT \"v=DMARC1\" is missing", other, name);
	}
}

/*
 * judge_alignment - of mail whose sender and From are of the domain: both are aligned,
 * strict or relaxed, so that one of them needs to pass
 */
static void
judge_alignment(struct live *live, const struct node *domain, const struct dmarc *dmarc,
	enum live_verdict spf)
{
	const char *what = arena_printf(live->plan->arena, "DMARC of %s", domain->text);
	enum live_verdict dkim = key_verdict(live, domain->text);

	if (spf == LIVE_PASSES || dkim == LIVE_PASSES)
		live_tell(live, LOOKED_RIGHT, what,
			"passes by %s (aspf=%s, adkim=%s): \"%s\" at %s",
			spf != LIVE_PASSES            ? "DKIM"
				: dkim == LIVE_PASSES ? "SPF and DKIM"
						      : "SPF",
			dmarc->strict_spf ? "s" : "r", dmarc->strict_dkim ? "s" : "r", dmarc->text,
			dmarc->at);
	else if (spf == LIVE_UNKNOWN || dkim == LIVE_UNKNOWN)
		live_tell(live, LOOKED_NOT, what,
			"there is a record; whether mail passes is not known: \"%s\" at %s",
			dmarc->text, dmarc->at);
	else
		live_find(live, LOOKED_WRONG, "dns-dmarc-fails", &domain->origin, what,
			"neither SPF nor DKIM passes, and the policy is %s",
			dmarc_policy_name(dmarc->policy));
}

static void
judge_dmarc(struct live *live, const struct node *domain, enum live_verdict spf)
{
	const char *what = arena_printf(live->plan->arena, "DMARC of %s", domain->text);
	struct dmarc dmarc;

	dmarc_find(live->session, domain->text, &dmarc);
	switch (dmarc.status) {
	case DMARC_UNKNOWN:
		live_unknown(live, what, dmarc.why);
		return;
	case DMARC_MISSING:
		live_find(live, LOOKED_ABSENT, "dns-dmarc-missing", &domain->origin, what, "%s",
			dmarc.why);
		return;
	case DMARC_SEVERAL:
		live_find(live, LOOKED_WRONG, "dns-dmarc-multiple", &domain->origin, what, "%s",
			dmarc.why);
		return;
	case DMARC_MALFORMED:
		live_find(live, LOOKED_WRONG, "dns-dmarc-syntax", &domain->origin, what,
			"%s: \"%s\"", dmarc.why, dmarc.text);
		return;
	default:
		break;
	}
	judge_alignment(live, domain, &dmarc, spf);
	judge_wish(live, "dns.dmarc", "dns-dmarc-differs", what, dmarc.text);
	if (dmarc.reports != NULL)
		judge_reports(live, domain, &dmarc);
}

void
live_sender(struct live *live, const struct node *domain)
{
	/* a pure mx sends no mail of the domain: how it is sent elsewhere is not known here */
	if (!dns_sends(live->plan->settings))
		return;
	judge_dmarc(live, domain, judge_domain(live, domain));
}
