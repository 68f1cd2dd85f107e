#ifndef DAEMON_POSTFIX_H
#define DAEMON_POSTFIX_H

#include <stdbool.h>

#include "base/node.h"
#include "daemon/mailboxes.h"
#include "plan/plan.h"

/* What the roles and settings make of this Postfix; see postfix_facts. */
struct postfix_facts {
	bool mx, submission, relay; /* roles */
	bool receives; /* mail for `domains` ends here: in the mail store, here or elsewhere */
	bool knows_recipients; /* the mailboxes are known, so that others can be refused */
	bool logins_elsewhere; /* passwords are checked elsewhere and no mailbox is listed */
	bool smarthost_login; /* relay.host or relay.by_sender comes with a password */
	bool hostname_is_domain; /* hostname is among the domains */
	const char *hostname;
	const struct node *domains; /* a list; never NULL */
	struct mailboxes mailboxes;
};

void postfix_facts(struct plan *plan, struct postfix_facts *facts);

/* Fills GROUP, the view's `postfix`, with what main.cf and master.cf need; adds findings. */
void postfix_fill_view(struct plan *plan, struct node *group, const struct postfix_facts *facts);

/*
 * Adds the lookup tables: virtual, mailboxes, sender_logins, and those that the
 * settings ask for (transport, sender_relays, sasl_passwd, tls_policy; sender_self, store_away).
 * Each is the source of a texthash: map, the last two of a regexp: map: none needs compiling.
 * SERVICES: whom a change concerns.
 */
void postfix_add_maps(struct plan *plan, const struct postfix_facts *facts, unsigned services);

/*
 * postfix_tables.c: the tables of postfix.tables. What passthrough says of them is
 * led to where they are: MAP is postfix.main or postfix.master, and comes back itself
 * when nothing in it refers to a table.
 */
void postfix_add_tables(struct plan *plan, unsigned services);
const struct node *postfix_tables_refer(struct plan *plan, const struct node *map);

/*
 * The table of virtual_alias_maps, as a map of key to its targets: aliases, the
 * mailboxes' own aliases, and postmaster, abuse and root of every domain and of
 * the host (RFC 5321 section 4.5.1, RFC 2142 section 4).
 */
struct node *postfix_virtual(struct plan *plan, const struct postfix_facts *facts);

/* Adds alias-loop for each circle in MAP, a table of postfix_virtual. */
void postfix_check_loops(struct plan *plan, const struct node *map);

/* The texts of LIST as one value, with ", " between them. */
const char *postfix_join(struct plan *plan, const struct node *list);

#endif
