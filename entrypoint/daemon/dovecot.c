/* dovecot.c - all that is known of Dovecot, but for its users */
#include "daemon/dovecot.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "daemon/daemon.h"
#include "daemon/dovecot_store.h"
#include "daemon/listen.h"
#include "daemon/mailboxes.h"
#include "daemon/render.h"
#include "daemon/supervised.h"
#include "daemon/tls.h"
#include "daemon/view.h"
#include "template/escape.h"

#define DOVECOT_LOWEST_PORT 110 /* POP3; IMAP has 143 */
#define DOVECOT_EXIT_CONFIGURATION 89 /* fatal configuration or start error */

/* For whom this Dovecot works, and where it is found. */
struct dovecot_doors {
	bool store; /* the role mailstore: IMAP, POP3, LMTP */
	bool local; /* Postfix is in the same container */
	struct listen lmtp, sasl; /* for one in another */
};

static bool
dovecot_wanted(const struct plan *plan)
{
	/* without a mail store it still checks passwords for submission, unless another one does */
	return daemon_role(plan, "mailstore") ||
		(daemon_role(plan, "submission") &&
			node_text(plan->settings, "delivery.sasl", NULL) == NULL);
}

/* language_version - "2.4.1" of "2.4.1+dfsg1-6": what dovecot_config_version takes */
static const char *
language_version(struct plan *plan)
{
	const char *version = plan->target.dovecot_version;
	size_t len = 0;

	while (isdigit((unsigned char)version[len]) || version[len] == '.')
		len++;
	return arena_strndup(plan->arena, version, len);
}

/* min_protocol - ">=TLSv1.2", as Postfix writes it, is "TLSv1.2" for Dovecot */
static const char *
min_protocol(const struct plan *plan)
{
	const char *protocols = node_text(plan->settings, "tls.protocols", ">=TLSv1.2");

	return text_starts(protocols, ">=") ? protocols + 2 : "TLSv1.2";
}

/* swallows - whether a raw value would take the lines behind it for its own */
static bool
swallows(const char *value)
{
	return text_ends(value, "\\") || text_starts(value, "<<");
}

/* add_extra - the raw settings, behind ours: the last one counts */
static void
add_extra(struct plan *plan, struct node *group)
{
	const struct node *settings = node_at(plan->settings, "dovecot.settings");
	struct node *extra = node_set(
		plan->arena, group, "extra", node_new(plan->arena, NODE_LIST, view_origin(NULL)));

	for (size_t i = 0; settings != NULL && i < settings->count; i++) {
		struct node *row = node_new(plan->arena, NODE_MAP, &settings->items[i]->origin);
		const char *name = settings->keys[i];
		size_t len = strspn(name,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789_-./");

		if (len == 0 || name[len] != '\0') {
			finding_add(plan->findings, "passthrough-name", &settings->items[i]->origin,
				"\"%s\" cannot be a name in dovecot.conf", name);
			continue;
		}
		if (swallows(settings->items[i]->text)) {
			finding_add(plan->findings, "value-unsafe", &settings->items[i]->origin,
				"%s for dovecot.conf ends in a backslash or begins with <<, which "
				"makes the next lines part of it",
				name);
			continue;
		}
		view_text(plan, row, "name", name, settings->items[i]);
		node_set(plan->arena, row, "value", settings->items[i]);
		node_add(plan->arena, extra, row);
	}
}

/* fill_doors - its sockets, and its ports for a Postfix elsewhere: "" where there is none */
static void
fill_doors(struct plan *plan, struct node *group, const struct dovecot_doors *doors)
{
	const struct listen *lmtp = &doors->lmtp, *sasl = &doors->sasl;

	view_bool(plan, group, "store", doors->store, node_at(plan->settings, "roles"));
	view_bool(plan, group, "local", doors->local, NULL);
	view_text(plan, group, "auth_socket", DOVECOT_AUTH_SOCKET, NULL);
	view_text(plan, group, "auth_port", sasl->port != NULL ? sasl->port : "", sasl->from);
	view_text(plan, group, "auth_address", sasl->address, sasl->from);
	view_text(plan, group, "lmtp_socket", DOVECOT_LMTP_SOCKET, NULL);
	view_text(plan, group, "lmtp_port", lmtp->port != NULL ? lmtp->port : "", lmtp->from);
	view_text(plan, group, "lmtp_address", lmtp->address, lmtp->from);
}

static void
fill_view(struct plan *plan, struct node *group, const char *path)
{
	const struct node *limit = node_at(plan->settings, "limits.mailbox");
	const char *size = limit != NULL ? limit->text : "0";

	view_text(plan, group, "version", language_version(plan), NULL);
	view_text(plan, group, "min_protocol", min_protocol(plan),
		node_at(plan->settings, "tls.protocols"));
	view_text(plan, group, "default_domain",
		mailboxes_are_logins(plan) ? node_text(plan->settings, "hostname", "") : "",
		node_at(plan->settings, "hostname"));
	view_text(plan, group, "path", path, node_at(plan->settings, "mailboxes.path"));
	view_bool(plan, group, "quota", dovecot_has_quota(plan), limit);
	view_text(plan, group, "quota_size", strcmp(size, "0") != 0 ? size : "", limit);
	tls_fill_dovecot(plan, group, dovecot_is_2_3(plan));
	add_extra(plan, group);
}

static void
add_probes(struct plan *plan, const struct dovecot_doors *doors)
{
	if (doors->local)
		supervised_probe(plan, PROBE_UNIX, DOVECOT_AUTH_SOCKET);
	if (doors->sasl.port != NULL)
		supervised_probe(plan, PROBE_TCP, listen_near(plan, &doors->sasl));
	if (!doors->store)
		return;
	if (doors->local)
		supervised_probe(plan, PROBE_UNIX, DOVECOT_LMTP_SOCKET);
	if (doors->lmtp.port != NULL)
		supervised_probe(plan, PROBE_TCP, listen_near(plan, &doors->lmtp));
	supervised_probe(plan, PROBE_IMAP, "127.0.0.1:143");
}

/* add_binds - the lowest port alone: the kernel keeps all below a number, or none */
static void
add_binds(struct plan *plan, const struct dovecot_doors *doors)
{
	const struct listen *listens[] = {&doors->lmtp, &doors->sasl};
	long lowest = doors->store ? DOVECOT_LOWEST_PORT : 0;

	for (size_t i = doors->store ? 0 : 1; i < sizeof(listens) / sizeof(listens[0]); i++) {
		long port = listens[i]->port != NULL ? strtol(listens[i]->port, NULL, 10) : 0;

		if (port != 0 && (lowest == 0 || port < lowest))
			lowest = port;
	}
	if (lowest != 0)
		supervised_binds(plan, "dovecot", lowest);
}

static unsigned
add_service(struct plan *plan, const struct dovecot_doors *doors)
{
	static const char *const argv[] = {"/usr/sbin/dovecot", "-F", NULL};
	/* it names a process of the last start: if that id lives again, Dovecot refuses to start */
	static const char *const stale[] = {"/run/dovecot/master.pid", NULL};
	static const struct supervised_capability capabilities[] = {
		{CAPABILITY_CHOWN, "to give its sockets to those who use them", NULL},
		{CAPABILITY_DAC_OVERRIDE, "to make sockets in Postfix's directories", NULL},
		{CAPABILITY_SETGID, "to run its processes as users of their own", NULL},
		{CAPABILITY_SETUID, "to run its processes as users of their own", NULL},
		{CAPABILITY_SYS_CHROOT, "for the processes that talk to strangers before a login",
			NULL},
		{0, NULL, NULL},
	};
	const struct supervised dovecot = {
		.name = "dovecot",
		.argv = argv,
		.place = daemon_dovecot.place,
		.capabilities = capabilities,
		/* 2.3 ends its idle processes by a signal, and logs an error when it may not */
		.uses = CAPABILITY_BIT(CAPABILITY_KILL),
		.stop_signal = SIGTERM,
		.reload_signal = SIGHUP,
		.final_exits = {DOVECOT_EXIT_CONFIGURATION},
		.stale = stale,
	};
	unsigned bit = supervised_add(plan, &dovecot);

	if (bit == 0)
		return 0;
	add_probes(plan, doors);
	add_binds(plan, doors);
	return bit;
}

/* add_store - the top of the mail store, owned by the user that all mail belongs to */
static void
add_store(struct plan *plan, const char *path)
{
	char *top = arena_strdup(plan->arena, path), *slash;

	top[strcspn(top, "%")] = '\0';
	slash = strrchr(top, '/');
	if (slash == NULL || slash == top)
		return; /* each mailbox right below "/" is not ours to make */
	*slash = '\0';
	plan_add_directory(plan, top, 0755, node_text(plan->settings, "mailboxes.uid", "5000"),
		node_text(plan->settings, "mailboxes.gid", "5000"));
}

/* check_aliases - which are Postfix's: a mail store without one knows mailboxes alone */
static void
check_aliases(struct plan *plan)
{
	const struct node *aliases = node_at(plan->settings, "aliases");
	const struct node *list = node_at(plan->settings, "mailboxes.list");
	const struct node *found = aliases != NULL && aliases->count > 0 ? aliases : NULL;

	for (size_t i = 0;
		found == NULL && list != NULL && list->type == NODE_LIST && i < list->count; i++)
		found = node_get(list->items[i], "aliases");
	if (found != NULL)
		finding_add(plan->findings, "alias-unused", &found->origin,
			"no Postfix runs in this container, and Dovecot knows no aliases");
}

static void
dovecot_contribute(struct plan *plan)
{
	bool local = daemon_postfix.wanted(plan);
	const struct dovecot_doors doors = {
		.store = daemon_role(plan, "mailstore"),
		.local = local,
		.lmtp = listen_of(plan, "listen.lmtp", local ? NULL : DOVECOT_LMTP_PORT),
		.sasl = listen_of(plan, "listen.sasl", NULL),
	};
	struct node *view = view_make(plan), *group = view_group(plan, view, "dovecot");
	const char *path = dovecot_mail_path(plan);
	unsigned bit = add_service(plan, &doors);
	struct plan_file *file;

	fill_doors(plan, group, &doors);
	fill_view(plan, group, path);
	file = render_file(plan, view,
		dovecot_is_2_3(plan) ? "dovecot-2.3/dovecot.conf.mustache"
				     : "dovecot-2.4/dovecot.conf.mustache",
		escape_dovecot, "dovecot/dovecot.conf", "/etc/dovecot/dovecot.conf");
	if (file != NULL) {
		file->services = bit;
		if (file->secret)
			file->mode = 0600; /* root alone reads it */
	}
	dovecot_add_users(plan, bit);
	plan_add_directory(plan, "/run/dovecot", 0755, "root", "root");
	if (doors.store) {
		add_store(plan, path);
		dovecot_check_store(plan, path);
		if (!local)
			check_aliases(plan);
	}
}

const struct daemon daemon_dovecot = {"dovecot", 1, dovecot_wanted, dovecot_contribute};
