/* live.c - check --live: DNS, and the system that runs */
#include "command/live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/text.h"
#include "check/live.h"
#include "daemon/interfaces.h"
#include "supervise/control_client.h"
#include "supervise/probe.h"
#include "supervise/state.h"

#define CONTROL_MS 3000
#define PAUSE_MS 5
#define QUEUE_GAP_MS 1000 /* between two looks at the queue, at least */

int64_t
live_step_end(const struct live_system *system)
{
	int64_t end = deadline_now() + LIVE_STEP_MS;

	return end < system->deadline_ms ? end : system->deadline_ms;
}

void
live_system_right(struct live_system *system, const char *what, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	plan_add_looked(
		system->plan, LOOKED_RIGHT, what, arena_vprintf(system->plan->arena, format, args));
	va_end(args);
}

void
live_system_unknown(struct live_system *system, const char *what, const char *format, ...)
{
	const char *why;
	va_list args;

	va_start(args, format);
	why = arena_vprintf(system->plan->arena, format, args);
	va_end(args);
	plan_add_looked(system->plan, LOOKED_NOT, what, why);
	finding_add(system->plan->findings, "live-not-checked", NULL, "%s: %s", what, why);
}

void
live_system_wrong(
	struct live_system *system, const char *id, const char *what, const char *format, ...)
{
	const char *why;
	va_list args;

	va_start(args, format);
	why = arena_vprintf(system->plan->arena, format, args);
	va_end(args);
	plan_add_looked(system->plan, LOOKED_WRONG, what, why);
	finding_add(system->plan->findings, id, NULL, "%s: %s", what, why);
}

static void
pause_ms(long ms)
{
	const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&pause, NULL);
}

/* answers - whether a probe ends well before END: the one that PID 1 uses at a start */
static bool
answers(struct live_system *system, const struct service_spec *spec, int64_t end)
{
	pid_t pid = probe_start(&system->plan->services, spec), done = 0;
	int status = -1;

	if (pid == -1)
		return false;
	while ((done = waitpid(pid, &status, WNOHANG)) == 0 && deadline_now() < end)
		pause_ms(PAUSE_MS);
	if (done == pid)
		return WIFEXITED(status) && WEXITSTATUS(status) == 0;
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		continue;
	return false;
}

/* A question that PID 1 asks at a start, and what is told of the answer. */
struct question {
	enum probe_kind kind;
	const char *id, *right, *wrong;
};

static void
look_at_partner(struct live_system *system, const struct question *question, const char *what,
	const char *address)
{
	struct service_spec spec = {.probes = {{.kind = (uint8_t)question->kind}}};
	int64_t end = live_step_end(system);

	if (end <= deadline_now())
		live_system_unknown(system, what, "no time was left (--timeout)");
	else if (service_set_text(spec.probes[0].address, SERVICE_PATH_BYTES, address) != 0)
		live_system_unknown(system, what, "its address is too long");
	else if (answers(system, &spec, end))
		live_system_right(system, what, "%s", question->right);
	else if (deadline_now() >= system->deadline_ms)
		live_system_unknown(system, what, "it had not answered when the time was over");
	else
		live_system_wrong(system, question->id, what, "%s at %s", question->wrong, address);
}

static void
look_at_milter(struct live_system *system, const char *name, const char *address)
{
	static const struct question question = {PROBE_MILTER, "live-milter-failed",
		"it answers a negotiation", "it does not answer a negotiation"};

	look_at_partner(
		system, &question, arena_printf(system->plan->arena, "milter %s", name), address);
}

/* look_elsewhere - the mail store, and who checks passwords, in other containers */
static void
look_elsewhere(struct live_system *system)
{
	static const struct {
		const char *path, *what;
		struct question question;
	} partners[] = {
		{"delivery.lmtp", "mail store",
			{PROBE_SMTP, "live-partner-down", "it greets", "it does not greet"}},
		{"delivery.sasl", "authentication",
			{PROBE_TCP, "live-partner-down", "it takes connections",
				"it takes no connections"}},
	};

	for (size_t i = 0; i < sizeof(partners) / sizeof(partners[0]); i++) {
		const char *text = node_text(system->plan->settings, partners[i].path, "");

		if (text_starts(text, "inet:"))
			look_at_partner(system, &partners[i].question,
				arena_printf(system->plan->arena, "%s %s", partners[i].what, text),
				text + strlen("inet:"));
	}
}

/* look_at_milters - those that services of ours are, and those of the settings */
static void
look_at_milters(struct live_system *system)
{
	const struct service_table *table = &system->plan->services;
	const struct node *list = node_at(system->plan->settings, "milters");

	for (uint32_t i = 0; i < table->count; i++)
		for (int j = 0; j < SERVICE_PROBES; j++)
			if (table->services[i].probes[j].kind == PROBE_MILTER)
				look_at_milter(system, table->services[i].name,
					table->services[i].probes[j].address);
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const char *text = list->items[i]->text;

		if (text_starts(text, "inet:") || text_starts(text, "unix:"))
			look_at_milter(system, text, text + strlen("inet:"));
	}
}

/* look_at_services - what PID 1 says */
static void
look_at_services(struct live_system *system)
{
	struct status_snapshot snapshot;
	char why[CONTROL_WHY_BYTES];
	int64_t left = system->deadline_ms - deadline_now();

	if (left <= 0) {
		live_system_unknown(system, "services", "no time was left (--timeout)");
		return;
	}
	if (control_status(&snapshot, left < CONTROL_MS ? (int)left : CONTROL_MS, why) != 0) {
		live_system_unknown(system, "services", "%s", why);
		return;
	}
	for (uint32_t i = 0; i < snapshot.service_count; i++) {
		const struct status_service *service = &snapshot.services[i];
		const char *what = arena_printf(system->plan->arena, "service %s", service->name);

		if (service->state == STATE_READY)
			live_system_right(system, what, "it is ready");
		else
			live_system_wrong(system, "live-service-down", what, "it is %s",
				state_name((enum state)service->state));
	}
}

static void
look_at_ports(struct live_system *system)
{
	struct live_port *ports;
	size_t count = live_ports_of(system->plan, &ports);
	const struct live_port *logins = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!live_port_greets(system, &ports[i]))
			continue;
		if (ports[i].wrapped || ports[i].offers_tls)
			live_tls(system, &ports[i]);
		/* without a dialogue before it where there is a choice */
		if (ports[i].takes_logins && (logins == NULL || ports[i].wrapped))
			logins = &ports[i];
	}
	if (logins != NULL)
		live_sasl(system, logins);
}

static void
look_at_system(struct live_system *system)
{
	struct live_queue before, after;
	int64_t gap;

	live_queue_count(&before, system->deadline_ms);
	look_at_services(system);
	live_disks(system);
	look_at_milters(system);
	look_elsewhere(system);
	look_at_ports(system);
	live_relay(system);
	gap = before.at_ms + QUEUE_GAP_MS - deadline_now();
	if (gap > 0 && deadline_now() + gap < system->deadline_ms)
		pause_ms((long)gap);
	live_queue_count(&after, system->deadline_ms);
	live_queue_judge(system, &before, &after);
}

/* find_own - addresses of this machine that dns.addresses does not have: nobody else knows them */
static void
find_own(struct plan *plan, struct dns_session *session)
{
	const struct node *known = node_at(plan->settings, "dns.addresses");
	struct interface_address *found;
	const char **own;
	size_t count;

	if (interfaces_find(plan->arena, &found, &count) != 0)
		return;
	own = arena_alloc(plan->arena, (count + 1) * sizeof(*own));
	for (size_t i = 0; i < count; i++) {
		char text[INET6_ADDRSTRLEN];
		bool is_known = false;

		if (inet_ntop(found[i].family, found[i].address, text, sizeof(text)) == NULL)
			continue;
		for (size_t j = 0; known != NULL && j < known->count; j++)
			is_known = is_known || strcmp(known->items[j]->text, text) == 0;
		if (!is_known)
			own[session->own_count++] = arena_strdup(plan->arena, text);
	}
	session->own = own;
}

/* runs_here - whether a PID 1 of ours has made its socket; it may not answer all the same */
static bool
runs_here(void)
{
	return access(STATUS_RUN_DIRECTORY "/" STATUS_CONTROL_NAME, F_OK) == 0;
}

void
live_look(struct plan *plan, int timeout_ms, bool here)
{
	struct live_system system = {.plan = plan, .deadline_ms = deadline_now() + timeout_ms};
	struct dns_session session;

	here = here && runs_here();
	dns_session_init(&session, plan->arena);
	dns_servers_read(&session.servers, plan_path(plan, "/etc/resolv.conf"));
	if (here)
		find_own(plan, &session);
	/* neither may use up the time of the other */
	session.deadline_ms = here ? deadline_now() + timeout_ms / 2 : system.deadline_ms;
	check_live_dns(plan, &session);
	if (here) {
		session.deadline_ms = system.deadline_ms;
		system.session = &session;
		look_at_system(&system);
		return;
	}
	plan_add_looked(plan, LOOKED_NOT, "the running system", "it is not here");
	finding_add(plan->findings, "live-elsewhere", NULL,
		"ports, services, queue and disks are looked at in the running container alone");
}
