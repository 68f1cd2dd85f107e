/*
 * supervise.c - the loop
 *
 * One poll on everything, one deadline, and nothing that waits. What happens
 * becomes events of the fleet; what the fleet decides is done before the next
 * poll. While nothing happens, nothing runs.
 */
#include "supervise/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"
#include "supervise/clock.h"
#include "supervise/privilege.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"
#include "supervise/trim.h"

#define SUPERVISE_POLLS (4 + SUPERVISOR_CLIENTS + 3 * SERVICE_MAX)
#define SUPERVISE_SIGNALS 16 /* read in one go */
#define SUPERVISE_INHERITED_FDS 1024
#define TRIM_QUIET_MS 1000 /* after the last event, memory is given back */
#define SUPERVISE_POLL_PAUSE_MS 100 /* when the kernel refuses to poll */

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1u << 2)
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* The descriptors of one poll, and what each of them stands for. */
struct watch {
	struct pollfd polls[SUPERVISE_POLLS];
	struct control_client *clients[SUPERVISE_POLLS];
	uint32_t services[SUPERVISE_POLLS]; /* SERVICE_MAX: none */
	nfds_t count;
};

void
supervisor_stop(struct supervisor *supervisor, int exit_code)
{
	if (supervisor->phase == PHASE_STOPPING)
		return;
	supervisor->phase = PHASE_STOPPING;
	/* A service that was given up a moment before decides. */
	supervisor->exit_code =
		supervisor->fleet.stopping ? supervisor->fleet.exit_code : exit_code;
	fleet_stop(&supervisor->fleet, supervisor->now, exit_code);
	planning_kill(supervisor);
	returned_kill(supervisor);
	watcher_end(&supervisor->watcher);
}

void
supervisor_start_watcher(struct supervisor *supervisor)
{
	watcher_start(&supervisor->watcher, supervisor->run_directory, supervisor->logger.own[1],
		supervisor->now);
}

void
supervisor_start_logger(struct supervisor *supervisor)
{
	int outputs[SERVICE_MAX];

	for (uint32_t i = 0; i < supervisor->table.count; i++)
		outputs[i] = supervisor->runners[i].output[0];
	logger_start(&supervisor->logger, &supervisor->table, outputs, supervisor->now);
}

/* ---- signals ---- */

static void
reap_one(struct supervisor *supervisor, pid_t pid, int status)
{
	if (pid == supervisor->planning.pid)
		planning_reaped(supervisor, status);
	else if (pid == supervisor->returning.pid)
		returned_reaped(supervisor);
	else if (pid == supervisor->logger.pid)
		logger_gone(&supervisor->logger, supervisor->now);
	else if (pid == supervisor->watcher.pid)
		watcher_gone(&supervisor->watcher, status, supervisor->now);
	else if (!runner_reaped(supervisor, pid, status))
		supervisor->orphans++;
}

/* One signal may stand for many children: all of them are waited for. */
static void
reap(struct supervisor *supervisor)
{
	pid_t pid;
	int status;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		reap_one(supervisor, pid, status);
}

static void
hurry(struct supervisor *supervisor)
{
	supervisor->at_once = true;
	fleet_hurry(&supervisor->fleet, supervisor->now);
	runner_kill_all(supervisor);
}

static void
stop_requested(struct supervisor *supervisor, const char *signal, bool at_once)
{
	supervisor->stop_requests++;
	say(LOG_LEVEL_INFO, "%s: %s", signal,
		at_once                                 ? "stopping at once"
			: supervisor->stop_requests > 1 ? "again: stopping at once"
							: "stopping");
	supervisor_stop(supervisor, EXIT_DONE);
	if (at_once || supervisor->stop_requests > 1)
		hurry(supervisor);
}

static void
say_status(const struct supervisor *supervisor)
{
	const struct fleet *fleet = &supervisor->fleet;

	say(LOG_LEVEL_INFO,
		"status: generation %u, %u services, %llu orphans reaped, %llu log lines dropped",
		supervisor->table.generation, fleet->count, (unsigned long long)supervisor->orphans,
		(unsigned long long)(supervisor->logger.share->dropped + say_lost()));
	for (uint32_t i = 0; i < fleet->count; i++)
		say(LOG_LEVEL_INFO, "status: %s is %s for %lld s, pid %d, %u restarts",
			supervisor->table.services[i].name, state_name(fleet->machines[i].state),
			(long long)(supervisor->now - fleet->machines[i].since) / 1000,
			(int)supervisor->runners[i].pid, fleet->machines[i].restarts);
}

static void
take_signal(struct supervisor *supervisor, uint32_t number)
{
	switch (number) {
	case SIGCHLD:
		reap(supervisor);
		break;
	case SIGTERM:
		stop_requested(supervisor, "TERM", false);
		break;
	case SIGINT:
		stop_requested(supervisor, "INT", false);
		break;
	case SIGQUIT:
		stop_requested(supervisor, "QUIT", true);
		break;
	case SIGHUP:
		planning_request(supervisor);
		break;
	case SIGUSR1:
		say_status(supervisor);
		break;
	default:
		break; /* all others mean nothing to us */
	}
}

static void
read_signals(struct supervisor *supervisor)
{
	struct signalfd_siginfo infos[SUPERVISE_SIGNALS];
	ssize_t got;

	while ((got = read(supervisor->signal_fd, infos, sizeof(infos))) > 0)
		for (size_t i = 0; i < (size_t)got / sizeof(infos[0]); i++)
			take_signal(supervisor, infos[i].ssi_signo);
}

/* ---- one turn of the loop ---- */

static void
watch_fd(struct watch *watch, int fd, struct control_client *client, uint32_t service)
{
	if (fd == -1)
		return;
	watch->polls[watch->count] = (struct pollfd){.fd = fd, .events = POLLIN};
	watch->clients[watch->count] = client;
	watch->services[watch->count] = service;
	watch->count++;
}

static void
watch_all(struct supervisor *supervisor, struct watch *watch)
{
	watch->count = 0;
	watch_fd(watch, supervisor->signal_fd, NULL, SERVICE_MAX);
	watch_fd(watch, supervisor->accept_at > supervisor->now ? -1 : supervisor->control_fd, NULL,
		SERVICE_MAX);
	watch_fd(watch, supervisor->planning.fd, NULL, SERVICE_MAX);
	watch_fd(watch, supervisor->watcher.tell[0], NULL, SERVICE_MAX);
	for (int i = 0; i < SUPERVISOR_CLIENTS; i++)
		watch_fd(watch, supervisor->clients[i].fd, &supervisor->clients[i], SERVICE_MAX);
	for (uint32_t i = 0; i < supervisor->table.count; i++) {
		watch_fd(watch, supervisor->runners[i].failure_fd, NULL, i);
		watch_fd(watch, supervisor->runners[i].notify_fd, NULL, i);
		watch_fd(watch, supervisor->runners[i].ready_fd, NULL, i);
	}
}

static void
read_watcher(struct supervisor *supervisor)
{
	if (watcher_read(&supervisor->watcher))
		planning_request_by_watch(supervisor);
}

/* What one of them does may close another: whoever is gone is passed over. */
static void
take_one(struct supervisor *supervisor, int fd, struct control_client *client, uint32_t service)
{
	if (fd == supervisor->signal_fd)
		read_signals(supervisor);
	else if (fd == supervisor->control_fd)
		control_accept(supervisor);
	else if (client != NULL && client->fd == fd)
		control_read(supervisor, client);
	else if (client == NULL && fd == supervisor->planning.fd)
		planning_read(supervisor);
	else if (client == NULL && fd == supervisor->watcher.tell[0])
		read_watcher(supervisor);
	else if (service < supervisor->table.count)
		runner_read(supervisor, service);
}

static void
take_ready(struct supervisor *supervisor, const struct watch *watch)
{
	for (nfds_t i = 0; i < watch->count; i++)
		if (watch->polls[i].revents != 0)
			take_one(supervisor, watch->polls[i].fd, watch->clients[i],
				watch->services[i]);
}

static int64_t
nearest_deadline(const struct supervisor *supervisor)
{
	const int64_t deadlines[] = {fleet_deadline(&supervisor->fleet),
		runner_deadline(supervisor), supervisor->planning.deadline,
		supervisor->returning.deadline, supervisor->logger.restart_at,
		supervisor->watcher.restart_at, control_deadline(supervisor),
		ending_deadline(supervisor), supervisor->planning.review_at, supervisor->trim_at};
	int64_t nearest = STATE_NEVER;

	for (size_t i = 0; i < sizeof(deadlines) / sizeof(deadlines[0]); i++)
		if (deadlines[i] < nearest)
			nearest = deadlines[i];
	return nearest;
}

static int
poll_timeout(const struct supervisor *supervisor)
{
	int64_t nearest = nearest_deadline(supervisor), left;

	if (nearest == STATE_NEVER)
		return -1;
	left = nearest - supervisor->now;
	if (left < 0)
		return 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}

static void
take_deadlines(struct supervisor *supervisor)
{
	fleet_tick(&supervisor->fleet, supervisor->now);
	runner_tick(supervisor);
	planning_tick(supervisor);
	returned_tick(supervisor);
	if (supervisor->logger.restart_at <= supervisor->now)
		supervisor_start_logger(supervisor);
	if (supervisor->watcher.restart_at <= supervisor->now)
		supervisor_start_watcher(supervisor);
}

/* Returns whether it has to be called again without waiting. */
static bool
settle(struct supervisor *supervisor)
{
	bool more = runner_settle(supervisor);

	/* A required service was given up: the fleet stops, and all else with it. */
	if (supervisor->fleet.stopping)
		supervisor_stop(supervisor, supervisor->fleet.exit_code);
	returned_settle(supervisor); /* before services change their places */
	adopt_settle(supervisor);
	planning_settle(supervisor);
	more |= runner_settle(supervisor);
	control_tick(supervisor);
	ending_settle(supervisor);
	say_flush();
	return more;
}

/*
 * poll(2) refuses when the limit of open files was lowered below what is open,
 * or when the kernel has no memory. Then all are tried after a pause: nothing of
 * ours blocks, so none of them can hold us, and signals are still heard.
 */
static void
await_blindly(struct watch *watch)
{
	(void)poll(NULL, 0, SUPERVISE_POLL_PAUSE_MS);
	for (nfds_t i = 0; i < watch->count; i++)
		watch->polls[i].revents = POLLIN;
}

/* Returns whether something may have happened. */
static bool
await(struct watch *watch, int timeout_ms)
{
	int ready = poll(watch->polls, watch->count, timeout_ms);

	if (ready != -1 || errno == EINTR)
		return ready > 0;
	await_blindly(watch);
	return true;
}

static void
turn(struct supervisor *supervisor, bool wait)
{
	struct watch watch;
	bool happened, trims = supervisor->trim_at <= supervisor->now;
	int timeout_ms;

	watch_all(supervisor, &watch);
	if (trims)
		supervisor->trim_at = STATE_NEVER;
	timeout_ms = wait ? poll_timeout(supervisor) : 0;
	/* The last thing before it waits: whatever came between would need its own pages again. */
	if (trims)
		trim_program();
	happened = await(&watch, timeout_ms);
	if (happened) {
		supervisor->now = clock_monotonic();
		take_ready(supervisor, &watch);
	}
	supervisor->now = clock_monotonic();
	/* Unless it is for the memory that it woke. */
	if (happened || supervisor->trim_at > supervisor->now)
		supervisor->trim_at = supervisor->now + TRIM_QUIET_MS;
	/*
	 * What happened counts before what is overdue: after a pause of the whole
	 * machine, whoever answered or ended in time must not be called late.
	 */
	(void)runner_settle(supervisor); /* the caller settles again, until nothing is left */
	take_deadlines(supervisor);
}

/* ---- the beginning ---- */

/* 0, 1 and 2 are there, and nothing else that was open goes on to a child. */
static int
tidy_files(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", O_RDWR) != fd)
			return -1;
	if (syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, CLOSE_RANGE_CLOEXEC) == 0)
		return 0;
	for (int fd = STDERR_FILENO + 1; fd < SUPERVISE_INHERITED_FDS; fd++)
		if (fcntl(fd, F_GETFD) != -1 && fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
			return -1;
	return 0;
}

static int
open_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	return signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int
begin(struct supervisor *supervisor, const struct supervise_options *options)
{
	supervisor->options = options;
	supervisor->run_directory =
		options->run_directory != NULL ? options->run_directory : STATUS_RUN_DIRECTORY;
	supervisor->is_init = getpid() == 1;
	supervisor->cannot_bound = !privilege_can_bound();
	supervisor->capabilities = privilege_permitted();
	supervisor->now = clock_monotonic();
	supervisor->control_fd = supervisor->planning.fd = -1;
	supervisor->planning.deadline = supervisor->planning.review_at =
		supervisor->logger.restart_at = STATE_NEVER;
	supervisor->returning.deadline = supervisor->trim_at = STATE_NEVER;
	supervisor->planning.findings = -1;
	watcher_init(&supervisor->watcher);
	if (tidy_files() == -1 || (supervisor->signal_fd = open_signals()) == -1 ||
		(!supervisor->is_init && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == -1)) {
		say(LOG_LEVEL_ERROR, "unable to set up signals and files: %s", strerror(errno));
		return -1;
	}
	/* We stay in our directory: paths of the command line and of *_FILE are taken from there. */
	umask(022);
	return control_open(supervisor) == 0 ? logger_open(&supervisor->logger) : -1;
}

int
supervise_run(const struct supervise_options *options)
{
	static struct supervisor supervisor;
	bool more;

	if (begin(&supervisor, options) == -1)
		return EXIT_SYSTEM;
	planning_start(&supervisor, PREPARE_START);
	more = settle(&supervisor);
	while (supervisor.ending != ENDING_DONE) {
		turn(&supervisor, !more);
		more = settle(&supervisor);
	}
	return supervisor.exit_code;
}
