/* postfix_view.c - what the settings mean for main.cf and master.cf */
#include "daemon/postfix.h"

#include <string.h>

#include "base/text.h"
#include "daemon/daemon.h"
#include "daemon/networks.h"
#include "daemon/opendkim.h"
#include "daemon/tls.h"
#include "daemon/view.h"

static bool
has_login(const struct node *relay)
{
	return node_text(relay, "username", NULL) != NULL &&
		node_text(relay, "password", NULL) != NULL;
}

void
postfix_facts(struct plan *plan, struct postfix_facts *facts)
{
	const struct node *by_sender = node_at(plan->settings, "relay.by_sender");
	bool elsewhere = node_text(plan->settings, "delivery.lmtp", NULL) != NULL;

	memset(facts, 0, sizeof(*facts));
	facts->mx = daemon_role(plan, "mx");
	facts->submission = daemon_role(plan, "submission");
	facts->relay = daemon_role(plan, "relay");
	facts->hostname = node_text(plan->settings, "hostname", "localhost");
	facts->domains = node_at(plan->settings, "domains");
	if (facts->domains == NULL || facts->domains->type != NODE_LIST)
		facts->domains = node_new(plan->arena, NODE_LIST, view_origin(NULL));
	facts->receives = facts->domains->count > 0 &&
		(facts->mx || daemon_role(plan, "mailstore") || elsewhere);
	facts->hostname_is_domain = node_has_text(facts->domains, facts->hostname);
	mailboxes_gather(plan, &facts->mailboxes);
	/* a mail store elsewhere may have mailboxes that nobody listed here */
	facts->knows_recipients =
		!elsewhere || facts->mailboxes.count > 0 || facts->mailboxes.deferred;
	facts->logins_elsewhere = node_text(plan->settings, "delivery.sasl", NULL) != NULL &&
		facts->mailboxes.count == 0 && !facts->mailboxes.deferred;
	facts->smarthost_login = has_login(node_at(plan->settings, "relay"));
	for (size_t i = 0; by_sender != NULL && i < by_sender->count; i++)
		facts->smarthost_login = facts->smarthost_login || has_login(by_sender->items[i]);
}

/* fill_who - names, networks and domains */
static void
fill_who(struct plan *plan, struct node *group, const struct postfix_facts *facts)
{
	const struct node *hostname = node_at(plan->settings, "hostname");
	const struct node *domains = facts->domains;
	bool any = domains->count > 0;
	const char *destination = "";

	if (facts->receives)
		destination = facts->hostname_is_domain
			? "localhost"
			: arena_printf(plan->arena, "%s, localhost", facts->hostname);
	view_text(plan, group, "origin", any ? domains->items[0]->text : facts->hostname,
		any ? domains->items[0] : hostname);
	view_text(plan, group, "destination", destination, hostname);
	node_set(plan->arena, group, "networks", networks_list(plan, NETWORKS_POSTFIX));
	node_set(plan->arena, group, "mailbox_domains",
		facts->receives ? node_at(plan->settings, "domains")
				: node_new(plan->arena, NODE_LIST, view_origin(NULL)));
}

/* fill_rules - who may send what, by role */
static void
fill_rules(struct plan *plan, struct node *group, const struct postfix_facts *facts)
{
	const struct node *roles = node_at(plan->settings, "roles");
	bool verify = facts->receives && !facts->knows_recipients;
	bool remote_only = facts->relay && !facts->mx;

	view_text(plan, group, "relay_restrictions",
		remote_only ? "permit_mynetworks, reject"
			    : "permit_mynetworks, reject_unauth_destination",
		roles);
	/* whoever gets past permit_mynetworks writes to our own domains: nothing else is probed */
	view_text(plan, group, "recipient_restrictions",
		verify ? "permit_mynetworks, reject_non_fqdn_recipient, "
			 "reject_unverified_recipient"
		       : "permit_mynetworks, reject_non_fqdn_recipient",
		roles);
	view_text(plan, group, "submission_sender",
		facts->relay ? "reject_non_fqdn_sender, reject_authenticated_sender_login_mismatch"
			     : "reject_non_fqdn_sender, reject_sender_login_mismatch",
		roles);
	view_text(plan, group, "submission_relay",
		facts->relay ? "permit_mynetworks, permit_sasl_authenticated, reject"
			     : "permit_sasl_authenticated, reject",
		roles);
	/* without a role for port 25 it serves the programs of the container, and health */
	view_text(plan, group, "smtp_listen", facts->mx || facts->relay ? "smtp" : "127.0.0.1:smtp",
		roles);
	view_bool(plan, group, "submission", facts->submission, roles);
	view_bool(plan, group, "relay_587", facts->relay && !facts->submission, roles);
	view_bool(plan, group, "sender_self", facts->logins_elsewhere, NULL);
	view_bool(plan, group, "mailbox_maps", !verify, NULL);
}

/* fill_store - how mail is handed to a mail store over a network, and how its recipients are known */
static void
fill_store(struct plan *plan, struct node *group, const struct postfix_facts *facts)
{
	const struct node *lmtp = node_at(plan->settings, "delivery.lmtp");
	const struct node *name = node_at(plan->settings, "delivery.tls_name");
	const struct node *authority = node_at(plan->settings, "delivery.tls_ca");
	bool remote = lmtp != NULL && text_starts(lmtp->text, "inet:");

	view_bool(plan, group, "store_remote", remote, lmtp);
	view_text(plan, group, "store_tls", node_text(plan->settings, "delivery.tls", "may"),
		node_at(plan->settings, "delivery.tls"));
	view_text(plan, group, "store_name", name != NULL ? name->text : "", name);
	view_text(plan, group, "store_authority",
		authority != NULL ? authority->text : "/etc/ssl/certs/ca-certificates.crt",
		authority);
	view_bool(plan, group, "verify", facts->receives && !facts->knows_recipients, lmtp);
	/* what waits for anybody else's server is none of its business */
	view_bool(plan, group, "gateway", remote && !facts->submission && !facts->relay, lmtp);
}

/* fill_partners - Dovecot and the filters */
static void
fill_partners(struct plan *plan, struct node *group)
{
	const struct node *lmtp = node_at(plan->settings, "delivery.lmtp");
	const struct node *sasl = node_at(plan->settings, "delivery.sasl");
	const struct node *others = node_at(plan->settings, "milters");
	const char *milters = "";

	view_text(plan, group, "virtual_transport",
		arena_printf(plan->arena, "lmtp:%s",
			lmtp != NULL ? lmtp->text : "unix:private/dovecot-lmtp"),
		lmtp);
	view_text(plan, group, "sasl_path",
		sasl == NULL                               ? "private/auth"
			: text_starts(sasl->text, "unix:") ? sasl->text + strlen("unix:")
							   : sasl->text,
		sasl);
	for (size_t i = 0; others != NULL && i < others->count; i++)
		milters = arena_printf(
			plan->arena, "%s%s%s", milters, i > 0 ? ", " : "", others->items[i]->text);
	if (daemon_opendkim.wanted(plan))
		milters = arena_printf(plan->arena, "%s%s%s", milters,
			milters[0] != '\0' ? ", " : "", opendkim_milter(plan));
	view_text(plan, group, "milters", milters, others);
}

/* speaks_tls_first - port 465, by number or by its names in /etc/services */
static bool
speaks_tls_first(const char *host)
{
	return text_ends(host, ":465") || text_ends(host, ":submissions") ||
		text_ends(host, ":smtps");
}

/* fill_smarthost - how mail leaves */
static void
fill_smarthost(struct plan *plan, struct node *group, const struct postfix_facts *facts)
{
	const struct node *host = node_at(plan->settings, "relay.host");
	const struct node *tls = node_at(plan->settings, "relay.tls");
	const struct node *by_sender = node_at(plan->settings, "relay.by_sender");
	const char *level = host != NULL && tls != NULL ? tls->text : "may";
	bool senders = by_sender != NULL && by_sender->count > 0;

	view_bool(plan, group, "relayhost", host != NULL, host);
	view_text(plan, group, "smtp_tls_level", level, host != NULL ? tls : NULL);
	view_bool(plan, group, "dane",
		(host != NULL || senders) && tls != NULL && text_starts(tls->text, "dane"), tls);
	view_text(plan, group, "relay_wrapper",
		host != NULL && speaks_tls_first(host->text) ? "yes" : "no", host);
	view_bool(plan, group, "sasl_passwd", facts->smarthost_login, NULL);
	view_bool(plan, group, "sender_relays", senders, by_sender);
}

/* nobody_may - whether networks is loopback alone: a relay then has no clients */
static bool
nobody_may(const struct plan *plan)
{
	const struct node *networks = node_at(plan->settings, "networks");

	for (size_t i = 0; networks != NULL && i < networks->count; i++) {
		const char *word = networks->items[i]->text;

		if (word[0] != '!' && strcmp(word, "loopback") != 0 && !text_starts(word, "127.") &&
			strcmp(word, "::1") != 0 && strcmp(word, "[::1]") != 0)
			return false;
	}
	/* a raw value is not looked through */
	return node_get(node_at(plan->settings, "postfix.main"), "mynetworks") == NULL;
}

/* check_partners - roles that need somebody who is not there */
static void
check_partners(struct plan *plan, const struct postfix_facts *facts)
{
	const struct node *roles = node_at(plan->settings, "roles");
	const struct origin *from = view_origin(roles);

	if (facts->receives && !daemon_role(plan, "mailstore") &&
		node_text(plan->settings, "delivery.lmtp", NULL) == NULL)
		finding_add(plan->findings, "delivery-missing", from,
			"mail for the domains is accepted, but there is no mail store: role "
			"mailstore is off and delivery.lmtp is unset");
	if (facts->relay && !facts->submission && nobody_may(plan))
		finding_add(plan->findings, "relay-without-clients", from,
			"the role relay is on, and networks has nobody but this container itself");
	if (facts->receives && facts->knows_recipients && facts->mailboxes.count == 0 &&
		!facts->mailboxes.deferred && node_at(plan->settings, "aliases") == NULL)
		finding_add(plan->findings, "mailboxes-none", from,
			"there is neither a mailbox nor an alias: every recipient is refused");
}

void
postfix_fill_view(struct plan *plan, struct node *group, const struct postfix_facts *facts)
{
	const struct node *transports = node_at(plan->settings, "transports");

	view_text(plan, group, "chrooted", node_true(plan->settings, "postfix.chroot") ? "y" : "n",
		node_at(plan->settings, "postfix.chroot"));
	view_bool(plan, group, "transport_maps", transports != NULL && transports->count > 0,
		transports);
	fill_who(plan, group, facts);
	fill_rules(plan, group, facts);
	fill_partners(plan, group);
	fill_store(plan, group, facts);
	fill_smarthost(plan, group, facts);
	tls_fill_postfix(plan, group);
	check_partners(plan, facts);
}
