/* opendkim.c - all that is known of OpenDKIM, but for its keys */
#include "daemon/opendkim.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "daemon/daemon.h"
#include "daemon/listen.h"
#include "daemon/networks.h"
#include "daemon/passthrough.h"
#include "daemon/render.h"
#include "daemon/supervised.h"
#include "daemon/view.h"

#define OPENDKIM_EXIT_CONFIGURATION 78 /* EX_CONFIG: starting it again would not help */

static bool
opendkim_wanted(const struct plan *plan)
{
	const struct node *domains = node_at(plan->settings, "dkim.domains");

	return daemon_role(plan, "dkim") && domains != NULL && domains->count > 0;
}

/* listens - on TCP; its port is NULL when Postfix alone, in the same container, asks it */
static struct listen
listens(struct plan *plan)
{
	return listen_of(plan, "listen.milter", daemon_postfix.wanted(plan) ? NULL : OPENDKIM_PORT);
}

const char *
opendkim_milter(struct plan *plan)
{
	const struct listen listen = listens(plan);

	/* it has one socket: who is beside it takes the port, too */
	return listen.port == NULL
		? OPENDKIM_MILTER
		: arena_printf(plan->arena, "inet:%s", listen_near(plan, &listen));
}

/* socket_of - as its Socket is written: "local:PATH", "inet:PORT", "inet6:PORT@ADDRESS" */
static const char *
socket_of(struct plan *plan, const struct listen *listen)
{
	if (listen->port == NULL)
		return "local:" OPENDKIM_SOCKET;
	return arena_printf(plan->arena, "%s:%s%s%s",
		strchr(listen->address, ':') != NULL ? "inet6" : "inet", listen->port,
		listen->address[0] != '\0' ? "@" : "", listen->address);
}

/* add_row - one row of KeyTable or SigningTable */
static void
add_row(struct plan *plan, struct node *list, const char *domain, const struct plan_dkim_key *key)
{
	struct node *row = node_new(plan->arena, NODE_MAP, &key->origin);
	const struct node from = {.origin = key->origin};

	view_text(plan, row, "domain", domain, &from);
	view_text(plan, row, "selector", key->selector, &from);
	view_text(plan, row, "name",
		arena_printf(plan->arena, "%s._domainkey.%s", key->selector, key->domain), &from);
	view_text(plan, row, "file",
		arena_printf(plan->arena, "%s/opendkim/keys/%s.%s.private", PLAN_CURRENT,
			key->domain, key->selector),
		&from);
	node_add(plan->arena, list, row);
}

/*
 * host_key - the key for mail from user@HOSTNAME, such as the host's own reports:
 * that of the nearest domain above it, so that DMARC's alignment holds
 */
static const struct plan_dkim_key *
host_key(const struct plan *plan, const char *hostname)
{
	const struct plan_dkim_key *nearest = NULL;

	for (size_t i = 0; i < plan->dkim_key_count; i++) {
		const struct plan_dkim_key *key = &plan->dkim_keys[i];

		if (strcmp(hostname, key->domain) == 0)
			return NULL; /* it has a row of its own */
		if (text_ends(hostname, arena_printf(plan->arena, ".%s", key->domain)) &&
			(nearest == NULL || strlen(key->domain) > strlen(nearest->domain)))
			nearest = key;
	}
	return nearest;
}

static void
fill_tables(struct plan *plan, struct node *group)
{
	struct node *keys = node_set(
		plan->arena, group, "keys", node_new(plan->arena, NODE_LIST, view_origin(NULL)));
	struct node *signers = node_set(
		plan->arena, group, "signers", node_new(plan->arena, NODE_LIST, view_origin(NULL)));
	const char *hostname = node_text(plan->settings, "hostname", "");
	const struct plan_dkim_key *key = host_key(plan, hostname);

	for (size_t i = 0; i < plan->dkim_key_count; i++) {
		add_row(plan, keys, plan->dkim_keys[i].domain, &plan->dkim_keys[i]);
		add_row(plan, signers, plan->dkim_keys[i].domain, &plan->dkim_keys[i]);
	}
	if (key != NULL)
		add_row(plan, signers, hostname, key);
}

/* fill_hosts - whose mail is signed: the container's own, and that of the networks */
static void
fill_hosts(struct plan *plan, struct node *group)
{
	static const char *const always[] = {"127.0.0.0/8", "::ffff:127.0.0.0/104", "::1"};
	struct node *hosts = networks_list(plan, NETWORKS_OPENDKIM);

	/* a list replaces OpenDKIM's default, which is 127.0.0.1: loopback must stay in it */
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
		bool there = false;

		for (size_t j = 0; j < hosts->count; j++)
			there = there || strcmp(hosts->items[j]->text, always[i]) == 0;
		if (!there)
			node_add(plan->arena, hosts,
				node_scalar(plan->arena, always[i], view_origin(NULL)));
	}
	node_set(plan->arena, group, "hosts", hosts);
}

static unsigned
add_service(struct plan *plan, const struct listen *listen)
{
	static const char *const argv[] = {
		"/usr/sbin/opendkim", "-f", "-x", "/etc/opendkim.conf", NULL};
	static const char *const stale[] = {OPENDKIM_SOCKET, NULL};
	static const struct supervised_capability capabilities[] = {
		{CAPABILITY_SETUID, "to run as the user opendkim", NULL},
		{CAPABILITY_SETGID, "to run as the user opendkim", NULL},
		{0, NULL, NULL},
	};
	const struct supervised opendkim = {
		.name = "opendkim",
		.argv = argv,
		.place = daemon_opendkim.place,
		.capabilities = capabilities,
		.stop_signal = SIGTERM,
		/* HUP ends it; USR1 is its reload */
		.reload_signal = SIGUSR1,
		/* five seconds for TERM, and no state to lose */
		.kill_to_stop = true,
		.no_new_privs = true,
		.final_exits = {OPENDKIM_EXIT_CONFIGURATION},
		.stale = listen->port == NULL ? stale : NULL,
	};
	unsigned bit = supervised_add(plan, &opendkim);

	if (bit == 0)
		return 0;
	supervised_probe(plan, PROBE_MILTER,
		listen->port == NULL ? OPENDKIM_SOCKET : listen_near(plan, listen));
	if (listen->port != NULL)
		supervised_binds(plan, "opendkim", strtol(listen->port, NULL, 10));
	return bit;
}

static void
add_files(struct plan *plan, struct node *view, unsigned bit)
{
	static const struct {
		const char *template_name, *name, *link;
	} files[] = {
		{"opendkim/opendkim.conf.mustache", "opendkim/opendkim.conf", "/etc/opendkim.conf"},
		{"opendkim/KeyTable.mustache", "opendkim/KeyTable", NULL},
		{"opendkim/SigningTable.mustache", "opendkim/SigningTable", NULL},
		{"opendkim/TrustedHosts.mustache", "opendkim/TrustedHosts", NULL},
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct plan_file *file = render_file(plan, view, files[i].template_name,
			escape_opendkim, files[i].name, files[i].link);

		if (file == NULL)
			continue;
		file->services = bit;
		if (i == 0)
			passthrough_apply(plan, file, node_at(plan->settings, "opendkim.settings"),
				PASSTHROUGH_OPENDKIM);
	}
}

/* add_key_directory - only for a key to be made: it may be a read-only mount of the user's */
static void
add_key_directory(struct plan *plan)
{
	bool make = false;

	for (size_t i = 0; i < plan->dkim_key_count; i++)
		make = make || plan->dkim_keys[i].generate;
	if (make)
		plan_add_directory(plan,
			node_text(plan->settings, "dkim.keys", PLAN_STATE_DIRECTORY "/dkim"), 0700,
			"root", "root");
}

static void
opendkim_contribute(struct plan *plan)
{
	const struct listen listen = listens(plan);
	struct node *view = view_make(plan), *group = view_group(plan, view, "opendkim");
	unsigned bit = add_service(plan, &listen);

	if (listen.port == NULL) {
		plan_add_directory(plan, PLAN_QUEUE_DIRECTORY, 0755, "root", "root");
		/* postfix is in group opendkim: it may pass, nobody else */
		plan_add_directory(plan, OPENDKIM_DIRECTORY, 0750, "opendkim", "opendkim");
	}
	opendkim_add_keys(plan, bit);
	add_key_directory(plan);
	view_text(plan, group, "socket", socket_of(plan, &listen), listen.from);
	fill_tables(plan, group);
	fill_hosts(plan, group);
	add_files(plan, view, bit);
}

const struct daemon daemon_opendkim = {"opendkim", 2, opendkim_wanted, opendkim_contribute};
