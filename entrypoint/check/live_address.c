/* live_address.c - names and addresses: A, AAAA, PTR, MX */
#include "check/live.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <string.h>
#include <strings.h>

#include "dns/records.h"

#define NAMES_MAX 10 /* of one address; receivers look at no more (RFC 7208 section 5.5) */

static bool
is_ipv6(const char *address)
{
	return strchr(address, ':') != NULL;
}

/* same_address - by its bytes: IPv6 is written in more than one way */
static bool
same_address(const char *a, const char *b)
{
	unsigned char left[16], right[16];
	int family = is_ipv6(a) ? AF_INET6 : AF_INET;

	return is_ipv6(a) == is_ipv6(b) && inet_pton(family, a, left) == 1 &&
		inet_pton(family, b, right) == 1 &&
		memcmp(left, right, family == AF_INET ? 4 : 16) == 0;
}

static bool
has_address(const struct dns_answer *answer, const char *address)
{
	for (size_t i = 0; i < answer->count; i++)
		if (same_address(answer->items[i].text, address))
			return true;
	return false;
}

/* list_of - the records as one text */
static const char *
list_of(struct live *live, const struct dns_answer *answer)
{
	const char *text = "";

	for (size_t i = 0; i < answer->count; i++)
		text = arena_printf(live->plan->arena, "%s%s%s", text, i > 0 ? ", " : "",
			answer->items[i].text);
	return text;
}

/* wanted - the addresses of dns.addresses of that family, as one text; "" when there are none */
static const char *
wanted(struct live *live, bool ipv6)
{
	const char *text = "";

	for (size_t i = 0; live->addresses != NULL && i < live->addresses->count; i++)
		if (is_ipv6(live->addresses->items[i]->text) == ipv6)
			text = arena_printf(live->plan->arena, "%s%s%s", text,
				*text != '\0' ? ", " : "", live->addresses->items[i]->text);
	return text;
}

/* differs - whether DNS lacks an address of dns.addresses, or has one that is none of them */
static bool
differs(struct live *live, const struct dns_answer *answer, bool ipv6)
{
	for (size_t i = 0; i < live->addresses->count; i++) {
		const char *address = live->addresses->items[i]->text;

		if (is_ipv6(address) == ipv6 && !has_address(answer, address))
			return true;
	}
	for (size_t i = 0; i < answer->count; i++) {
		bool found = false;

		for (size_t j = 0; j < live->addresses->count; j++)
			found = found ||
				same_address(
					answer->items[i].text, live->addresses->items[j]->text);
		if (!found)
			return true;
	}
	return false;
}

/* judge_family - what the host name leads to, beside what it should */
static void
judge_family(struct live *live, const struct dns_answer *answer, bool ipv6)
{
	const struct node *hostname = node_at(live->plan->settings, "hostname");
	const char *what =
		arena_printf(live->plan->arena, "%s %s", live->hostname, ipv6 ? "AAAA" : "A");
	const char *want = wanted(live, ipv6);

	if (answer == NULL || (answer->count == 0 && *want == '\0'))
		return;
	if (live->addresses == NULL)
		live_tell(live, LOOKED_RIGHT, what, "%s (dns.addresses is not set)",
			list_of(live, answer));
	else if (!differs(live, answer, ipv6))
		live_tell(live, LOOKED_RIGHT, what, "%s", list_of(live, answer));
	else if (answer->count == 0)
		live_find(live, LOOKED_ABSENT, "dns-address-other", &hostname->origin, what,
			"there is no such record; dns.addresses has %s", want);
	else
		live_find(live, LOOKED_WRONG, "dns-address-other", &hostname->origin, what,
			"DNS has %s; dns.addresses has %s", list_of(live, answer),
			*want != '\0' ? want : "none of this kind");
}

void
live_hostname(struct live *live)
{
	const struct node *hostname = node_at(live->plan->settings, "hostname");
	const struct dns_answer *four, *six;

	if (live->hostname[0] == '\0' || !(live->receives || dns_sends(live->plan->settings)))
		return;
	four = live_ask(live, live->hostname, ns_t_a);
	six = live_ask(live, live->hostname, ns_t_aaaa);
	if (four != NULL && six != NULL && four->count + six->count == 0) {
		live_find(live, LOOKED_ABSENT, "dns-address-missing", &hostname->origin,
			arena_printf(live->plan->arena, "%s A, AAAA", live->hostname),
			"the host name has no address");
		return;
	}
	judge_family(live, four, false);
	judge_family(live, six, true);
}

/* leads_back - whether a name of the PTR record has ADDRESS; -1: not known */
static int
leads_back(struct live *live, const char *address, const char *name)
{
	const struct dns_answer *answer =
		live_ask(live, name, is_ipv6(address) ? ns_t_aaaa : ns_t_a);

	return answer == NULL ? -1 : has_address(answer, address);
}

/* judge_names - of an address: one leads back, and one is the host name */
static void
judge_names(struct live *live, const struct node *address, const struct dns_answer *names,
	const char *what)
{
	bool confirmed = false, unknown = false, ours = false;

	for (size_t i = 0; i < names->count && i < NAMES_MAX; i++) {
		int back = leads_back(live, address->text, names->items[i].text);

		confirmed = confirmed || back == 1;
		unknown = unknown || back == -1;
		ours = ours || (back == 1 && dns_same_name(names->items[i].text, live->hostname));
	}
	if (!confirmed && unknown)
		return; /* what could not be asked is told of already */
	if (!confirmed)
		live_find(live, LOOKED_WRONG, "dns-ptr-unconfirmed", &address->origin, what,
			"it leads to %s, which does not lead back to %s", list_of(live, names),
			address->text);
	else if (!ours && live->hostname[0] != '\0')
		live_find(live, LOOKED_WRONG, "dns-ptr-mismatch", &address->origin, what,
			"it leads to %s and back; the server calls itself %s", list_of(live, names),
			live->hostname);
	else
		live_tell(live, LOOKED_RIGHT, what, "%s, and back", list_of(live, names));
}

void
live_reverse(struct live *live)
{
	for (size_t i = 0; live->addresses != NULL && i < live->addresses->count; i++) {
		const struct node *address = live->addresses->items[i];
		const char *name = dns_reverse_name(live->plan->arena, address->text);
		const char *what = arena_printf(live->plan->arena, "PTR of %s", address->text);
		const struct dns_answer *names =
			name != NULL ? live_ask(live, name, ns_t_ptr) : NULL;

		if (names == NULL)
			continue;
		if (names->count == 0)
			live_find(live, LOOKED_ABSENT, "dns-ptr-missing", &address->origin, what,
				"the address has no name (%s)", name);
		else
			judge_names(live, address, names, what);
	}
}

/* judge_target - the host of an MX record must have an address, and be no alias */
static void
judge_target(struct live *live, const struct node *domain, const char *host)
{
	const char *what = arena_printf(live->plan->arena, "%s, MX of %s", host, domain->text);
	const struct dns_answer *four = live_ask(live, host, ns_t_a), *six;

	if (four != NULL && !dns_same_name(four->name, host)) {
		live_find(live, LOOKED_WRONG, "dns-mx-alias", &domain->origin, what,
			"it is an alias of %s", four->name);
		return;
	}
	if (dns_same_name(host, live->hostname) || (four != NULL && four->count > 0))
		return; /* of our own name the addresses are judged elsewhere */
	six = live_ask(live, host, ns_t_aaaa);
	if (four != NULL && six != NULL && six->count == 0)
		live_find(live, LOOKED_WRONG, "dns-mx-address", &domain->origin, what,
			"it has no address");
}

void
live_mx(struct live *live, const struct node *domain)
{
	const char *what = arena_printf(live->plan->arena, "%s MX", domain->text);
	const struct dns_answer *answer = live_ask(live, domain->text, ns_t_mx);
	bool ours = false;

	if (answer == NULL)
		return;
	if (answer->count == 0) {
		live_find(live, LOOKED_ABSENT, "dns-mx-missing", &domain->origin, what,
			"there is no MX record");
		return;
	}
	for (size_t i = 0; i < answer->count; i++) {
		const char *host = strchr(answer->items[i].text, ' ');

		if (host != NULL && dns_same_name(host + 1, live->hostname))
			ours = true;
	}
	if (ours)
		live_tell(live, LOOKED_RIGHT, what, "%s", list_of(live, answer));
	else if (live->hostname[0] == '\0')
		live_unknown(live, what, "the host name is not known here");
	else
		live_find(live, LOOKED_WRONG, "dns-mx-other", &domain->origin, what,
			"DNS has %s, and none of them is %s", list_of(live, answer),
			live->hostname);
	for (size_t i = 0; i < answer->count; i++) {
		const char *host = strchr(answer->items[i].text, ' ');

		/* "0 ." says that the domain takes no mail (RFC 7505) */
		if (host != NULL && host[1] != '\0' && strcmp(host, " .") != 0)
			judge_target(live, domain, host + 1);
	}
}
