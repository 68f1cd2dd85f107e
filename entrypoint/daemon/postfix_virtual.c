/* postfix_virtual.c - the addresses that stand for others */
#include "daemon/postfix.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "daemon/view.h"

/* Names that every domain must answer, and the host too: mail from programs goes to root. */
static const char *const role_names[] = {"postmaster", "abuse", "root"};

struct table {
	struct plan *plan;
	const struct postfix_facts *facts;
	struct node *map; /* key to text */
	struct node *mailboxes; /* address to anything */
};

static bool
has_capital(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text >= 'A' && *text <= 'Z')
			return true;
	return false;
}

/* put - a key that is not there yet; false when it is. Both texts live as long as the plan */
static bool
put(struct table *table, const char *key, const char *targets, const struct origin *from)
{
	struct arena *arena = table->plan->arena;
	const char *folded = has_capital(key) ? text_lower(arena, key) : key;
	struct node *row;

	if (node_get(table->map, folded) != NULL)
		return false;
	row = node_new(arena, NODE_SCALAR, from);
	row->text = targets;
	node_keep_at(arena, table->map, folded, from, row);
	return true;
}

const char *
postfix_join(struct plan *plan, const struct node *list)
{
	struct buffer text = {0};
	const char *joined;

	if (list->count == 1)
		return list->items[0]->text;
	for (size_t i = 0; i < list->count; i++) {
		buffer_puts(&text, i > 0 ? ", " : "");
		buffer_puts(&text, list->items[i]->text);
	}
	joined = arena_strndup(plan->arena, buffer_text(&text), text.len);
	buffer_free(&text);
	return joined;
}

/* is_there - a finding: KEY has its targets from elsewhere */
static void
is_there(struct table *table, const char *key, const struct origin *from)
{
	const struct node *before = node_get(table->map, text_lower(table->plan->arena, key));
	char where[256];

	finding_add(table->plan->findings, "alias-duplicate", from,
		"the alias %s is there already (%s)", key,
		origin_text(&before->origin, where, sizeof(where)));
}

/* put_own - an alias of a mailbox; never over the address of another one, which would lose it */
static void
put_own(struct table *table, const struct mailbox *mailbox, const struct node *alias)
{
	if (strcmp(alias->text, mailbox->address) != 0 &&
		node_get(table->mailboxes, alias->text) != NULL)
		finding_add(table->plan->findings, "alias-duplicate", &alias->origin,
			"the alias %s of %s is a mailbox itself, which would get no mail",
			alias->text, mailbox->address);
	else if (!put(table, alias->text, mailbox->address, &alias->origin))
		is_there(table, alias->text, &alias->origin);
}

/*
 * put_mailbox - virtual_alias_maps comes before the mailboxes: without a row of its
 * own, a mailbox would lose its mail to "@domain" (virtual(5))
 */
static void
put_mailbox(struct table *table, const struct mailbox *mailbox)
{
	const char *domain = strrchr(mailbox->address, '@');

	if (domain != NULL && node_get(table->map, domain) != NULL)
		put(table, mailbox->address, mailbox->address, &mailbox->origin);
}

static void
put_aliases(struct table *table)
{
	const struct node *aliases = node_at(table->plan->settings, "aliases");
	const struct mailboxes *mailboxes = &table->facts->mailboxes;

	for (size_t i = 0; aliases != NULL && i < aliases->count; i++)
		if (aliases->items[i]->count > 0 &&
			!put(table, aliases->keys[i], postfix_join(table->plan, aliases->items[i]),
				&aliases->items[i]->origin))
			is_there(table, aliases->keys[i], &aliases->items[i]->origin);
	for (size_t i = 0; i < mailboxes->count; i++) {
		const struct node *own = mailboxes->items[i].aliases;

		for (size_t j = 0; own != NULL && j < own->count; j++)
			put_own(table, &mailboxes->items[i], own->items[j]);
	}
	for (size_t i = 0; i < mailboxes->count; i++)
		put_mailbox(table, &mailboxes->items[i]);
}

/* is_answered - whether mail for the address arrives somewhere without our help */
static bool
is_answered(struct table *table, const char *name, const char *domain)
{
	struct arena *arena = table->plan->arena;
	const char *address = arena_printf(arena, "%s@%s", name, domain);

	return node_get(table->map, address) != NULL ||
		node_get(table->mailboxes, address) != NULL ||
		node_get(table->map, arena_printf(arena, "@%s", domain)) != NULL;
}

/* has_domain - whether mail for ADDRESS stays here */
static bool
has_domain(const struct table *table, const char *address)
{
	const struct node *domains = table->facts->domains;
	const char *at = strrchr(address, '@');

	for (size_t i = 0; at != NULL && i < domains->count; i++)
		if (strcmp(domains->items[i]->text, at + 1) == 0)
			return true;
	return false;
}

/*
 * check_target - an alias that leads to nobody is accepted from the world and then
 * bounced, to senders that are often forged
 */
static void
check_target(struct table *table, const char *alias, const struct node *target)
{
	const char *at = strrchr(target->text, '@');
	size_t name = strcspn(target->text, "+@");
	const char *plain = target->text;

	if (at == NULL || !has_domain(table, target->text))
		return;
	/* info+list reaches info: recipient_delimiter */
	if (target->text + name != at)
		plain = arena_printf(table->plan->arena, "%.*s%s", (int)name, target->text, at);
	if (node_get(table->mailboxes, plain) == NULL && node_get(table->map, plain) == NULL &&
		node_get(table->map, target->text) == NULL && node_get(table->map, at) == NULL)
		finding_add(table->plan->findings, "alias-dangling", &target->origin,
			"the alias %s leads to %s, which is neither a mailbox nor an alias", alias,
			target->text);
}

/* is_ours - whether an alias of that name can get mail: the host's own names count too */
static bool
is_ours(const struct table *table, const char *address)
{
	const char *at = strrchr(address, '@');

	return at == NULL || at[1] == '\0' || has_domain(table, address) ||
		strcmp(at + 1, "localhost") == 0 || strcasecmp(at + 1, table->facts->hostname) == 0;
}

static void
check_domain(struct table *table, const char *address, const struct origin *origin)
{
	if (table->facts->receives && !is_ours(table, address))
		finding_add(table->plan->findings, "alias-outside-domains", origin,
			"the alias %s is in none of the domains", address);
}

static void
check_domains(struct table *table)
{
	const struct node *aliases = node_at(table->plan->settings, "aliases");
	const struct mailboxes *mailboxes = &table->facts->mailboxes;

	for (size_t i = 0; aliases != NULL && i < aliases->count; i++)
		check_domain(table, aliases->keys[i], &aliases->key_origins[i]);
	for (size_t i = 0; i < mailboxes->count; i++) {
		const struct node *own = mailboxes->items[i].aliases;

		for (size_t j = 0; own != NULL && j < own->count; j++)
			check_domain(table, own->items[j]->text, &own->items[j]->origin);
	}
}

static void
check_aliases(struct table *table)
{
	const struct node *aliases = node_at(table->plan->settings, "aliases");

	check_domains(table);
	postfix_check_loops(table->plan, table->map);
	if (!table->facts->knows_recipients || table->facts->mailboxes.deferred)
		return;
	for (size_t i = 0; aliases != NULL && i < aliases->count; i++)
		for (size_t j = 0; j < aliases->items[i]->count; j++)
			check_target(table, aliases->keys[i], aliases->items[i]->items[j]);
}

/* given - the address of that name in the first domain that has it, or NULL */
static const char *
given(struct table *table, const char *name)
{
	const struct node *domains = table->facts->domains;

	for (size_t i = 0; i < domains->count; i++)
		if (is_answered(table, name, domains->items[i]->text))
			return arena_printf(
				table->plan->arena, "%s@%s", name, domains->items[i]->text);
	return NULL;
}

/* postmaster - who answers for the server */
static const char *
postmaster(struct table *table)
{
	const struct postfix_facts *facts = table->facts;
	const char *address = given(table, "postmaster");

	if (address != NULL)
		return address;
	if (facts->mailboxes.count > 0) {
		finding_add(table->plan->findings, "postmaster-assumed",
			&facts->mailboxes.items[0].origin,
			"mail for postmaster, abuse and root goes to the first mailbox, %s",
			facts->mailboxes.items[0].address);
		return facts->mailboxes.items[0].address;
	}
	if (facts->knows_recipients)
		return NULL;
	/* the mail store elsewhere is asked */
	address = arena_printf(table->plan->arena, "postmaster@%s", facts->domains->items[0]->text);
	finding_add(table->plan->findings, "postmaster-assumed", view_origin(NULL),
		"mail for postmaster, abuse and root goes to %s, which the mail store elsewhere "
		"must know",
		address);
	return address;
}

static void
put_roles(struct table *table)
{
	const struct postfix_facts *facts = table->facts;
	const struct origin *from = view_origin(NULL);
	const char *fallback = postmaster(table);
	size_t domains = facts->domains->count;

	for (size_t i = 0; i < sizeof(role_names) / sizeof(role_names[0]); i++) {
		const char *target = given(table, role_names[i]);

		if (target == NULL)
			target = fallback;
		/* the domains, then the host by its two names */
		for (size_t j = 0; target != NULL && j < domains + 2; j++) {
			const char *domain = j < domains ? facts->domains->items[j]->text
				: j == domains           ? facts->hostname
							 : "localhost";
			const char *address =
				arena_printf(table->plan->arena, "%s@%s", role_names[i], domain);

			if (!is_answered(table, role_names[i], domain) &&
				strcmp(address, target) != 0)
				put(table, address, target, from);
		}
	}
	if (fallback == NULL)
		finding_add(table->plan->findings, "postmaster-missing", from,
			"nobody answers for postmaster@%s", facts->domains->items[0]->text);
}

struct node *
postfix_virtual(struct plan *plan, const struct postfix_facts *facts)
{
	struct table table = {.plan = plan, .facts = facts};

	table.map = node_new(plan->arena, NODE_MAP, NULL);
	table.mailboxes = node_new(plan->arena, NODE_MAP, NULL);
	for (size_t i = 0; i < facts->mailboxes.count; i++)
		node_set(plan->arena, table.mailboxes, facts->mailboxes.items[i].address,
			node_new(plan->arena, NODE_NULL, NULL));
	put_aliases(&table);
	if (facts->receives)
		put_roles(&table);
	check_aliases(&table);
	return table.map;
}
