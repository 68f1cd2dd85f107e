/*
 * postfix_services.c - services in master.cf that cannot work as they stand
 *
 * Each program of Postfix says at its start how many processes it may have, and
 * whether it must keep its privileges (CA_MAIL_SERVER_* in its sources); it ends
 * when master.cf says otherwise, and master starts it again after a pause.
 */
#include <string.h>

#include "base/text.h"
#include "check/postfix.h"

enum {
	ANY = -1, /* as many processes as master.cf says */
};

static const struct program {
	const char *name;
	int processes;
	bool privileged;
} programs[] = {
	{"anvil", 1, false},
	{"bounce", 0, false},
	{"cleanup", 0, false},
	{"discard", ANY, false},
	{"dnsblog", 0, false},
	{"error", ANY, false},
	{"flush", 0, false},
	{"lmtp", ANY, false},
	{"local", ANY, true},
	{"nqmgr", 1, false},
	{"oqmgr", 1, false},
	{"pickup", 1, false},
	{"pipe", ANY, true},
	{"postlogd", 1, false},
	{"postscreen", 1, false},
	{"proxymap", ANY, false},
	{"qmgr", 1, false},
	{"qmqpd", ANY, false},
	{"scache", 1, false},
	{"showq", ANY, false},
	{"smtp", ANY, false},
	{"smtpd", ANY, false},
	{"spawn", ANY, true},
	{"tlsmgr", 1, false},
	{"tlsproxy", 0, false},
	{"trivial-rewrite", ANY, false},
	{"verify", 1, false},
	{"virtual", ANY, true},
};

#define PROGRAMS (sizeof(programs) / sizeof(programs[0]))

static const struct program *
find_program(const char *name)
{
	for (size_t i = 0; i < PROGRAMS; i++)
		if (strcmp(programs[i].name, name) == 0)
			return &programs[i];
	return NULL;
}

/* say_command - another program may lie in the daemons' directory: only a name like ours is misspelt */
static void
say_command(struct postfix_check *check, const struct master_cf_service *service,
	const struct postfix_setting *place)
{
	const char *names[PROGRAMS], *near;

	for (size_t i = 0; i < PROGRAMS; i++)
		names[i] = programs[i].name;
	near = text_nearest(service->command, names, PROGRAMS);
	if (near != NULL)
		postfix_say(check, "postfix-command-unknown", place, service->command_at,
			"%s/%s: Postfix has no program %s; did you mean %s?", service->name,
			service->type, service->command, near);
}

static void
check_service(struct postfix_check *check, const struct master_cf_service *service)
{
	const struct program *program = find_program(service->command);
	const struct postfix_setting place = {.file = check->master_file, .line = &service->line};
	const char *wanted;

	if (program == NULL) {
		say_command(check, service, &place);
		return;
	}
	wanted = program->processes == 0 ? "0" : "1";
	if (program->processes != ANY && strcmp(service->maxproc, wanted) != 0)
		postfix_say(check, "postfix-service-limit", &place, 0,
			"%s/%s: %s runs with maxproc %s alone, and it is \"%s\"", service->name,
			service->type, service->command, wanted, service->maxproc);
	if (program->privileged && service->unprivileged != 'n')
		postfix_say(check, "postfix-service-limit", &place, 0,
			"%s/%s: %s needs its privileges: its fourth field, unprivileged, is n",
			service->name, service->type, service->command);
}

/* check_missing - without these no mail is taken, or none leaves the queue */
static void
check_missing(struct postfix_check *check)
{
	static const struct {
		const char *name, *parameter;
	} needed[] = {
		{"cleanup", "cleanup_service_name"},
		{"qmgr", "queue_service_name"},
		{"rewrite", "rewrite_service_name"},
		{"bounce", "bounce_service_name"},
		{"defer", "defer_service_name"},
	};

	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		const char *name = needed[i].name;
		const struct node *taken;
		struct finding *finding;

		if (postfix_setting_of(check, NULL, needed[i].parameter) != NULL ||
			master_cf_find(&check->master_cf, name, "unix") != NULL)
			continue;
		finding = postfix_say_at(check, "postfix-service-missing", check->master_file, 1, 1,
			"there is no service %s/unix, which every message needs", name);
		taken = node_get(node_at(check->plan->settings, "postfix.master"),
			arena_printf(check->plan->arena, "%s/unix", name));
		if (taken != NULL)
			finding->origin = taken->origin;
	}
}

void
postfix_check_services(struct postfix_check *check)
{
	for (size_t i = 0; i < check->master_cf.count; i++)
		if (!check->master_cf.services[i].overridden)
			check_service(check, &check->master_cf.services[i]);
	/* a line that could not be read may be the one */
	if (!check->broken)
		check_missing(check);
}
