/* spf_hosts.c - terms of SPF that ask for hosts: a, mx, ptr (RFC 7208 section 5) */
#include "dns/spf_run.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"

#define VOIDS_MAX 2 /* RFC 7208 section 4.6.4 */
#define HOSTS_MAX 10 /* of one mx; of ptr the first ten count */

/* stop - RESULT for all, with its reason */
enum spf_match
spf_stop(struct spf_run *run, enum spf_result result, enum spf_cause cause, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	run->answer->result = result;
	run->answer->cause = cause;
	run->answer->why = arena_vprintf(run->session->arena, format, args);
	va_end(args);
	return SPF_STOP;
}

enum spf_match
spf_stop_unasked(struct spf_run *run, const char *name, int type, const struct dns_answer *answer)
{
	if (answer->status == DNS_BAD_NAME)
		return SPF_NO_MATCH; /* what cannot be a name has no records (section 4.3) */
	run->answer->unasked = arena_printf(run->session->arena, "%s%s%s",
		answer->server != NULL ? answer->server : "", answer->server != NULL ? ": " : "",
		answer->why);
	return spf_stop(run, SPF_TEMPERROR, SPF_CAUSE_OTHER, "%s %s: %s", name, dns_type_name(type),
		run->answer->unasked);
}

/* ask - SPF_MATCH: there are records; SPF_NO_MATCH: none, which is counted; SPF_STOP */
enum spf_match
spf_ask(struct spf_run *run, const char *name, int type, const struct dns_answer **answer)
{
	const struct dns_answer *got = dns_ask(run->session, name, type);

	*answer = got;
	if (!dns_status_known(got->status))
		return spf_stop_unasked(run, name, type, got);
	if (got->status == DNS_FOUND)
		return SPF_MATCH;
	if (++run->answer->voids > VOIDS_MAX)
		return spf_stop(run, SPF_PERMERROR, SPF_CAUSE_VOID,
			"more than %d look-ups find nothing, %s %s is one of them", VOIDS_MAX, name,
			dns_type_name(type));
	return SPF_NO_MATCH;
}

/* same - whether the first BITS of both addresses are the same */
bool
spf_same(const unsigned char *a, const unsigned char *b, int bits)
{
	int whole = bits / 8, rest = bits % 8;

	if (memcmp(a, b, (size_t)whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

int
spf_bits_of(const struct spf_run *run, const struct spf_term *term)
{
	return run->family == AF_INET ? term->bits4 : term->bits6;
}

/* has_address - whether one of the addresses of NAME is ours, as far as BITS go */
enum spf_match
spf_has_address(struct spf_run *run, const char *name, int bits)
{
	const struct dns_answer *answer;
	enum spf_match found =
		spf_ask(run, name, run->family == AF_INET ? ns_t_a : ns_t_aaaa, &answer);

	for (size_t i = 0; found == SPF_MATCH && i < answer->count; i++) {
		unsigned char address[16];

		if (inet_pton(run->family, answer->items[i].text, address) == 1 &&
			spf_same(address, run->address, bits))
			return SPF_MATCH;
	}
	return found == SPF_STOP ? SPF_STOP : SPF_NO_MATCH;
}

enum spf_match
spf_match_mx(struct spf_run *run, const char *name, int bits)
{
	const struct dns_answer *answer;
	enum spf_match found = spf_ask(run, name, ns_t_mx, &answer);

	if (found != SPF_MATCH)
		return found;
	if (answer->count > HOSTS_MAX)
		return spf_stop(run, SPF_PERMERROR, SPF_CAUSE_LOOKUPS,
			"%s has more than %d MX records", name, HOSTS_MAX);
	/* all are looked up before any is compared (section 5.4), so all can spoil it */
	found = SPF_NO_MATCH;
	for (size_t i = 0; i < answer->count; i++) {
		const char *host = strchr(answer->items[i].text, ' ');
		enum spf_match one;

		/* "0 ." takes no mail (RFC 7505) */
		if (host == NULL || host[1] == '\0' || strcmp(host, " .") == 0)
			continue;
		one = spf_has_address(run, host + 1, bits);
		if (one == SPF_STOP)
			return SPF_STOP;
		if (one == SPF_MATCH)
			found = SPF_MATCH;
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
reverse(struct spf_run *run)
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
const char *
spf_validated(struct spf_run *run, const char *domain, enum spf_match *found)
{
	const struct dns_answer *names = dns_ask(run->session, reverse(run), ns_t_ptr);
	int bits = run->family == AF_INET ? 32 : 128;
	const char *name = NULL;

	*found = SPF_NO_MATCH;
	if ((names->status == DNS_NO_NAME || names->status == DNS_NO_DATA) &&
		++run->answer->voids > VOIDS_MAX)
		*found = spf_stop(run, SPF_PERMERROR, SPF_CAUSE_VOID,
			"more than %d look-ups find nothing, the PTR record is one of them",
			VOIDS_MAX);
	if (names->status != DNS_FOUND)
		return NULL;
	for (size_t i = 0; i < names->count && i < HOSTS_MAX; i++) {
		enum spf_match one = spf_has_address(run, names->items[i].text, bits);

		if (one == SPF_STOP && run->answer->result == SPF_PERMERROR) {
			*found = SPF_STOP;
			return NULL;
		}
		if (one == SPF_MATCH && name == NULL && below(names->items[i].text, domain))
			name = names->items[i].text;
	}
	*found = name != NULL ? SPF_MATCH : SPF_NO_MATCH;
	return name;
}
