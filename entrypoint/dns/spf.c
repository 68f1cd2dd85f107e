/* spf.c - check_host() of RFC 7208 section 4 */
#include "dns/spf.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <string.h>

#include "dns/spf_run.h"

#define LOOKUPS_MAX 10 /* RFC 7208 section 4.6.4 */

static enum spf_result check_host(struct spf_run *run, const char *domain);

/* validated_name - %{p}: the domain itself, one below it, or "unknown" (section 7.3) */
static const char *
validated_name(void *context)
{
	struct spf_run *run = context;
	enum spf_match found;
	const char *name = spf_validated(run, run->domain, &found);

	return name != NULL ? name : "unknown";
}

static const char *
expand(struct spf_run *run, const char *spec)
{
	struct arena *arena = run->session->arena;
	struct spf_macros macros = {
		.local = run->question->local,
		.sender_domain = run->question->domain,
		.domain = run->domain,
		.helo = run->question->helo,
		.address = run->question->address,
		.ipv6 = run->family == AF_INET6,
		.validated = validated_name,
		.context = run,
	};

	if (spec == NULL)
		return run->domain;
	if (macros.ipv6) {
		char text[64];

		for (int i = 0; i < 16; i++) {
			text[4 * i] = "0123456789abcdef"[run->address[i] >> 4];
			text[4 * i + 1] = text[4 * i + 3] = '.';
			text[4 * i + 2] = "0123456789abcdef"[run->address[i] & 15];
		}
		macros.address = arena_strndup(arena, text, sizeof(text) - 1);
	}
	return spf_expand(arena, spec, &macros);
}

/* count - one more term that asks DNS */
static enum spf_match
count(struct spf_run *run, const char *term)
{
	if (++run->answer->lookups <= LOOKUPS_MAX)
		return SPF_MATCH;
	return spf_stop(run, SPF_PERMERROR, SPF_CAUSE_LOOKUPS,
		"more than %d terms ask DNS, \"%s\" is the first too many", LOOKUPS_MAX, term);
}

/* match_include - pass is a match, and an error is one for all (section 5.2) */
static enum spf_match
match_include(struct spf_run *run, const char *domain)
{
	const char *outer = run->domain;
	enum spf_result result = check_host(run, domain);

	run->domain = outer;
	if (result == SPF_NONE)
		return spf_stop(run, SPF_PERMERROR, SPF_CAUSE_OTHER,
			"include: %s has no SPF record", domain);
	if (result == SPF_TEMPERROR || result == SPF_PERMERROR)
		return SPF_STOP;
	return result == SPF_PASS ? SPF_MATCH : SPF_NO_MATCH;
}

static enum spf_match
match_asking(struct spf_run *run, const struct spf_term *term)
{
	const struct dns_answer *answer;
	const char *domain;
	enum spf_match found;

	if (count(run, term->text) == SPF_STOP)
		return SPF_STOP;
	run->answer->cause = SPF_CAUSE_OTHER;
	domain = expand(run, term->domain);
	switch (term->mechanism) {
	case SPF_INCLUDE:
		return match_include(run, domain);
	case SPF_A:
		return spf_has_address(run, domain, spf_bits_of(run, term));
	case SPF_MX:
		return spf_match_mx(run, domain, spf_bits_of(run, term));
	case SPF_PTR:
		spf_validated(run, domain, &found);
		return found;
	default:
		return spf_ask(run, domain, ns_t_a, &answer); /* exists, of IPv6 mail too */
	}
}

static enum spf_match
match(struct spf_run *run, const struct spf_term *term)
{
	int bits = spf_bits_of(run, term);
	bool ours;

	switch (term->mechanism) {
	case SPF_ALL:
		return SPF_MATCH;
	case SPF_IP4:
	case SPF_IP6:
		ours = run->family == (term->mechanism == SPF_IP4 ? AF_INET : AF_INET6);
		return ours && spf_same(term->address, run->address, bits) ? SPF_MATCH
									   : SPF_NO_MATCH;
	default:
		return match_asking(run, term);
	}
}

static enum spf_result
qualified(struct spf_run *run, const struct spf_term *term)
{
	bool network = term->mechanism == SPF_IP4 || term->mechanism == SPF_IP6;

	run->answer->why =
		arena_printf(run->session->arena, "\"%s\" of %s", term->text, run->domain);
	run->answer->open = term->qualifier == '+' &&
		(term->mechanism == SPF_ALL || (network && spf_bits_of(run, term) == 0));
	switch (term->qualifier) {
	case '-':
		return SPF_FAIL;
	case '~':
		return SPF_SOFTFAIL;
	case '?':
		return SPF_NEUTRAL;
	default:
		return SPF_PASS;
	}
}

static bool
can_be_asked(const char *domain)
{
	size_t total = strlen(domain);

	if (total == 0 || total > 253)
		return false;
	for (const char *at = domain;; at++) {
		size_t len = strcspn(at, ".");

		if (len == 0 || len > 63)
			return false;
		at += len;
		if (*at == '\0' || strcmp(at, ".") == 0)
			return true;
	}
}

/* find_record - SPF_PASS with the one record in TEXT; else what follows for DOMAIN */
static enum spf_result
find_record(struct spf_run *run, const char *domain, const char **text)
{
	const struct dns_answer *answer;

	*text = NULL;
	if (!can_be_asked(domain))
		return SPF_NONE;
	answer = dns_ask(run->session, domain, ns_t_txt);
	if (!dns_status_known(answer->status))
		return spf_stop_unasked(run, domain, ns_t_txt, answer) == SPF_STOP ? SPF_TEMPERROR
										   : SPF_NONE;
	for (size_t i = 0; i < answer->count; i++) {
		const struct dns_item *item = &answer->items[i];

		if (!spf_is_record(item->text))
			continue;
		if (*text != NULL) {
			spf_stop(run, SPF_PERMERROR, SPF_CAUSE_SEVERAL,
				"%s has several SPF records", domain);
			return SPF_PERMERROR;
		}
		*text = item->text;
		if (strlen(item->text) != item->len) {
			spf_stop(run, SPF_PERMERROR, SPF_CAUSE_OTHER,
				"the record of %s has a NUL byte", domain);
			return SPF_PERMERROR;
		}
	}
	return *text != NULL ? SPF_PASS : SPF_NONE;
}

/* redirect - its result is ours, but none is an error (section 6.1) */
static enum spf_result
redirect(struct spf_run *run, const char *spec)
{
	enum spf_result result;
	const char *domain;

	if (count(run, arena_printf(run->session->arena, "redirect=%s", spec)) == SPF_STOP)
		return SPF_PERMERROR;
	domain = expand(run, spec);
	result = check_host(run, domain);
	if (result != SPF_NONE)
		return result;
	spf_stop(run, SPF_PERMERROR, SPF_CAUSE_OTHER, "redirect: %s has no SPF record", domain);
	return SPF_PERMERROR;
}

static enum spf_result
check_host(struct spf_run *run, const char *domain)
{
	struct spf_record record;
	const char *text, *wrong;
	enum spf_result result = find_record(run, domain, &text);

	if (run->answer->record == NULL && run->answer->lookups == 0)
		run->answer->record = result == SPF_PASS ? text : NULL;
	if (result != SPF_PASS)
		return result;
	run->domain = domain;
	wrong = spf_read(run->session->arena, text, &record);
	if (wrong != NULL) {
		spf_stop(
			run, SPF_PERMERROR, SPF_CAUSE_OTHER, "the record of %s: %s", domain, wrong);
		return SPF_PERMERROR;
	}
	for (size_t i = 0; i < record.count; i++) {
		enum spf_match found = match(run, &record.terms[i]);

		if (found == SPF_MATCH)
			return qualified(run, &record.terms[i]);
		if (found == SPF_STOP)
			return run->answer->result;
	}
	if (record.redirect != NULL)
		return redirect(run, record.redirect);
	run->answer->why =
		arena_printf(run->session->arena, "no term of the record of %s fits", domain);
	return SPF_NEUTRAL;
}

void
spf_evaluate(
	struct dns_session *session, const struct spf_question *question, struct spf_answer *answer)
{
	struct spf_run run = {.session = session, .question = question, .answer = answer};

	memset(answer, 0, sizeof(*answer));
	answer->why = "there is no SPF record";
	run.family = strchr(question->address, ':') != NULL ? AF_INET6 : AF_INET;
	if (inet_pton(run.family, question->address, run.address) != 1) {
		answer->result = SPF_NONE;
		answer->why = "that is no address";
		return;
	}
	answer->result = check_host(&run, question->domain);
}

void
spf_look(struct dns_session *session, const char *domain, struct spf_answer *answer)
{
	struct spf_run run = {.session = session, .answer = answer};
	struct spf_record record;
	const char *text, *wrong;

	memset(answer, 0, sizeof(*answer));
	answer->why = "there is no SPF record";
	answer->result = find_record(&run, domain, &text);
	if (answer->result != SPF_PASS)
		return;
	answer->record = text;
	answer->result = SPF_NEUTRAL;
	wrong = spf_read(session->arena, text, &record);
	if (wrong == NULL)
		return;
	spf_stop(&run, SPF_PERMERROR, SPF_CAUSE_OTHER, "the record of %s: %s", domain, wrong);
}

const char *
spf_result_name(enum spf_result result)
{
	static const char *const names[] = {
		[SPF_NONE] = "none",
		[SPF_NEUTRAL] = "neutral",
		[SPF_PASS] = "pass",
		[SPF_FAIL] = "fail",
		[SPF_SOFTFAIL] = "softfail",
		[SPF_TEMPERROR] = "temperror",
		[SPF_PERMERROR] = "permerror",
	};

	return names[result];
}
