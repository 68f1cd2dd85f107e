/*
 * postfix_maps.c - Postfix's lookup tables
 *
 * Plain text for texthash:, one "key value" a line. A key with a blank would end
 * early, and a value at whose end a blank counts cannot be written at all: both
 * are refused rather than changed (postmap(1)).
 */
#include "daemon/postfix.h"

#include <string.h>

#include "base/text.h"
#include "daemon/lines.h"
#include "template/escape.h"

struct table {
	struct plan *plan;
	const char *name;
	struct lines lines;
	bool secret;
};

static void
table_open(struct table *table, struct plan *plan, const char *name, bool secret)
{
	table->plan = plan;
	table->name = name;
	table->secret = secret;
	lines_init(&table->lines, plan);
}

/* table_row - one line; a part that cannot be written is a finding that shows no value */
static void
table_row(struct table *table, const char *key, const char *value, const struct origin *from)
{
	struct buffer line = {0};
	const char *why = "";
	enum escape_result result = escape_table(&line, key, &why);

	if (result == ESCAPE_DONE) {
		buffer_putc(&line, ' ');
		result = escape_table(&line, value, &why);
	}
	if (result == ESCAPE_DONE)
		lines_add(&table->lines, buffer_text(&line), from)->secret = table->secret;
	else
		finding_add(table->plan->findings,
			result == ESCAPE_CONTROL ? "value-newline" : "value-unsafe", from,
			"a row of Postfix's table %s %s", table->name, why);
	buffer_free(&line);
}

static void
table_close(struct table *table, unsigned services)
{
	struct plan_file *file = plan_add_file(
		table->plan, arena_printf(table->plan->arena, "postfix/%s", table->name), NULL);

	lines_finish(&table->lines, file);
	file->mode = table->secret ? 0600 : 0644;
	file->secret = table->secret;
	file->services = services;
}

static void
add_virtual(struct plan *plan, const struct postfix_facts *facts, unsigned services)
{
	const struct node *map = postfix_virtual(plan, facts);
	struct table table;

	table_open(&table, plan, "virtual", false);
	for (size_t i = 0; i < map->count; i++)
		table_row(&table, map->keys[i], map->items[i]->text, &map->items[i]->origin);
	if (facts->mailboxes.deferred)
		lines_add(&table.lines, "# {deferred:mailboxes}", NULL);
	table_close(&table, services);
}

static void
add_mailboxes(struct plan *plan, const struct postfix_facts *facts, unsigned services)
{
	struct table table;

	table_open(&table, plan, "mailboxes", false);
	for (size_t i = 0; i < facts->mailboxes.count; i++)
		table_row(&table, facts->mailboxes.items[i].address, "mailbox",
			&facts->mailboxes.items[i].origin);
	if (facts->mailboxes.deferred)
		lines_add(&table.lines, "# {deferred:mailboxes}", NULL);
	table_close(&table, services);
}

/* allow - one more login that may use a sender address */
static void
allow(struct plan *plan, struct node *map, const char *sender, const char *login,
	const struct origin *from)
{
	const char *key = text_lower(plan->arena, sender);
	struct node *logins = node_get(map, key);

	if (logins == NULL)
		logins = node_set(plan->arena, map, key, node_new(plan->arena, NODE_LIST, from));
	node_add(plan->arena, logins, node_scalar(plan->arena, login, from));
}

static void
add_sender_logins(struct plan *plan, const struct postfix_facts *facts, unsigned services)
{
	const struct node *more = node_at(plan->settings, "sender_logins");
	struct node *map = node_new(plan->arena, NODE_MAP, NULL);
	struct table table;

	for (size_t i = 0; i < facts->mailboxes.count; i++) {
		const struct mailbox *mailbox = &facts->mailboxes.items[i];

		allow(plan, map, mailbox->address, mailbox->address, &mailbox->origin);
		for (size_t j = 0; mailbox->aliases != NULL && j < mailbox->aliases->count; j++)
			allow(plan, map, mailbox->aliases->items[j]->text, mailbox->address,
				&mailbox->aliases->items[j]->origin);
	}
	for (size_t i = 0; more != NULL && i < more->count; i++)
		for (size_t j = 0; j < more->items[i]->count; j++)
			allow(plan, map, more->keys[i], more->items[i]->items[j]->text,
				&more->items[i]->origin);
	table_open(&table, plan, "sender_logins", false);
	for (size_t i = 0; i < map->count; i++)
		table_row(&table, map->keys[i], postfix_join(plan, map->items[i]),
			&map->items[i]->origin);
	if (facts->mailboxes.deferred)
		lines_add(&table.lines, "# {deferred:mailboxes}", NULL);
	table_close(&table, services);
}

/*
 * add_sender_self - for logins that only another container knows: an address, with
 * or without an extension, belongs to the login of that name
 */
static void
add_sender_self(struct plan *plan, unsigned services)
{
	struct table table;

	table_open(&table, plan, "sender_self", false);
	lines_add(&table.lines, "/^([^+@]+)(\\+[^@]*)?@(.+)$/ $1@$3", NULL);
	table_close(&table, services);
}

/*
 * add_store_away - a name that DNS denies, as a delivery status: an engine or a cluster has no
 * name for a container that is stopped, and Postfix would return all mail for it at once
 */
static void
add_store_away(struct plan *plan, unsigned services)
{
	const struct node *lmtp = node_at(plan->settings, "delivery.lmtp");
	struct table table;

	if (lmtp == NULL || !text_starts(lmtp->text, "inet:"))
		return;
	table_open(&table, plan, "store_away", false);
	lines_add(&table.lines, "/^5\\.4\\.4 (.*)$/ 4.4.4 $1", &lmtp->origin);
	table_close(&table, services);
}

static void
add_transport(struct plan *plan, unsigned services)
{
	const struct node *transports = node_at(plan->settings, "transports");
	struct table table;

	if (transports == NULL || transports->count == 0)
		return;
	table_open(&table, plan, "transport", false);
	for (size_t i = 0; i < transports->count; i++)
		table_row(&table, transports->keys[i], transports->items[i]->text,
			&transports->items[i]->origin);
	table_close(&table, services);
}

/* sender_key - how a sender or a domain is looked up (postconf(5), smtp_sender_dependent_…) */
static const char *
sender_key(struct plan *plan, const char *sender)
{
	return strchr(sender, '@') != NULL ? sender : arena_printf(plan->arena, "@%s", sender);
}

/* login_row - "user:password": Postfix splits at the first colon */
static void
login_row(struct table *table, const char *key, const struct node *relay)
{
	const struct node *username = node_get(relay, "username");
	const struct node *password = node_get(relay, "password");

	if (username == NULL || password == NULL)
		return;
	if (strchr(username->text, ':') != NULL)
		finding_add(table->plan->findings, "value-unsafe", &username->origin,
			"the login at the smarthost holds a colon: Postfix would take what "
			"follows for the password");
	else
		table_row(table, key,
			arena_printf(table->plan->arena, "%s:%s", username->text, password->text),
			&password->origin);
}

/* add_smarthosts - by sender, the logins, and the TLS that protects them */
static void
add_smarthosts(struct plan *plan, const struct postfix_facts *facts, unsigned services)
{
	const struct node *relay = node_at(plan->settings, "relay");
	const struct node *by_sender = node_get(relay, "by_sender");
	size_t count = by_sender != NULL ? by_sender->count : 0;
	const char *host = node_text(relay, "host", NULL);
	const char *level = node_text(relay, "tls", "secure");
	struct table relays, logins, policy;

	table_open(&relays, plan, "sender_relays", false);
	table_open(&logins, plan, "sasl_passwd", true);
	table_open(&policy, plan, "tls_policy", false);
	for (size_t i = 0; i < count; i++) {
		const struct node *one = by_sender->items[i];
		const char *key = sender_key(plan, by_sender->keys[i]);
		const char *next = node_text(one, "host", "");

		table_row(&relays, key, next, &one->origin);
		login_row(&logins, key, one);
		table_row(&policy, next, level, &one->origin);
	}
	if (host != NULL)
		login_row(&logins, host, relay);
	if (count > 0) {
		table_close(&relays, services);
		table_close(&policy, services);
	}
	if (facts->smarthost_login)
		table_close(&logins, services);
}

void
postfix_add_maps(struct plan *plan, const struct postfix_facts *facts, unsigned services)
{
	add_virtual(plan, facts, services);
	add_mailboxes(plan, facts, services);
	add_sender_logins(plan, facts, services);
	if (facts->logins_elsewhere)
		add_sender_self(plan, services);
	add_store_away(plan, services);
	add_transport(plan, services);
	add_smarthosts(plan, facts, services);
}
