/* dmarc.c - the DMARC record of a domain, or of one above it */
#include "dns/dmarc.h"

#include <arpa/nameser.h>
#include <string.h>
#include <strings.h>

#include "dns/tags.h"

#define LABELS_MAX 8 /* RFC 9989 section 4.10: of longer names the left ones are passed over */

static const char *const policies[] = {
	[DMARC_NONE] = "none",
	[DMARC_QUARANTINE] = "quarantine",
	[DMARC_REJECT] = "reject",
};

const char *
dmarc_policy_name(enum dmarc_policy policy)
{
	return policies[policy];
}

static bool
read_policy(const char *word, enum dmarc_policy *policy)
{
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++)
		if (strcasecmp(word, policies[i]) == 0)
			return *policy = (enum dmarc_policy)i, true;
	return false;
}

/* wrong_in - what receivers would not take; NULL: nothing. Sets what is right. */
static const char *
wrong_in(const struct dns_tags *tags, bool below, struct dmarc *dmarc)
{
	const char *policy = dns_tag(tags, "p"), *of_others = dns_tag(tags, "sp");
	const char *dkim = dns_tag(tags, "adkim"), *spf = dns_tag(tags, "aspf");
	enum dmarc_policy unused;

	dmarc->reports = dns_tag(tags, "rua");
	if (policy == NULL)
		return "it has no p=";
	if (!read_policy(policy, &dmarc->policy))
		return "its p= is not none, quarantine or reject";
	if (of_others != NULL && !read_policy(of_others, below ? &dmarc->policy : &unused))
		return "its sp= is not none, quarantine or reject";
	if (dkim != NULL && strcmp(dkim, "r") != 0 && strcmp(dkim, "s") != 0)
		return "its adkim= is not r or s";
	if (spf != NULL && strcmp(spf, "r") != 0 && strcmp(spf, "s") != 0)
		return "its aspf= is not r or s";
	dmarc->strict_dkim = dkim != NULL && *dkim == 's';
	dmarc->strict_spf = spf != NULL && *spf == 's';
	return NULL;
}

void
dmarc_read(struct arena *arena, const char *text, bool below, struct dmarc *dmarc)
{
	struct dns_tags tags;
	const char *wrong = dns_tags_read(arena, text, &tags);

	dmarc->text = text;
	dmarc->status = DMARC_FOUND;
	if (wrong == NULL)
		wrong = wrong_in(&tags, below, dmarc);
	if (wrong == NULL)
		return;
	dmarc->status = DMARC_MALFORMED;
	dmarc->why = wrong;
}

/* is_record - its first tag is v=DMARC1; else it is another text (RFC 7489 section 6.6.3) */
static bool
is_record(const char *text)
{
	if (*text++ != 'v')
		return false;
	text += strspn(text, " \t");
	if (*text++ != '=')
		return false;
	text += strspn(text, " \t");
	if (strncmp(text, "DMARC1", 6) != 0)
		return false;
	text += 6;
	text += strspn(text, " \t");
	return *text == '\0' || *text == ';';
}

/* look_at - the record of DOMAIN itself: sets status, text and at */
static void
look_at(struct dns_session *session, const char *domain, struct dmarc *dmarc)
{
	const struct dns_answer *answer =
		dns_ask(session, arena_printf(session->arena, "_dmarc.%s", domain), ns_t_txt);

	*dmarc = (struct dmarc){.status = DMARC_MISSING, .at = domain, .why = "there is no record"};
	if (!dns_status_known(answer->status)) {
		dmarc->status = DMARC_UNKNOWN;
		dmarc->why = arena_printf(session->arena, "%s%s%s",
			answer->server != NULL ? answer->server : "",
			answer->server != NULL ? ": " : "", answer->why);
		return;
	}
	for (size_t i = 0; i < answer->count; i++) {
		if (!is_record(answer->items[i].text))
			continue;
		if (dmarc->text != NULL) {
			dmarc->status = DMARC_SEVERAL;
			dmarc->why = "there is more than one record";
			return;
		}
		dmarc->text = answer->items[i].text;
		dmarc->status = DMARC_FOUND;
	}
}

/* above - DOMAIN without its first label; NULL: it has one label only */
static const char *
above(const char *domain)
{
	const char *dot = strchr(domain, '.');

	return dot != NULL && dot[1] != '\0' ? dot + 1 : NULL;
}

static size_t
labels(const char *domain)
{
	size_t count = 1;

	for (const char *at = domain; *at != '\0'; at++)
		count += *at == '.' && at[1] != '\0';
	return count;
}

/* next_above - the next domain of the walk upwards (RFC 9989 section 4.10) */
static const char *
next_above(const char *domain)
{
	const char *next = above(domain);

	while (next != NULL && labels(next) >= LABELS_MAX)
		next = above(next);
	return next;
}

void
dmarc_find(struct dns_session *session, const char *domain, struct dmarc *dmarc)
{
	look_at(session, domain, dmarc);
	if (dmarc->status == DMARC_FOUND)
		dmarc_read(session->arena, dmarc->text, false, dmarc);
	for (const char *at = next_above(domain); at != NULL && dmarc->status == DMARC_MISSING;
		at = next_above(at)) {
		struct dmarc found;

		look_at(session, at, &found);
		if (found.status == DMARC_FOUND)
			dmarc_read(session->arena, found.text, true, &found);
		if (found.status != DMARC_MISSING)
			*dmarc = found;
	}
}

const char *
dmarc_organisation(struct dns_session *session, const char *domain)
{
	const char *organisation = domain, *lower = domain;

	for (const char *at = domain; at != NULL; lower = at, at = next_above(at)) {
		struct dmarc found;
		struct dns_tags tags;
		const char *suffix;

		look_at(session, at, &found);
		if (found.status == DMARC_UNKNOWN)
			return NULL;
		if (found.status != DMARC_FOUND ||
			dns_tags_read(session->arena, found.text, &tags) != NULL)
			continue;
		suffix = dns_tag(&tags, "psd");
		if (suffix != NULL && strcmp(suffix, "y") == 0)
			return lower;
		organisation = at;
		if (suffix != NULL && strcmp(suffix, "n") == 0)
			break;
	}
	return organisation;
}
