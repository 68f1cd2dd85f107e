/*
 * planning.c - the children that plan
 *
 * All parsing happens in them. PID 1 gets one struct through a pipe, believes it
 * only when the child ended with code 0 and the struct is whole, and kills the
 * child when it takes too long.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fatal.h"
#include "supervise/clock.h"
#include "supervise/say.h"
#include "supervise/supervisor.h"

#define PLANNING_TIMEOUT_MS 60000
#define PLANNING_HEAR_MS 10000
#define PLANNING_KILL_MS 1000 /* from KILL until we go on without it */
/*
 * Some findings come with time alone: a certificate that nobody renews. What a plan
 * says of them is a day old at most, whatever the wall clock does.
 */
#define PLANNING_REVIEW_MS (24 * 3600 * INT64_C(1000))

static uint32_t
timeout_ms(const struct supervisor *supervisor)
{
	uint32_t given = supervisor->options->prepare_timeout_ms;

	return given != 0 ? given : PLANNING_TIMEOUT_MS;
}

static int64_t
review_ms(const struct supervisor *supervisor)
{
	uint32_t given = supervisor->options->review_ms;

	return given != 0 ? given : PLANNING_REVIEW_MS;
}

static _Noreturn void
plan(struct supervisor *supervisor, enum prepare_mode mode, int table_fd, pid_t parent)
{
	int code;

	/* At the start there is no logger yet: what it has to say goes to the container's own log. */
	if (spawn_helper(parent, mode == PREPARE_RELOAD ? supervisor->logger.planning[1] : -1) ==
		-1)
		_exit(EXIT_SYSTEM);
	code = supervisor->options->prepare(supervisor->options->context, mode, table_fd);
	/* Not exit: what its memory looks like at the end is nobody's concern. */
	if (fflush(NULL) == EOF && code == EXIT_DONE)
		code = EXIT_SYSTEM;
	_exit(code);
}

static void
finished(struct supervisor *supervisor, enum status_reload result)
{
	struct planning *planning = &supervisor->planning;

	planning->result = (uint8_t)result;
	planning->result_at = clock_wall();
	planning->review_at = supervisor->now + review_ms(supervisor);
	planning->serial++;
}

/* Returns the child's pid, and in FD where its table comes; or -1 with errno. */
static pid_t
fork_planner(struct supervisor *supervisor, enum prepare_mode mode, int *fd)
{
	pid_t parent = getpid(), pid;
	int ends[2], error;

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	pid = fork();
	error = errno;
	if (pid == 0) {
		close(ends[0]);
		plan(supervisor, mode, ends[1], parent);
	}
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		errno = error;
		return -1;
	}
	/* The child does the same; whoever comes first, a kill finds the group. */
	(void)setpgid(pid, pid);
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	*fd = ends[0];
	return pid;
}

void
planning_start(struct supervisor *supervisor, enum prepare_mode mode)
{
	struct planning *planning = &supervisor->planning;
	planning->again = planning->overdue = planning->killed = false;
	planning->pid = fork_planner(supervisor, mode, &planning->fd);
	if (planning->pid == -1) {
		planning->pid = 0;
		say(LOG_LEVEL_ERROR, "unable to start planning: %s%s", strerror(errno),
			spawn_advice(errno));
		finished(supervisor, RELOAD_REFUSED);
		planning->findings = -1;
		if (mode == PREPARE_START)
			supervisor_stop(supervisor, EXIT_SYSTEM);
		return;
	}
	planning->mode = mode;
	planning->got = 0;
	planning->deadline = supervisor->now + timeout_ms(supervisor);
}

static void
request(struct supervisor *supervisor, bool by_watch)
{
	struct planning *planning = &supervisor->planning;

	if (supervisor->phase == PHASE_STOPPING)
		return;
	if (planning->pid == 0 && !planning->adopting) {
		planning->by_watch = by_watch;
		planning_start(supervisor, PREPARE_RELOAD);
		return;
	}
	planning->again_by_watch = by_watch && (!planning->again || planning->again_by_watch);
	planning->again = true;
}

/* A reload, now or as soon as what is under way has ended. */
void
planning_request(struct supervisor *supervisor)
{
	request(supervisor, false);
}

/* Nobody waits to hear of it: that nothing has changed is then worth no line. */
void
planning_request_by_watch(struct supervisor *supervisor)
{
	request(supervisor, true);
}

static void
close_pipe(struct planning *planning)
{
	if (planning->fd != -1)
		close(planning->fd);
	planning->fd = -1;
}

/* One byte more than a table is already too much, and shows as such. */
void
planning_read(struct supervisor *supervisor)
{
	struct planning *planning = &supervisor->planning;
	char *room = (char *)&supervisor->next;

	while (planning->fd != -1) {
		char excess;
		bool full = planning->got >= sizeof(supervisor->next);
		ssize_t got = full ? read(planning->fd, &excess, 1)
				   : read(planning->fd, room + planning->got,
					     sizeof(supervisor->next) - planning->got);

		if (got == -1 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got <= 0 || full) {
			planning->got += full && got > 0;
			close_pipe(planning);
			return;
		}
		planning->got += (size_t)got;
	}
}

/* The exit code that a planning stands for; what is wrong beyond it is said. */
static int
judge(struct supervisor *supervisor, int status)
{
	struct planning *planning = &supervisor->planning;
	bool whole = service_table_valid(&supervisor->next, planning->got);

	planning->findings = whole
		? (int32_t)(supervisor->next.findings_errors + supervisor->next.findings_warnings)
		: -1;
	if (WIFSIGNALED(status)) {
		say(LOG_LEVEL_ERROR, "planning ended by signal %d (%s)%s", WTERMSIG(status),
			strsignal(WTERMSIG(status)), planning->overdue ? ": it took too long" : "");
		return EXIT_SYSTEM;
	}
	if (WEXITSTATUS(status) != 0)
		return WEXITSTATUS(status);
	if (whole && supervisor->next.count > 0 && fleet_orderable(&supervisor->next))
		return EXIT_DONE;
	say(LOG_LEVEL_ERROR, "the plan's service table is unusable: %s",
		!whole                                ? "it is not whole"
			: supervisor->next.count == 0 ? "it holds no service"
						      : "services need each other in a circle");
	return EXIT_SYSTEM;
}

static void
started(struct supervisor *supervisor, int code)
{
	if (code == EXIT_DONE && adopt_first(supervisor)) {
		finished(supervisor, RELOAD_APPLIED);
		return;
	}
	finished(supervisor, RELOAD_REFUSED);
	supervisor_stop(supervisor, code != EXIT_DONE ? code : EXIT_SYSTEM);
}

/* Whether people want to hear that nothing has changed: they asked, or what was wrong is right again. */
static bool
is_news(const struct supervisor *supervisor)
{
	return !supervisor->planning.by_watch || supervisor->planning.result == RELOAD_REFUSED ||
		supervisor->table.findings_errors != supervisor->next.findings_errors;
}

static void
reloaded(struct supervisor *supervisor, int code)
{
	if (code != EXIT_DONE) {
		say(LOG_LEVEL_ERROR, "reload refused (code %d): everything stays as it was", code);
		finished(supervisor, RELOAD_REFUSED);
	} else if (supervisor->next.changed_nothing &&
		service_table_same(&supervisor->table, &supervisor->next)) {
		say(is_news(supervisor) ? LOG_LEVEL_INFO : LOG_LEVEL_DEBUG,
			"reload: nothing has changed");
		service_table_tell(&supervisor->table, &supervisor->next);
		finished(supervisor, RELOAD_UNCHANGED);
	} else {
		adopt_begin(supervisor);
	}
}

/* adopt.c went over to the new table. */
void
planning_applied(struct supervisor *supervisor)
{
	say(LOG_LEVEL_INFO, "reload applied: generation %u", supervisor->table.generation);
	if (supervisor->planning.by_watch)
		supervisor->planning.hear_until = supervisor->now + PLANNING_HEAR_MS;
	finished(supervisor, RELOAD_APPLIED);
}

static void
forget_child(struct planning *planning)
{
	close_pipe(planning);
	planning->pid = 0;
	planning->deadline = STATE_NEVER;
}

static void
conclude(struct supervisor *supervisor, int code)
{
	if (supervisor->planning.mode == PREPARE_START)
		started(supervisor, code);
	else
		reloaded(supervisor, code);
}

void
planning_reaped(struct supervisor *supervisor, int status)
{
	planning_read(supervisor);
	forget_child(&supervisor->planning);
	/* Asked to stop in the meantime: what it planned no longer matters. */
	if (supervisor->phase != PHASE_STOPPING)
		conclude(supervisor, judge(supervisor, status));
}

/* Its end is awaited for a moment, but not beyond the time of the whole stop. */
void
planning_kill(struct supervisor *supervisor)
{
	struct planning *planning = &supervisor->planning;
	const struct fleet *fleet = &supervisor->fleet;

	if (planning->pid <= 0)
		return;
	kill(-planning->pid, SIGKILL);
	if (!planning->killed)
		planning->deadline = supervisor->now + PLANNING_KILL_MS;
	planning->killed = true;
	/* Before the first plan the fleet is empty, and its stop has no time of its own. */
	if (fleet->stopping && fleet->count > 0 && planning->deadline > fleet->stop_deadline)
		planning->deadline = fleet->stop_deadline;
}

/*
 * Not even KILL ended it: it hangs in the kernel, as on a dead network file
 * system, or somebody traces it. From now on it is an orphan like others.
 */
static void
leave_behind(struct supervisor *supervisor)
{
	struct planning *planning = &supervisor->planning;

	say(LOG_LEVEL_ERROR,
		"planning (pid %d) was killed and does not end: the kernel holds it, as a dead "
		"network "
		"file system does; left behind",
		(int)planning->pid);
	forget_child(planning);
	if (supervisor->phase != PHASE_STOPPING)
		conclude(supervisor, EXIT_SYSTEM);
}

void
planning_tick(struct supervisor *supervisor)
{
	struct planning *planning = &supervisor->planning;

	if (planning->review_at <= supervisor->now) {
		planning->review_at = STATE_NEVER; /* until that plan has ended */
		planning_request(supervisor);
	}
	if (planning->deadline > supervisor->now)
		return;
	if (planning->killed) {
		leave_behind(supervisor);
		return;
	}
	planning->overdue = true;
	planning_kill(supervisor);
}

void
planning_settle(struct supervisor *supervisor)
{
	if (supervisor->phase == PHASE_STOPPING || !supervisor->planning.again ||
		supervisor->planning.pid != 0 || supervisor->planning.adopting)
		return;
	supervisor->planning.by_watch = supervisor->planning.again_by_watch;
	planning_start(supervisor, PREPARE_RELOAD);
}
