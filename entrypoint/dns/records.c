/* records.c - what the DNS must say so that mail flows and is believed */
#include "dns/records.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct dns_record *
dns_records_add(struct dns_records *records)
{
	if (records->count == records->room) {
		size_t room = records->room != 0 ? records->room * 2 : 16;

		records->items = arena_grow(records->arena, records->items,
			records->count * sizeof(*records->items), room * sizeof(*records->items));
		records->room = room;
	}
	return &records->items[records->count++];
}

static void
put(struct dns_records *records, const char *name, const char *type, const char *value,
	const char *why)
{
	*dns_records_add(records) =
		(struct dns_record){.name = name, .type = type, .value = value, .why = why};
}

static bool
is_ipv6(const char *address)
{
	return strchr(address, ':') != NULL;
}

bool
dns_has_role(const struct node *settings, const char *role)
{
	const struct node *roles = node_at(settings, "roles");

	return roles != NULL ? node_has_text(roles, role) : strcmp(role, "relay") != 0;
}

bool
dns_sends(const struct node *settings)
{
	return dns_has_role(settings, "submission") || dns_has_role(settings, "relay");
}

const char *
dns_reverse_name(struct arena *arena, const char *address)
{
	struct buffer name = {0};
	unsigned char bytes[16];
	const char *result;

	if (inet_pton(AF_INET, address, bytes) == 1) {
		return arena_printf(
			arena, "%u.%u.%u.%u.in-addr.arpa", bytes[3], bytes[2], bytes[1], bytes[0]);
	}
	if (inet_pton(AF_INET6, address, bytes) != 1)
		return NULL;
	for (int i = 15; i >= 0; i--)
		buffer_printf(&name, "%x.%x.", bytes[i] & 15, bytes[i] >> 4);
	buffer_puts(&name, "ip6.arpa");
	result = arena_strdup(arena, buffer_text(&name));
	buffer_free(&name);
	return result;
}

/* addresses - what the host name resolves to, and what resolves to it */
static void
addresses(struct dns_records *records, const struct plan *plan, const char *hostname)
{
	const struct node *list = node_at(plan->settings, "dns.addresses");

	if (list == NULL || list->count == 0)
		put(records, hostname, "A", NULL,
			"The address of this server, and the PTR record that leads back: set "
			"dns.addresses to have them here.");
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const char *address = list->items[i]->text;
		const char *reverse = dns_reverse_name(records->arena, address);

		put(records, hostname, is_ipv6(address) ? "AAAA" : "A", address,
			"The address of this server.");
		if (reverse != NULL)
			put(records, reverse, "PTR", hostname,
				"Ask the provider of the address for it: large receivers refuse "
				"mail "
				"from addresses without a name that leads back.");
	}
}

/* spf_text - the hosts that receive, where this is one of them, and the addresses (RFC 7208) */
static const char *
spf_text(struct dns_records *records, const struct plan *plan)
{
	const char *given = node_text(plan->settings, "dns.spf", NULL);
	const struct node *list = node_at(plan->settings, "dns.addresses");
	struct buffer text = {0};
	const char *result;

	if (given != NULL && given[0] != '\0')
		return given;
	buffer_puts(&text, dns_has_role(plan->settings, "mx") ? "v=spf1 mx" : "v=spf1");
	for (size_t i = 0; list != NULL && i < list->count; i++)
		buffer_printf(&text, " ip%c:%s", is_ipv6(list->items[i]->text) ? '6' : '4',
			list->items[i]->text);
	buffer_puts(&text, " -all");
	result = arena_strdup(records->arena, buffer_text(&text));
	buffer_free(&text);
	return result;
}

bool
dns_leaves_elsewhere(const struct node *settings, const char *domain)
{
	const struct node *by_sender = node_at(settings, "relay.by_sender");

	if (node_text(settings, "relay.host", "")[0] != '\0')
		return true;
	for (size_t i = 0; by_sender != NULL && i < by_sender->count; i++) {
		const char *at = strrchr(by_sender->keys[i], '@');

		if (strcmp(at != NULL ? at + 1 : by_sender->keys[i], domain) == 0)
			return true;
	}
	return false;
}

/* knows_no_sender - why no SPF record can be made up for DOMAIN; NULL: one can */
static const char *
knows_no_sender(const struct plan *plan, const char *domain)
{
	const struct node *list = node_at(plan->settings, "dns.addresses");

	if (dns_leaves_elsewhere(plan->settings, domain))
		return "SPF: mail leaves through relay.host or relay.by_sender. Its provider says "
		       "what the record must include: set dns.spf, as in v=spf1 mx "
		       "include:spf.example.net -all.";
	if (!dns_sends(plan->settings))
		return "SPF: no mail of the domain leaves from here, for neither submission nor "
		       "relay is among the roles. Its record names the servers that send; set "
		       "dns.spf to have it here.";
	if (!dns_has_role(plan->settings, "mx") && (list == NULL || list->count == 0))
		return "SPF: set dns.addresses to the addresses that mail leaves from.";
	return NULL;
}

/*
 * add_spf - a record that leaves out who sends would make receivers refuse all mail,
 * so none is printed where that is not known
 */
static void
add_spf(struct dns_records *records, const struct plan *plan, const char *domain)
{
	const char *given = node_text(plan->settings, "dns.spf", "");
	const char *why = given[0] == '\0' ? knows_no_sender(plan, domain) : NULL;

	put(records, domain, "TXT", why == NULL ? spf_text(records, plan) : NULL,
		why != NULL ? why : "SPF: which servers may send mail of the domain.");
}

static bool
is_domain(const struct plan *plan, const char *name)
{
	const struct node *domains = node_at(plan->settings, "domains");

	for (size_t i = 0; domains != NULL && i < domains->count; i++)
		if (strcasecmp(domains->items[i]->text, name) == 0)
			return true;
	return false;
}

/* add_helo_spf - bounces have no sender: they are judged by the name of HELO */
static void
add_helo_spf(struct dns_records *records, const struct plan *plan, const char *hostname)
{
	if (hostname[0] == '\0' || is_domain(plan, hostname) || !dns_sends(plan->settings) ||
		node_text(plan->settings, "relay.host", "")[0] != '\0')
		return;
	put(records, hostname, "TXT", "v=spf1 a -all",
		"SPF of the host name: bounces have no sender, so receivers judge the name that "
		"the "
		"server greets with (RFC 7208 section 2.4).");
}

static const char *
dmarc_text(struct dns_records *records, const struct plan *plan)
{
	const char *given = node_text(plan->settings, "dns.dmarc", NULL);
	const char *report_to = node_text(plan->settings, "dns.report_to", NULL);

	if (given != NULL && given[0] != '\0')
		return given;
	if (report_to == NULL || report_to[0] == '\0')
		return "v=DMARC1; p=none";
	return arena_printf(records->arena, "v=DMARC1; p=none; rua=mailto:%s", report_to);
}

/* below - whether NAME is DOMAIN, or lies below it */
static bool
below(const char *name, const char *domain)
{
	size_t len = strlen(name), end = strlen(domain);

	return len >= end && strcasecmp(name + len - end, domain) == 0 &&
		(len == end || name[len - end - 1] == '.');
}

/*
 * add_report_consent - who is sent the reports of another domain must have agreed
 * (RFC 7489 section 7.1)
 */
static void
add_report_consent(struct dns_records *records, const struct plan *plan, const char *domain)
{
	const char *at = strrchr(node_text(plan->settings, "dns.report_to", ""), '@');
	bool ours;

	/* where one lies below the other they are one organisation */
	if (at == NULL || node_text(plan->settings, "dns.dmarc", "")[0] != '\0' ||
		below(domain, at + 1) || below(at + 1, domain))
		return;
	ours = is_domain(plan, at + 1);
	put(records, arena_printf(records->arena, "%s._report._dmarc.%s", domain, at + 1), "TXT",
		"v=DMARC1",
		ours ? "DMARC: this domain takes the other one's reports."
		     : "DMARC: the owner of the domain of dns.report_to says so that it takes the "
		       "reports; it belongs into that domain's zone.");
	records->items[records->count - 1].aside = !ours;
}

static void
of_domain(struct dns_records *records, const struct plan *plan, const char *domain,
	const char *hostname)
{
	if (dns_has_role(plan->settings, "mx"))
		put(records, domain, "MX", arena_printf(records->arena, "10 %s", hostname),
			"Where mail for the domain goes.");
	add_spf(records, plan, domain);
	put(records, arena_printf(records->arena, "_dmarc.%s", domain), "TXT",
		dmarc_text(records, plan),
		"DMARC: what receivers do with mail that neither SPF nor DKIM vouches for.");
	add_report_consent(records, plan, domain);
	dns_add_policies(records, plan, domain);
}

struct dns_record
dns_record_of_key(struct arena *arena, const char *domain, const char *selector,
	const char *public_key, const char *why)
{
	struct dns_record record = {.type = "TXT", .why = why};

	record.name = arena_printf(arena, "%s._domainkey.%s", selector, domain);
	if (public_key != NULL)
		record.value = arena_printf(arena, "v=DKIM1; h=sha256; k=rsa; p=%s", public_key);
	return record;
}

/* next_key - the record of the key that is to follow, to be published now */
static void
next_key(struct dns_records *records, const struct plan_dkim_key *key)
{
	const struct dkim_state *state = key->state;
	struct dns_record record;

	if (state == NULL || state->next == NULL)
		return;
	record = dns_record_of_key(records->arena, key->domain, state->next, key->next_public_key,
		key->next_public_key != NULL
			? "DKIM: the next public key, beside the present one; `mailinit dkim "
			  "rotate` signs with it once DNS shows it."
			: "DKIM: the next key is made by `mailinit dkim rotate`.");
	if (strcmp(state->next, state->active) == 0) {
		record.aside = true;
		record.why = "DKIM: the public key of the file that was put there; it would take "
			     "the "
			     "place of the present one.";
	}
	*dns_records_add(records) = record;
}

/* old_keys - records of keys that signed before: until then others may still ask for them */
static void
old_keys(struct dns_records *records, const struct plan_dkim_key *key, long long now)
{
	for (size_t i = 0; key->state != NULL && i < key->state->old_count; i++) {
		const struct dkim_old *old = &key->state->old[i];
		bool removable = old->until <= now;
		struct dns_record *record = dns_records_add(records);

		*record = dns_record_of_key(records->arena, key->domain, old->selector,
			old->public_key,
			arena_printf(records->arena,
				removable
					? "DKIM: an old key, for mail signed before; since %s the "
					  "record may be removed."
					: "DKIM: an old key, for mail signed before that is still "
					  "on "
					  "its way; keep it until %s.",
				dkim_date(records->arena, old->until)));
		record->removable = removable;
	}
}

static void
of_dkim_key(struct dns_records *records, const struct plan_dkim_key *key, long long now)
{
	*dns_records_add(records) =
		dns_record_of_key(records->arena, key->domain, key->selector, key->public_key,
			key->public_key != NULL
				? "DKIM: the public key by which receivers verify signatures."
				: "DKIM: the key is made at the first start; ask again then.");
	next_key(records, key);
	old_keys(records, key, now);
}

struct dns_records
dns_records_of(const struct plan *plan, long long now)
{
	struct dns_records records = {.arena = plan->arena};
	const struct node *domains = node_at(plan->settings, "domains");
	const char *hostname = node_text(plan->settings, "hostname", "");

	addresses(&records, plan, hostname);
	add_helo_spf(&records, plan, hostname);
	for (size_t i = 0; domains != NULL && i < domains->count; i++)
		of_domain(&records, plan, domains->items[i]->text, hostname);
	for (size_t i = 0; i < plan->dkim_key_count; i++)
		of_dkim_key(&records, &plan->dkim_keys[i], now);
	dns_add_tlsa(&records, plan, hostname);
	return records;
}
