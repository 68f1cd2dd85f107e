/*
 * runner_files.c - the descriptors between a service and us
 *
 * Its output outlives its processes, for the logger reads it; so does the socket for
 * notifications. The pipes on which a process tells that it could not run its
 * program, and that it is ready, are made anew for each one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "supervise/notify.h"
#include "supervise/probe.h"
#include "supervise/say.h"
#include "supervise/socket.h"
#include "supervise/supervisor.h"

static int
notify_path(const struct supervisor *supervisor, uint32_t service, char path[SERVICE_PATH_BYTES])
{
	int len = snprintf(path, SERVICE_PATH_BYTES, "%s/notify-%s", supervisor->run_directory,
		supervisor->table.services[service].name);

	if (len < 0 || len >= SERVICE_PATH_BYTES) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return 0;
}

/* Makes the notification socket when the service tells by one and has none yet. */
int
runner_open_notify(struct supervisor *supervisor, uint32_t service)
{
	struct runner *runner = &supervisor->runners[service];
	char path[SERVICE_PATH_BYTES];

	if (!probe_told_by(&supervisor->table.services[service], PROBE_NOTIFY) ||
		runner->notify_fd != -1)
		return 0;
	if (notify_path(supervisor, service, path) == -1)
		return -1;
	/* Anyone may write; only the service's own processes are believed. */
	runner->notify_fd = socket_bind(path, SOCK_DGRAM, 0666, true);
	return runner->notify_fd == -1 ? -1 : 0;
}

/* For a service that is new in the table. Returns 0, or -1 after saying why. */
int
runner_open(struct supervisor *supervisor, uint32_t service)
{
	struct runner *runner = &supervisor->runners[service];

	memset(runner, 0, sizeof(*runner));
	runner->output[0] = runner->output[1] = runner->notify_fd = runner->failure_fd = -1;
	runner->ready_fd = -1;
	runner->probe_at = STATE_NEVER;
	drain_end(&runner->drain);
	if (logger_pipe(runner->output) == 0 && runner_open_notify(supervisor, service) == 0)
		return 0;
	say(LOG_LEVEL_ERROR, "%s: unable to make its pipe and sockets: %s",
		supervisor->table.services[service].name, strerror(errno));
	return -1;
}

static void
close_one(int *fd)
{
	if (*fd != -1)
		close(*fd);
	*fd = -1;
}

/* For a service that the table no longer has, and that is down. */
void
runner_close(struct runner *runner)
{
	close_one(&runner->output[0]);
	close_one(&runner->output[1]);
	close_one(&runner->notify_fd);
	close_one(&runner->failure_fd);
	close_one(&runner->ready_fd);
}

/* The pipe of PROBE_FD, anew for each process. Returns the end for the service, or -1. */
static int
open_ready(struct runner *runner)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == -1)
		return -1;
	(void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
	runner->ready_fd = ends[0];
	return ends[1];
}

/* Starts the process of a service, with its files. Returns the pid, or -1 with errno. */
pid_t
runner_spawn(struct supervisor *supervisor, uint32_t service)
{
	const struct service_spec *spec = &supervisor->table.services[service];
	struct runner *runner = &supervisor->runners[service];
	bool tells = service_ready_fd(spec) != -1;
	char path[SERVICE_PATH_BYTES];
	struct spawn_files files = {.output = runner->output[1], .ready = -1};
	pid_t pid;
	int saved;

	if (runner->notify_fd != -1 && notify_path(supervisor, service, path) == 0)
		files.notify = path;
	close_one(&runner->failure_fd);
	close_one(&runner->ready_fd);
	if (tells && (files.ready = open_ready(runner)) == -1)
		return -1;
	pid = spawn_service(&supervisor->table, spec, &files, &runner->failure_fd);
	saved = errno;
	close_one(&files.ready);
	errno = saved;
	return pid;
}

static void
read_failure(struct runner *runner)
{
	struct spawn_failure failure;
	ssize_t got;

	if (runner->failure_fd == -1)
		return;
	got = read(runner->failure_fd, &failure, sizeof(failure));
	if (got == -1 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got == sizeof(failure))
		runner->failure = failure;
	else
		runner->runs = true; /* the end of file came from exec */
	close_one(&runner->failure_fd);
}

/* A line break on the pipe says that it is ready; then, and at its end, the pipe has served. */
static void
read_ready(struct runner *runner)
{
	char said[64];
	ssize_t got;

	while (runner->ready_fd != -1) {
		got = read(runner->ready_fd, said, sizeof(said));
		if (got == -1 && (errno == EAGAIN || errno == EINTR))
			return;
		if (got > 0 && memchr(said, '\n', (size_t)got) != NULL)
			runner->told = true;
		if (got <= 0 || runner->told)
			close_one(&runner->ready_fd);
	}
}

/* Whatever the service's small descriptors have to say. */
void
runner_read(struct supervisor *supervisor, uint32_t service)
{
	struct runner *runner = &supervisor->runners[service];

	read_failure(runner);
	read_ready(runner);
	if (runner->notify_fd != -1 && notify_read(runner->notify_fd, runner->group))
		runner->told = true;
}
