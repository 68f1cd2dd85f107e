/* spawn.c - from fork to exec of a service */
#include "supervise/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fatal.h"
#include "supervise/privilege.h"
#include "supervise/signals.h"

#define SPAWN_ARGV_MAX 64
#define SPAWN_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define SPAWN_FAILURE_FD 3 /* the only one beside 0, 1 and 2 that a child has until exec */

#ifndef SYS_close_range
#define SYS_close_range 436 /* the same number on every architecture since 5.9 */
#endif

enum spawn_stage {
	STAGE_SESSION,
	STAGE_FILES,
	STAGE_DIRECTORY,
	STAGE_PRIVILEGES,
	STAGE_NO_NEW_PRIVS,
	STAGE_EXECUTE,
};

const char *
spawn_stage_name(int stage)
{
	static const char *const names[] = {"make a session for", "set up the files of",
		"find a working directory for", "set user and capabilities of",
		"set no_new_privs for", "execute"};

	if (stage < 0 || stage >= (int)(sizeof(names) / sizeof(names[0])))
		return "start";
	return names[stage];
}

void
spawn_reset_signals(void)
{
	sigset_t none;

	supervise_default_signals();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void
spawn_close_from(int first)
{
	struct rlimit limit;

	if (syscall(SYS_close_range, first, ~0u, 0) == 0)
		return;
	/*
	 * An old kernel, or a seccomp profile that does not know the call. All of
	 * our own files close at exec by themselves; this is for inherited ones.
	 */
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 || limit.rlim_cur > 4096)
		limit.rlim_cur = 4096;
	for (int fd = first; fd < (int)limit.rlim_cur; fd++)
		close(fd);
}

static _Noreturn void
fail(int failure_fd, enum spawn_stage stage)
{
	struct spawn_failure failure = {.stage = stage, .error = errno};
	ssize_t written = write(failure_fd, &failure, sizeof(failure));

	/* The parent sees the exit code even if it could not read why. */
	(void)written;
	_exit(failure.error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

/* Puts OUTPUT on 1 and 2, /dev/null on 0, the failure pipe on 3, and closes the rest. */
static int
set_files(int output, int failure_fd)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null == -1 || dup2(null, STDIN_FILENO) == -1)
		return -1;
	if (dup2(output, STDOUT_FILENO) == -1 || dup2(output, STDERR_FILENO) == -1)
		return -1;
	if (failure_fd != SPAWN_FAILURE_FD && dup3(failure_fd, SPAWN_FAILURE_FD, O_CLOEXEC) == -1)
		return -1;
	spawn_close_from(SPAWN_FAILURE_FD + 1);
	return 0;
}

static _Noreturn void
execute(const struct service_spec *spec, const char *notify)
{
	static char path[] = SPAWN_PATH, language[] = "LANG=C";
	char zone[128], notify_socket[SERVICE_PATH_BYTES + sizeof("NOTIFY_SOCKET=")];
	char *environment[5] = {path, language}, *argv[SPAWN_ARGV_MAX];
	const char *tz = getenv("TZ");
	int count = 2;

	if (tz != NULL && snprintf(zone, sizeof(zone), "TZ=%s", tz) < (int)sizeof(zone))
		environment[count++] = zone;
	if (notify != NULL) {
		snprintf(notify_socket, sizeof(notify_socket), "NOTIFY_SOCKET=%s", notify);
		environment[count++] = notify_socket;
	}
	environment[count] = NULL;
	service_get_argv(spec, argv, SPAWN_ARGV_MAX);
	execvpe(argv[0], argv, environment);
	fail(SPAWN_FAILURE_FD, STAGE_EXECUTE);
}

static _Noreturn void
become_service(const struct service_spec *spec, int output, const char *notify, int failure_fd)
{
	if (setsid() == -1)
		fail(failure_fd, STAGE_SESSION);
	spawn_reset_signals();
	umask(022);
	if (set_files(output, failure_fd) == -1)
		fail(failure_fd, STAGE_FILES);
	if (chdir("/") == -1)
		fail(SPAWN_FAILURE_FD, STAGE_DIRECTORY);
	if (privilege_become(spec->uid, spec->gid, spec->capabilities) == -1)
		fail(SPAWN_FAILURE_FD, STAGE_PRIVILEGES);
	if (spec->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		fail(SPAWN_FAILURE_FD, STAGE_NO_NEW_PRIVS);
	execute(spec, notify);
}

pid_t
spawn_service(const struct service_spec *spec, int output, const char *notify, int *failure_fd)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1)
		return -1;
	pid = fork();
	if (pid == 0)
		become_service(spec, output, notify, ends[1]);
	close(ends[1]);
	if (pid == -1) {
		int saved = errno;
		close(ends[0]);
		errno = saved;
		return -1;
	}
	*failure_fd = ends[0];
	return pid;
}
