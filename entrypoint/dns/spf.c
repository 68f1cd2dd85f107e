/* spf.c - check_host() of RFC 7208 section 4 */
#include "dns/spf.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "dns/spf_record.h"

/* RFC 7208 section 4.6.4 */
#define LOOKUPS_MAX 10
#define VOIDS_MAX 2
#define HOSTS_MAX 10 /* of one mx; of ptr the first ten count */

/* A term matches, does not, or ends all. */
enum match { MATCH, NO_MATCH, STOP };

struct run {
	struct dns_session *session;
	const struct spf_question *question;
	struct spf_answer *answer;
	int family;
	unsigned char address[16];
	const char *domain; /* the current one */
};

static enum spf_result check_host(struct run *run, const char *domain);

/* stop - RESULT for all, with its reason */
static enum match __attribute__((format(printf, 4, 5)))
stop(struct run *run, enum spf_result result, enum spf_cause cause, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	run->answer->result = result;
	run->answer->cause = cause;
	run->answer->why = arena_vprintf(run->session->arena, format, args);
	va_end(args);
	return STOP;
}

static enum match
stop_unasked(struct run *run, const char *name, int type, const struct dns_answer *answer)
{
	if (answer->status == DNS_BAD_NAME)
		return NO_MATCH; /* what cannot be a name has no records (section 4.3) */
	run->answer->unasked = arena_printf(run->session->arena, "%s%s%s",
		answer->server != NULL ? answer->server : "", answer->server != NULL ? ": " : "",
		answer->why);
	return stop(run, SPF_TEMPERROR, SPF_CAUSE_OTHER, "%s %s: %s", name, dns_type_name(type),
		run->answer->unasked);
}

/* ask - MATCH: there are records; NO_MATCH: none, which is counted; STOP */
static enum match
ask(struct run *run, const char *name, int type, const struct dns_answer **answer)
{
	const struct dns_answer *got = dns_ask(run->session, name, type);

	*answer = got;
	if (!dns_status_known(got->status))
		return stop_unasked(run, name, type, got);
	if (got->status == DNS_FOUND)
		return MATCH;
	if (++run->answer->voids > VOIDS_MAX)
		return stop(run, SPF_PERMERROR, SPF_CAUSE_VOID,
			"more than %d look-ups find nothing, %s %s is one of them", VOIDS_MAX, name,
			dns_type_name(type));
	return NO_MATCH;
}

/* same - whether the first BITS of both addresses are the same */
static bool
same(const unsigned char *a, const unsigned char *b, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

static int
bits_of(const struct run *run, const struct spf_term *term)
{
	return run->family == AF_INET ? term->bits4 : term->bits6;
}

/* has_address - whether one of the addresses of NAME is ours, as far as BITS go */
static enum match
has_address(struct run *run, const char *name, int bits)
{
	const struct dns_answer *answer;
	enum match found = ask(run, name, run->family == AF_INET ? ns_t_a : ns_t_aaaa, &answer);

	for (size_t i = 0; found == MATCH && i < answer->count; i++) {
		unsigned char address[16];

		if (inet_pton(run->family, answer->items[i].text, address) == 1 &&
			same(address, run->address, bits))
			return MATCH;
	}
	return found == STOP ? STOP : NO_MATCH;
}

static enum match
match_mx(struct run *run, const char *name, int bits)
{
	const struct dns_answer *answer;
	enum match found = ask(run, name, ns_t_mx, &answer);

	if (found != MATCH)
		return found;
	if (answer->count > HOSTS_MAX)
		return stop(run, SPF_PERMERROR, SPF_CAUSE_LOOKUPS, "%s has more than %d MX records",
			name, HOSTS_MAX);
	/* all are looked up before any is compared (section 5.4), so all can spoil it */
	found = NO_MATCH;
	for (size_t i = 0; i < answer->count; i++) {
		const char *host = strchr(answer->items[i].text, ' ');
		enum match one;

		/* "0 ." takes no mail (RFC 7505) */
		if (host == NULL || host[1] == '\0' || strcmp(host, " .") == 0)
			continue;
		one = has_address(run, host + 1, bits);
		if (one == STOP)
			return STOP;
		if (one == MATCH)
			found = MATCH;
	}
	return found;
}

/* below - whether NAME is DOMAIN or lies below it */
static bool
below(const char *name, const char *domain)
{
	size_t len = strlen(name), end = strlen(domain);

	if (len < end || strcasecmp(name + len - end, domain) != 0)
		return false;
	return len == end || name[len - end - 1] == '.';
}

static const char *
reverse(struct run *run)
{
	struct buffer name = {0};
	const char *result;

	if (run->family == AF_INET)
		for (int i = 3; i >= 0; i--)
			buffer_printf(&name, "%u.", run->address[i]);
	else
		for (int i = 15; i >= 0; i--)
			buffer_printf(&name, "%x.%x.", run->address[i] & 15, run->address[i] >> 4);
	buffer_puts(&name, run->family == AF_INET ? "in-addr.arpa" : "ip6.arpa");
	result = arena_strdup(run->session->arena, buffer_text(&name));
	buffer_free(&name);
	return result;
}

/*
 * validated - the name of our address, below DOMAIN, that leads back to it; NULL:
 * none. What cannot be asked is passed over (section 5.5).
 */
static const char *
validated(struct run *run, const char *domain, enum match *found)
{
	const struct dns_answer *names = dns_ask(run->session, reverse(run), ns_t_ptr);
	int bits = run->family == AF_INET ? 32 : 128;
	const char *name = NULL;

	*found = NO_MATCH;
	if ((names->status == DNS_NO_NAME || names->status == DNS_NO_DATA) &&
		++run->answer->voids > VOIDS_MAX)
		*found = stop(run, SPF_PERMERROR, SPF_CAUSE_VOID,
			"more than %d look-ups find nothing, the PTR record is one of them",
			VOIDS_MAX);
	if (names->status != DNS_FOUND)
		return NULL;
	for (size_t i = 0; i < names->count && i < HOSTS_MAX; i++) {
		enum match one = has_address(run, names->items[i].text, bits);

		if (one == STOP && run->answer->result == SPF_PERMERROR) {
			*found = STOP;
			return NULL;
		}
		if (one == MATCH && name == NULL && below(names->items[i].text, domain))
			name = names->items[i].text;
	}
	*found = name != NULL ? MATCH : NO_MATCH;
	return name;
}

/* validated_name - %{p}: the domain itself, one below it, or "unknown" (section 7.3) */
static const char *
validated_name(void *context)
{
	struct run *run = context;
	enum match found;
	const char *name = validated(run, run->domain, &found);

	return name != NULL ? name : "unknown";
}

static const char *
expand(struct run *run, const char *spec)
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
static enum match
count(struct run *run, const char *term)
{
	if (++run->answer->lookups <= LOOKUPS_MAX)
		return MATCH;
	return stop(run, SPF_PERMERROR, SPF_CAUSE_LOOKUPS,
		"more than %d terms ask DNS, \"%s\" is the first too many", LOOKUPS_MAX, term);
}

/* match_include - pass is a match, and an error is one for all (section 5.2) */
static enum match
match_include(struct run *run, const char *domain)
{
	const char *outer = run->domain;
	enum spf_result result = check_host(run, domain);

	run->domain = outer;
	if (result == SPF_NONE)
		return stop(run, SPF_PERMERROR, SPF_CAUSE_OTHER, "include: %s has no SPF record",
			domain);
	if (result == SPF_TEMPERROR || result == SPF_PERMERROR)
		return STOP;
	return result == SPF_PASS ? MATCH : NO_MATCH;
}

static enum match
match_asking(struct run *run, const struct spf_term *term)
{
	const struct dns_answer *answer;
	const char *domain;
	enum match found;

	if (count(run, term->text) == STOP)
		return STOP;
	run->answer->cause = SPF_CAUSE_OTHER;
	domain = expand(run, term->domain);
	switch (term->mechanism) {
	case SPF_INCLUDE:
		return match_include(run, domain);
	case SPF_A:
		return has_address(run, domain, bits_of(run, term));
	case SPF_MX:
		return match_mx(run, domain, bits_of(run, term));
	case SPF_PTR:
		validated(run, domain, &found);
		return found;
	default:
		return ask(run, domain, ns_t_a, &answer); /* exists, of IPv6 mail too */
	}
}

static enum match
match(struct run *run, const struct spf_term *term)
{
	int bits = bits_of(run, term);
	bool ours;

	switch (term->mechanism) {
	case SPF_ALL:
		return MATCH;
	case SPF_IP4:
	case SPF_IP6:
		ours = run->family == (term->mechanism == SPF_IP4 ? AF_INET : AF_INET6);
		return ours && same(term->address, run->address, bits) ? MATCH : NO_MATCH;
	default:
		return match_asking(run, term);
	}
}

static enum spf_result
qualified(struct run *run, const struct spf_term *term)
{
	bool network = term->mechanism == SPF_IP4 || term->mechanism == SPF_IP6;

	run->answer->why =
		arena_printf(run->session->arena, "\"%s\" of %s", term->text, run->domain);
	run->answer->open = term->qualifier == '+' &&
		(term->mechanism == SPF_ALL || (network && bits_of(run, term) == 0));
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
find_record(struct run *run, const char *domain, const char **text)
{
	const struct dns_answer *answer;

	*text = NULL;
	if (!can_be_asked(domain))
		return SPF_NONE;
	answer = dns_ask(run->session, domain, ns_t_txt);
	if (!dns_status_known(answer->status))
		return stop_unasked(run, domain, ns_t_txt, answer) == STOP ? SPF_TEMPERROR
									   : SPF_NONE;
	for (size_t i = 0; i < answer->count; i++) {
		const struct dns_item *item = &answer->items[i];

		if (!spf_is_record(item->text))
			continue;
		if (*text != NULL) {
			stop(run, SPF_PERMERROR, SPF_CAUSE_SEVERAL, "%s has several SPF records",
				domain);
			return SPF_PERMERROR;
		}
		*text = item->text;
		if (strlen(item->text) != item->len) {
			stop(run, SPF_PERMERROR, SPF_CAUSE_OTHER, "the record of %s has a NUL byte",
				domain);
			return SPF_PERMERROR;
		}
	}
	return *text != NULL ? SPF_PASS : SPF_NONE;
}

/* redirect - its result is ours, but none is an error (section 6.1) */
static enum spf_result
redirect(struct run *run, const char *spec)
{
	enum spf_result result;
	const char *domain;

	if (count(run, arena_printf(run->session->arena, "redirect=%s", spec)) == STOP)
		return SPF_PERMERROR;
	domain = expand(run, spec);
	result = check_host(run, domain);
	if (result != SPF_NONE)
		return result;
	stop(run, SPF_PERMERROR, SPF_CAUSE_OTHER, "redirect: %s has no SPF record", domain);
	return SPF_PERMERROR;
}

static enum spf_result
check_host(struct run *run, const char *domain)
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
		stop(run, SPF_PERMERROR, SPF_CAUSE_OTHER, "the record of %s: %s", domain, wrong);
		return SPF_PERMERROR;
	}
	for (size_t i = 0; i < record.count; i++) {
		enum match found = match(run, &record.terms[i]);

		if (found == MATCH)
			return qualified(run, &record.terms[i]);
		if (found == STOP)
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
	struct run run = {.session = session, .question = question, .answer = answer};

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
	struct run run = {.session = session, .answer = answer};
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
	stop(&run, SPF_PERMERROR, SPF_CAUSE_OTHER, "the record of %s: %s", domain, wrong);
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
