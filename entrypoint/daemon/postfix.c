/*
 * postfix.c - all that is known of Postfix as a daemon
 *
 * Its master is run itself, not through `postfix start`: a shell in front of it
 * would take the signals. What that script prepares is prepared by apply/ from the
 * directories named here.
 */
#include "daemon/postfix.h"

#include <signal.h>
#include <string.h>

#include "daemon/daemon.h"
#include "daemon/passthrough.h"
#include "daemon/postfix_sources.h"
#include "daemon/render.h"
#include "daemon/service_options.h"
#include "daemon/supervised.h"
#include "daemon/view.h"
#include "template/escape.h"

/* As Postfix's own set-permissions has them; `postfix check` is content with these. */
static const struct plan_directory queue_directories[] = {
	{PLAN_QUEUE_DIRECTORY, 0755, "root", "root"},
	{PLAN_QUEUE_DIRECTORY "/active", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/bounce", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/corrupt", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/defer", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/deferred", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/flush", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/hold", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/incoming", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/private", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/saved", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/trace", 0700, "postfix", "root"},
	{PLAN_QUEUE_DIRECTORY "/maildrop", 0730, "postfix", "postdrop"},
	{PLAN_QUEUE_DIRECTORY "/public", 0710, "postfix", "postdrop"},
	{PLAN_QUEUE_DIRECTORY "/pid", 0755, "root", "root"},
	{"/var/lib/postfix", 0755, "postfix", "postfix"},
};

static bool
postfix_wanted(const struct plan *plan)
{
	return daemon_role(plan, "mx") || daemon_role(plan, "submission") ||
		daemon_role(plan, "relay");
}

static unsigned
add_service(struct plan *plan)
{
	static const char *const needs[] = {"opendkim", "dovecot", NULL};
	static const char *const flush[] = {"/usr/sbin/postqueue", "-f", NULL};
	const char *argv[] = {
		arena_printf(plan->arena, "%s/master", plan->target.postfix_daemon_directory), "-s",
		NULL};
	static const struct supervised_capability capabilities[] = {
		{CAPABILITY_DAC_OVERRIDE, "to reach the directories of its queue", NULL},
		{CAPABILITY_SETGID, "to run its processes as the user postfix", NULL},
		{CAPABILITY_SETUID, "to run its processes as the user postfix", NULL},
		{0, NULL, NULL},
	};
	const struct supervised postfix = {
		.name = "postfix",
		.argv = argv,
		.place = daemon_postfix.place,
		.capabilities = capabilities,
		.stop_signal = SIGTERM,
		.reload_signal = SIGHUP, /* USR1 would kill it */
		/*
		 * A message that is being received, or handed to a mail store. Not smtp: a
		 * remote server that keeps us waiting would hold up every stop, and what it
		 * has not confirmed stays in the queue.
		 */
		.drain = "cleanup lmtp local virtual",
		/* the old qmgr would hand mail to an smtp that still has the old resolver */
		.flush_argv = flush,
		.flush_after = "qmgr",
		.needs = needs,
	};
	unsigned bit = supervised_add(plan, &postfix);

	if (bit == 0)
		return 0;
	supervised_probe(plan, PROBE_SMTP, "127.0.0.1:25");
	supervised_binds(plan, "postfix", 25);
	return bit;
}

/* prepare_chroot - the log socket that chrooted processes reconnect to */
static void
prepare_chroot(struct plan *plan)
{
	static const struct supervised_capability chroot = {CAPABILITY_SYS_CHROOT,
		"for the services with y in the chroot column of master.cf",
		"with postfix.chroot: no (MAIL_POSTFIX_CHROOT=no)"};

	supervised_capability(plan, "postfix", &chroot);
	plan->chroot = true;
	plan_add_directory(plan, PLAN_QUEUE_DIRECTORY "/dev", 0755, "root", "root");
	if (service_set_text(plan->services.syslog_sockets[0], SERVICE_PATH_BYTES,
		    PLAN_QUEUE_DIRECTORY "/dev/log") != 0)
		finding_add(plan->findings, "service-table-full", NULL,
			"postfix: the path of the chroot's log socket does not fit");
}

static void
add_configuration(struct plan *plan, struct node *view, unsigned bit)
{
	static const struct {
		const char *template_name, *name, *link, *passthrough;
		escape_function *escape;
		enum passthrough_form form;
	} files[] = {
		{"postfix/main.cf.mustache", "postfix/main.cf", "/etc/postfix/main.cf",
			"postfix.main", escape_maincf, PASSTHROUGH_MAIN_CF},
		{"postfix/master.cf.mustache", "postfix/master.cf", "/etc/postfix/master.cf",
			"postfix.master", escape_mastercf, PASSTHROUGH_MASTER_CF},
	};

	struct postfix_sources sources;

	postfix_sources_init(&sources, plan, bit);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		/* first what adds files: a file's place is good until the next one */
		const struct node *raw = postfix_sources_refer(&sources,
			postfix_tables_refer(plan, node_at(plan->settings, files[i].passthrough)));
		struct plan_file *file = render_file(plan, view, files[i].template_name,
			files[i].escape, files[i].name, files[i].link);

		if (file == NULL)
			continue;
		file->services = bit;
		passthrough_apply(plan, file, raw, files[i].form);
		if (files[i].form == PASSTHROUGH_MASTER_CF)
			service_options_apply(plan, file);
		if (files[i].form == PASSTHROUGH_MASTER_CF && passthrough_master_chrooted(file))
			prepare_chroot(plan);
	}
	postfix_sources_finish(&sources);
}

static void
postfix_contribute(struct plan *plan)
{
	struct node *view = view_make(plan), *group = view_group(plan, view, "postfix");
	struct postfix_facts facts;
	unsigned bit = add_service(plan);

	for (size_t i = 0; i < sizeof(queue_directories) / sizeof(queue_directories[0]); i++)
		plan_add_directory(plan, queue_directories[i].path, queue_directories[i].mode,
			queue_directories[i].owner, queue_directories[i].group);
	for (const char *const *file = plan_system_files; *file != NULL; file++)
		watches_add(plan->watches, plan_path(plan, *file));
	postfix_facts(plan, &facts);
	postfix_fill_view(plan, group, &facts);
	add_configuration(plan, view, bit);
	postfix_add_maps(plan, &facts, bit);
	postfix_add_tables(plan, bit);
}

const struct daemon daemon_postfix = {"postfix", 0, postfix_wanted, postfix_contribute};
