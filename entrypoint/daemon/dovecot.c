/* dovecot.c - all that is known of Dovecot, but for its users */
#include "daemon/dovecot.h"

#include <ctype.h>
#include <signal.h>
#include <string.h>

#include "base/text.h"
#include "daemon/daemon.h"
#include "daemon/dovecot_store.h"
#include "daemon/mailboxes.h"
#include "daemon/render.h"
#include "daemon/supervised.h"
#include "daemon/tls.h"
#include "daemon/view.h"
#include "template/escape.h"

#define DOVECOT_LOWEST_PORT 110 /* POP3; IMAP has 143 */
#define DOVECOT_EXIT_CONFIGURATION 89 /* fatal configuration or start error */

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

static void
fill_view(struct plan *plan, struct node *group, const char *path, bool store, bool local)
{
	const struct node *limit = node_at(plan->settings, "limits.mailbox");
	const char *size = limit != NULL ? limit->text : "0";

	view_text(plan, group, "version", language_version(plan), NULL);
	view_bool(plan, group, "store", store, node_at(plan->settings, "roles"));
	view_bool(plan, group, "local", local, NULL);
	view_text(plan, group, "min_protocol", min_protocol(plan),
		node_at(plan->settings, "tls.protocols"));
	view_text(plan, group, "default_domain",
		mailboxes_are_logins(plan) ? node_text(plan->settings, "hostname", "") : "",
		node_at(plan->settings, "hostname"));
	view_text(plan, group, "path", path, node_at(plan->settings, "mailboxes.path"));
	view_bool(plan, group, "quota", dovecot_has_quota(plan), limit);
	view_text(plan, group, "quota_size", strcmp(size, "0") != 0 ? size : "", limit);
	view_text(plan, group, "auth_socket", DOVECOT_AUTH_SOCKET, NULL);
	view_text(plan, group, "auth_port", DOVECOT_AUTH_PORT, NULL);
	view_text(plan, group, "lmtp_socket", DOVECOT_LMTP_SOCKET, NULL);
	view_text(plan, group, "lmtp_port", DOVECOT_LMTP_PORT, NULL);
	tls_fill_dovecot(plan, group, dovecot_is_2_3(plan));
	add_extra(plan, group);
}

static void
add_probes(struct plan *plan, bool store, bool local)
{
	if (local)
		supervised_probe(plan, PROBE_UNIX, DOVECOT_AUTH_SOCKET);
	else
		supervised_probe(plan, PROBE_TCP, "127.0.0.1:" DOVECOT_AUTH_PORT);
	if (!store)
		return;
	if (local)
		supervised_probe(plan, PROBE_UNIX, DOVECOT_LMTP_SOCKET);
	else
		supervised_probe(plan, PROBE_TCP, "127.0.0.1:" DOVECOT_LMTP_PORT);
	supervised_probe(plan, PROBE_IMAP, "127.0.0.1:143");
}

static unsigned
add_service(struct plan *plan, bool store, bool local)
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
	add_probes(plan, store, local);
	if (store)
		supervised_binds(plan, "dovecot", DOVECOT_LOWEST_PORT);
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

static void
dovecot_contribute(struct plan *plan)
{
	bool store = daemon_role(plan, "mailstore"), local = daemon_postfix.wanted(plan);
	struct node *view = view_make(plan), *group = view_group(plan, view, "dovecot");
	const char *path = dovecot_mail_path(plan);
	unsigned bit = add_service(plan, store, local);
	struct plan_file *file;

	fill_view(plan, group, path, store, local);
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
	if (store) {
		add_store(plan, path);
		dovecot_check_store(plan, path);
	}
}

const struct daemon daemon_dovecot = {"dovecot", 1, dovecot_wanted, dovecot_contribute};
