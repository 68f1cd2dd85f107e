/* spawn.c - from fork to exec of a service */
#include "supervise/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fatal.h"
#include "supervise/privilege.h"
#include "supervise/signals.h"

#define SPAWN_ARGV_MAX SERVICE_LIST_MAX
#define SPAWN_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define SPAWN_VARIABLES 4 /* ours, at most; the service's own come behind them */

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

int
spawn_helper(pid_t parent, int output)
{
	supervise_reset_signals();
	if (setpgid(0, 0) == -1 || prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == -1 ||
		getppid() != parent)
		return -1;
	if (output != -1 &&
		(dup2(output, STDOUT_FILENO) == -1 || dup2(output, STDERR_FILENO) == -1))
		return -1;
	return 0;
}

const char *
spawn_advice(int error)
{
	/* fork(2): RLIMIT_NPROC, the pids cgroup, threads-max and pid_max all show as this. */
	return error == EAGAIN
		? " (no more processes are allowed: pids limit of the container, or RLIMIT_NPROC)"
		: "";
}

/* Closes FIRST to LAST; LAST -1 stands for the highest there can be. */
static void
close_range_of(int first, int last)
{
	struct rlimit limit;

	if (last != -1 && last < first)
		return;
	if (syscall(SYS_close_range, first, last == -1 ? ~0u : (unsigned)last, 0) == 0)
		return;
	/*
	 * An old kernel, or a seccomp profile that does not know the call. All of
	 * our own files close at exec by themselves; this is for inherited ones.
	 */
	if (getrlimit(RLIMIT_NOFILE, &limit) == -1 || limit.rlim_cur > 4096)
		limit.rlim_cur = 4096;
	for (int fd = first; fd < (int)limit.rlim_cur && (last == -1 || fd <= last); fd++)
		close(fd);
}

void
spawn_close_from(int first)
{
	close_range_of(first, -1);
}

static _Noreturn void
fail(int failure_fd, int stage)
{
	struct spawn_failure failure = {.stage = stage, .error = errno};
	ssize_t written = write(failure_fd, &failure, sizeof(failure));

	/* The parent sees the exit code even if it could not read why. */
	(void)written;
	_exit(failure.error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE);
}

/*
 * Puts the output on 1 and 2, /dev/null on 0, the readiness pipe where the service
 * looks for it, and closes the rest. The failure pipe goes to 3, or to 4 when the
 * service wants 3. Returns its new number, or -1.
 */
static int
set_files(const struct service_spec *spec, const struct spawn_files *files, int failure_fd)
{
	int wanted = files->ready != -1 ? service_ready_fd(spec) : -1;
	int kept = wanted == 3 ? 4 : 3;
	int last = wanted > kept ? wanted : kept;
	int null, ready = -1;

	/* First out of the way of each other: one may lie where another is to go. */
	failure_fd = fcntl(failure_fd, F_DUPFD_CLOEXEC, last + 1);
	if (failure_fd == -1 ||
		(wanted != -1 && (ready = fcntl(files->ready, F_DUPFD_CLOEXEC, last + 1)) == -1))
		return -1;
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null == -1 || dup2(null, STDIN_FILENO) == -1)
		return -1;
	if (dup2(files->output, STDOUT_FILENO) == -1 || dup2(files->output, STDERR_FILENO) == -1)
		return -1;
	if (dup3(failure_fd, kept, O_CLOEXEC) == -1 || (wanted != -1 && dup2(ready, wanted) == -1))
		return -1;
	if (wanted > kept)
		close_range_of(kept + 1, wanted - 1);
	spawn_close_from(last + 1);
	return kept;
}

/* Our own variables, and behind them those of the service. */
static void
set_environment(const struct service_table *table, const struct service_spec *spec,
	const char *notify, char *environment[SPAWN_VARIABLES + SERVICE_LIST_MAX])
{
	static char path[] = SPAWN_PATH, language[] = "LANG=C";
	static char zone[128], notify_socket[SERVICE_PATH_BYTES + sizeof("NOTIFY_SOCKET=")];
	const char *tz = getenv("TZ");
	char *own[SERVICE_LIST_MAX];
	int own_count = service_get_list(table, spec->environment, own, SERVICE_LIST_MAX);
	int count = 0;
	char *ours[SPAWN_VARIABLES] = {path, language};

	if (tz != NULL && snprintf(zone, sizeof(zone), "TZ=%s", tz) < (int)sizeof(zone))
		ours[2] = zone;
	if (notify != NULL) {
		snprintf(notify_socket, sizeof(notify_socket), "NOTIFY_SOCKET=%s", notify);
		ours[3] = notify_socket;
	}
	for (int i = 0; i < SPAWN_VARIABLES; i++) {
		bool replaced = ours[i] == NULL;

		/* of two with one name it is undecided which a program takes */
		for (int j = 0; j < own_count && !replaced; j++) {
			size_t len = strcspn(own[j], "=");

			replaced = strncmp(own[j], ours[i], len) == 0 && ours[i][len] == '=';
		}
		if (!replaced)
			environment[count++] = ours[i];
	}
	memcpy(environment + count, own, (size_t)(own_count + 1) * sizeof(own[0]));
}

int
spawn_become(const struct service_table *table, const struct service_spec *spec, char *const *argv,
	const char *notify)
{
	char *environment[SPAWN_VARIABLES + SERVICE_LIST_MAX], *directory[2];

	set_environment(table, spec, notify, environment);
	if (privilege_become(spec->uid, spec->gid, spec->capabilities) == -1)
		return STAGE_PRIVILEGES;
	if (spec->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return STAGE_NO_NEW_PRIVS;
	/* As its user, who may be the only one that is let in. */
	if (chdir(service_get_list(table, spec->directory, directory, 2) == 1 ? directory[0]
									      : "/") == -1)
		return STAGE_DIRECTORY;
	execvpe(argv[0], argv, environment);
	return STAGE_EXECUTE;
}

static _Noreturn void
become_service(const struct service_table *table, const struct service_spec *spec,
	const struct spawn_files *files, int failure_fd)
{
	char *argv[SPAWN_ARGV_MAX];
	int kept;

	if (setsid() == -1)
		fail(failure_fd, STAGE_SESSION);
	supervise_reset_signals();
	umask(022);
	kept = set_files(spec, files, failure_fd);
	if (kept == -1)
		fail(failure_fd, STAGE_FILES);
	service_get_argv(spec, argv, SPAWN_ARGV_MAX);
	fail(kept, spawn_become(table, spec, argv, files->notify));
}

pid_t
spawn_service(const struct service_table *table, const struct service_spec *spec,
	const struct spawn_files *files, int *failure_fd)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) == -1)
		return -1;
	pid = fork();
	if (pid == 0)
		become_service(table, spec, files, ends[1]);
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
