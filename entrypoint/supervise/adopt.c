/*
 * adopt.c - going over to a service table
 *
 * The first one starts everything. A later one touches only what differs:
 * services that are gone are stopped first, new ones start, changed ones are
 * told or started anew, and all others never notice.
 */
#include <errno.h>
#include <string.h>

#include "base/capability.h"
#include "supervise/privilege.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

#define ADOPT_SYSLOG "/dev/log"

static void
bind_syslog(struct supervisor *supervisor, const char *path)
{
	if (path[0] == '\0' || logger_bind(&supervisor->logger, path) == 0)
		return;
	say(LOG_LEVEL_ERROR,
		"unable to bind the syslog socket %s: %s; what is logged there is lost", path,
		strerror(errno));
}

static void
bind_all_syslog(struct supervisor *supervisor)
{
	const char *path = supervisor->options->syslog_path;

	bind_syslog(supervisor, path != NULL ? path : ADOPT_SYSLOG);
	for (int i = 0; i < SERVICE_SYSLOG_SOCKETS; i++)
		bind_syslog(supervisor, supervisor->table.syslog_sockets[i]);
}

/*
 * What nobody needs is given up: the services' own, what it takes to start them
 * (users, bounding sets) and to end them (KILL), and what the children need that
 * apply a reload (owners, files of others). A reload may need less, and never gets
 * back what was given up.
 */
static void
reduce_privileges(struct supervisor *supervisor)
{
	uint64_t kept = CAPABILITY_BIT(CAPABILITY_CHOWN) | CAPABILITY_BIT(CAPABILITY_DAC_OVERRIDE) |
		CAPABILITY_BIT(CAPABILITY_KILL) | CAPABILITY_BIT(CAPABILITY_SETGID) |
		CAPABILITY_BIT(CAPABILITY_SETUID) | CAPABILITY_BIT(CAPABILITY_SETPCAP);

	for (uint32_t i = 0; i < supervisor->table.count; i++)
		kept |= supervisor->table.services[i].capabilities;
	if (privilege_reduce(kept) == -1)
		say(LOG_LEVEL_WARNING, "unable to give up capabilities: %s", strerror(errno));
	supervisor->capabilities = privilege_permitted();
}

/* The log is there before the first service, so that not even an early error is lost. */
bool
adopt_first(struct supervisor *supervisor)
{
	supervisor->table = supervisor->next;
	bind_all_syslog(supervisor);
	for (uint32_t i = 0; i < supervisor->table.count; i++)
		if (runner_open(supervisor, i) == -1) {
			supervisor->table.count = i;
			return false;
		}
	supervisor_start_logger(supervisor);
	supervisor->phase = PHASE_RUNNING;
	if (supervisor->cannot_bound)
		say(LOG_LEVEL_INFO,
			"without the capability SETPCAP, bounding sets stay as they are");
	reduce_privileges(supervisor);
	supervisor_start_watcher(supervisor);
	fleet_init(&supervisor->fleet, &supervisor->table, supervisor->now);
	return true;
}

static bool
is_leaving(const struct supervisor *supervisor, uint32_t service)
{
	return service_find(&supervisor->next, supervisor->table.services[service].name) == -1;
}

void
adopt_begin(struct supervisor *supervisor)
{
	supervisor->planning.adopting = true;
	for (uint32_t i = 0; i < supervisor->table.count; i++)
		if (is_leaving(supervisor, i))
			fleet_event(&supervisor->fleet, i, EVENT_STOP, supervisor->now);
}

/* Whether a list of the old table and one of the new hold the same strings. */
static bool
same_list(const struct service_table *old, service_list a, const struct service_table *next,
	service_list b)
{
	char *one[SERVICE_LIST_MAX], *other[SERVICE_LIST_MAX];
	int count = service_get_list(old, a, one, SERVICE_LIST_MAX);

	if (service_get_list(next, b, other, SERVICE_LIST_MAX) != count)
		return false;
	for (int i = 0; i < count; i++)
		if (strcmp(one[i], other[i]) != 0)
			return false;
	return true;
}

/* Differences that no reload signal can bring to a running process. */
static bool
must_restart(const struct supervisor *supervisor, const struct service_spec *old,
	const struct service_spec *next)
{
	const struct service_table *now = &supervisor->table, *then = &supervisor->next;

	return next->restart || memcmp(old->argv, next->argv, sizeof(old->argv)) != 0 ||
		old->uid != next->uid || old->gid != next->gid ||
		old->capabilities != next->capabilities ||
		old->no_new_privs != next->no_new_privs ||
		!same_list(now, old->environment, then, next->environment) ||
		!same_list(now, old->directory, then, next->directory);
}

static void
bring_change(struct supervisor *supervisor, uint32_t service, bool restart)
{
	struct fleet *fleet = &supervisor->fleet;

	switch (fleet->machines[service].state) {
	case STATE_STARTING:
	case STATE_READY:
		if (restart)
			fleet_event(fleet, service, EVENT_RESTART, supervisor->now);
		else
			fleet_reload(fleet, service);
		break;
	case STATE_BACKOFF:
	case STATE_FAILED:
		/* What it failed for may just have been corrected. */
		fleet_event(fleet, service, EVENT_START, supervisor->now);
		break;
	default:
		break; /* stopped by hand stays so; all others read everything when they start */
	}
}

/* Moves each service's processes and pipes to its new place; opens those of new ones. */
static void
move_runners(struct supervisor *supervisor, const int old_place[SERVICE_MAX], uint32_t old_count)
{
	struct runner old[SERVICE_MAX];
	bool kept[SERVICE_MAX] = {false};

	memcpy(old, supervisor->runners, sizeof(old));
	for (uint32_t i = 0; i < supervisor->table.count; i++) {
		if (old_place[i] < 0) {
			/* Without pipes it fails at its start, is tried again, and says so. */
			(void)runner_open(supervisor, i);
			continue;
		}
		supervisor->runners[i] = old[old_place[i]];
		kept[old_place[i]] = true;
		if (runner_open_notify(supervisor, i) == -1)
			say(LOG_LEVEL_ERROR, "%s: unable to make its notification socket: %s",
				supervisor->table.services[i].name, strerror(errno));
	}
	for (uint32_t i = 0; i < old_count; i++)
		if (!kept[i])
			runner_close(&old[i]);
	for (uint32_t i = 0; i < SERVICE_MAX; i++)
		supervisor->logger.share->pids[i] =
			i < supervisor->table.count ? supervisor->runners[i].pid : 0;
}

static void
adopt(struct supervisor *supervisor)
{
	const struct service_table *next = &supervisor->next;
	int old_place[SERVICE_MAX];
	bool restart[SERVICE_MAX] = {false}, changed[SERVICE_MAX] = {false};
	bool flush[SERVICE_MAX] = {false};
	uint32_t old_count = supervisor->table.count;

	for (uint32_t i = 0; i < SERVICE_MAX; i++)
		old_place[i] = -1;
	for (uint32_t i = 0; i < next->count; i++) {
		const struct service_spec *spec = &next->services[i];

		old_place[i] = service_find(&supervisor->table, spec->name);
		if (old_place[i] < 0)
			continue;
		restart[i] =
			must_restart(supervisor, &supervisor->table.services[old_place[i]], spec);
		changed[i] = restart[i] || spec->changed;
		flush[i] = spec->flush;
	}
	supervisor->table = *next;
	move_runners(supervisor, old_place, old_count);
	fleet_adopt(&supervisor->fleet, &supervisor->table, old_place, supervisor->now);
	bind_all_syslog(supervisor);
	reduce_privileges(supervisor);
	/* Other sources, another format: the logger begins anew, on the same descriptors. */
	logger_renew(&supervisor->logger);
	for (uint32_t i = 0; i < supervisor->table.count; i++)
		supervisor->runners[i].flush_wanted |= flush[i];
	for (uint32_t i = 0; i < supervisor->table.count; i++)
		if (changed[i])
			bring_change(supervisor, i, restart[i]);
	supervisor->planning.adopting = false;
	planning_applied(supervisor);
}

void
adopt_settle(struct supervisor *supervisor)
{
	bool down = true;

	if (!supervisor->planning.adopting || supervisor->phase != PHASE_RUNNING)
		return;
	for (uint32_t i = 0; i < supervisor->table.count; i++) {
		const struct state_machine *machine = &supervisor->fleet.machines[i];

		if (!is_leaving(supervisor, i) || state_down(machine->state))
			continue;
		/* Somebody may have started it again: then this reload, and all after it, would never end. */
		fleet_event(&supervisor->fleet, i, EVENT_STOP, supervisor->now);
		down &= state_down(machine->state);
	}
	if (down)
		adopt(supervisor);
}
